package pipeline

import (
	"context"
	"errors"
	"sync"
	"syscall"
	"time"

	"onewindow/storage"
)

// outage is trouble of the house as a whole: a store that is away, hangs or is
// full. No file and no step is to blame, so tries do not run out; work simply
// waits until it is over.
type outage struct{ error }

func (o *outage) Unwrap() error { return o.error }

// away marks an error of a store as an outage, unless it is an answer.
func away(err error) error {
	if err == nil || answered(err) || isOutage(err) {
		return err
	}
	return &outage{err}
}

// answered reports errors by which a store says how things are: asking again
// gives the same.
func answered(err error) bool {
	for _, answer := range []error{storage.ErrNotFound, storage.ErrConflict, storage.ErrMismatch, storage.ErrDamaged,
		storage.ErrWriteOnce, storage.ErrFenced, storage.ErrNoWork} {
		if errors.Is(err, answer) {
			return true
		}
	}
	return false
}

// isOutage reports trouble that ends by itself or by somebody making room.
func isOutage(err error) bool {
	var o *outage
	if errors.As(err, &o) || errors.Is(err, storage.ErrFull) {
		return true
	}
	for _, no := range []syscall.Errno{syscall.ENOSPC, syscall.EDQUOT, syscall.EMFILE, syscall.ENFILE, syscall.EROFS} {
		if errors.Is(err, no) {
			return true
		}
	}
	return false
}

// calm lets all hands of a worker wait together while an outage lasts, so that a
// long queue is not tried through, task by task, against a store that is away.
type calm struct {
	mu    sync.Mutex
	until time.Time
	pause time.Duration
}

const (
	firstCalm   = 500 * time.Millisecond
	longestCalm = 15 * time.Second
)

// trouble starts or lengthens the wait and returns it. Hands that fail in the
// same outage lengthen it once.
func (c *calm) trouble(now time.Time) time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	if now.Before(c.until) {
		return c.until.Sub(now)
	}
	c.pause = min(max(2*c.pause, firstCalm), longestCalm)
	c.until = now.Add(c.pause)
	return c.pause
}

// over ends it: something was recorded, so the stores answer.
func (c *calm) over() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.until, c.pause = time.Time{}, 0
}

// wait waits until the worker may go on, or ctx ends.
func (c *calm) wait(ctx context.Context) {
	for ctx.Err() == nil {
		c.mu.Lock()
		left := time.Until(c.until)
		c.mu.Unlock()
		if left <= 0 {
			return
		}
		timer := time.NewTimer(left)
		select {
		case <-ctx.Done():
		case <-timer.C:
		}
		timer.Stop()
	}
}
