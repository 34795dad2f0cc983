package pipeline

import (
	"context"
	"errors"
	"time"

	"onewindow/storage"
)

// hold renews a claim while its work goes on. The context it returns is
// cancelled as soon as the claim is lost; the function it returns stops the
// renewing and tells whether it was.
func (w *Worker) hold(ctx context.Context, c storage.Claim) (context.Context, func() error) {
	work, cancel := context.WithCancelCause(ctx)
	stopped := make(chan struct{})
	go func() {
		defer close(stopped)
		w.renew(work, c, cancel)
	}()
	return work, func() error {
		lost := context.Cause(work)
		cancel(nil)
		<-stopped
		if errors.Is(lost, storage.ErrFenced) {
			return lost
		}
		return nil
	}
}

// renew extends the lease three times in its length until ctx ends. A renewal
// that merely could not be asked for is tried again: the fence decides in the end.
func (w *Worker) renew(ctx context.Context, c storage.Claim, lost context.CancelCauseFunc) {
	tick := time.NewTicker(w.cfg.Lease / 3)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			err := w.Records.Renew(ctx, c, w.cfg.Lease)
			if errors.Is(err, storage.ErrFenced) {
				lost(err)
				return
			}
			if err != nil && ctx.Err() == nil {
				w.Log.Warn("renew lease", "step", c.Step, "document", c.Document, "error", err)
			}
		}
	}
}
