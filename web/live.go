package web

import (
	"context"
	"fmt"
	"net/http"
	"sync"
	"time"

	"onewindow/access"
)

// live tells open lists that something happened, so that they fetch themselves
// anew. What happened is not said: each list shows what its reader may see.
type live struct {
	s         *pages
	mu        sync.Mutex
	listeners map[chan struct{}]bool
	stop      context.CancelFunc
	closed    chan struct{}
	once      sync.Once
}

// How often the outbox is read while lists are open, and how often an open line
// is kept open through proxies.
const (
	liveEvery = 250 * time.Millisecond
	beatEvery = 15 * time.Second
)

func newLive(s *pages) *live {
	return &live{s: s, listeners: map[chan struct{}]bool{}, closed: make(chan struct{})}
}

func (l *live) close() { l.once.Do(func() { close(l.closed) }) }

func (l *live) join(ctx context.Context) (chan struct{}, error) {
	ch := make(chan struct{}, 1)
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.stop == nil {
		last, err := l.s.Records.LastEvent(ctx)
		if err != nil {
			return nil, fmt.Errorf("read outbox: %w", err)
		}
		polling, cancel := context.WithCancel(context.Background())
		l.stop = cancel
		go l.poll(polling, last)
	}
	l.listeners[ch] = true
	return ch, nil
}

func (l *live) leave(ch chan struct{}) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.listeners, ch)
	if len(l.listeners) == 0 && l.stop != nil {
		l.stop()
		l.stop = nil
	}
}

// poll reads where the outbox ends, once for all who listen.
func (l *live) poll(ctx context.Context, last int64) {
	tick := time.NewTicker(liveEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		now, err := l.s.Records.LastEvent(ctx)
		if err != nil || now == last {
			continue
		}
		last = now
		l.mu.Lock()
		for ch := range l.listeners {
			select {
			case ch <- struct{}{}:
			default: // told already, and not yet awake
			}
		}
		l.mu.Unlock()
	}
}

// changes answers /live as server-sent events.
func (s *pages) changes(w http.ResponseWriter, r *http.Request) {
	ch, err := s.live.join(r.Context())
	if err != nil {
		s.Log.Error("open live list", "error", err)
		http.Error(w, "暂时无法实时更新", http.StatusInternalServerError)
		return
	}
	defer s.live.leave(ch)
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("X-Accel-Buffering", "no")
	out := http.NewResponseController(w)
	beat := time.NewTicker(beatEvery)
	defer beat.Stop()
	for line := ": open\n\n"; ; {
		if _, err := fmt.Fprint(w, line); err != nil || out.Flush() != nil {
			return
		}
		select {
		case <-r.Context().Done():
			return
		case <-s.live.closed:
			return
		case <-beat.C:
			line = ": still here\n\n"
			if who, _ := whoOf(r.Context()); !s.stillIn(r, who) {
				return
			}
		case <-ch:
			line = "event: change\ndata: {}\n\n"
		}
	}
}

// stillIn reports whether the session behind an open line has not ended.
func (s *pages) stillIn(r *http.Request, who access.Who) bool {
	now, err := s.Guard.Identify(r.Context(), access.Secret("", r.Header.Get("Cookie")))
	return err == nil && now.Account == who.Account
}
