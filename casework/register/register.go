// Package register is what the registers of the windows have in common: entries
// with a body of their own form, kept by compare-and-set together with events,
// notices and the trail.
package register

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"log/slog"
	"time"

	"github.com/oklog/ulid/v2"

	"onewindow/approval"
	"onewindow/approval/calendar"
	"onewindow/approval/catalogue"
	"onewindow/approval/clock"
	"onewindow/approval/notice"
	"onewindow/casework/notices"
	"onewindow/storage"
)

// Desk is what every register needs.
type Desk struct {
	Records   storage.Registers
	Catalogue *catalogue.Catalogue
	Calendar  *calendar.Calendar
	// Templates are the wording of notices; nil: the catalogue's.
	Templates *notices.Templates
	Log       *slog.Logger
	Now       func() time.Time
}

// Moment is now, in whole milliseconds as it is kept.
func (d *Desk) Moment() time.Time { return d.Now().UTC().Truncate(time.Millisecond) }

// NewID makes an ID that sorts by time.
func (d *Desk) NewID(prefix string) string {
	return prefix + "_" + ulid.MustNew(ulid.Timestamp(d.Moment()), rand.Reader).String()
}

// UnitName is a unit with its division in front.
func (d *Desk) UnitName(division, unit string) string {
	name := d.Catalogue.Name(unit)
	if where, _, ok := d.Catalogue.Division(division); ok {
		return where.Name + name
	}
	return name
}

// Due is when a running clock passes, zero when it does not run.
func (d *Desk) Due(c clock.Clock) time.Time {
	if !c.Running() {
		return time.Time{}
	}
	due, _ := c.Due(d.Calendar, d.Moment())
	return due.UTC()
}

// Record is an entry with its body.
type Record[T any] struct {
	storage.Entry
	Body T
}

// Load reads an entry. Errors: storage.ErrNotFound.
func Load[T any](ctx context.Context, d *Desk, register, id string) (Record[T], error) {
	e, err := d.Records.Entry(ctx, register, id)
	if err != nil {
		return Record[T]{}, err
	}
	return open[T](e)
}

// List reads entries.
func List[T any](ctx context.Context, d *Desk, q storage.EntryQuery) ([]Record[T], error) {
	entries, err := d.Records.ListEntries(ctx, q)
	if err != nil {
		return nil, err
	}
	out := make([]Record[T], len(entries))
	for i, e := range entries {
		if out[i], err = open[T](e); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func open[T any](e storage.Entry) (Record[T], error) {
	r := Record[T]{Entry: e}
	if err := json.Unmarshal(e.Body, &r.Body); err != nil {
		return r, fmt.Errorf("read %s %s: %w", e.Register, e.ID, err)
	}
	return r, nil
}

// Change gathers what happens in one transaction.
type Change struct {
	storage.RegisterChange
	after []func()
}

// Put adds a record; it has its number and new version once the change is done.
func Put[T any](c *Change, r *Record[T]) error {
	body, err := json.Marshal(r.Body)
	if err != nil {
		return fmt.Errorf("write %s: %w", r.Register, err)
	}
	e := r.Entry
	e.Body = body
	c.Entries = append(c.Entries, &e)
	c.after = append(c.after, func() { r.Entry = e })
	return nil
}

// Note adds an audit row and an event about an entry.
func (c *Change) Note(by, action string, e storage.Entry, detail map[string]string) {
	c.Audit = append(c.Audit, storage.AuditEntry{Actor: by, Action: e.Register + "." + action, Object: e.ID, Detail: detail})
	data := map[string]string{"entry": e.ID, "register": e.Register, "action": action, "division": e.Division, "by": by}
	for k, v := range detail {
		data[k] = v
	}
	c.Events = append(c.Events, approval.Event{Type: EventRegister, Project: e.Project, Unit: e.Unit, Data: data})
}

// Keep keeps one record with its audit row and event, and issues the papers that
// tell of it.
func Keep[T any](ctx context.Context, d *Desk, r *Record[T], by, action string, detail map[string]string, papers ...notice.Notice) error {
	var c Change
	if err := Put(&c, r); err != nil {
		return err
	}
	for _, n := range papers {
		c.Issue(n)
	}
	c.Note(by, action, r.Entry, detail)
	return c.Do(ctx, d)
}

// page is how many entries All reads at once.
const page = 500

// All reads every entry a query finds, newest first.
func All[T any](ctx context.Context, d *Desk, q storage.EntryQuery) ([]Record[T], error) {
	q.Limit, q.Urgent = page, false
	var out []Record[T]
	for {
		found, err := List[T](ctx, d, q)
		if err != nil {
			return nil, err
		}
		out = append(out, found...)
		if len(found) < page {
			return out, nil
		}
		q.Before = found[len(found)-1].ID
	}
}

// EventRegister says that something happened to an entry of a register.
const EventRegister = "register.changed"

// Issue adds a notice.
func (c *Change) Issue(n notice.Notice) { c.Notices = append(c.Notices, n) }

// Do keeps the change.
func (c *Change) Do(ctx context.Context, d *Desk) error {
	if err := d.Records.ApplyEntries(ctx, c.RegisterChange); err != nil {
		return err
	}
	for _, f := range c.after {
		f()
	}
	return nil
}
