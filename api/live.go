package api

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"onewindow/approval"
	"onewindow/document"
	"onewindow/storage"
)

// live tells open pages what happens. One reader polls the outbox while anybody
// listens, however many do.
type live struct {
	events    storage.Events
	log       *slog.Logger
	mu        sync.Mutex
	listeners map[chan approval.Event]document.ID
	stop      context.CancelFunc
	closed    chan struct{} // the server shuts down
	closeOnce sync.Once
}

// pollEvery is how often the outbox is read while pages are open.
const pollEvery = 200 * time.Millisecond

// beatEvery keeps connections open through proxies, and makes good an event that
// a slow page missed.
const beatEvery = 10 * time.Second

func newLive(events storage.Events, log *slog.Logger) *live {
	return &live{events: events, log: log, listeners: map[chan approval.Event]document.ID{}, closed: make(chan struct{})}
}

func (l *live) close() { l.closeOnce.Do(func() { close(l.closed) }) }

// listen gives the events of a document from now on: whoever reads the document
// after this call misses nothing. The function ends it.
func (l *live) listen(ctx context.Context, id document.ID) (<-chan approval.Event, func(), error) {
	ch := make(chan approval.Event, 256)
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.stop == nil {
		last, err := l.events.LastEvent(ctx)
		if err != nil {
			return nil, nil, fmt.Errorf("read outbox: %w", err)
		}
		polling, cancel := context.WithCancel(context.Background())
		l.stop = cancel
		go l.poll(polling, last)
	}
	l.listeners[ch] = id
	return ch, func() { l.leave(ch) }, nil
}

func (l *live) leave(ch chan approval.Event) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.listeners, ch)
	if len(l.listeners) == 0 && l.stop != nil {
		l.stop()
		l.stop = nil
	}
}

func (l *live) poll(ctx context.Context, last int64) {
	tick := time.NewTicker(pollEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			last = l.pass(ctx, last)
		}
	}
}

func (l *live) pass(ctx context.Context, last int64) int64 {
	list, err := l.events.EventsAfter(ctx, last, 500)
	if err != nil {
		if ctx.Err() == nil {
			l.log.Warn("read outbox", "error", err)
		}
		return last
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if ctx.Err() != nil { // another poller has taken over
		return last
	}
	for _, e := range list {
		last = e.Seq
		for ch, id := range l.listeners {
			if id != e.Document {
				continue
			}
			select {
			case ch <- e:
			default: // a page that does not read misses events; the next beat tells it where things stand
			}
		}
	}
	return last
}

// watch streams the progress of a document as server-sent events: first where it
// stands, then every change. It ends when nothing more will happen by itself.
func (s *Server) watch(w http.ResponseWriter, r *http.Request) {
	id := document.ID(r.PathValue("id"))
	ch, leave, err := s.live.listen(r.Context(), id)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	defer leave()
	doc, err := s.document(r.Context(), id)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("X-Accel-Buffering", "no") // proxies pass each event on at once
	line := &sse{w: w, out: http.NewResponseController(w)}
	if line.send("state", progressOf(doc)) && !resting(doc.State) {
		s.stream(r.Context(), line, id, ch)
	}
}

func (s *Server) stream(ctx context.Context, line *sse, id document.ID, ch <-chan approval.Event) {
	beat := time.NewTicker(beatEvery)
	defer beat.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-s.live.closed:
			return
		case <-beat.C:
		case e := <-ch:
			if !line.send("step", e) || !line.drain(ch) {
				return
			}
		}
		doc, err := s.document(ctx, id) // asked anew: it may be in quarantine by now
		if err != nil || !line.send("state", progressOf(doc)) || resting(doc.State) {
			return
		}
	}
}

// drain sends what else is there already, so that the state sent next is not
// ahead of the steps that led to it.
func (l *sse) drain(ch <-chan approval.Event) bool {
	for {
		select {
		case e := <-ch:
			if !l.send("step", e) {
				return false
			}
		default:
			return true
		}
	}
}

// progress is the state of a document for a progress bar.
type progress struct {
	State     document.State    `json:"state"`
	Pages     int               `json:"pages"`
	PagesRead int               `json:"pages_read"`
	Type      string            `json:"type,omitempty"`
	ResultID  string            `json:"result_id,omitempty"`
	Error     *document.Refusal `json:"error,omitempty"`
}

func progressOf(d document.Document) progress {
	p := progress{State: d.State, Pages: d.Pages, PagesRead: d.PagesRead, Type: d.Classification.Name}
	if d.Publication != nil && d.State == document.StateDone {
		p.ResultID = d.Publication.ResultID
	}
	if d.Refusal != nil {
		p.Error = &document.Refusal{Code: d.Refusal.Code, Message: d.Refusal.Message}
	}
	return p
}

func resting(s document.State) bool { return s.Final() || s == document.StateNeedsReview }

// sse writes server-sent events.
type sse struct {
	w   http.ResponseWriter
	out *http.ResponseController
}

// send reports whether somebody still listens.
func (l *sse) send(name string, v any) bool {
	b, err := json.Marshal(v)
	if err != nil {
		return false
	}
	if _, err := fmt.Fprintf(l.w, "event: %s\ndata: %s\n\n", name, b); err != nil {
		return false
	}
	return l.out.Flush() == nil
}
