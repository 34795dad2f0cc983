package cases

import (
	"context"
	"fmt"
	"slices"

	"onewindow/approval"
	"onewindow/approval/calendar"
	"onewindow/approval/progress"
	"onewindow/document"
	"onewindow/storage"
)

// File puts a document into an entry of the checklist, by hand; material "" takes
// what the document was recognized as. A document stands in one entry: filing it
// again moves it. Errors: storage.ErrNotFound, *casework.Invalid, *Illegal once
// nothing is open for it.
func (o *Office) File(ctx context.Context, caseID, documentID, material string, by Actor) (approval.Filing, error) {
	k, err := o.Records.Case(ctx, caseID)
	if err != nil {
		return approval.Filing{}, err
	}
	d, err := o.Records.Document(ctx, document.ID(documentID))
	if err != nil {
		return approval.Filing{}, err
	}
	if text := documentProblems[d.State]; text != "" {
		return approval.Filing{}, invalid("document", text)
	}
	f := approval.Filing{Case: k.ID, Source: approval.SourceUpload, Document: documentID, By: by.Account}
	if material == "" {
		material, f.Sureness = d.Classification.Code, d.Classification.Confidence
	}
	if f.Material, err = o.entryFor(k, material); err != nil {
		return f, err
	}
	if err := o.openFor(ctx, k, f.Material); err != nil {
		return f, err
	}
	return o.file(ctx, k, f)
}

// file keeps a filing and moves the document out of other entries of the case.
func (o *Office) file(ctx context.Context, k approval.Case, f approval.Filing) (approval.Filing, error) {
	before, err := o.Records.Filings(ctx, k.ID, false)
	if err != nil {
		return f, err
	}
	var moved []string
	for _, old := range before {
		if f.Document == "" || old.Document != f.Document {
			continue
		}
		if old.Material == f.Material {
			return old, nil // twice is once
		}
		moved = append(moved, old.ID)
	}
	f.ID, f.At = o.newID("fil_"), o.now()
	action := "case.file"
	if len(moved) > 0 {
		action = "case.refile"
	}
	return f, o.Records.ApplyCase(ctx, storage.CaseChange{
		File: []approval.Filing{f}, Remove: moved,
		Events: []approval.Event{{Type: approval.EventCaseFiled, Document: document.ID(f.Document), Project: k.Project, Result: f.Result,
			Data: map[string]string{"case": k.ID, "number": k.Number, "material": f.Material, "source": string(f.Source), "auto": fmt.Sprint(f.Auto)}}},
		Audit: []storage.AuditEntry{{Actor: f.By, Action: action, Object: k.ID, Detail: said(map[string]string{
			"material": f.Material, "document": f.Document, "result": f.Result, "source": string(f.Source), "auto": fmt.Sprint(f.Auto)})}},
	})
}

// entryFor finds the entry of the case's checklist that a material or result
// type belongs to.
func (o *Office) entryFor(k approval.Case, code string) (string, error) {
	cat := o.of(k)
	candidates := append([]string{code}, cat.MaterialsOf(code)...)
	for _, have := range candidates {
		for _, code := range k.Items {
			item, _ := cat.Item(code)
			for _, e := range item.Checklist {
				if cat.Satisfies(have, e.Material) {
					return e.Material, nil
				}
			}
		}
	}
	return "", invalid("material", "清单中没有这项材料，请选择清单中的材料")
}

// openFor reports whether the entry may still change: before submission, and
// while a correction asks for it.
func (o *Office) openFor(ctx context.Context, k approval.Case, material string) error {
	if !k.Submitted {
		return nil
	}
	items, err := o.Records.ListCaseItems(ctx, storage.ItemQuery{Case: k.ID})
	if err != nil {
		return err
	}
	promised, err := o.promised(ctx, k, material)
	if err != nil || promised {
		return err
	}
	for _, it := range items {
		if it.State == progress.CorrectionOpen && slices.ContainsFunc(lastGaps(it), func(g approval.Gap) bool { return g.Material == material }) {
			return nil
		}
	}
	return illegal(progress.Submitted, "申请已提交，只能补正通知所列的材料")
}

func lastGaps(it approval.CaseItem) []approval.Gap {
	if len(it.Corrections) == 0 {
		return nil
	}
	return it.Corrections[len(it.Corrections)-1].Gaps
}

