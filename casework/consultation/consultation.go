// Package consultation keeps questions to business units and their answers
// (咨询, V1.2, V1.3, P1.1, P1.4): asked in the virtual window or recorded at the
// counter, to be answered within two working days.
package consultation

import (
	"context"
	"strings"
	"time"

	"onewindow/approval"
	"onewindow/approval/clock"
	"onewindow/casework"
	"onewindow/casework/register"
	"onewindow/storage"
)

// Register is the name of the register.
const Register = "consultation"

// days is the limit (V1.3).
const days = 2

// The states of a consultation.
const (
	Asked    = "asked"    // with the unit; it answers
	Answered = "answered" // final; may be rated
)

// Consultation is the body of an entry.
type Consultation struct {
	Channel     approval.Channel `json:"channel"`
	Item        string           `json:"item,omitempty"`
	Question    string           `json:"question"`
	Attachments []string         `json:"attachments,omitempty"` // document IDs
	AskedBy     string           `json:"asked_by"`
	Window      string           `json:"window,omitempty"` // that recorded or escalated it
	Answer      string           `json:"answer,omitempty"`
	AnsweredBy  string           `json:"answered_by,omitempty"`
	AnsweredAt  time.Time        `json:"answered_at,omitzero"`
	Notice      string           `json:"notice_id,omitempty"` // 咨询答复
	Rating      int              `json:"rating,omitempty"`    // 1…5
	Late        bool             `json:"late"`
	Clock       *clock.Clock     `json:"clock,omitempty"`
}

// Record is one consultation.
type Record = register.Record[Consultation]

// Question is what is asked. An answer given at the counter ends it on the spot.
type Question struct {
	Unit, Division, Item, Case, Project string
	Text                                string
	Attachments                         []string
	Channel                             approval.Channel
	Hall, Window                        string
	Answer                              string // given at the counter at once (P1.1)
	Owner                               string // account it is for; default whoever asks
}

// Ask takes a question in. Errors: *casework.Invalid.
func Ask(ctx context.Context, d *register.Desk, q Question, by string) (Record, error) {
	wrong := map[string]string{}
	if strings.TrimSpace(q.Text) == "" {
		wrong["question"] = "请填写咨询内容"
	}
	if unit, ok := d.Catalogue.Unit(q.Unit); q.Answer == "" && (!ok || unit.Type == "window") {
		wrong["unit"] = "请选择被咨询的业务单位"
	}
	if _, _, ok := d.Catalogue.Division(q.Division); !ok {
		wrong["division"] = "请选择行政区划"
	}
	if len(wrong) > 0 {
		return Record{}, &casework.Invalid{Fields: wrong}
	}
	if q.Owner == "" {
		q.Owner = by
	}
	now := d.Moment()
	r := Record{Entry: storage.Entry{ID: d.NewID("con"), Register: Register, Prefix: "ZX", State: Asked, Open: true, Division: q.Division,
		Unit: q.Unit, Hall: q.Hall, Project: q.Project, Case: q.Case, Owner: q.Owner, Created: now},
		Body: Consultation{Channel: q.Channel, Item: q.Item, Question: q.Text, Attachments: q.Attachments, AskedBy: by, Window: q.Window}}
	if q.Answer != "" {
		r.State, r.Open = Answered, false
		r.Body.Answer, r.Body.AnsweredBy, r.Body.AnsweredAt = q.Answer, by, now
	} else {
		c := clock.New(clock.KindConsultation, days, now, "收到咨询", by)
		r.Body.Clock, r.Due = &c, d.Due(c)
	}
	return keep(ctx, d, r, by, "ask", map[string]string{"unit": q.Unit, "channel": string(q.Channel), "state": r.State})
}

func keep(ctx context.Context, d *register.Desk, r Record, by, action string, detail map[string]string) (Record, error) {
	var c register.Change
	if err := register.Put(&c, &r); err != nil {
		return r, err
	}
	c.Note(by, action, r.Entry, detail)
	return r, c.Do(ctx, d)
}

// answered keeps an answered question with its reply on paper.
func answered(ctx context.Context, d *register.Desk, r Record, by, action string, detail map[string]string) (Record, error) {
	n, err := reply(ctx, d, r)
	if err != nil {
		return r, err
	}
	r.Body.Notice = n.ID
	return r, register.Keep(ctx, d, &r, by, action, detail, n)
}

// Answer answers a question; the clock stops. Errors: casework.ErrIllegal when it
// was answered before, *casework.Invalid.
func Answer(ctx context.Context, d *register.Desk, id, text, by string) (Record, error) {
	r, err := register.Load[Consultation](ctx, d, Register, id)
	if err != nil {
		return r, err
	}
	if r.State != Asked {
		return r, casework.ErrIllegal
	}
	if strings.TrimSpace(text) == "" {
		return r, &casework.Invalid{Fields: map[string]string{"answer": "请填写答复内容"}}
	}
	now := d.Moment()
	if err := r.Body.Clock.Do(clock.Stop, now, "已答复", by); err != nil {
		return r, err
	}
	r.State, r.Open, r.Due = Answered, false, time.Time{}
	r.Body.Answer, r.Body.AnsweredBy, r.Body.AnsweredAt = text, by, now
	r.Body.Late = r.Body.Clock.Late(d.Calendar, now)
	return answered(ctx, d, r, by, "answer", map[string]string{"late": boolText(r.Body.Late)})
}

// Rate notes how content the asker is, 1 to 5.
func Rate(ctx context.Context, d *register.Desk, id string, rating int, by string) (Record, error) {
	r, err := register.Load[Consultation](ctx, d, Register, id)
	if err != nil {
		return r, err
	}
	if r.State != Answered {
		return r, casework.ErrIllegal
	}
	if rating < 1 || rating > 5 {
		return r, &casework.Invalid{Fields: map[string]string{"rating": "请评 1 至 5 分"}}
	}
	r.Body.Rating = rating
	return keep(ctx, d, r, by, "rate", nil)
}

func boolText(b bool) string {
	if b {
		return "true"
	}
	return "false"
}
