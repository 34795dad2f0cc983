// Package followup is the window's list of its own cases until their results are
// handed out (后续跟踪, P3.14): where each item stands, what is due, and whom to
// call.
package followup

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"onewindow/approval"
	"onewindow/approval/clock"
	"onewindow/approval/progress"
	"onewindow/casework/issuance"
	"onewindow/casework/payment"
	"onewindow/casework/register"
	"onewindow/storage"
)

// Office makes the list.
type Office struct {
	*register.Desk
	Cases storage.Cases
	// StateText says a state of an item for people.
	StateText func(approval.CaseItem) string
}

// Reminder is something to be done about a case.
type Reminder struct {
	Kind  string      `json:"kind"` // upload, correction, supplement, overdue, uncollected, payment
	Text  string      `json:"text"`
	Due   time.Time   `json:"due,omitzero"`
	Light clock.Light `json:"light"`
}

// FollowedItem is where an item of a case stands.
type FollowedItem struct {
	ID       string    `json:"id"`
	Name     string    `json:"item_name"`
	Unit     string    `json:"unit_name"`
	State    string    `json:"state"`
	Text     string    `json:"state_text"`
	Due      time.Time `json:"due,omitzero"`
	Issuance string    `json:"issuance,omitempty"` // its state, once there is a result
}

// FollowedCase is one case.
type FollowedCase struct {
	Case      string         `json:"case_id"`
	Number    string         `json:"number"`
	Project   string         `json:"project"`
	Name      string         `json:"project_name"`
	Contact   string         `json:"contact,omitempty"`
	Telephone string         `json:"telephone,omitempty"`
	Window    string         `json:"window,omitempty"`
	Stage     string         `json:"stage_name"`
	Items     []FollowedItem `json:"items"`
	Reminders []Reminder     `json:"reminders"`
	Next      time.Time      `json:"next_due,omitzero"` // of all reminders and items
}

// Query is whose cases are followed.
type Query struct {
	Hall, Window string
	Before       string // case ID: the next page
	Limit        int    // cases looked at; default 200
}

// List lists a page of the cases of a hall that are not done with, the most urgent
// first, and where the next page begins, "" at the end.
func (o *Office) List(ctx context.Context, q Query) ([]FollowedCase, string, error) {
	if q.Limit == 0 {
		q.Limit = 200
	}
	found, err := o.Cases.ListCases(ctx, storage.CaseQuery{Hall: q.Hall, Before: q.Before, Limit: q.Limit})
	if err != nil {
		return nil, "", err
	}
	next := ""
	if len(found) == q.Limit {
		next = found[len(found)-1].ID
	}
	out := []FollowedCase{}
	for _, k := range found {
		if q.Window != "" && k.Window != q.Window {
			continue
		}
		line, open, err := o.line(ctx, k)
		if err != nil {
			return nil, "", err
		}
		if open {
			out = append(out, line)
		}
	}
	slices.SortStableFunc(out, func(a, b FollowedCase) int { return urgent(a).Compare(urgent(b)) })
	return out, next, nil
}

// urgent puts lines with nothing due last.
func urgent(l FollowedCase) time.Time {
	if l.Next.IsZero() {
		return time.Unix(1<<40, 0)
	}
	return l.Next
}

// line describes a case; open is false when all is handed out or ended otherwise.
func (o *Office) line(ctx context.Context, k approval.Case) (l FollowedCase, open bool, err error) {
	project, err := o.Cases.Registration(ctx, k.Project)
	if err != nil {
		return l, false, fmt.Errorf("read project: %w", err)
	}
	l = FollowedCase{Case: k.ID, Number: k.Number, Project: k.Project, Name: project.Name, Contact: project.Contact, Telephone: project.Telephone, Window: k.Window,
		Stage: o.Catalogue.Name(k.Stage), Items: []FollowedItem{}, Reminders: []Reminder{}}
	if !k.Submitted {
		l.remind(o, "upload", "纸质材料尚未上传提交", o.Calendar.Close(k.Created))
		return l, true, nil
	}
	items, err := o.Cases.ListCaseItems(ctx, storage.ItemQuery{Case: k.ID})
	if err != nil {
		return l, false, err
	}
	handed, err := o.handed(ctx, k.ID)
	if err != nil {
		return l, false, err
	}
	for _, it := range items {
		v := FollowedItem{ID: it.ID, Name: o.Catalogue.Name(it.Item), Unit: o.UnitName(it.Division, it.Unit), State: string(it.State), Text: o.StateText(it), Due: it.Due}
		open = o.follow(&l, it, &v, handed[it.ID]) || open
		l.Items = append(l.Items, v)
	}
	if err := o.owed(ctx, &l, k); err != nil {
		return l, false, err
	}
	return l, open, nil
}

