// Package promises follows up what applicants promised to supply later: 告知承诺
// (P3.7) and 容缺. Each promise has a clock; it is reminded of before its deadline,
// kept when the material comes, overdue when not, and then its unit extends it once
// or declares it broken, with the consequence for the approval and for the next
// promise (国办发〔2020〕42号: who broke one may make none until that is put right).
package promises

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"onewindow/approval"
	"onewindow/approval/clock"
	"onewindow/approval/progress"
	"onewindow/casework/cases"
	"onewindow/casework/register"
	"onewindow/storage"
)

// Register is the register's name.
const Register = "promise"

// The states of a promise.
const (
	Made     = "promised"
	Overdue  = "overdue"  // the deadline passed; the unit extends it or declares it broken
	Kept     = "kept"     // final: the material came, late or not
	Broken   = "broken"   // the unit declared it; its applicant may make no commitment
	Repaired = "repaired" // final: the unit took a broken one back (信用修复)
	Lapsed   = "lapsed"   // final: the item ended without an approval
)

// The rules.
const (
	remindDays = 3  // working days before the deadline
	mostExtra  = 30 // working days of the one extension
)

// Promise is the body of an entry: one material that one item is owed.
type Promise struct {
	CaseItem string          `json:"case_item"`
	Item     string          `json:"item"`
	Number   string          `json:"case_number"`
	Filing   string          `json:"filing"`
	Material string          `json:"material"`
	Name     string          `json:"material_name"`
	Source   approval.Source `json:"kind"` // commitment or tolerance
	Signed   string          `json:"signed,omitempty"`
	Builder  string          `json:"builder"`
	USCC     string          `json:"builder_uscc,omitempty"`
	Clock    clock.Clock     `json:"clock"`
	Reminded time.Time       `json:"reminded_at,omitzero"`
	KeptAt   time.Time       `json:"kept_at,omitzero"`
	KeptBy   string          `json:"kept_by,omitempty"` // document
	Late     bool            `json:"late"`              // kept after its deadline
	Extra    int             `json:"extended_workdays,omitempty"`
	Why      string          `json:"reason,omitempty"` // of extension, breach or repair
	Revoked  bool            `json:"revoked"`          // the approval was taken back with it
	Decided  string          `json:"decided_by,omitempty"`
}

// Record is one promise with its entry.
type Record = register.Record[Promise]

// Office follows promises.
type Office struct {
	*register.Desk
	Cases *cases.Office
}

// kinds are the clocks of the two sources.
var kinds = map[approval.Source]clock.Kind{approval.SourceCommitment: clock.KindCommitment, approval.SourceTolerance: clock.KindTolerance}

// open begins the promises of an item that was pushed to its unit. Opening twice is
// once, because their IDs follow from filing and item.
func (o *Office) open(ctx context.Context, item approval.CaseItem) error {
	filings, err := o.Cases.Records.Filings(ctx, item.Case, false)
	if err != nil {
		return err
	}
	for _, f := range filings {
		if kinds[f.Source] == "" || !o.Cases.Asks(item, f.Material) {
			continue
		}
		if err := o.begin(ctx, item, f); err != nil && !errors.Is(err, storage.ErrConflict) {
			return err
		}
	}
	return nil
}

func (o *Office) begin(ctx context.Context, item approval.CaseItem, f approval.Filing) error {
	project, err := o.Cases.Records.Registration(ctx, item.Project)
	if err != nil {
		return fmt.Errorf("read project: %w", err)
	}
	k, err := o.Cases.Records.Case(ctx, item.Case)
	if err != nil {
		return err
	}
	p := Promise{CaseItem: item.ID, Item: item.Item, Number: item.Number, Filing: f.ID, Material: f.Material, Name: o.Catalogue.Name(f.Material),
		Source: f.Source, Signed: f.Signed, Builder: project.Builder, USCC: project.USCC,
		Clock: clock.New(kinds[f.Source], o.days(f), f.At, sourceTexts[f.Source], f.By)}
	r := Record{Entry: storage.Entry{ID: "prm_" + strings.TrimPrefix(f.ID, "fil_") + strings.TrimPrefix(item.ID, "ci_"), Register: Register, State: Made, Open: true,
		Division: item.Division, Unit: item.Unit, Hall: item.Hall, Project: item.Project, Case: item.Case, Parent: item.ID, Owner: k.Applicant,
		Created: o.Moment(), Due: o.Due(p.Clock)}, Body: p}
	return register.Keep(ctx, o.Desk, &r, "system", "make", o.detail(r))
}

