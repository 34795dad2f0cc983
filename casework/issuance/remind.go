package issuance

import (
	"context"
	"errors"
	"fmt"
	"time"

	"onewindow/casework/register"
	"onewindow/storage"
)

// collectDays is after how many working days an uncollected result is reminded
// of, unless the rules of the windows say otherwise.
const collectDays = 5

// wait begins the time after which a result that lies ready is reminded of.
func (o *Office) wait(ctx context.Context, r *Record) error {
	days := collectDays
	if o.CollectDays != nil {
		var err error
		if days, err = o.CollectDays(ctx); err != nil {
			return err
		}
	}
	r.Due = o.Calendar.Close(o.Calendar.AddWorkdays(o.Moment(), days).Day).UTC()
	return nil
}

// Sweep reminds of results that lie ready and were not collected (P3.14), again
// and again after as many days. Several processes may sweep. It returns how many
// it reminded of.
func (o *Office) Sweep(ctx context.Context) (int, error) {
	late, err := register.List[Issuance](ctx, o.Desk, storage.EntryQuery{Register: Register, Open: true, States: []string{Ready, Undeliverable},
		DueBefore: o.Moment(), Urgent: true, Limit: 500})
	if err != nil {
		return 0, err
	}
	done := 0
	for _, r := range late {
		switch err := o.remind(ctx, r); {
		case errors.Is(err, storage.ErrStale): // somebody else was faster
		case err != nil:
			return done, err
		default:
			done++
		}
	}
	return done, nil
}

func (o *Office) remind(ctx context.Context, r Record) error {
	r.Body.Reminders++
	r.Body.Reminded = o.Moment()
	if err := o.wait(ctx, &r); err != nil {
		return err
	}
	_, err := o.keep(ctx, r, "system", "remind", nil, map[string]string{"case_item": r.Body.CaseItem, "owner": r.Owner, "hall": r.Hall,
		"reminders": fmt.Sprint(r.Body.Reminders)})
	return err
}

// Run sweeps until ctx ends.
func (o *Office) Run(ctx context.Context, every time.Duration) error {
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		if _, err := o.Sweep(ctx); err != nil && ctx.Err() == nil {
			o.Log.Error("sweep issuances", "error", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}
