package promises

import (
	"context"
	"errors"
	"fmt"
	"time"

	"onewindow/approval"
	"onewindow/casework/cases"
	"onewindow/casework/register"
	"onewindow/storage"
)

const (
	follower   = "promises"
	eventBatch = 200
)

// Follow hears what happens to cases: items that are pushed begin their promises,
// materials that come keep them, items that end let them lapse. Hearing an event
// twice changes nothing.
func (o *Office) Follow(ctx context.Context, events cases.Events) error {
	for {
		from, err := events.Cursor(ctx, follower)
		if err != nil {
			return err
		}
		batch, err := events.EventsAfter(ctx, from, eventBatch)
		if err != nil || len(batch) == 0 {
			return err
		}
		for _, e := range batch {
			if err := o.hear(ctx, e); err != nil && !errors.Is(err, storage.ErrNotFound) {
				return fmt.Errorf("event %d: %w", e.Seq, err)
			}
		}
		err = events.MoveCursor(ctx, follower, from, batch[len(batch)-1].Seq)
		if errors.Is(err, storage.ErrStale) {
			return nil // another process follows too
		}
		if err != nil {
			return err
		}
	}
}

func (o *Office) hear(ctx context.Context, e approval.Event) error {
	switch e.Type {
	case approval.EventCaseFiled:
		return o.came(ctx, e.Data["case"])
	case approval.EventItemState:
		item, err := o.Cases.Records.CaseItem(ctx, e.Data["case_item"])
		if err != nil {
			return err
		}
		if e.Data["action"] == "submit" {
			if err := o.open(ctx, item); err != nil {
				return err
			}
		}
		return o.settle(ctx, item)
	}
	return nil
}

// Sweep reminds applicants of promises that will be due soon, once, and notes those
// whose deadline passed. Several processes may sweep.
func (o *Office) Sweep(ctx context.Context) error {
	now := o.Moment()
	soon, err := register.List[Promise](ctx, o.Desk, storage.EntryQuery{Register: Register, Open: true, States: []string{Made},
		DueBefore: o.Calendar.Close(o.Calendar.AddWorkdays(now, remindDays).Day).Add(time.Second), Urgent: true, Limit: 500})
	if err != nil {
		return err
	}
	for _, r := range soon {
		action := "remind"
		switch {
		case !now.Before(r.Due) && now.After(r.Due):
			r.State, action = Overdue, "overdue"
		case !r.Body.Reminded.IsZero():
			continue
		default:
			r.Body.Reminded = now
		}
		if _, err := o.keep(ctx, r, "system", action); err != nil && !errors.Is(err, storage.ErrStale) {
			return err
		}
	}
	return nil
}

// Run follows and sweeps until ctx ends.
func (o *Office) Run(ctx context.Context, events cases.Events, every time.Duration) error {
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		err := o.Follow(ctx, events)
		if err == nil {
			err = o.Sweep(ctx)
		}
		if err != nil && ctx.Err() == nil {
			o.Log.Error("follow promises", "error", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}
