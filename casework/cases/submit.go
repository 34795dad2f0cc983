package cases

import (
	"context"
	"slices"
	"strings"
	"time"

	"onewindow/approval"
	"onewindow/approval/clock"
	"onewindow/approval/progress"
	"onewindow/casework"
	"onewindow/storage"
)

// returnDays is the return window (V2.3).
const returnDays = 1

// Outcome is what the window does with papers handed in (P3.5–P3.11).
type Outcome string

// The outcomes of a reception at the counter.
const (
	Receive Outcome = "receive" // complete, or confirmed by the units: accepted on the spot
	Correct Outcome = "correct" // a correction notice for everything that is missing
	Refuse  Outcome = "refuse"  // 不予受理, with a reason
)

// Submission ends a draft.
type Submission struct {
	Key     string // idempotency key; a double submit is one
	Version int64  // of the case as seen, 0 for any
	// At the counter only:
	Outcome Outcome
	Defects []approval.Gap // found by the clerk beyond what is missing
	Reason  string         // of a refusal
}

// Submit hands an application to the units of the project's division: one item
// each (V2.1, V2.2). At the physical window the outcome decides what follows on
// the spot. Errors: *casework.Invalid naming everything that is missing,
// storage.ErrStale, *Illegal when it was submitted before.
func (o *Office) Submit(ctx context.Context, id string, s Submission, by Actor) (approval.Case, []approval.CaseItem, error) {
	k, err := o.Records.Case(ctx, id)
	if err != nil {
		return k, nil, err
	}
	if k.Submitted {
		items, err := o.Records.ListCaseItems(ctx, storage.ItemQuery{Case: k.ID})
		return k, items, err // a double submit is one
	}
	if s.Version != 0 && s.Version != k.Version {
		return k, nil, storage.ErrStale
	}
	if err := o.maySubmit(ctx, k, by); err != nil {
		return k, nil, err
	}
	list, err := o.Checklist(ctx, k)
	if err != nil {
		return k, nil, err
	}
	if wrong := submitErrors(k, list, s); len(wrong) > 0 {
		return k, nil, &casework.Invalid{Fields: wrong}
	}
	change, items, err := o.submission(ctx, k, list, s, by)
	if err != nil {
		return k, nil, err
	}
	if err := o.Records.ApplyCase(ctx, change); err != nil {
		return k, nil, err
	}
	return *change.Case, items(), nil
}

// maySubmit: applicants submit their own, the window what was handed to it on
// paper, and for an applicant only who is authorised to act for them (P1.3, P5.2).
// Errors: ErrNotConfirmed.
func (o *Office) maySubmit(ctx context.Context, k approval.Case, by Actor) error {
	if !by.Clerk || k.Channel == approval.ChannelPhysical || k.Applicant == by.Account {
		return nil
	}
	if o.Proxy != nil {
		ok, err := o.Proxy.MaySubmit(ctx, k, by.Account)
		if ok || err != nil {
			return err
		}
	}
	return ErrNotConfirmed
}

func submitErrors(k approval.Case, list Checklist, s Submission) map[string]string {
	wrong := map[string]string{}
	if len(k.Items) == 0 {
		wrong["items"] = "请至少勾选一个办理事项"
	}
	for _, label := range list.Unasked {
		wrong["answers."+label] = "请回答：" + label
	}
	if k.Channel == approval.ChannelPhysical {
		counterErrors(wrong, k, list, s)
		return wrong
	}
	for _, e := range list.Entries {
		if e.Needed == "true" && !e.Satisfied {
			text := "缺少该材料：" + e.Name
			if e.Problem != "" {
				text = e.Name + "：" + e.Problem
			}
			wrong["materials."+e.Material] = text
		}
	}
	return wrong
}

// counterErrors judges an outcome at the counter.
func counterErrors(wrong map[string]string, k approval.Case, list Checklist, s Submission) {
	switch s.Outcome {
	case Receive:
		for _, e := range list.Entries {
			unconfirmed := slices.ContainsFunc(e.Consumers, func(c Consumer) bool { return k.Confirmed[c.Item] == "" })
			if e.Needed == "true" && !e.Satisfied && unconfirmed {
				wrong["materials."+e.Material] = "缺少该材料，且业务单位未确认：" + e.Name
			}
		}
	case Correct:
		if len(list.Missing)+len(s.Defects) == 0 {
			wrong["outcome"] = "材料齐全，不应要求补正"
		}
	case Refuse:
		if strings.TrimSpace(s.Reason) == "" {
			wrong["reason"] = "请填写不予受理的理由"
		}
	default:
		wrong["outcome"] = "请选择当场接收、补正或不予受理"
	}
}

