package sqlstore

import (
	"bytes"

	"errors"

	"net"
	"net/url"
	"sync"
	"testing"
	"time"

	"onewindow/approval"
	"onewindow/document"
	"onewindow/internal/testserver"
	"onewindow/storage"
)

// cut says what happens to the next commit that passes the proxy.
type cut int

const (
	cutNothing     cut = iota
	cutBefore          // the server never hears of the commit
	cutAfter           // the server commits, but its answer is lost
	cutAfterAndOff     // and the server cannot be reached any more
)

// proxy stands between the store and PostgreSQL and cuts connections at the one
// moment that matters.
type proxy struct {
	server string
	listen net.Listener
	mu     sync.Mutex
	next   cut
	off    bool
	cuts   int
	open   []net.Conn
}

func newProxy(t *testing.T, dsn string) (*proxy, string) {
	t.Helper()
	u, err := url.Parse(dsn)
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	p := &proxy{server: u.Host, listen: l}
	go p.serve()
	u.Host = l.Addr().String()
	return p, u.String()
}

func (p *proxy) arm(c cut) { p.mu.Lock(); p.next = c; p.mu.Unlock() }

func (p *proxy) setOff(off bool) { p.mu.Lock(); p.off = off; p.mu.Unlock() }

func (p *proxy) serve() {
	for {
		client, err := p.listen.Accept()
		if err != nil {
			return
		}
		p.mu.Lock()
		off := p.off
		p.open = append(p.open, client)
		p.mu.Unlock()
		if off {
			client.Close()
			continue
		}
		server, err := net.Dial("tcp", p.server)
		if err != nil {
			client.Close()
			continue
		}
		go p.pass(client, server)
	}
}

// pass relays one connection and looks for the commit in what the client sends.
func (p *proxy) pass(client, server net.Conn) {
	defer client.Close()
	defer server.Close()
	var deaf sync.Mutex // held once the client is to hear nothing more
	answered := make(chan struct{}, 64)
	go func() {
		defer client.Close()
		b := make([]byte, 1<<16)
		for {
			n, err := server.Read(b)
			if err != nil {
				return
			}
			select {
			case answered <- struct{}{}:
			default:
			}
			if deaf.TryLock() {
				_, err = client.Write(b[:n])
				deaf.Unlock()
			}
			if err != nil {
				return
			}
		}
	}()
	b := make([]byte, 1<<16)
	for {
		n, err := client.Read(b)
		if err != nil {
			return
		}
		if c := p.commit(b[:n]); c != cutNothing {
			if c == cutBefore {
				return
			}
			deaf.Lock()
			drain(answered)
			_, _ = server.Write(b[:n])
			<-answered // the server is done with it
			if c == cutAfterAndOff {
				p.hangUp()
			}
			return
		}
		if _, err := server.Write(b[:n]); err != nil {
			return
		}
	}
}

// hangUp ends every connection.
func (p *proxy) hangUp() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, c := range p.open {
		c.Close()
	}
}

func drain(c chan struct{}) {
	for {
		select {
		case <-c:
		default:
			return
		}
	}
}

// commit takes the cut that is armed, if this is a commit.
func (p *proxy) commit(b []byte) cut {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.next == cutNothing || !bytes.Contains(b, []byte("commit\x00")) {
		return cutNothing
	}
	c := p.next
	p.next = cutNothing
	p.cuts++
	p.off = c == cutAfterAndOff
	return c
}

func proxied(t *testing.T) (*proxy, *Store) {
	t.Helper()
	p, dsn := newProxy(t, testserver.Postgres(t))
	s, err := Open(t.Context(), Options{DSN: dsn})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return p, s
}

var sample = storage.NewDocument{Original: document.DigestOf([]byte("x")), Filename: "x.pdf"}

// TestLostCommit cuts the connection at the commit of every kind of change that
// has an effect: each must be there exactly once, and the caller must be told so.
func TestLostCommit(t *testing.T) {
	for name, c := range map[string]cut{"BeforeTheCommit": cutBefore, "AfterTheCommit": cutAfter} {
		t.Run(name, func(t *testing.T) {
			p, s := proxied(t)
			ctx := t.Context()
			p.arm(c)
			doc, existed, err := s.Register(ctx, sample)
			if err != nil || existed {
				t.Fatal(existed, err)
			}
			key := storage.TaskKey{Document: doc.ID, Generation: 1, Step: document.StepInspect}
			p.arm(c)
			held, err := s.Claim(ctx, key, "w", time.Minute)
			if err != nil || held.Fence != 1 || held.Attempt != 1 {
				t.Fatal(held, err)
			}
			p.arm(c)
			ready, err := s.Finish(ctx, held, storage.Change{Patch: storage.DocumentPatch{PageRead: true},
				Next: []storage.NextTask{{Step: document.StepScreen, Page: 1}}})
			if err != nil || len(ready) != 1 {
				t.Fatal(ready, err)
			}
			p.arm(c)
			if err := s.Record(ctx, storage.AuditEntry{Action: "x"}); err != nil {
				t.Fatal(err)
			}
			if p.cuts != 4 {
				t.Fatalf("%d connections were cut, want 4: the test did not test", p.cuts)
			}
			checkOnce(t, s, doc.ID)
		})
	}
}

func checkOnce(t *testing.T, s *Store, id document.ID) {
	t.Helper()
	ctx := t.Context()
	docs, err := s.ListDocuments(ctx, storage.DocumentQuery{})
	if err != nil || len(docs) != 1 || docs[0].ID != id || docs[0].PagesRead != 1 {
		t.Fatal(docs, err)
	}
	done := 0
	events, err := s.EventsAfter(ctx, 0, 0)
	for _, e := range events {
		if e.Type == approval.EventStepDone {
			done++
		}
	}
	if err != nil || done != 1 {
		t.Fatalf("%d effects, %v", done, err)
	}
	if v, err := s.VerifyAudit(ctx); err != nil || !v.Intact {
		t.Fatal(v, err)
	}
}

// TestUnknownOutcome loses the server with the answer: the caller is told that
// the outcome is unknown, and may simply call again.
func TestUnknownOutcome(t *testing.T) {
	p, s := proxied(t)
	s.commitPatience, s.patience = 300*time.Millisecond, 300*time.Millisecond
	ctx := t.Context()
	doc, _, err := s.Register(ctx, sample)
	if err != nil {
		t.Fatal(err)
	}
	held, err := s.Claim(ctx, storage.TaskKey{Document: doc.ID, Generation: 1, Step: document.StepInspect}, "w", time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	change := storage.Change{Patch: storage.DocumentPatch{PageRead: true}, Next: []storage.NextTask{{Step: document.StepScreen, Page: 1}}}
	p.arm(cutAfterAndOff)
	if _, err := s.Finish(ctx, held, change); !errors.Is(err, ErrUnknownOutcome) {
		t.Fatalf("finish without an answer: %v", err)
	}
	if _, err := s.Document(ctx, doc.ID); err == nil {
		t.Fatalf("read without a server: %v", err)
	}
	p.setOff(false)
	s.patience = 10 * time.Second
	ready, err := s.Finish(ctx, held, change)
	if err != nil || len(ready) != 1 {
		t.Fatal(ready, err)
	}
	checkOnce(t, s, doc.ID)
}
