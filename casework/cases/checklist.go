package cases

import (
	"context"
	"fmt"
	"slices"

	"onewindow/approval"
	"onewindow/approval/catalogue"
	"onewindow/document"
	"onewindow/storage"
)

// Consumer is an item that asks for a material.
type Consumer struct {
	Item string `json:"item"`
	Name string `json:"name"`
	Unit string `json:"unit"`
}

// ChecklistEntry is one line of the merged checklist of a case: a material that several
// items ask for stands here once (V2.1).
type ChecklistEntry struct {
	Material    string            `json:"material"`
	Name        string            `json:"name"`
	Requirement string            `json:"requirement"` // required, conditional, optional
	Needed      string            `json:"needed"`      // "true", "false", "unknown": an answer is missing
	When        string            `json:"when,omitempty"`
	Form        string            `json:"form"`
	Consumers   []Consumer        `json:"consumers"`
	Commit      bool              `json:"commit"`             // 告知承诺 accepted by all who ask for it
	Tolerance   int               `json:"tolerance_workdays"` // 容缺: days in which it may follow; 0: not accepted
	Satisfied   bool              `json:"satisfied"`
	Filings     []approval.Filing `json:"filings"`
	Offers      []BasisOffer      `json:"offers,omitempty"` // results that satisfy it without asking the applicant
	Problem     string            `json:"problem,omitempty"`
}

// BasisOffer is an earlier result that fills an entry (V2.13).
type BasisOffer struct {
	Result string `json:"result_id"`
	Type   string `json:"type_name"`
	Number string `json:"number"`
}

// Checklist is the merged checklist of a case.
type Checklist struct {
	Entries []ChecklistEntry `json:"entries"`
	Missing []string         `json:"missing"` // names of needed entries that nothing fills
	Unasked []string         `json:"unasked"` // questions of the form that decide and have no answer
	Ready   bool             `json:"complete"`
}

// Checklist judges the case as it stands now.
func (o *Office) Checklist(ctx context.Context, k approval.Case) (Checklist, error) {
	filings, err := o.Records.Filings(ctx, k.ID, false)
	if err != nil {
		return Checklist{}, err
	}
	results, err := o.Records.ListResults(ctx, storage.ResultQuery{Project: k.Project, Status: approval.StatusPublished, Limit: 500})
	if err != nil {
		return Checklist{}, fmt.Errorf("list results: %w", err)
	}
	list := Checklist{Entries: []ChecklistEntry{}, Missing: []string{}, Unasked: []string{}}
	for _, code := range k.Items {
		if err := merge(o.of(k), &list, code, k.Answers); err != nil {
			return list, err
		}
	}
	for i := range list.Entries {
		if err := o.fill(ctx, o.of(k), &list.Entries[i], filings, results); err != nil {
			return list, err
		}
	}
	for _, e := range list.Entries {
		if e.Needed == "true" && !e.Satisfied {
			list.Missing = append(list.Missing, e.Name)
		}
	}
	list.Ready = len(k.Items) > 0 && len(list.Missing)+len(list.Unasked) == 0
	return list, nil
}

// merge adds the checklist of one item.
func merge(cat *catalogue.Catalogue, list *Checklist, code string, answers map[string]string) error {
	needs, err := cat.Checklist(code, answers)
	if err != nil {
		return err
	}
	item, _ := cat.Item(code)
	for _, n := range needs {
		mergeEntry(cat, list, n, Consumer{Item: code, Name: item.Name, Unit: item.Unit})
		if n.Needed == catalogue.Unknown {
			for _, flag := range n.When.Flags() {
				if f, ok := cat.Flag(flag); ok && answers[flag] == "" && !slices.Contains(list.Unasked, f.Label) {
					list.Unasked = append(list.Unasked, f.Label)
				}
			}
		}
	}
	return nil
}

// strength orders how much an entry is wanted.
var strength = map[string]int{"false": 0, "unknown": 1, "true": 2}

