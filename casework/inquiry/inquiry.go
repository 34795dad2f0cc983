// Package inquiry is the 一次征询 (V1.4–V1.10): an applicant asks once what a stage
// needs; all units concerned in the project's division answer within two working
// days; the lead unit or the window puts their answers together and tells the
// applicant on one list (一单告知).
package inquiry

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"onewindow/approval"
	"onewindow/approval/clock"
	"onewindow/casework"
	"onewindow/casework/register"
	"onewindow/storage"
)

// The registers: an inquiry, and one reply of each unit asked.
const (
	Register = "inquiry"
	Replies  = "inquiry_reply"
	Tasks    = "coordination" // urging and clearing up are coordination (V1.8)
)

const days = 2 // V1.7

// The states of an inquiry and of a reply.
const (
	Open      = "open"      // units answer; lead unit or window consolidates
	Published = "published" // final: the applicant has the list, or gets it at opening
	Asked     = "asked"     // the unit answers
	Replied   = "replied"   // answered; doubt sends it back
	Doubted   = "doubted"   // the unit answers again
)

// Inquiry is the body of an inquiry.
type Inquiry struct {
	Stage       string            `json:"stage"`
	ProjectName string            `json:"project_name"`
	Builder     string            `json:"builder"`
	Answers     map[string]string `json:"answers"` // of the stage's form; the application takes them over (V1.5)
	Units       []string          `json:"units"`
	List        *List             `json:"list,omitempty"`      // as published
	DeliverAt   time.Time         `json:"deliver_at,omitzero"` // when the applicant may see it (V1.10)
	PublishedAt time.Time         `json:"published_at,omitzero"`
	Override    string            `json:"override,omitempty"` // why a missing reply was not waited for
}

// Need is one item that a unit says the stage needs.
type Need struct {
	Item      string   `json:"item"`
	Unit      string   `json:"unit"` // that handles it
	Materials []string `json:"materials"`
	Note      string   `json:"note,omitempty"`
}

// Reply is the body of a unit's reply.
type Reply struct {
	Concerned bool        `json:"concerned"`
	Needs     []Need      `json:"needs,omitempty"`
	RepliedBy string      `json:"replied_by,omitempty"`
	RepliedAt time.Time   `json:"replied_at,omitzero"`
	Doubt     string      `json:"doubt,omitempty"`
	Urged     bool        `json:"urged"`
	Late      bool        `json:"late"`
	Clock     clock.Clock `json:"clock"`
}

// List is the answers of all units put together.
type List struct {
	Needs     []Need     `json:"needs"`
	Materials []Material `json:"materials"`
}

// Material stands once, however many items ask for it (V1.9).
type Material struct {
	Material string   `json:"material"`
	Name     string   `json:"name"`
	Items    []string `json:"items"`
}

// Office does the use cases.
type Office struct {
	*register.Desk
	Cases storage.Cases
}

// The records.
type (
	Record      = register.Record[Inquiry]
	ReplyRecord = register.Record[Reply]
)

// ErrOpen: one inquiry per project and stage is open at a time (V1.4).
var ErrOpen = fmt.Errorf("an inquiry of this project and stage is open: %w", casework.ErrIllegal)

// Ask opens an inquiry and asks all units concerned (V1.6). Errors: ErrOpen,
// *casework.Invalid, storage.ErrNotFound for a project that is not registered.
func (o *Office) Ask(ctx context.Context, project, stage string, answers map[string]string, by string) (Record, error) {
	p, err := o.Cases.Registration(ctx, project)
	if err != nil {
		return Record{}, err
	}
	if err := o.check(ctx, p, stage, answers); err != nil {
		return Record{}, err
	}
	now := o.Moment()
	r := Record{Entry: storage.Entry{ID: o.NewID("inq"), Register: Register, Prefix: "ZXN", State: Open, Open: true, Division: p.Division,
		Unit: o.lead(p.Division, stage), Project: p.Code, Owner: by, Created: now},
		Body: Inquiry{Stage: stage, ProjectName: p.Name, Builder: p.Builder, Answers: answers, Units: o.concerned(p.Division, stage, p.Type)}}
	var c register.Change
	if err := register.Put(&c, &r); err != nil {
		return r, err
	}
	c.Actor, c.Key = "inquiry", p.Code+"/"+stage+"/"+now.Format(time.RFC3339Nano)
	for _, unit := range r.Body.Units {
		reply := ReplyRecord{Entry: storage.Entry{ID: o.NewID("rep"), Register: Replies, State: Asked, Open: true, Division: p.Division,
			Unit: unit, Project: p.Code, Parent: r.ID, Owner: by, Created: now},
			Body: Reply{Clock: clock.New(clock.KindInquiry, days, now, "收到征询", by)}}
		reply.Due = o.Due(reply.Body.Clock)
		if err := register.Put(&c, &reply); err != nil {
			return r, err
		}
		c.Note(by, "ask", reply.Entry, map[string]string{"inquiry": r.ID})
	}
	c.Note(by, "open", r.Entry, map[string]string{"stage": stage, "units": strings.Join(r.Body.Units, ",")})
	return r, c.Do(ctx, o.Desk)
}

