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

// listen gives the events of a document after the sequence number since: whoever
// reads the document after this call misses nothing. The function ends it.
func (l *live) listen(ctx context.Context, id document.ID) (events <-chan approval.Event, since int64, end func(), err error) {
	ch := make(chan approval.Event, 256)
	l.mu.Lock()
	defer l.mu.Unlock()
	last, err := l.events.LastEvent(ctx)
	if err != nil {
		return nil, 0, nil, fmt.Errorf("read outbox: %w", err)
	}
	if l.stop == nil {
		polling, cancel := context.WithCancel(context.Background())
		l.stop = cancel
		go l.poll(polling, last)
	}
	l.listeners[ch] = id
	return ch, last, func() { l.leave(ch) }, nil
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
	ch, since, leave, err := s.live.listen(r.Context(), id)
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
	line := &sse{w: w, out: http.NewResponseController(w), last: since}
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
			if !line.step(e) {
				return
			}
		}
		doc, err := s.document(ctx, id) // asked anew: it may be in quarantine by now
		if err != nil || resting(doc.State) && !s.catchUp(ctx, line, id) ||
			!line.send("state", progressOf(doc)) || resting(doc.State) {
			return
		}
	}
}

// catchUp sends what the outbox holds of a document beyond what was sent, so that
// a stream never ends ahead of the steps that led to its last state.
func (s *Server) catchUp(ctx context.Context, line *sse, id document.ID) bool {
	for after := line.last; ; {
		list, err := s.Records.EventsAfter(ctx, after, 1000)
		if err != nil || len(list) == 0 {
			return err == nil
		}
		for _, e := range list {
			if after = e.Seq; e.Document == id && !line.step(e) {
				return false
			}
		}
	}
}

// liveProgress is the state of a document for a progress bar.
type liveProgress struct {
	State     document.State    `json:"state"`
	Pages     int               `json:"pages"`
	PagesRead int               `json:"pages_read"`
	Type      string            `json:"type,omitempty"`
	ResultID  string            `json:"result_id,omitempty"`
	Error     *document.Refusal `json:"error,omitempty"`
}

func progressOf(d document.Document) liveProgress {
	p := liveProgress{State: d.State, Pages: d.Pages, PagesRead: d.PagesRead, Type: d.Classification.Name}
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
	w    http.ResponseWriter
	out  *http.ResponseController
	last int64 // sequence number of the last step sent
}

// step sends an event of the outbox, once.
func (l *sse) step(e approval.Event) bool {
	if e.Seq <= l.last {
		return true
	}
	l.last = e.Seq
	return l.send("step", e)
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
