package web

import (
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"onewindow/access"
	"onewindow/approval"
	"onewindow/approval/clock"
	"onewindow/approval/notice"
	"onewindow/approval/progress"
	"onewindow/casework"
	"onewindow/casework/cases"
	"onewindow/document"
	"onewindow/storage"
)

func (s *pages) itemRoutes(mux *http.ServeMux) {
	mux.HandleFunc("GET /work", s.allowed(access.CaseRead, s.work))
	mux.HandleFunc("GET /case-items/{id}", s.allowed(access.CaseRead, s.item))
	for _, a := range []progress.Action{progress.Return, progress.Accept, progress.Refuse, progress.DeclareUnneeded, progress.Start,
		progress.OpenSpecial, progress.CloseSpecial, progress.Complete, progress.CompleteTolerated, progress.Reject, progress.Revoke} {
		mux.HandleFunc("POST /case-items/{id}/"+string(a), s.allowed(access.ItemDecide, s.decide(a)))
	}
	mux.HandleFunc("POST /case-items/{id}/correct", s.allowed(access.ItemCorrect, s.decide(progress.Correct)))
	for _, a := range []progress.Action{progress.Resubmit, progress.Withdraw} {
		mux.HandleFunc("POST /case-items/{id}/"+string(a), s.allowed(access.ItemAnswer, s.decide(a)))
	}
	mux.HandleFunc("POST /case-items/{id}/reroute", s.allowed(access.ItemAnswer, s.reroute))
}

// itemRow is an item in a list.
type itemRow struct {
	approval.CaseItem
	ItemName, UnitName, StateText, Lamp string
	DueText                             string // which limit runs
	Left                                int    // working days
	Light                               clock.Light
	Runs                                bool
}

// dueTexts name the limits (personas.md 3).
var dueTexts = map[clock.Kind]string{clock.KindReturn: "退回截止", clock.KindLimit: "办理剩余", clock.KindCorrection: "补正截止"}

func (s *pages) itemRow(it approval.CaseItem) itemRow {
	row := itemRow{CaseItem: it, ItemName: s.nameOr(it.Item), UnitName: s.nameOr(it.Unit), StateText: cases.StateText(it),
		Lamp: s.lamp(it), DueText: dueTexts[it.DueKind]}
	for i, st := range s.Office.Statuses(it) {
		if it.Clocks[i].Kind == it.DueKind && !it.Due.IsZero() {
			row.Left, row.Light, row.Runs = st.Left, st.Light, true
		}
	}
	return row
}

// workData is the list of what waits, what passes first in front.
type workData struct {
	Items  []itemRow
	Next   string
	Tabs   []tab
	Counts map[progress.State]int
	Search string
}

// countTo is where the heaps stop being counted; more is shown as 999+.
const countTo = 1000

// workTabs are the heaps of a unit's desk.
var workTabs = []struct {
	code, text string
	states     []progress.State
}{
	{"", "待办", []progress.State{progress.Submitted, progress.Accepted, progress.InProcessing}},
	{"received", "待受理", []progress.State{progress.Submitted}},
	{"processing", "办理中", []progress.State{progress.Accepted, progress.InProcessing}},
	{"correction", "补正中", []progress.State{progress.CorrectionOpen}},
	{"special", "特别程序中", []progress.State{progress.SpecialOpen}},
	{"done", "已办结", []progress.State{progress.CompletedApproved, progress.CompletedTolerated, progress.CompletedRejected}},
	{"ended", "退回与撤件", []progress.State{progress.Returned, progress.Refused, progress.NotRequired, progress.Withdrawn, progress.Revoked}},
}

