// Package organisation is who and what the physical window consists of (实体窗口,
// G.10, W2, W3.2): halls with their windows and devices, staff with role, place,
// shift and active period, who leads and answers in a division, and the rules of
// the windows. Everything is an entry of a register: versioned, audited, told as
// an event.
package organisation

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"time"

	"onewindow/approval/calendar"
	"onewindow/casework/register"
	"onewindow/storage"
)

// The registers.
const (
	Halls            = "hall"
	Windows          = "window"
	Devices          = "device"
	StaffRegister    = "staff"
	Responsibilities = "responsibility"
)

// The states of an entry.
const (
	Active = "active"
	Closed = "closed" // a hall or window that serves nobody, somebody who left
)

// Office does the use cases.
type Office struct {
	*register.Desk
	Settings storage.Settings
}

// codePattern is what codes of halls, windows and devices are made of: they stand
// in addresses and on cover sheets.
var codePattern = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,31}$`)

// load reads an entry, or begins a new one. Errors: storage.ErrStale when the
// caller saw another version; version 0 does not ask.
func load[T any](ctx context.Context, o *Office, name, id string, version int64) (register.Record[T], error) {
	r, err := register.Load[T](ctx, o.Desk, name, id)
	if errors.Is(err, storage.ErrNotFound) {
		return register.Record[T]{Entry: storage.Entry{ID: id, Register: name, State: Active, Open: true, Created: o.Moment()}}, nil
	}
	if err == nil && version != 0 && version != r.Version {
		err = storage.ErrStale
	}
	return r, err
}

// Today is the day of now in China, YYYY-MM-DD.
func (o *Office) Today() string { return dayOf(o.Moment()) }

func dayOf(t time.Time) string { return t.In(calendar.Zone).Format(time.DateOnly) }

// checkDay says what is wrong with a day, "" being none.
func checkDay(wrong map[string]string, field, day string) {
	if day == "" {
		return
	}
	if _, err := time.Parse(time.DateOnly, day); err != nil {
		wrong[field] = "请填写日期，如 2026-12-31"
	}
}

// Period is from one day to another, both included; an empty end is open.
type Period struct {
	From  string `json:"from,omitempty"`
	Until string `json:"until,omitempty"`
}

// Has reports whether a day lies in the period.
func (p Period) Has(day string) bool {
	return (p.From == "" || day >= p.From) && (p.Until == "" || day <= p.Until)
}

func (p Period) check(wrong map[string]string, field string) {
	checkDay(wrong, field+"from", p.From)
	checkDay(wrong, field+"until", p.Until)
	if p.From != "" && p.Until != "" && p.Until < p.From {
		wrong[field+"until"] = "结束日期早于开始日期"
	}
}

// division checks the code of a division and gives that of today.
func (o *Office) division(wrong map[string]string, code string) string {
	d, _, ok := o.Catalogue.Division(code)
	if !ok {
		wrong["division"] = "没有这个行政区划"
	}
	return d.Code
}

func idOf(prefix string, parts ...string) string {
	id := prefix
	for _, p := range parts {
		id += "_" + p
	}
	return id
}

func plural(field string, i int) string { return fmt.Sprintf("%s.%d", field, i) }
