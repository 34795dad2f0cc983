package cases

import (
	"context"
	"errors"
	"fmt"
	"time"

	"onewindow/approval"
	"onewindow/approval/clock"
	"onewindow/approval/progress"
	"onewindow/storage"
)

// settled reads an item and lets time that has passed count first.
func (o *Office) settled(ctx context.Context, id string) (approval.CaseItem, error) {
	item, err := o.Records.CaseItem(ctx, id)
	if err != nil || !o.overdueReturn(item) {
		return item, err
	}
	err = o.deem(ctx, &item)
	if errors.Is(err, storage.ErrStale) { // another process was as quick
		return o.Records.CaseItem(ctx, id)
	}
	return item, err
}

// overdueReturn reports whether the return window has passed unused (V2.6, A1).
func (o *Office) overdueReturn(item approval.CaseItem) bool {
	return item.State == progress.Submitted && item.DueKind == clock.KindReturn && o.now().After(item.Due)
}

// deem accepts an item whose return window has passed. It counts from the
// closing hour, whenever it is noticed: also when nobody was there to notice.
func (o *Office) deem(ctx context.Context, item *approval.CaseItem) error {
	item.AcceptedBy = approval.AcceptedDeemed
	s := o.step(item, progress.Deem, Actor{}, item.Due)
	s.why = "1个工作日内未予退回"
	if err := s.take(); err != nil {
		return err
	}
	return o.write(ctx, s)
}

// Sweep accepts every item whose return window has passed and returns how many
// it accepted. Several processes may sweep: each item is accepted once.
func (o *Office) Sweep(ctx context.Context) (int, error) {
	done := 0
	for {
		items, err := o.Records.ListCaseItems(ctx, storage.ItemQuery{States: []progress.State{progress.Submitted}, Open: true,
			DueBefore: o.now(), Limit: 200})
		if err != nil {
			return done, fmt.Errorf("list overdue items: %w", err)
		}
		moved := 0
		for _, item := range items {
			if !o.overdueReturn(item) {
				continue
			}
			err := o.deem(ctx, &item)
			switch {
			case errors.Is(err, storage.ErrStale):
			case err != nil:
				return done, fmt.Errorf("accept %s: %w", item.ID, err)
			default:
				done++
			}
			moved++
		}
		if moved == 0 || len(items) < 200 {
			return done, nil
		}
	}
}

// Run sweeps and follows the pipeline until ctx ends.
func (o *Office) Run(ctx context.Context, events Events, every time.Duration) error {
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		if n, err := o.Sweep(ctx); err != nil && ctx.Err() == nil {
			o.Log.Error("sweep return windows", "error", err)
		} else if n > 0 {
			o.Log.Info("items deemed accepted", "items", n)
		}
		if err := o.Follow(ctx, events); err != nil && ctx.Err() == nil {
			o.Log.Error("follow the pipeline", "error", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}