func (s *pages) work(w http.ResponseWriter, r *http.Request) {
	who, _ := whoOf(r.Context())
	asked := r.URL.Query()
	q := storage.ItemQuery{Limit: perPage, CountTo: countTo, Project: strings.TrimSpace(asked.Get("project"))}
	if !who.MembersOnly() {
		q.Division = who.Division
	}
	if who.Has(access.Reviewer) && who.Unit != "" && !who.Has(access.Lead) && !who.Has(access.Admin) {
		q.Unit = who.Unit
	}
	data := workData{Search: q.Project}
	var err error
	if data.Counts, err = s.Records.CountItems(r.Context(), q); err != nil {
		s.fail(w, r, err)
		return
	}
	for _, t := range workTabs {
		n := 0
		for _, st := range t.states {
			n += data.Counts[st]
		}
		current := t.code == asked.Get("tab")
		data.Tabs = append(data.Tabs, tab{Text: t.text, Path: address("/work", "tab", t.code, "project", q.Project), Current: current, Count: n, Counted: true, Over: n >= countTo})
		if current {
			q.States = t.states
		}
	}
	var ok bool
	if q.After, ok = cases.ParseMark(asked.Get("after")); !ok {
		s.problem(w, r, http.StatusBadRequest, "地址有误，请从列表重新进入")
		return
	}
	found, err := s.Records.ListCaseItems(r.Context(), q)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	if len(found) == perPage {
		data.Next = address("/work", "tab", asked.Get("tab"), "project", q.Project, "after", cases.Mark(found[perPage-1]))
	}
	for _, it := range found {
		r.SetPathValue("id", it.ID)
		it, _, err := s.itemSeen(r)
		if errors.Is(err, storage.ErrNotFound) {
			continue
		}
		if err != nil {
			s.fail(w, r, err)
			return
		}
		data.Items = append(data.Items, s.itemRow(it))
	}
	s.render(w, r, http.StatusOK, "work", "待办", data)
}

// itemData is one item with its papers, its clocks explained, and what may be done.
type itemData struct {
	itemRow
	Case          approval.Case
	Project       approval.Registration
	StageName     string
	Clocks        []cases.Explanation
	Entries       []entryView
	Answers       []answerView
	Results       []approval.Result
	Notices       []notice.Notice
	Possible      []progress.Action
	Units         []entryOption
	Gaps          []choice
	SuggestedName string
	Wrong         map[string]string
	Typed         map[string][]string
	Handles       bool // the asker's unit handles it
	Generates     bool // it has results that templates make
	Answering     bool // the applicant, or the window for it
	May           map[string]bool
	Corrections   []correctionView
	Handing       itemHanding
	Payments      []paymentRow
	MayCharge     bool
}

type answerView struct{ Label, Value string }

type correctionView struct {
	approval.Correction
	Lines []string
}

func (s *pages) item(w http.ResponseWriter, r *http.Request) {
	s.showItem(w, r, statusOf(r), nil)
}

func (s *pages) showItem(w http.ResponseWriter, r *http.Request, status int, wrong map[string]string) {
	data, err := s.itemData(r)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	data.Wrong, data.Typed = wrong, r.PostForm
	if err := s.itemWindow(r, &data); err != nil {
		s.fail(w, r, err)
		return
	}
	s.render(w, r, status, "item", data.ItemName, data)
}

func (s *pages) itemData(r *http.Request) (itemData, error) {
	ctx := r.Context()
	it, k, err := s.itemSeen(r)
	if err != nil {
		return itemData{}, err
	}
	who, _ := whoOf(ctx)
	data := itemData{itemRow: s.itemRow(it), Case: k, StageName: s.nameOr(it.Stage), Clocks: s.Office.ExplainClocks(it),
		Possible: s.Office.Possible(it), SuggestedName: s.Catalogue.Name(it.SuggestedUnit), Handles: who.HandlesItem(it),
		Answering: who.May(access.ItemAnswer), May: map[string]bool{}}
	if data.Project, err = s.Records.Registration(ctx, it.Project); err != nil {
		return data, err
	}
	for _, a := range data.Possible {
		move, _ := progress.Find(it.State, a)
		data.May[string(a)] = move.Who == progress.ByUnit && data.Handles || move.Who == progress.ByApplicant && data.Answering ||
			a == progress.Correct && who.Has(access.Supervisor)
	}
	of, _ := s.Office.Edition(it.Edition, it.Division).Item(it.Item)
	data.Generates = len(of.Results) > 0
	for _, u := range s.Catalogue.Units {
		if u.Code != it.Unit && u.Type != "window" {
			data.Units = append(data.Units, entryOption{u.Code, u.Name})
		}
	}
	for _, code := range sortedKeys(cases.GapReasons) {
		data.Gaps = append(data.Gaps, choice{code, cases.GapReasons[code]})
	}
	for _, f := range s.Catalogue.Flags {
		if v := k.Answers[f.Code]; v != "" {
			data.Answers = append(data.Answers, answerView{f.Label, s.answerText(v)})
		}
	}
	for _, c := range it.Corrections {
		v := correctionView{Correction: c}
		for _, g := range c.Gaps {
			v.Lines = append(v.Lines, strings.TrimSpace(s.nameOr(g.Material)+"："+cases.GapReasons[g.Reason]+" "+g.Note))
		}
		data.Corrections = append(data.Corrections, v)
	}
	if data.Notices, err = s.notices(ctx, k, []approval.CaseItem{it}); err != nil {
		return data, err
	}
	data.Notices = slices.DeleteFunc(data.Notices, func(n notice.Notice) bool { return n.Item != "" && n.Item != it.ID })
	return data, s.itemPapers(r, &data)
}