var sourceTexts = map[approval.Source]string{approval.SourceCommitment: "告知承诺", approval.SourceTolerance: "容缺受理"}

// days is how many working days lie between a promise and its deadline.
func (o *Office) days(f approval.Filing) int {
	for n := 1; n <= 250; n++ {
		if !o.Calendar.Close(o.Calendar.AddWorkdays(f.At, n).Day).Before(f.Deadline) {
			return n
		}
	}
	return 1
}

func (o *Office) detail(r Record) map[string]string {
	return map[string]string{"case_item": r.Body.CaseItem, "case": r.Case, "material": r.Body.Material, "kind": string(r.Body.Source), "owner": r.Owner,
		"state": r.State, "reason": r.Body.Why}
}

func (o *Office) keep(ctx context.Context, r Record, by, action string) (Record, error) {
	err := register.Keep(ctx, o.Desk, &r, by, action, o.detail(r))
	return r, err
}

// settle ends what a step of its item ends, and takes note of what came.
func (o *Office) settle(ctx context.Context, item approval.CaseItem) error {
	open, err := register.All[Promise](ctx, o.Desk, storage.EntryQuery{Register: Register, Parent: item.ID, Open: true})
	if err != nil {
		return err
	}
	for _, r := range open {
		if !lapses(item.State) {
			continue
		}
		if err := o.stop(&r, "事项终止"); err != nil {
			return err
		}
		r.State, r.Open, r.Due = Lapsed, false, time.Time{}
		if _, err := o.keep(ctx, r, "system", "lapse"); err != nil && !errors.Is(err, storage.ErrStale) {
			return err
		}
	}
	return nil
}

// lapses: nothing is owed to an item that granted nothing.
func lapses(s progress.State) bool {
	return slices.Contains([]progress.State{progress.Returned, progress.Refused, progress.NotRequired, progress.CompletedRejected, progress.Withdrawn}, s)
}

func (o *Office) stop(r *Record, why string) error {
	if r.Body.Clock.Stopped() {
		return nil
	}
	return r.Body.Clock.Do(clock.Stop, o.Moment(), why, "system")
}

// came notes that a material was handed in: promises of it in this case are kept.
func (o *Office) came(ctx context.Context, caseID string) error {
	open, err := register.All[Promise](ctx, o.Desk, storage.EntryQuery{Register: Register, Case: caseID, Open: true})
	if err != nil || len(open) == 0 {
		return err
	}
	filings, err := o.Cases.Records.Filings(ctx, caseID, false)
	if err != nil {
		return err
	}
	for _, r := range open {
		at := slices.IndexFunc(filings, func(f approval.Filing) bool {
			return f.Material == r.Body.Material && (f.Source == approval.SourceUpload || f.Source == approval.SourceBasis)
		})
		if at < 0 || r.State == Broken {
			continue
		}
		f := filings[at]
		due, _ := r.Body.Clock.Due(o.Calendar, o.Moment())
		r.Body.KeptAt, r.Body.KeptBy, r.Body.Late = f.At, f.Document, f.At.After(due)
		if err := r.Body.Clock.Do(clock.Stop, f.At, "材料已补齐", f.By); err != nil {
			return err
		}
		r.State, r.Open, r.Due = Kept, false, time.Time{}
		if _, err := o.keep(ctx, r, f.By, "keep"); err != nil && !errors.Is(err, storage.ErrStale) {
			return err
		}
	}
	return nil
}
