package learning

import (
	"context"
	"sync"
	"time"

	"onewindow/classify/panel"
)

// Live tells a worker what is in force. It looks again after a while, so that what
// somebody promotes or takes back holds in every process without a restart.
type Live struct {
	Office *Office
	Every  time.Duration // default 15 s

	mu     sync.Mutex
	now    panel.InForce
	state  int64
	looked time.Time
}

var _ panel.Source = (*Live)(nil)

// InForce answers from memory; what cannot be read leaves in force what was.
func (l *Live) InForce(ctx context.Context) panel.InForce {
	every := l.Every
	if every == 0 {
		every = 15 * time.Second
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.looked.IsZero() && time.Since(l.looked) < every {
		return l.now
	}
	l.looked = time.Now()
	s, err := l.Office.State(ctx)
	if err == nil && s.Version == l.state {
		return l.now
	}
	f := l.now
	if err == nil {
		if s.Deciding == l.now.Version { // the model in memory is the one
			f.Thresholds = s.Thresholds
		} else {
			f, err = l.Office.force(ctx, s, s.Deciding)
		}
	}
	if err != nil {
		if ctx.Err() == nil {
			l.Office.Log.Error("read what was learned", "error", err)
		}
		return l.now
	}
	l.now, l.state = f, s.Version
	return l.now
}