// promised reports whether a material is owed under a commitment or tolerance.
func (o *Office) promised(ctx context.Context, k approval.Case, material string) (bool, error) {
	filings, err := o.Records.Filings(ctx, k.ID, false)
	if err != nil {
		return false, err
	}
	return slices.ContainsFunc(filings, func(f approval.Filing) bool {
		return f.Material == material && (f.Source == approval.SourceCommitment || f.Source == approval.SourceTolerance)
	}), nil
}

// Unfile takes something out of the checklist of a draft.
func (o *Office) Unfile(ctx context.Context, caseID, filing string, by Actor) error {
	k, err := o.Records.Case(ctx, caseID)
	if err != nil {
		return err
	}
	all, err := o.Records.Filings(ctx, k.ID, false)
	if err != nil {
		return err
	}
	at := slices.IndexFunc(all, func(f approval.Filing) bool { return f.ID == filing })
	if at < 0 {
		return storage.ErrNotFound
	}
	if err := o.openFor(ctx, k, all[at].Material); err != nil {
		return err
	}
	return o.Records.ApplyCase(ctx, storage.CaseChange{Remove: []string{filing},
		Audit: []storage.AuditEntry{{Actor: by.Account, Action: "case.unfile", Object: k.ID,
			Detail: map[string]string{"material": all[at].Material, "filing": filing}}}})
}

// Promise is a material that will follow (P3.7).
type Promise struct {
	Material  string
	Source    approval.Source // commitment or tolerance
	Signature string          // document of the signed statement, or an e-signature; commitments need one before submission
}

// defaultCommitment is the time for a committed material in working days where
// the catalogue gives none.
const defaultCommitment = 15

// Promise notes that a material will follow by a deadline. Errors:
// *casework.Invalid with the reason why it is not possible here (P3.8), which is
// noted in the trail too.
func (o *Office) Promise(ctx context.Context, caseID string, p Promise, by Actor) (approval.Filing, error) {
	k, err := o.Records.Case(ctx, caseID)
	if err != nil {
		return approval.Filing{}, err
	}
	if k.Submitted {
		return approval.Filing{}, illegal(progress.Submitted, "申请已提交，不能再作承诺")
	}
	list, err := o.Checklist(ctx, k)
	if err != nil {
		return approval.Filing{}, err
	}
	at := slices.IndexFunc(list.Entries, func(e ChecklistEntry) bool { return e.Material == p.Material })
	if at < 0 {
		return approval.Filing{}, invalid("material", "清单中没有这项材料")
	}
	days, why := eligible(list.Entries[at], p.Source)
	if why == "" {
		if why, err = o.barred(ctx, k, p.Source); err != nil {
			return approval.Filing{}, err
		}
	}
	if why != "" {
		err := o.Records.ApplyCase(ctx, storage.CaseChange{Audit: []storage.AuditEntry{{Actor: by.Account, Action: "case.promise.refused",
			Object: k.ID, Detail: map[string]string{"material": p.Material, "source": string(p.Source), "reason": why}}}})
		if err != nil {
			return approval.Filing{}, err
		}
		return approval.Filing{}, invalid("material", why)
	}
	due := o.Calendar.AddWorkdays(o.now(), days).Day
	for _, old := range list.Entries[at].Filings { // signing again replaces what was unsigned
		if old.Source == p.Source {
			if err := o.Unfile(ctx, caseID, old.ID, by); err != nil {
				return approval.Filing{}, err
			}
		}
	}
	return o.file(ctx, k, approval.Filing{Case: k.ID, Material: p.Material, Source: p.Source, Signed: p.Signature,
		Deadline: o.Calendar.Close(due.In(calendar.Zone)).UTC(), By: by.Account})
}

// barred says why the applicant may make no commitment, "" if it may.
func (o *Office) barred(ctx context.Context, k approval.Case, source approval.Source) (string, error) {
	if o.Credit == nil || source != approval.SourceCommitment {
		return "", nil
	}
	project, err := o.Records.Registration(ctx, k.Project)
	if err != nil {
		return "", fmt.Errorf("read project: %w", err)
	}
	return o.Credit.Barred(ctx, project)
}

// eligible tells the days given, or why a promise is not accepted.
func eligible(e ChecklistEntry, source approval.Source) (int, string) {
	switch {
	case source == approval.SourceTolerance && e.Tolerance > 0:
		return e.Tolerance, ""
	case source == approval.SourceTolerance:
		return 0, "该材料不适用容缺受理，须在申请时提交"
	case source == approval.SourceCommitment && e.Commit && e.Tolerance > 0:
		return e.Tolerance, ""
	case source == approval.SourceCommitment && e.Commit:
		return defaultCommitment, ""
	}
	return 0, "该材料不适用告知承诺制，须在申请时提交"
}
