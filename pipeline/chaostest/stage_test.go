package chaostest

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"onewindow/approval"
	"onewindow/document"
	"onewindow/intake"
	"onewindow/internal/testserver"
	"onewindow/pipeline/asynqueue"
	"onewindow/storage"
	"onewindow/storage/sqlstore"
)

// stage is a running deployment to be broken.
type stage struct {
	t       *testing.T
	setup   setup
	records *sqlstore.Store
	redis   *testserver.RedisServer // nil when each worker has its own inside
	bell    intake.Bell
	blobs   storage.Blobs
	docs    map[document.ID]int // pages
	n       int

	mu      sync.Mutex
	workers []*exec.Cmd
}

// newStage prepares PostgreSQL, Redis and a folder for blobs; change may set up
// something else.
func newStage(t *testing.T, change ...func(*setup)) *stage {
	t.Helper()
	s := &stage{t: t, docs: map[document.ID]int{}, setup: setup{Blobs: t.TempDir(), Lease: 1500 * time.Millisecond}}
	for _, c := range change {
		c(&s.setup)
	}
	if s.setup.DSN == "" {
		s.setup.DSN = testserver.Postgres(t)
	}
	var err error
	if s.records, err = sqlstore.Open(t.Context(), sqlstore.Options{DSN: s.setup.DSN, Patience: 30 * time.Second}); err != nil {
		t.Fatal(err)
	}
	if s.blobs, err = s.setup.openBlobs(); err != nil {
		t.Fatal(err)
	}
	s.bell = deaf{}
	if !s.setup.Embedded {
		s.redis = testserver.Redis(t)
		s.setup.Redis = "redis://" + s.redis.Addr()
		opt, err := asynqueue.ParseURL(s.setup.Redis)
		if err != nil {
			t.Fatal(err)
		}
		bell := asynqueue.NewBell(opt)
		t.Cleanup(func() { bell.Close() })
		s.bell = bell
	}
	t.Cleanup(func() {
		s.stopWorkers()
		s.records.Close()
	})
	return s
}

// deaf is the bell of a process that is not the one with the queue.
type deaf struct{}

func (deaf) Ring(context.Context, []storage.Task) error { return nil }

// receive takes documents in through the real door.
func (s *stage) receive(n int) {
	s.t.Helper()
	for range n {
		pages := 1 + s.n%5
		id, err := s.receiveOne(fmt.Sprintf("pages=%d document %d", pages, s.n))
		if err != nil {
			s.t.Fatalf("receive: %v", err)
		}
		s.docs[id] = pages
	}
}

// receiveOne takes a file in; what it says is in worker_test.go, waitingRoom.
func (s *stage) receiveOne(body string) (document.ID, error) {
	r := &intake.Receiver{Blobs: s.blobs, Records: s.records, Bell: s.bell, Log: slog.New(slog.DiscardHandler)}
	lanes := []document.Lane{document.LaneCounter, document.LaneVirtual, document.LaneBulk}
	s.n++
	receipt, err := r.Receive(context.Background(), intake.Submission{
		Body: strings.NewReader(body), Filename: "扫描件.pdf",
		Origin:         document.Origin{Door: "test", By: "chaos", Lane: lanes[s.n%3], Channel: document.ChannelUnit},
		IdempotencyKey: body,
	})
	if err == nil && receipt.Number == "" {
		s.t.Error("received without a receipt number")
	}
	return receipt.Document, err
}

func (s *stage) startWorker() *exec.Cmd {
	text, err := json.Marshal(s.setup)
	if err != nil {
		s.t.Fatal(err)
	}
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), workerVariable+"="+string(text))
	cmd.Stderr = os.Stderr
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := cmd.Start(); err != nil {
		s.t.Fatalf("start worker: %v", err)
	}
	return cmd
}

func (s *stage) startWorkers(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for range n {
		s.workers = append(s.workers, s.startWorker())
	}
}

func (s *stage) stopWorkers() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, w := range s.workers {
		_ = w.Process.Signal(syscall.SIGCONT)
		_ = w.Process.Kill()
		_ = w.Wait()
	}
	s.workers = nil
}

