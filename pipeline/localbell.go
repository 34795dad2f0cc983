package pipeline

import (
	"context"
	"sync"

	"onewindow/storage"
)

// Hands is a Bell whose workers live in this process and need no queue between:
// the command line's own pipeline. Tasks are done in the order they were rung.
type Hands struct {
	tasks chan storage.TaskKey
}

// NewHands makes room for a worker to be hired.
func NewHands() *Hands { return &Hands{tasks: make(chan storage.TaskKey, 1<<16)} }

// Ring implements Bell.
func (h *Hands) Ring(_ context.Context, tasks []storage.Task) error {
	for _, t := range tasks {
		select {
		case h.tasks <- t.TaskKey:
		default: // full: the sweeper will ring again
		}
	}
	return nil
}

// Run works with n pairs of hands until ctx ends.
func (h *Hands) Run(ctx context.Context, w *Worker, n int) error {
	var wg sync.WaitGroup
	for range n {
		wg.Add(1)
		go func() {
			defer wg.Done()
			h.work(ctx, w)
		}()
	}
	wg.Wait()
	return nil
}

// work does one task after the other. Trouble with one is no reason to leave the
// others lying: the sweeper rings for it again.
func (h *Hands) work(ctx context.Context, w *Worker) {
	for {
		select {
		case <-ctx.Done():
			return
		case key := <-h.tasks:
			if err := w.Do(ctx, key); err != nil && ctx.Err() == nil {
				w.Log.Error("do task", "step", key.Step, "document", key.Document, "error", err)
			}
		}
	}
}
