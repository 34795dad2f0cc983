// Package coordination keeps what windows and units have to settle together:
// coordination matters (协调事项, P6.1, W3.1) with participants, meetings and a
// due date, and the log of difficulties that divisions put to the province (W3.3).
package coordination

import (
	"context"
	"fmt"
	"strings"
	"time"

	"onewindow/approval/calendar"
	"onewindow/casework"
	"onewindow/casework/register"
	"onewindow/storage"
)

// The registers.
const (
	Register = "coordination_matter"
	Issues   = "issue"
)

// The states.
const (
	Open     = "open"
	Answered = "answered" // an issue that the province replied to
	Closed   = "closed"   // final
)

// Meeting is one meeting about a matter and what it came to.
type Meeting struct {
	At           time.Time `json:"at"`
	Participants []string  `json:"participants"`
	Result       string    `json:"result"`
	By           string    `json:"by"`
}

// Concern is the body of a coordination matter.
type Concern struct {
	Title      string    `json:"title"`
	Text       string    `json:"text"`
	Cases      []string  `json:"cases,omitempty"` // case numbers or IDs
	Units      []string  `json:"units"`           // that take part
	RaisedBy   string    `json:"raised_by"`
	Meetings   []Meeting `json:"meetings,omitempty"`
	Conclusion string    `json:"conclusion,omitempty"`
	ClosedBy   string    `json:"closed_by,omitempty"`
	Late       bool      `json:"late"`
}

// Record is one matter; its Unit leads it.
type Record = register.Record[Concern]

// New is what is raised.
type New struct {
	Concern
	Division, Unit, Hall string
	DueBy                string // YYYY-MM-DD; default the limit of the rules
	Limit                int    // working days
}

// Raise brings up a matter. Errors: *casework.Invalid.
func Raise(ctx context.Context, d *register.Desk, n New, by string) (Record, error) {
	wrong := map[string]string{}
	if strings.TrimSpace(n.Title) == "" {
		wrong["title"] = "请填写协调事项"
	}
	if _, _, ok := d.Catalogue.Division(n.Division); !ok {
		wrong["division"] = "请选择行政区划"
	}
	if len(n.Units) == 0 {
		wrong["units"] = "请选择参与协调的单位"
	}
	for i, u := range n.Units {
		if _, ok := d.Catalogue.Unit(u); !ok {
			wrong[fmt.Sprintf("units.%d", i)] = "没有这个业务单位"
		}
	}
	due := d.Calendar.Close(d.Calendar.AddWorkdays(d.Moment(), max(1, n.Limit)).Day)
	if n.DueBy != "" {
		day, err := time.ParseInLocation(time.DateOnly, n.DueBy, calendar.Zone)
		if due = d.Calendar.Close(day); err != nil || !due.After(d.Moment()) {
			wrong["due_by"] = "请填写今后的日期，如 2026-12-31"
		}
	}
	if len(wrong) > 0 {
		return Record{}, &casework.Invalid{Fields: wrong}
	}
	m := Concern{Title: n.Title, Text: n.Text, Cases: n.Cases, Units: n.Units, RaisedBy: by}
	r := Record{Entry: storage.Entry{ID: d.NewID("mat"), Register: Register, Prefix: "XD", State: Open, Open: true, Division: n.Division, Unit: n.Unit,
		Hall: n.Hall, Owner: by, Created: d.Moment(), Due: due.UTC()}, Body: m}
	return r, register.Keep(ctx, d, &r, by, "raise", map[string]string{"title": m.Title, "units": strings.Join(m.Units, ","), "cases": strings.Join(m.Cases, ",")})
}

func running(ctx context.Context, d *register.Desk, id string) (Record, error) {
	r, err := register.Load[Concern](ctx, d, Register, id)
	if err == nil && r.State != Open {
		err = fmt.Errorf("matter is %s: %w", r.State, casework.ErrIllegal)
	}
	return r, err
}