// killWorker kills one without warning and starts another.
func (s *stage) killWorker() {
	s.mu.Lock()
	defer s.mu.Unlock()
	i := rand.IntN(len(s.workers))
	_ = s.workers[i].Process.Kill()
	_ = s.workers[i].Wait()
	s.workers[i] = s.startWorker()
}

// pauseWorker holds one beyond its leases, so that others take its tasks over
// while it still believes to own them.
func (s *stage) pauseWorker(d time.Duration) {
	s.mu.Lock()
	w := s.workers[rand.IntN(len(s.workers))]
	s.mu.Unlock()
	_ = w.Process.Signal(syscall.SIGSTOP)
	time.Sleep(d)
	_ = w.Process.Signal(syscall.SIGCONT)
}

// finish waits until every document is done.
func (s *stage) finish(limit time.Duration) {
	s.t.Helper()
	deadline := time.Now().Add(limit)
	for time.Now().Before(deadline) {
		if open := s.open(); open == 0 {
			return
		}
		time.Sleep(200 * time.Millisecond)
	}
	s.t.Fatalf("%d of %d documents were not done in %s: %v", s.open(), len(s.docs), limit, s.states())
}

func (s *stage) open() int { return len(s.docs) - s.states()[document.StateDone] }

func (s *stage) states() map[document.State]int {
	m := map[document.State]int{}
	for id := range s.docs {
		doc, _ := s.records.Document(context.Background(), id)
		m[doc.State]++
	}
	return m
}

// account counts effects that happened other than exactly once.
func (s *stage) account() (duplicates, missing int) {
	s.t.Helper()
	steps, published := map[string]int{}, map[document.ID]int{}
	var after int64
	for {
		list, err := s.records.EventsAfter(context.Background(), after, 1000)
		if err != nil {
			s.t.Fatal(err)
		}
		if len(list) == 0 {
			break
		}
		for _, e := range list {
			if e.Seq != after+1 {
				s.t.Fatalf("event %d follows %d", e.Seq, after)
			}
			after = e.Seq
			if s.docs[e.Document] == 0 {
				continue // a document that is not to be done
			}
			switch e.Type {
			case approval.EventStepDone:
				steps[string(e.Document)+"/"+e.Data["step"]+"/"+e.Data["page"]]++
			case approval.EventPublished:
				published[e.Document]++
			}
		}
	}
	want := 0
	for id, pages := range s.docs {
		want += 6 + pages - 1 // six steps, and a task for every page after the first
		if published[id] == 0 {
			missing++
		}
		duplicates += max(0, published[id]-1)
	}
	for _, n := range steps {
		duplicates += n - 1
	}
	missing += want - len(steps)
	return duplicates, missing
}

// settled checks, once all is done, that every document is accounted for exactly
// once, that every blob that a record relies on is there and sound, and that the
// audit trail holds.
func (s *stage) settled() {
	s.t.Helper()
	duplicates, missing := s.account()
	s.t.Logf("%d documents: %d duplicates, %d missing", len(s.docs), duplicates, missing)
	if duplicates != 0 || missing != 0 {
		s.t.Errorf("%d effects happened more than once, %d are missing", duplicates, missing)
	}
	if v, err := s.records.VerifyAudit(context.Background()); err != nil || !v.Intact {
		s.t.Errorf("audit trail: %+v %v", v, err)
	}
	check := storage.FixityCheck{Workers: 2, Grace: time.Hour}
	tally, err := check.Run(context.Background(), s.blobs, s.records.References(context.Background()))
	if err != nil || tally.Damaged+tally.Missing+tally.Unreadable > 0 {
		s.t.Errorf("blobs: %+v %v", tally, err)
	}
}

// long tells whether `make chaos` runs, at length.
func long() bool { return os.Getenv("ONEWINDOW_CHAOS") == "long" }

// scaled gives a number for the short form and one for the long form.
func scaled[T any](short, atLength T) T {
	if long() {
		return atLength
	}
	return short
}
