package register

import (
	"context"
	"errors"
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

// Recompute computes the running dates of all registers anew with the desk's
// calendar (replies to inquiries, answers, complaints, promises) and lists what
// moved; with apply it keeps the new dates, each with its audit row. Dates that have
// passed stay. Doing it again moves nothing more, and several processes may do it.
func (d *Desk) Recompute(ctx context.Context, by string, apply bool) ([]Moved, error) {
	all, err := d.Ticking(ctx, storage.EntryQuery{})
	if err != nil {
		return nil, err
	}
	out := []Moved{}
	for _, t := range all {
		m, ok := d.moved(t)
		if !ok {
			continue
		}
		if apply {
			err := d.keepDue(ctx, t.Entry, m, by)
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

// moved compares the date that is kept with the one of the desk's calendar.
func (d *Desk) moved(t Ticking) (Moved, bool) {
	if t.Due.Before(d.Moment()) {
		return Moved{}, false
	}
	to := d.Due(t.Clock)
	return Moved{Entry: t.ID, Register: t.Register, Number: t.Number, Unit: t.Unit, Division: t.Division,
		Kind: t.Clock.Kind, From: t.Due, To: to}, !to.Equal(t.Due)
}

func (d *Desk) keepDue(ctx context.Context, e storage.Entry, m Moved, by string) error {
	e.Due = m.To
	c := Change{RegisterChange: storage.RegisterChange{Entries: []*storage.Entry{&e}}}
	c.Note(by, "recompute", e, map[string]string{"kind": string(m.Kind), "from": m.From.UTC().Format(time.RFC3339), "to": m.To.UTC().Format(time.RFC3339)})
	return c.Do(ctx, d)
}