func mergeEntry(cat *catalogue.Catalogue, list *Checklist, n catalogue.Need, by Consumer) {
	at := slices.IndexFunc(list.Entries, func(e ChecklistEntry) bool { return e.Material == n.Material })
	if at < 0 {
		e := ChecklistEntry{Material: n.Material, Name: cat.Name(n.Material), Requirement: n.Requirement, Needed: n.Needed.String(),
			Form: n.Form, Consumers: []Consumer{by}, Commit: n.Commit, Tolerance: n.Tolerance, Filings: []approval.Filing{}}
		if n.When != nil {
			e.When = n.When.String()
		}
		list.Entries = append(list.Entries, e)
		return
	}
	e := &list.Entries[at]
	e.Consumers = append(e.Consumers, by)
	// Promises hold only where everybody who wants the material takes them.
	e.Commit = e.Commit && n.Commit
	e.Tolerance = min(e.Tolerance, n.Tolerance)
	if strength[n.Needed.String()] > strength[e.Needed] {
		e.Needed, e.Requirement = n.Needed.String(), n.Requirement
		e.When = ""
		if n.When != nil {
			e.When = n.When.String()
		}
	}
}

// fill says what stands in an entry and whether that will do.
func (o *Office) fill(ctx context.Context, cat *catalogue.Catalogue, e *ChecklistEntry, filings []approval.Filing, results []approval.Result) error {
	for _, f := range filings {
		if f.Material != e.Material {
			continue
		}
		e.Filings = append(e.Filings, f)
		problem, err := o.filingProblem(ctx, f)
		if err != nil {
			return err
		}
		if problem == "" {
			e.Satisfied = true
		} else {
			e.Problem = problem
		}
	}
	if e.Satisfied {
		e.Problem = ""
	}
	types := cat.ResultTypesFor(e.Material)
	for _, r := range results {
		if ok, _ := r.UsableOn(o.day()); ok && slices.Contains(types, r.Type) {
			e.Offers = append(e.Offers, BasisOffer{Result: r.ID, Type: r.TypeName, Number: r.Number})
			e.Satisfied, e.Problem = true, ""
		}
	}
	return nil
}

// filingProblem says why something in an entry will not do, "" if it will.
func (o *Office) filingProblem(ctx context.Context, f approval.Filing) (string, error) {
	switch f.Source {
	case approval.SourceCommitment:
		if f.Signed == "" {
			return "告知承诺尚未签署", nil
		}
		return "", nil
	case approval.SourceTolerance:
		return "", nil
	case approval.SourceBasis:
		r, err := o.Records.Result(ctx, f.Result)
		if err != nil {
			return "", err
		}
		if ok, _ := r.UsableOn(o.day()); !ok {
			return "所依据的成果已失效", nil
		}
		return "", nil
	}
	d, err := o.Records.Document(ctx, document.ID(f.Document))
	if err != nil {
		return "", err
	}
	return documentProblems[d.State], nil
}

// documentProblems are the states of a document that fill no entry.
var documentProblems = map[document.State]string{
	document.StateQuarantined: "文件已隔离，请按涉密资料线下办理", document.StatePurged: "文件已隔离，请按涉密资料线下办理",
	document.StateRefused: "文件无法处理，请重新上传", document.StateRejected: "文件未被采用，请重新上传", document.StateCancelled: "文件已撤回", document.StateSplit: "文件已拆分，各部分单独归类",
}

// Blank is the merged checklist of items before anything is handed in, for people
// who only want to know (V1.1).
func (o *Office) Blank(cat *catalogue.Catalogue, items []string, answers map[string]string) (Checklist, error) {
	list := Checklist{Entries: []ChecklistEntry{}, Missing: []string{}, Unasked: []string{}}
	for _, code := range items {
		if err := merge(cat, &list, code, answers); err != nil {
			return list, err
		}
	}
	return list, nil
}
