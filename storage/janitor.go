package storage

import (
	"context"
	"log/slog"
	"time"
)

// Janitor removes what interrupted writes left, now and then, for as long as a
// process runs. Several processes may do it on one store.
type Janitor struct {
	Sweeper Sweeper
	// Every is the time between two sweeps; 0 means an hour.
	Every time.Duration
	// Age is how old a leftover must be; 0 means a day. It must be longer than
	// the slowest upload may take.
	Age time.Duration
	Log *slog.Logger
}

// Run sweeps at once and then every so often, until ctx is done. A failed sweep
// is logged and tried again at the next turn.
func (j Janitor) Run(ctx context.Context) {
	every, age := durationOr(j.Every, time.Hour), durationOr(j.Age, 24*time.Hour)
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		n, err := j.Sweeper.SweepTemporary(ctx, age)
		switch {
		case ctx.Err() != nil:
			return
		case err != nil:
			j.Log.ErrorContext(ctx, "sweep temporary blobs", "removed", n, "error", err)
		case n > 0:
			j.Log.InfoContext(ctx, "swept temporary blobs", "removed", n)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

func durationOr(d, otherwise time.Duration) time.Duration {
	if d > 0 {
		return d
	}
	return otherwise
}
