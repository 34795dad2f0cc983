package pipeline

import (
	"context"
	"log/slog"
	"time"

	"onewindow/document"
	"onewindow/storage"
)

// Sweeper rings again for every task that waits, so that a lost bell, a lost
// Redis or a dead worker delays work but never loses it.
type Sweeper struct {
	Queue storage.Queue
	Bell  Bell
	Log   *slog.Logger
	// Every is the time between sweeps; default 2 s.
	Every time.Duration
	// Age is how long a ring is trusted before it is repeated; default 15 s.
	Age time.Duration
	// Batch is how many tasks of a lane are rung for in one sweep; default 200.
	Batch int
}

// Run sweeps until ctx ends. The first sweep is at once: what waited while
// nobody was running goes first.
func (s *Sweeper) Run(ctx context.Context) error {
	s.defaults()
	tick := time.NewTicker(s.Every)
	defer tick.Stop()
	for {
		if err := s.Sweep(ctx); err != nil && ctx.Err() == nil {
			s.Log.Warn("sweep", "error", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

// Sweep rings once for what waits, lane by lane.
func (s *Sweeper) Sweep(ctx context.Context) error {
	s.defaults()
	for _, lane := range []document.Lane{document.LaneCounter, document.LaneVirtual, document.LaneBulk} {
		tasks, err := s.Queue.Waiting(ctx, lane, s.Age, s.Batch)
		if err != nil {
			return err
		}
		if len(tasks) == 0 {
			continue
		}
		if err := s.Bell.Ring(ctx, tasks); err != nil {
			return err
		}
	}
	return nil
}

func (s *Sweeper) defaults() {
	if s.Every == 0 {
		s.Every = 2 * time.Second
	}
	if s.Age == 0 {
		s.Age = 15 * time.Second
	}
	if s.Batch == 0 {
		s.Batch = 200
	}
	if s.Log == nil {
		s.Log = slog.Default()
	}
}
