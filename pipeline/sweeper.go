package pipeline

import (
	"context"
	"fmt"
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
	failing := false
	for {
		err := s.Sweep(ctx)
		if ctx.Err() == nil && (err != nil) != failing { // an outage is told once, not every two seconds
			failing = err != nil
			s.Log.Warn("sweep", "working", !failing, "error", err)
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
		age, err := s.trust(ctx, lane)
		if err != nil {
			return err
		}
		tasks, err := s.Queue.Waiting(ctx, lane, age, s.Batch)
		if err != nil {
			return fmt.Errorf("list waiting tasks: %w", err)
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

// listener is an optional ability of a Bell: to tell how many rings of a lane
// nobody has heard yet.
type listener interface {
	Unheard(ctx context.Context, lane document.Lane) (int, error)
}

// busyAge is how long a ring is trusted while many others wait to be heard.
const busyAge = 24 * time.Hour

// trust returns how old a ring must be to be repeated. While a lane has many
// rings that nobody heard yet, every one of them is still there, and repeating
// them would only make the heap grow faster than it is worked off: then only
// tasks are rung for whose last ring brought nothing (their worker died). An
// error means that ringing is in vain now.
func (s *Sweeper) trust(ctx context.Context, lane document.Lane) (time.Duration, error) {
	bell, able := s.Bell.(listener)
	if !able {
		return s.Age, nil
	}
	n, err := bell.Unheard(ctx, lane)
	if err != nil {
		return 0, err
	}
	if n >= s.Batch {
		return busyAge, nil
	}
	return s.Age, nil
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