// Meet writes down a meeting. Errors: *casework.Invalid.
func Meet(ctx context.Context, d *register.Desk, id string, m Meeting, by string) (Record, error) {
	r, err := running(ctx, d, id)
	if err != nil {
		return r, err
	}
	wrong := map[string]string{}
	if len(m.Participants) == 0 {
		wrong["participants"] = "请填写参加人员"
	}
	if strings.TrimSpace(m.Result) == "" {
		wrong["result"] = "请填写会商结果"
	}
	if len(wrong) > 0 {
		return r, &casework.Invalid{Fields: wrong}
	}
	if m.At.IsZero() {
		m.At = d.Moment()
	}
	m.At, m.By = m.At.UTC(), by
	r.Body.Meetings = append(r.Body.Meetings, m)
	return r, register.Keep(ctx, d, &r, by, "meet", map[string]string{"result": m.Result})
}

// Close ends a matter with its conclusion.
func Close(ctx context.Context, d *register.Desk, id, conclusion, by string) (Record, error) {
	r, err := running(ctx, d, id)
	if err != nil {
		return r, err
	}
	if strings.TrimSpace(conclusion) == "" {
		return r, &casework.Invalid{Fields: map[string]string{"conclusion": "请填写协调结论"}}
	}
	r.Body.Late = d.Moment().After(r.Due)
	r.State, r.Open, r.Due = Closed, false, time.Time{}
	r.Body.Conclusion, r.Body.ClosedBy = conclusion, by
	return r, register.Keep(ctx, d, &r, by, "close", map[string]string{"conclusion": conclusion})
}

// Issue is a difficulty of the reform that a division cannot settle alone. It
// speaks of no case and no person: the province sees no documents.
type Issue struct {
	Title     string    `json:"title"`
	Text      string    `json:"text"`
	RaisedBy  string    `json:"raised_by"`
	Reply     string    `json:"reply,omitempty"`
	RepliedBy string    `json:"replied_by,omitempty"`
	RepliedAt time.Time `json:"replied_at,omitzero"`
}

// IssueRecord is one issue.
type IssueRecord = register.Record[Issue]

// Report puts a difficulty to the province.
func Report(ctx context.Context, d *register.Desk, i Issue, division, unit, by string) (IssueRecord, error) {
	wrong := map[string]string{}
	if strings.TrimSpace(i.Title) == "" {
		wrong["title"] = "请填写问题"
	}
	if strings.TrimSpace(i.Text) == "" {
		wrong["text"] = "请说明困难和建议"
	}
	if _, _, ok := d.Catalogue.Division(division); !ok {
		wrong["division"] = "请选择行政区划"
	}
	if len(wrong) > 0 {
		return IssueRecord{}, &casework.Invalid{Fields: wrong}
	}
	i = Issue{Title: i.Title, Text: i.Text, RaisedBy: by}
	r := IssueRecord{Entry: storage.Entry{ID: d.NewID("prb"), Register: Issues, Prefix: "WT", State: Open, Open: true, Division: division, Unit: unit, Owner: by,
		Created: d.Moment()}, Body: i}
	return r, register.Keep(ctx, d, &r, by, "report", map[string]string{"title": i.Title})
}

// Reply answers an issue, or answers it anew while it is not closed.
func Reply(ctx context.Context, d *register.Desk, id, reply, by string) (IssueRecord, error) {
	r, err := register.Load[Issue](ctx, d, Issues, id)
	if err != nil {
		return r, err
	}
	if r.State == Closed {
		return r, fmt.Errorf("issue is closed: %w", casework.ErrIllegal)
	}
	if strings.TrimSpace(reply) == "" {
		return r, &casework.Invalid{Fields: map[string]string{"reply": "请填写答复"}}
	}
	r.State, r.Body.Reply, r.Body.RepliedBy, r.Body.RepliedAt = Answered, reply, by, d.Moment()
	return r, register.Keep(ctx, d, &r, by, "reply", nil)
}

// Settle closes an answered issue.
func Settle(ctx context.Context, d *register.Desk, id, by string) (IssueRecord, error) {
	r, err := register.Load[Issue](ctx, d, Issues, id)
	if err != nil {
		return r, err
	}
	if r.State != Answered {
		return r, fmt.Errorf("issue is %s: %w", r.State, casework.ErrIllegal)
	}
	r.State, r.Open = Closed, false
	return r, register.Keep(ctx, d, &r, by, "settle", nil)
}