func (o *Office) check(ctx context.Context, p approval.Registration, stage string, answers map[string]string) error {
	if _, ok := o.Catalogue.Stage(stage); !ok {
		return &casework.Invalid{Fields: map[string]string{"stage": "请选择审批阶段"}}
	}
	wrong := map[string]string{}
	for _, key := range o.questions(p.Division, stage, p.Type) {
		if answers[key] == "" {
			f, _ := o.Catalogue.Flag(key)
			wrong["answers."+key] = "请回答：" + f.Label
		}
	}
	if len(wrong) > 0 {
		return &casework.Invalid{Fields: wrong}
	}
	before, err := register.List[Inquiry](ctx, o.Desk, storage.EntryQuery{Register: Register, Project: p.Code, Open: true})
	if err != nil {
		return err
	}
	if slices.ContainsFunc(before, func(r Record) bool { return r.Body.Stage == stage }) {
		return ErrOpen
	}
	return nil
}

// questions are those of the form that decide about materials of a stage.
func (o *Office) questions(division, stage, projectType string) []string {
	var out []string
	for _, it := range o.Catalogue.For(division).ItemsOf(stage, projectType) {
		for _, e := range it.Checklist {
			if e.When == nil {
				continue
			}
			for _, f := range e.When.Flags() {
				if _, ok := o.Catalogue.Flag(f); ok && f != "project_type" && !slices.Contains(out, f) {
					out = append(out, f)
				}
			}
		}
	}
	return out
}

// Answered are the answers that an account gave in its last inquiry about a stage
// of a project, and the items of the list that it was told, in their order; both
// are empty when it never asked (V1.5).
func (o *Office) Answered(ctx context.Context, project, stage, account string) (answers map[string]string, items []string, err error) {
	all, err := register.List[Inquiry](ctx, o.Desk, storage.EntryQuery{Register: Register, Project: project, Owner: account, Limit: 500})
	if err != nil {
		return nil, nil, err
	}
	at := slices.IndexFunc(all, func(r Record) bool { return r.Body.Stage == stage }) // newest first
	if at < 0 {
		return nil, nil, nil
	}
	last := all[at]
	if last.Body.List == nil || o.Moment().Before(last.Body.DeliverAt) {
		return last.Body.Answers, nil, nil
	}
	for _, n := range last.Body.List.Needs {
		if !slices.Contains(items, n.Item) {
			items = append(items, n.Item)
		}
	}
	return last.Body.Answers, items, nil
}

// concerned are the units that have items in a stage for a type of project.
func (o *Office) concerned(division, stage, projectType string) []string {
	var out []string
	for _, it := range o.Catalogue.For(division).ItemsOf(stage, projectType) {
		if !slices.Contains(out, it.Unit) {
			out = append(out, it.Unit)
		}
	}
	return out
}

func (o *Office) lead(division, stage string) string {
	s, _ := o.Catalogue.For(division).Stage(stage)
	return s.LeadUnit
}

// Answer is a unit's reply: the three parts, or not concerned (V1.7).
func (o *Office) Answer(ctx context.Context, id string, concerned bool, needs []Need, by string) (ReplyRecord, error) {
	r, err := register.Load[Reply](ctx, o.Desk, Replies, id)
	if err != nil {
		return r, err
	}
	if r.State != Asked && r.State != Doubted {
		return r, fmt.Errorf("reply is %s: %w", r.State, casework.ErrIllegal)
	}
	if wrong := o.needErrors(concerned, needs); len(wrong) > 0 {
		return r, &casework.Invalid{Fields: wrong}
	}
	now := o.Moment()
	if r.Body.Clock.Running() {
		if err := r.Body.Clock.Do(clock.Stop, now, "已反馈", by); err != nil {
			return r, err
		}
		r.Body.Late = r.Body.Clock.Late(o.Calendar, now)
	}
	r.State, r.Open, r.Due = Replied, false, time.Time{}
	r.Body.Concerned, r.Body.Needs, r.Body.RepliedBy, r.Body.RepliedAt = concerned, needs, by, now
	return r, o.keepReply(ctx, &r, by, "reply")
}

func (o *Office) needErrors(concerned bool, needs []Need) map[string]string {
	wrong := map[string]string{}
	if concerned && len(needs) == 0 {
		wrong["needs"] = "请明确需要办理的事项、办理单位和申报材料，或选择“不涉及”"
	}
	for i, n := range needs {
		if _, ok := o.Catalogue.Item(n.Item); !ok {
			wrong[fmt.Sprintf("needs.%d.item", i)] = "没有这个办理事项"
		}
		if _, ok := o.Catalogue.Unit(n.Unit); !ok {
			wrong[fmt.Sprintf("needs.%d.unit", i)] = "请明确办理单位"
		}
		if len(n.Materials) == 0 {
			wrong[fmt.Sprintf("needs.%d.materials", i)] = "请明确申报材料"
		}
		for _, m := range n.Materials {
			if _, ok := o.Catalogue.Material(m); !ok {
				wrong[fmt.Sprintf("needs.%d.materials", i)] = "没有这项材料：" + m
			}
		}
	}
	return wrong
}

func (o *Office) keepReply(ctx context.Context, r *ReplyRecord, by, action string) error {
	return register.Keep(ctx, o.Desk, r, by, action, map[string]string{"inquiry": r.Parent, "late": fmt.Sprint(r.Body.Late)})
}

// Doubt sends a reply back with a question (V1.8).
func (o *Office) Doubt(ctx context.Context, id, question, by string) (ReplyRecord, error) {
	r, err := register.Load[Reply](ctx, o.Desk, Replies, id)
	if err != nil {
		return r, err
	}
	if r.State != Replied {
		return r, fmt.Errorf("reply is %s: %w", r.State, casework.ErrIllegal)
	}
	if strings.TrimSpace(question) == "" {
		return r, &casework.Invalid{Fields: map[string]string{"question": "请写明疑问"}}
	}
	r.State, r.Open, r.Body.Doubt = Doubted, true, question
	return r, o.keepReply(ctx, &r, by, "doubt")
}
