package supervision

import (
	"cmp"
	"context"
	"slices"
	"time"

	"onewindow/approval/clock"
	"onewindow/casework/register"
	"onewindow/storage"
)

// EntryDue is a limit that runs outside the items: a consultation, a reply to an
// inquiry, a complaint, a promise (W2.2).
type EntryDue struct {
	Entry    string      `json:"entry"`
	Register string      `json:"register"`
	Number   string      `json:"number"`
	Division string      `json:"division"`
	Unit     string      `json:"unit"`
	UnitName string      `json:"unit_name"`
	Case     string      `json:"case,omitempty"`
	Parent   string      `json:"parent,omitempty"` // the inquiry of a reply
	Kind     clock.Kind  `json:"kind"`
	Limit    int         `json:"limit_workdays"`
	Due      time.Time   `json:"due"`
	Left     int         `json:"left_workdays"`    // negative when passed
	Over     int         `json:"overdue_workdays"` // 0 while in time
	Light    clock.Light `json:"light"`
}

// Entries lists the limits of the registers that run, the most urgent first, at most
// 500; light "" lists all.
func (o *Office) Entries(ctx context.Context, d *register.Desk, division, unit string, light clock.Light) ([]EntryDue, error) {
	running, err := d.Ticking(ctx, storage.EntryQuery{Division: division, Unit: unit, Urgent: true})
	if err != nil {
		return nil, err
	}
	out := []EntryDue{}
	for _, t := range running {
		s := t.Clock.Status(o.Calendar, o.Now(), max(1, o.WarnDays))
		if light != "" && s.Light != light {
			continue
		}
		e := EntryDue{Entry: t.ID, Register: t.Register, Number: cmp.Or(t.Number, t.ID), Division: t.Division, Unit: t.Unit,
			Case: t.Case, Parent: t.Parent, Kind: t.Clock.Kind, Limit: s.Limit, Due: s.Due.UTC(), Left: s.Left, Light: s.Light}
		if t.Unit != "" { // a complaint that nobody has assigned yet has none
			e.UnitName = o.nameOf(storage.ByUnit, t.Unit)
		}
		if s.Late {
			e.Over = max(1, o.Calendar.Workdays(s.Due, o.Now()))
		}
		out = append(out, e)
	}
	slices.SortFunc(out, func(a, b EntryDue) int { return cmp.Or(a.Due.Compare(b.Due), cmp.Compare(a.Entry, b.Entry)) })
	return out, nil
}

// OverdueEntries lists what of it should have been done in a period and still is not.
func (o *Office) OverdueEntries(ctx context.Context, d *register.Desk, q storage.MoveQuery) ([]EntryDue, error) {
	late, err := o.Entries(ctx, d, q.Division, q.Unit, clock.Red)
	return slices.DeleteFunc(late, func(e EntryDue) bool { return !inPeriod(q, e.Due) }), err
}