// submission makes the change: the items, what they rely on, and for each what
// follows on the spot.
func (o *Office) submission(ctx context.Context, k approval.Case, list Checklist, s Submission, by Actor) (storage.CaseChange, func() []approval.CaseItem, error) {
	now := o.now()
	k.Submitted, k.SubmitAt = true, now
	change := storage.CaseChange{Case: &k, Day: o.day(), Actor: by.Account, Key: s.Key,
		Events: []approval.Event{{Type: approval.EventCaseSubmitted, Project: k.Project, Data: map[string]string{
			"case": k.ID, "number": k.Number, "stage": k.Stage, "division": k.Division, "channel": string(k.Channel), "hall": k.Hall,
			"window": k.Window, "items": strings.Join(k.Items, ","), "at": stampOf(now), "by": by.Account}}},
		Audit: []storage.AuditEntry{{Actor: by.Account, Action: "case.submit", Object: k.ID, Detail: said(map[string]string{
			"items": strings.Join(k.Items, ","), "assisted_by": k.AssistedBy, "outcome": string(s.Outcome)})}},
	}
	o.relyOn(&change, k, list, by)
	paper, err := o.paper(ctx, k)
	if err != nil {
		return change, nil, err
	}
	paper.filings = append(paper.filings, change.File...)
	if err := paper.receipt(ctx, &change, by, now); err != nil {
		return change, nil, err
	}
	items := make([]*approval.CaseItem, len(k.Items))
	for i, code := range k.Items {
		item := o.newItem(k, code, now)
		step := o.step(item, progress.Submit, by, now)
		if err := step.take(); err != nil {
			return change, nil, err
		}
		if err := o.atTheCounter(step, k, list, s); err != nil {
			return change, nil, err
		}
		if err := paper.draw(ctx, &change, step); err != nil {
			return change, nil, err
		}
		step.into(&change)
		items[i] = item
	}
	return change, func() []approval.CaseItem {
		out := make([]approval.CaseItem, len(items))
		for i, it := range items {
			out[i] = *it
		}
		return out
	}, nil
}

// newItem is an item as it is pushed to its unit.
func (o *Office) newItem(k approval.Case, code string, now time.Time) *approval.CaseItem {
	it, _ := o.of(k).Item(code)
	return &approval.CaseItem{ID: o.newID("ci_"), Case: k.ID, Number: k.Number, Project: k.Project, Item: code, Edition: k.Catalogue, Stage: k.Stage,
		Unit: it.Unit, Division: k.Division, Channel: k.Channel, Hall: k.Hall, Window: k.Window, State: progress.Draft, Limit: it.Days.Promise, ReceivedAt: now,
		Clocks: []clock.Clock{}}
}

// relyOn records which results fill which entries: the applicant is not asked,
// and each item knows the version it relied on (V2.13, A9).
func (o *Office) relyOn(change *storage.CaseChange, k approval.Case, list Checklist, by Actor) {
	for _, e := range list.Entries {
		if len(e.Offers) == 0 || len(e.Filings) > 0 {
			continue
		}
		offer := e.Offers[0]
		change.File = append(change.File, approval.Filing{ID: o.newID("fil_"), Case: k.ID, Material: e.Material, Source: approval.SourceBasis,
			Result: offer.Result, By: by.Account, At: o.now()})
		for _, c := range e.Consumers {
			change.Rely = append(change.Rely, approval.Reliance{Result: offer.Result, Project: k.Project, Item: c.Item,
				Material: e.Material, Case: k.Number, By: by.Account})
		}
	}
}

// atTheCounter goes on with what the window decides on the spot.
func (o *Office) atTheCounter(s *step, k approval.Case, list Checklist, sub Submission) error {
	if k.Channel != approval.ChannelPhysical {
		return nil
	}
	switch sub.Outcome {
	case Receive:
		s.item.AcceptedBy = approval.AcceptedByWindow
		return s.then(progress.Accept)
	case Refuse:
		s.item.Reasons = []string{sub.Reason}
		return s.then(progress.Refuse)
	}
	gaps := gapsOf(s.item.Item, list, sub.Defects)
	if len(gaps) == 0 { // nothing is wrong with this one
		s.item.AcceptedBy = approval.AcceptedByWindow
		return s.then(progress.Accept)
	}
	s.openCorrection(gaps, list, "")
	return s.then(progress.Correct)
}

// gapsOf lists what an item misses, and the clerk's findings on its materials.
func gapsOf(item string, list Checklist, defects []approval.Gap) []approval.Gap {
	var out []approval.Gap
	for _, e := range list.Entries {
		if !slices.ContainsFunc(e.Consumers, func(c Consumer) bool { return c.Item == item }) {
			continue
		}
		if e.Needed == "true" && !e.Satisfied {
			out = append(out, approval.Gap{Material: e.Material, Reason: "missing"})
		}
		for _, d := range defects {
			if d.Material == e.Material {
				out = append(out, d)
			}
		}
	}
	return out
}

// Confirm notes that a unit takes the materials of one of its items as they are
// (P3.5).
func (o *Office) Confirm(ctx context.Context, id, item string, by Actor) (approval.Case, error) {
	k, err := o.Records.Case(ctx, id)
	if err != nil {
		return k, err
	}
	if !slices.Contains(k.Items, item) {
		return k, storage.ErrNotFound
	}
	if k.Submitted {
		return k, illegal(progress.Submitted, "已接收，无需确认")
	}
	if k.Confirmed == nil {
		k.Confirmed = map[string]string{}
	}
	k.Confirmed[item] = by.Account
	return k, o.Records.ApplyCase(ctx, storage.CaseChange{Case: &k, Audit: []storage.AuditEntry{{Actor: by.Account,
		Action: "case.confirm", Object: k.ID, Detail: map[string]string{"item": item, "unit": by.Unit}}}})
}
