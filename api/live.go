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
}

// pollEvery is how often the outbox is read while pages are open.
const pollEvery = 200 * time.Millisecond

func newLive(events storage.Events, log *slog.Logger) *live {
	return &live{events: events, log: log, listeners: map[chan approval.Event]document.ID{}}
}

// listen gives the events of a document from now on, all documents when id is
// "". The function ends it.
func (l *live) listen(id document.ID) (<-chan approval.Event, func()) {
	ch := make(chan approval.Event, 256)
	l.mu.Lock()
	defer l.mu.Unlock()
	l.listeners[ch] = id
	if l.stop == nil {
		ctx, cancel := context.WithCancel(context.Background())
		l.stop = cancel
		go l.poll(ctx)
	}
	return ch, func() { l.leave(ch) }
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

func (l *live) poll(ctx context.Context) {
	last, err := l.events.LastEvent(ctx)
	if err != nil {
		l.log.Warn("read outbox", "error", err)
	}
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
	for _, e := range list {
		last = e.Seq
		for ch, id := range l.listeners {
			if id != "" && id != e.Document {
				continue
			}
			select {
			case ch <- e:
			default: // a page that does not read misses events and asks again
			}
		}
	}
	return last
}

// watch streams the progress of a document as server-sent events: first where it
// stands, then every change. It ends when nothing more will happen by itself.
func (s *Server) watch(w http.ResponseWriter, r *http.Request) {
	ctx := r.Context()
	id := document.ID(r.PathValue("id"))
	ch, leave := s.live.listen(id)
	defer leave()
	doc, err := s.document(ctx, id)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("Cache-Control", "no-store")
	out := http.NewResponseController(w)
	if !send(w, out, "state", progressOf(doc)) || resting(doc.State) {
		return
	}
	s.stream(ctx, w, out, id, ch)
}

func (s *Server) stream(ctx context.Context, w http.ResponseWriter, out *http.ResponseController, id document.ID, ch <-chan approval.Event) {
	beat := time.NewTicker(15 * time.Second)
	defer beat.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-beat.C:
			if _, err := fmt.Fprint(w, ": \n\n"); err != nil || out.Flush() != nil {
				return
			}
		case e := <-ch:
			doc, err := s.Records.Document(ctx, id)
			if err != nil || !send(w, out, "step", e) || !send(w, out, "state", progressOf(doc)) || resting(doc.State) {
				return
			}
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

func send(w http.ResponseWriter, out *http.ResponseController, name string, v any) bool {
	b, err := json.Marshal(v)
	if err != nil {
		return false
	}
	if _, err := fmt.Fprintf(w, "event: %s\ndata: %s\n\n", name, b); err != nil {
		return false
	}
	return out.Flush() == nil
}
