package register

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"onewindow/approval/calendar"
	"onewindow/approval/clock"
	"onewindow/storage"
)

// Moved is the date of an entry that another calendar moves.
type Moved struct {
	Entry    string     `json:"entry"`
	Register string     `json:"register"`
	Number   string     `json:"number"`
	Unit     string     `json:"unit"`
	Division string     `json:"division"`
	Kind     clock.Kind `json:"kind"`
	From     time.Time  `json:"from"`
	To       time.Time  `json:"to"`
}

// Days is a date as lists write it.
func (m Moved) Days() (from, to string) {
	return m.From.In(calendar.Zone).Format(time.DateOnly), m.To.In(calendar.Zone).Format(time.DateOnly)
}

// clocked is what the bodies of all registers with a limit have in common.
type clocked struct {
	Clock *clock.Clock `json:"clock"`
}

// Recompute computes the running dates of all registers anew with the desk's
// calendar (replies to inquiries, answers, complaints, promises) and lists what
// moved; with apply it keeps the new dates, each with its audit row. Dates that have
// passed stay. Doing it again moves nothing more, and several processes may do it.
func (d *Desk) Recompute(ctx context.Context, by string, apply bool) ([]Moved, error) {
	all, err := d.running(ctx)
	if err != nil {
		return nil, err
	}
	out := []Moved{}
	for _, e := range all {
		m, ok, err := d.moved(e)
		if err != nil {
			return out, err
		}
		if !ok {
			continue
		}
		if apply {
			err := d.keepDue(ctx, e, m, by)
			if errors.Is(err, storage.ErrStale) {
				continue // it went on meanwhile, with the new calendar
			}
			if err != nil {
				return out, err
			}
		}
		out = append(out, m)
	}
	return out, nil
}

// running are the open entries that have a date.
func (d *Desk) running(ctx context.Context) ([]storage.Entry, error) {
	var all []storage.Entry
	for q := (storage.EntryQuery{Open: true, Limit: page}); ; {
		found, err := d.Records.ListEntries(ctx, q)
		if err != nil {
			return nil, fmt.Errorf("list running entries: %w", err)
		}
		for _, e := range found {
			if !e.Due.IsZero() {
				all = append(all, e)
			}
		}
		if len(found) < page {
			return all, nil
		}
		q.Before = found[len(found)-1].ID
	}
}

// moved compares the date that is kept with the one of the desk's calendar.
func (d *Desk) moved(e storage.Entry) (Moved, bool, error) {
	var body clocked
	if err := json.Unmarshal(e.Body, &body); err != nil {
		return Moved{}, false, fmt.Errorf("read %s %s: %w", e.Register, e.ID, err)
	}
	if body.Clock == nil || !body.Clock.Running() || e.Due.Before(d.Moment()) {
		return Moved{}, false, nil
	}
	to := d.Due(*body.Clock)
	return Moved{Entry: e.ID, Register: e.Register, Number: e.Number, Unit: e.Unit, Division: e.Division,
		Kind: body.Clock.Kind, From: e.Due, To: to}, !to.Equal(e.Due), nil
}

func (d *Desk) keepDue(ctx context.Context, e storage.Entry, m Moved, by string) error {
	e.Due = m.To
	c := Change{RegisterChange: storage.RegisterChange{Entries: []*storage.Entry{&e}}}
	c.Note(by, "recompute", e, map[string]string{"kind": string(m.Kind), "from": m.From.UTC().Format(time.RFC3339), "to": m.To.UTC().Format(time.RFC3339)})
	return c.Do(ctx, d)
}