func (s *pages) answerText(v string) string {
	switch {
	case v == "true":
		return "是"
	case v == "false":
		return "否"
	case valueText[v] != "":
		return valueText[v]
	}
	if name := s.projectType(v); name != "" {
		return name
	}
	return v
}

// itemPapers gathers the entries that this item asks for, and its results.
func (s *pages) itemPapers(r *http.Request, data *itemData) error {
	ctx := r.Context()
	whole := caseData{Case: data.Case}
	if err := s.fillPapers(ctx, &whole); err != nil {
		return err
	}
	for _, g := range whole.Groups {
		for _, e := range g.Entries {
			if slices.ContainsFunc(e.Consumers, func(c cases.Consumer) bool { return c.Item == data.Item }) {
				data.Entries = append(data.Entries, e)
			}
		}
	}
	results, err := s.Records.ListResults(ctx, storage.ResultQuery{Project: data.CaseItem.Project, Limit: 200})
	if err != nil {
		return err
	}
	want, _ := s.Catalogue.Item(data.Item)
	for _, res := range results {
		if contains(data.CaseItem.Results, res.ID) || res.Case == data.Number && contains(want.Results, res.Type) {
			data.Results = append(data.Results, res)
		}
	}
	return nil
}

// decide does an action and goes back to the item.
func (s *pages) decide(a progress.Action) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		r.Body = http.MaxBytesReader(w, r.Body, formLimit)
		it, _, err := s.itemSeen(r)
		if err != nil {
			s.fail(w, r, err)
			return
		}
		if err := r.ParseForm(); err != nil {
			s.problem(w, r, http.StatusBadRequest, "提交的内容无法读取，请重试")
			return
		}
		who, _ := whoOf(r.Context())
		byUnit := who.HandlesItem(it) || a == progress.Correct && who.Has(access.Supervisor)
		if !byUnit && a != progress.Resubmit && a != progress.Withdraw {
			s.fail(w, r, errForbidden)
			return
		}
		_, err = s.Office.Decide(r.Context(), it.ID, a, decisionOf(r), actor(who))
		var invalid *casework.Invalid
		if errors.As(err, &invalid) {
			s.showItem(w, r, http.StatusUnprocessableEntity, invalid.Fields)
			return
		}
		s.backTo(w, r, "/case-items/"+it.ID, err)
	}
}

func decisionOf(r *http.Request) cases.Decision {
	get := func(name string) string { return strings.TrimSpace(r.PostForm.Get(name)) }
	d := cases.Decision{Version: version(r), Reasons: strings.Split(get("reasons"), "\n"), SuggestedUnit: get("suggested_unit"),
		Kind: get("kind"), Override: get("override"), Results: r.PostForm["result"]}
	d.Days, _ = strconv.Atoi(get("days"))
	for _, material := range r.PostForm["gap"] {
		d.Gaps = append(d.Gaps, approval.Gap{Material: material, Reason: get("gap-reason." + material), Note: get("gap-note." + material)})
	}
	return d
}

func (s *pages) reroute(w http.ResponseWriter, r *http.Request) {
	it, _, err := s.itemSeen(r)
	who, _ := whoOf(r.Context())
	if err == nil {
		it, err = s.Office.Reroute(r.Context(), it.ID, actor(who))
	}
	s.backTo(w, r, "/case-items/"+it.ID, err)
}

// documentUnit is the unit by which the asker's rights to a document are judged:
// its own for papers that its items ask for.
func (s *pages) documentUnit(r *http.Request, d document.Document) string {
	unit := s.Desk.UnitOf(d)
	who, _ := whoOf(r.Context())
	if who.Sees(d, unit) {
		return unit
	}
	if needed, err := s.neededBy(r.Context(), d); err == nil && needed {
		return who.Unit
	}
	return unit
}
