// Package complaint keeps complaints and suggestions (投诉、建议, P6.2, T.3): in
// either window, by name or not, to be answered within a limit; the unit that is
// complained of cannot close its own.
package complaint

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"time"

	"onewindow/approval"
	"onewindow/approval/clock"
	"onewindow/casework"
	"onewindow/casework/register"
	"onewindow/storage"
)

// Register is the name of the register.
const Register = "complaint"

// Limit is the time for an answer in working days; the guideline gives none (A6).
const Limit = 5

// The states, in their order.
const (
	Registered = "registered" // the window or a supervisor assigns it
	Assigned   = "assigned"   // the handling unit answers
	Answered   = "answered"   // the complainant or a supervisor closes it
	Closed     = "closed"     // final
)

// The kinds.
const (
	Complaint  = "complaint"
	Suggestion = "suggestion"
)

// Matter is the body of an entry; its Unit is the one that handles it.
type Matter struct {
	Kind         string           `json:"kind"`
	Channel      approval.Channel `json:"channel"`
	Subject      string           `json:"subject"`
	Text         string           `json:"text"`
	About        string           `json:"about_unit,omitempty"` // complained of
	Anonymous    bool             `json:"anonymous"`
	Contact      string           `json:"contact,omitempty"`
	Answer       string           `json:"answer,omitempty"`
	AnsweredBy   string           `json:"answered_by,omitempty"`
	AnsweredAt   time.Time        `json:"answered_at,omitzero"`
	Notice       string           `json:"notice_id,omitempty"`    // 投诉处理答复
	Satisfaction int              `json:"satisfaction,omitempty"` // 1…5
	ClosedBy     string           `json:"closed_by,omitempty"`
	Late         bool             `json:"late"`
	Clock        clock.Clock      `json:"clock"`
}

// Record is one matter.
type Record = register.Record[Matter]

// New is what is brought forward.
type New struct {
	Matter
	Division, Hall, Case, Project string
	Days                          int // for an answer; 0: Limit
}

// Take registers a matter and gives its tracking number. Errors: *casework.Invalid.
func Take(ctx context.Context, d *register.Desk, n New, by string) (Record, error) {
	wrong := map[string]string{}
	if strings.TrimSpace(n.Text) == "" {
		wrong["text"] = "请填写内容"
	}
	if n.Kind != Complaint && n.Kind != Suggestion {
		wrong["kind"] = "请选择投诉或建议"
	}
	if _, _, ok := d.Catalogue.Division(n.Division); !ok {
		wrong["division"] = "请选择行政区划"
	}
	if n.About != "" {
		if _, ok := d.Catalogue.Unit(n.About); !ok {
			wrong["about_unit"] = "没有这个业务单位"
		}
	}
	if len(wrong) > 0 {
		return Record{}, &casework.Invalid{Fields: wrong}
	}
	now := d.Moment()
	owner, actor, prefix := by, by, "TS"
	if n.Anonymous { // nowhere, not even in its clock
		owner, actor, n.Matter.Contact = "", "anonymous", ""
	}
	n.Matter.Clock = clock.New(clock.KindComplaint, cmp.Or(n.Days, Limit), now, "登记", actor)
	if n.Kind == Suggestion {
		prefix = "JY"
	}
	r := Record{Entry: storage.Entry{ID: d.NewID("cmp"), Register: Register, Prefix: prefix, State: Registered, Open: true, Division: n.Division,
		Hall: n.Hall, Case: n.Case, Project: n.Project, Owner: owner, Created: now, Due: d.Due(n.Matter.Clock)}, Body: n.Matter}
	return keep(ctx, d, r, actor, "register", map[string]string{"kind": n.Kind, "about": n.About})
}

func keep(ctx context.Context, d *register.Desk, r Record, by, action string, detail map[string]string) (Record, error) {
	var c register.Change
	if err := register.Put(&c, &r); err != nil {
		return r, err
	}
	c.Note(by, action, r.Entry, detail)
	return r, c.Do(ctx, d)
}

// in loads a matter that must be in one of some states.
func in(ctx context.Context, d *register.Desk, id string, states ...string) (Record, error) {
	r, err := register.Load[Matter](ctx, d, Register, id)
	if err != nil {
		return r, err
	}
	for _, s := range states {
		if r.State == s {
			return r, nil
		}
	}
	return r, fmt.Errorf("complaint is %s: %w", r.State, casework.ErrIllegal)
}

// Assign gives a matter to the unit that handles it.
func Assign(ctx context.Context, d *register.Desk, id, unit, by string) (Record, error) {
	r, err := in(ctx, d, id, Registered, Assigned)
	if err != nil {
		return r, err
	}
	if _, ok := d.Catalogue.Unit(unit); !ok {
		return r, &casework.Invalid{Fields: map[string]string{"unit": "请选择办理单位"}}
	}
	r.State, r.Unit = Assigned, unit
	return keep(ctx, d, r, by, "assign", map[string]string{"unit": unit})
}

// Answer answers a matter; the clock stops.
func Answer(ctx context.Context, d *register.Desk, id, text, by string) (Record, error) {
	r, err := in(ctx, d, id, Assigned)
	if err != nil {
		return r, err
	}
	if strings.TrimSpace(text) == "" {
		return r, &casework.Invalid{Fields: map[string]string{"answer": "请填写处理结果"}}
	}
	now := d.Moment()
	if err := r.Body.Clock.Do(clock.Stop, now, "已答复", by); err != nil {
		return r, err
	}
	r.State, r.Due = Answered, time.Time{}
	r.Body.Answer, r.Body.AnsweredBy, r.Body.AnsweredAt = text, by, now
	r.Body.Late = r.Body.Clock.Late(d.Calendar, now)
	n, err := reply(ctx, d, r)
	if err != nil {
		return r, err
	}
	r.Body.Notice = n.ID
	return r, register.Keep(ctx, d, &r, by, "answer", nil, n)
}

// ErrOwn: a unit may not close what is about itself (P6.2).
var ErrOwn = fmt.Errorf("a unit cannot close a complaint about itself: %w", casework.ErrIllegal)

// Close ends a matter. unit is the closer's, "" for a complainant or supervisor.
// Errors: ErrOwn.
func Close(ctx context.Context, d *register.Desk, id string, satisfaction int, unit, by string) (Record, error) {
	r, err := in(ctx, d, id, Answered)
	if err != nil {
		return r, err
	}
	if unit != "" && (unit == r.Body.About || unit == r.Unit) {
		return r, ErrOwn
	}
	r.State, r.Open = Closed, false
	r.Body.Satisfaction, r.Body.ClosedBy = satisfaction, by
	return keep(ctx, d, r, by, "close", nil)
}
