package promises

import (
	"context"
	"fmt"
	"strings"
	"time"

	"onewindow/approval"
	"onewindow/approval/clock"
	"onewindow/approval/progress"
	"onewindow/casework"
	"onewindow/casework/cases"
	"onewindow/casework/register"
	"onewindow/storage"
)

// in loads a promise that must be in one of some states.
func (o *Office) in(ctx context.Context, id string, states ...string) (Record, error) {
	r, err := register.Load[Promise](ctx, o.Desk, Register, id)
	if err != nil {
		return r, err
	}
	for _, s := range states {
		if r.State == s {
			return r, nil
		}
	}
	return r, fmt.Errorf("promise is %s: %w", r.State, casework.ErrIllegal)
}

// Extend gives a promise more working days, once. Errors: casework.ErrIllegal,
// *casework.Invalid.
func (o *Office) Extend(ctx context.Context, id string, days int, why, by string) (Record, error) {
	r, err := o.in(ctx, id, Made, Overdue)
	if err != nil {
		return r, err
	}
	if r.Body.Extra > 0 {
		return r, fmt.Errorf("extended before: %w", casework.ErrIllegal)
	}
	wrong := map[string]string{}
	if days < 1 || days > mostExtra {
		wrong["days"] = fmt.Sprintf("请填写延长的工作日数，1 至 %d", mostExtra)
	}
	if strings.TrimSpace(why) == "" {
		wrong["reason"] = "请填写延长的理由"
	}
	if len(wrong) > 0 {
		return r, &casework.Invalid{Fields: wrong}
	}
	r.Body.Clock.Limit += days
	r.Body.Extra, r.Body.Why, r.Body.Decided, r.Body.Reminded = days, why, by, time.Time{}
	r.Due = o.Due(r.Body.Clock)
	if r.State = Made; o.Moment().After(r.Due) {
		r.State = Overdue
	}
	return o.keep(ctx, r, by, "extend")
}

// Break declares an overdue promise broken. With revoke the approval that rested on
// it is taken back, and whoever relied on its result is told (V2.13). Errors:
// casework.ErrIllegal before the deadline, *casework.Invalid.
func (o *Office) Break(ctx context.Context, id, why string, revoke bool, by cases.Actor) (Record, error) {
	r, err := o.in(ctx, id, Overdue)
	if err != nil {
		return r, err
	}
	if strings.TrimSpace(why) == "" {
		return r, &casework.Invalid{Fields: map[string]string{"reason": "请填写认定未履行承诺的理由"}}
	}
	item, err := o.Cases.Item(ctx, r.Body.CaseItem)
	if err != nil {
		return r, err
	}
	granted := item.State == progress.CompletedApproved || item.State == progress.CompletedTolerated
	if revoke && !granted && item.State != progress.Revoked {
		return r, &casework.Invalid{Fields: map[string]string{"revoke": "该事项尚未办结通过，没有可以撤销的审批决定"}}
	}
	if revoke && granted { // first: if it fails the promise stays overdue and is tried again
		if _, err := o.Cases.Decide(ctx, item.ID, progress.Revoke, cases.Decision{Reasons: []string{
			"未履行" + sourceTexts[r.Body.Source] + "：" + r.Body.Name + "逾期未补齐；" + why}}, by); err != nil {
			return r, err
		}
	}
	if err := r.Body.Clock.Do(clock.Stop, o.Moment(), "认定未履行", by.Account); err != nil {
		return r, err
	}
	r.State, r.Due = Broken, time.Time{}
	r.Body.Why, r.Body.Revoked, r.Body.Decided = why, revoke, by.Account
	return o.keep(ctx, r, by.Account, "break")
}

// Repair takes a broken promise off the applicant's record (信用修复).
func (o *Office) Repair(ctx context.Context, id, why, by string) (Record, error) {
	r, err := o.in(ctx, id, Broken)
	if err != nil {
		return r, err
	}
	if strings.TrimSpace(why) == "" {
		return r, &casework.Invalid{Fields: map[string]string{"reason": "请填写修复的理由"}}
	}
	r.State, r.Open = Repaired, false
	r.Body.Why, r.Body.Decided = why, by
	return o.keep(ctx, r, by, "repair")
}

// Barred says why a builder may make no commitment, "" if it may: it broke one that
// was not put right.
func (o *Office) Barred(ctx context.Context, project approval.Registration) (string, error) {
	broken, err := register.All[Promise](ctx, o.Desk, storage.EntryQuery{Register: Register, States: []string{Broken}, Open: true})
	if err != nil {
		return "", err
	}
	for _, r := range broken {
		if r.Body.Source == approval.SourceCommitment && (project.USCC != "" && r.Body.USCC == project.USCC || project.USCC == "" && r.Body.Builder == project.Builder) {
			return "该单位有未履行的告知承诺（" + r.Body.Number + "：" + r.Body.Name + "），信用修复前不适用告知承诺制", nil
		}
	}
	return "", nil
}

// Tally counts the promises of one unit.
type Tally struct {
	Unit     string `json:"unit"`
	UnitName string `json:"unit_name"`
	Made     int    `json:"promised"`
	Overdue  int    `json:"overdue"`
	Kept     int    `json:"kept"`
	KeptLate int    `json:"kept_late" doc:"其中逾期补齐"`
	Broken   int    `json:"broken"`
	Repaired int    `json:"repaired"`
	Lapsed   int    `json:"lapsed"`
}

// Report counts promises by unit, in the order of the catalogue's units.
func (o *Office) Report(ctx context.Context, division, unit string) ([]Tally, error) {
	all, err := register.All[Promise](ctx, o.Desk, storage.EntryQuery{Register: Register, Division: division, Unit: unit})
	if err != nil {
		return nil, err
	}
	lines := map[string]*Tally{}
	for _, r := range all {
		l := lines[r.Unit]
		if l == nil {
			l = &Tally{Unit: r.Unit, UnitName: o.Catalogue.Name(r.Unit)}
			lines[r.Unit] = l
		}
		l.count(r)
	}
	out := []Tally{}
	for _, u := range o.Catalogue.Units {
		if l := lines[u.Code]; l != nil {
			out = append(out, *l)
		}
	}
	return out, nil
}

func (l *Tally) count(r Record) {
	switch r.State {
	case Made:
		l.Made++
	case Overdue:
		l.Overdue++
	case Kept:
		l.Kept++
		if r.Body.Late {
			l.KeptLate++
		}
	case Broken:
		l.Broken++
	case Repaired:
		l.Repaired++
	case Lapsed:
		l.Lapsed++
	}
}