func (o *Office) handed(ctx context.Context, caseID string) (map[string]issuance.Record, error) {
	all, err := register.All[issuance.Issuance](ctx, o.Desk, storage.EntryQuery{Register: issuance.Register, Case: caseID})
	out := map[string]issuance.Record{}
	for _, r := range all {
		out[r.Body.CaseItem] = r
	}
	return out, err
}

// follow adds what an item asks for, and reports whether it is still open.
func (o *Office) follow(l *FollowedCase, it approval.CaseItem, v *FollowedItem, given issuance.Record) bool {
	switch {
	case it.State == progress.CorrectionOpen && len(it.Corrections) > 0:
		l.remind(o, "correction", v.Name+"：等待补正", it.Corrections[len(it.Corrections)-1].Deadline)
	case !it.Due.IsZero() && o.Moment().After(it.Due):
		l.remind(o, "overdue", v.Name+"：业务单位已超过时限", it.Due)
	}
	if !it.State.Ended() {
		l.soonest(it.Due)
		return true
	}
	if it.State != progress.CompletedApproved && it.State != progress.CompletedTolerated {
		return false // nothing will be handed out
	}
	v.Issuance = cmp.Or(given.State, "none")
	if given.State == issuance.Ready || given.State == issuance.Undeliverable {
		if given.Body.Reminders > 0 || o.Moment().After(given.Due) {
			l.remind(o, "uncollected", fmt.Sprintf("%s：结果待领取，已提醒 %d 次", v.Name, given.Body.Reminders), given.Due)
		} else {
			l.soonest(given.Due)
		}
	}
	return given.ID == "" || given.Open
}

// owed adds what applicants promised or have to pay.
func (o *Office) owed(ctx context.Context, l *FollowedCase, k approval.Case) error {
	filings, err := o.Cases.Filings(ctx, k.ID, false)
	if err != nil {
		return err
	}
	for _, f := range filings {
		if (f.Source == approval.SourceCommitment || f.Source == approval.SourceTolerance) && !f.Deadline.IsZero() {
			l.remind(o, "supplement", "待补材料："+o.Catalogue.Name(f.Material), f.Deadline)
		}
	}
	bills, err := register.List[payment.Payment](ctx, o.Desk, storage.EntryQuery{Register: payment.Register, Case: k.ID, Open: true})
	for _, b := range bills {
		l.remind(o, "payment", "待缴费："+b.Body.Fee+" "+b.Body.Amount.String()+" 元", b.Due)
	}
	return err
}

// soonDays is from how many working days left on a reminder is yellow.
const soonDays = 3

func (l *FollowedCase) remind(o *Office, kind, text string, due time.Time) {
	r := Reminder{Kind: kind, Text: text, Due: due.UTC(), Light: clock.Green}
	switch now := o.Moment(); {
	case due.IsZero():
	case now.After(due):
		r.Light = clock.Red
	case o.Calendar.Workdays(now, due) <= soonDays:
		r.Light = clock.Yellow
	}
	l.Reminders = append(l.Reminders, r)
	l.soonest(due)
}

func (l *FollowedCase) soonest(due time.Time) {
	if !due.IsZero() && (l.Next.IsZero() || due.Before(l.Next)) {
		l.Next = due.UTC()
	}
}
