// Package assistance keeps 帮办代办 (P5.1, P5.2): for projects of social and
// industrial investment one named agent of the window helps with approvals and
// technical reviews (帮办), and acts for the applicant in matters of utilities
// (代办), if the applicant authorised it.
package assistance

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"onewindow/approval"
	"onewindow/casework"
	"onewindow/casework/register"
	"onewindow/storage"
)

// Register is the name of the register of assisted projects.
const Register = "assistance"

// The states.
const (
	Requested = "requested" // the window names an agent
	Assigned  = "assigned"  // the agent works
	Ended     = "ended"     // final
)

// The scopes of an agent.
const (
	Help = "assist"        // 帮办: guide and prepare
	Act  = "act_on_behalf" // 代办: submit, utilities only
)

// Note is what an agent did.
type Note struct {
	At   time.Time `json:"at"`
	By   string    `json:"by"`
	Text string    `json:"text"`
}

// Assistance is the body of an entry.
type Assistance struct {
	ProjectName   string   `json:"project_name"`
	Type          string   `json:"project_type"`
	Wish          string   `json:"wish,omitempty"` // what help is asked for
	Agent         string   `json:"agent,omitempty"`
	AgentName     string   `json:"agent_name,omitempty"`
	Telephone     string   `json:"telephone,omitempty"`
	Scope         []string `json:"scope,omitempty"`
	Authorisation string   `json:"authorisation,omitempty"` // document, for acting
	Notes         []Note   `json:"notes,omitempty"`
	Ended         string   `json:"ended_because,omitempty"`
}

// Record is one assisted project.
type Record = register.Record[Assistance]

// Office does the use cases.
type Office struct {
	*register.Desk
	Cases interface {
		Registration(ctx context.Context, code string) (approval.Registration, error)
	}
}

// Request asks for assistance with a project. Errors: *casework.Invalid for
// projects that are not of social or industrial investment, casework.ErrIllegal
// when the project is assisted already.
func (o *Office) Request(ctx context.Context, project, wish, hall, by string) (Record, error) {
	p, err := o.Cases.Registration(ctx, project)
	if err != nil {
		return Record{}, err
	}
	kind, eligible := "", false
	for _, t := range o.Catalogue.ProjectTypes {
		if t.Code == p.Type {
			kind, eligible = t.Name, t.Assist
		}
	}
	if !eligible {
		return Record{}, &casework.Invalid{Fields: map[string]string{
			"project": "帮办代办只适用于社会投资和工业投资类工程建设项目，本项目为“" + kind + "”；可以到实体窗口咨询"}}
	}
	if _, ok, err := o.Of(ctx, project); err != nil || ok {
		if err == nil {
			err = fmt.Errorf("project is assisted: %w", casework.ErrIllegal)
		}
		return Record{}, err
	}
	r := Record{Entry: storage.Entry{ID: o.NewID("ast"), Register: Register, Prefix: "BB", State: Requested, Open: true, Division: p.Division, Hall: hall,
		Project: p.Code, Owner: by, Created: o.Moment()}, Body: Assistance{ProjectName: p.Name, Type: p.Type, Wish: wish}}
	return r, register.Keep(ctx, o.Desk, &r, by, "request", map[string]string{"project": p.Code, "type": p.Type})
}

// Of returns the running assistance of a project, ok false without one.
func (o *Office) Of(ctx context.Context, project string) (Record, bool, error) {
	found, err := register.List[Assistance](ctx, o.Desk, storage.EntryQuery{Register: Register, Project: project, Open: true, Limit: 1})
	if err != nil || len(found) == 0 {
		return Record{}, false, err
	}
	return found[0], true, nil
}

// Agent is who is named for a project.
type Agent struct {
	Account, Name, Telephone string
	Scope                    []string
	Authorisation            string
}

// Assign names the agent, or another one. Errors: *casework.Invalid when it shall
// act without an authorisation.
func (o *Office) Assign(ctx context.Context, id string, a Agent, by string) (Record, error) {
	r, err := o.running(ctx, id)
	if err != nil {
		return r, err
	}
	wrong := map[string]string{}
	if strings.TrimSpace(a.Account) == "" || strings.TrimSpace(a.Name) == "" {
		wrong["agent"] = "请明确专人"
	}
	if len(a.Scope) == 0 {
		wrong["scope"] = "请选择帮办或代办"
	}
	for _, s := range a.Scope {
		if s != Help && s != Act {
			wrong["scope"] = "请选择帮办或代办"
		}
	}
	if slices.Contains(a.Scope, Act) && strings.TrimSpace(a.Authorisation) == "" {
		wrong["authorisation"] = "代办市政公用服务事项需申请单位的授权委托书"
	}
	if len(wrong) > 0 {
		return r, &casework.Invalid{Fields: wrong}
	}
	r.State, r.Body.Agent, r.Body.AgentName, r.Body.Telephone = Assigned, a.Account, a.Name, a.Telephone
	r.Body.Scope, r.Body.Authorisation = a.Scope, a.Authorisation
	return r, register.Keep(ctx, o.Desk, &r, by, "assign", map[string]string{"agent": a.Account, "scope": strings.Join(a.Scope, ","), "authorisation": a.Authorisation})
}

func (o *Office) running(ctx context.Context, id string) (Record, error) {
	r, err := register.Load[Assistance](ctx, o.Desk, Register, id)
	if err == nil && !r.Open {
		err = fmt.Errorf("assistance is %s: %w", r.State, casework.ErrIllegal)
	}
	return r, err
}

// Note writes down what the agent did.
func (o *Office) Note(ctx context.Context, id, text, by string) (Record, error) {
	r, err := o.running(ctx, id)
	if err != nil {
		return r, err
	}
	if strings.TrimSpace(text) == "" {
		return r, &casework.Invalid{Fields: map[string]string{"text": "请填写服务情况"}}
	}
	r.Body.Notes = append(r.Body.Notes, Note{o.Moment(), by, text})
	return r, register.Keep(ctx, o.Desk, &r, by, "note", map[string]string{"text": text})
}

// End ends the assistance.
func (o *Office) End(ctx context.Context, id, reason, by string) (Record, error) {
	r, err := o.running(ctx, id)
	if err != nil {
		return r, err
	}
	if strings.TrimSpace(reason) == "" {
		return r, &casework.Invalid{Fields: map[string]string{"reason": "请填写结束的原因"}}
	}
	r.State, r.Open, r.Body.Ended = Ended, false, reason
	return r, register.Keep(ctx, o.Desk, &r, by, "end", map[string]string{"reason": reason})
}

// MaySubmit reports whether an account may submit an application for its
// applicant: as the agent who is authorised to act, and only if all its items are
// those of utilities. With approvals an agent helps; the applicant submits (P5.2).
func (o *Office) MaySubmit(ctx context.Context, k approval.Case, account string) (bool, error) {
	r, ok, err := o.Of(ctx, k.Project)
	if err != nil || !ok || r.Body.Agent != account || !slices.Contains(r.Body.Scope, Act) || len(k.Items) == 0 {
		return false, err
	}
	cat := o.Catalogue.For(k.Division)
	for _, code := range k.Items {
		item, _ := cat.Item(code)
		if unit, _ := cat.Unit(item.Unit); unit.Type != "utility" {
			return false, nil
		}
	}
	return true, nil
}
