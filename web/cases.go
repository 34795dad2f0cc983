package web

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"sort"
	"strings"

	"onewindow/access"
	"onewindow/approval"
	"onewindow/approval/catalogue"
	"onewindow/approval/notice"
	"onewindow/approval/progress"
	"onewindow/casework"
	"onewindow/casework/cases"
	"onewindow/document"
	"onewindow/storage"
)

func (s *pages) caseRoutes(mux *http.ServeMux) {
	mux.HandleFunc("GET /cases/{id}", s.allowed(access.CaseRead, s.showCase))
	mux.HandleFunc("POST /cases/{id}", s.allowed(access.CaseApply, s.changeCase))
	mux.HandleFunc("POST /cases/{id}/files", s.allowed(access.CaseApply, s.fileDocument))
	mux.HandleFunc("POST /cases/{id}/files/{filing}/remove", s.allowed(access.CaseApply, s.unfileDocument))
	mux.HandleFunc("POST /cases/{id}/promises", s.allowed(access.CaseApply, s.promise))
	mux.HandleFunc("POST /cases/{id}/submit", s.allowed(access.CaseApply, s.submitCase))
}

// caseData is one application: as a draft to be filled in, later as it goes on.
type caseData struct {
	approval.Case
	Registration approval.Registration
	StageName    string
	QueryCode    string
	Mine         bool // may fill it in
	Draft        bool
	Choices      []itemChoice
	Questions    []question
	List         cases.Checklist
	Groups       []entryGroup
	Loose        []paper // came for this case and stand in no entry
	Options      []entryOption
	Filable      bool // papers may be handed in now
	Items        []itemRow
	Wrong        []string
	Notices      []notice.Notice
}

// itemChoice is an item that may be ticked.
type itemChoice struct {
	itemView
	Ticked, Parallel bool
}

// question is an answer of the form that decides what is needed.
type question struct {
	Code, Label, Value string
	Choices            []choice
}

type choice struct{ Value, Text string }

// entryGroup is the entries of one requirement.
type entryGroup struct {
	Title   string
	Entries []entryView
}

// entryView is one line of the merged checklist with the papers in it.
type entryView struct {
	cases.ChecklistEntry
	No       int // for the keyboard
	WhenText string
	FormText string
	Papers   []paper
	State    string // ok, missing, problem, maybe or free
}

// paper is a document as it stands beside a checklist.
type paper struct {
	document.Document
	Filing approval.Filing
	Pages  []int
}

// entryOption is an entry that a paper may be put into.
type entryOption struct{ Material, Name string }

func (s *pages) showCase(w http.ResponseWriter, r *http.Request) {
	s.renderCase(w, r, http.StatusOK, "case", nil)
}

func (s *pages) renderCase(w http.ResponseWriter, r *http.Request, status int, view string, wrong map[string]string) {
	data, err := s.caseData(r)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	for _, key := range sortedKeys(wrong) {
		data.Wrong = append(data.Wrong, wrong[key])
	}
	title := data.StageName
	if data.Number != "" {
		title = data.Number
	}
	if view != "counter-case" {
		s.render(w, r, status, view, title, data)
		return
	}
	tray, err := s.tray(r)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	s.render(w, r, status, view, title, counterCaseData{data, tray})
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	return keys
}

func (s *pages) caseData(r *http.Request) (caseData, error) {
	ctx := r.Context()
	k, items, err := s.caseSeen(ctx, r.PathValue("id"))
	if err != nil {
		return caseData{}, err
	}
	who, _ := whoOf(ctx)
	data := caseData{Case: k, StageName: s.Catalogue.Name(k.Stage), Draft: !k.Submitted,
		Mine: who.May(access.CaseApply) && (who.Has(access.Clerk) || k.Channel == approval.ChannelVirtual)}
	if data.Mine {
		data.QueryCode = k.Code
	}
	if data.Registration, err = s.Records.Registration(ctx, k.Project); err != nil {
		return data, err
	}
	if data.Draft {
		data.Choices, data.Questions = s.choices(k, data.Registration), s.questions(k)
	}
	for _, it := range items {
		data.Items = append(data.Items, s.itemRow(it))
	}
	data.Filable = data.Mine && (data.Draft || slices.ContainsFunc(items, func(it approval.CaseItem) bool { return it.State == progress.CorrectionOpen }))
	if data.Notices, err = s.notices(ctx, k, items); err != nil {
		return data, err
	}
	return data, s.fillPapers(ctx, &data)
}

// notices are those of a case, and of those of its items that the asker sees.
func (s *pages) notices(ctx context.Context, k approval.Case, items []approval.CaseItem) ([]notice.Notice, error) {
	who, _ := whoOf(ctx)
	if !who.May(access.NoticeRead) {
		return nil, nil
	}
	all, err := s.Records.ListNotices(ctx, storage.NoticeQuery{Case: k.ID, Limit: 200})
	return slices.DeleteFunc(all, func(n notice.Notice) bool {
		return n.Item != "" && !slices.ContainsFunc(items, func(it approval.CaseItem) bool { return it.ID == n.Item })
	}), err
}

// fillPapers puts the papers into the entries and gathers those that stand in none.
func (s *pages) fillPapers(ctx context.Context, data *caseData) error {
	var err error
	if data.List, err = s.Office.Checklist(ctx, data.Case); err != nil {
		return err
	}
	docs, err := s.papers(ctx, data.Case)
	if err != nil {
		return err
	}
	byID, used := map[string]document.Document{}, map[string]bool{}
	for _, d := range docs {
		byID[string(d.ID)] = d
	}
	groups := map[string]*entryGroup{catalogue.Required: {Title: "必要"}, catalogue.Conditional: {Title: "条件必要"}, catalogue.Optional: {Title: "可选"}}
	no := 0
	order := []string{catalogue.Required, catalogue.Conditional, catalogue.Optional}
	for _, requirement := range order {
		for _, e := range data.List.Entries {
			if e.Requirement != requirement || e.Needed == "false" && e.Requirement == catalogue.Conditional && len(e.Filings) == 0 {
				continue
			}
			no++
			v := entryView{ChecklistEntry: e, No: no, FormText: formText[e.Form], State: entryState(e)}
			if c, err := catalogue.ParseCondition(e.When); e.When != "" && err == nil {
				v.WhenText = s.conditionText(c)
			}
			for _, f := range e.Filings {
				used[f.Document] = true
				d, err := s.paperOf(ctx, byID, f)
				if err != nil {
					return err
				}
				v.Papers = append(v.Papers, paper{Document: d, Filing: f})
			}
			groups[requirement].Entries = append(groups[requirement].Entries, v)
			data.Options = append(data.Options, entryOption{e.Material, e.Name})
		}
	}
	for _, requirement := range order {
		if len(groups[requirement].Entries) > 0 {
			data.Groups = append(data.Groups, *groups[requirement])
		}
	}
	for _, d := range docs {
		if !used[string(d.ID)] {
			data.Loose = append(data.Loose, paper{Document: d})
		}
	}
	return nil
}

// paperOf is the document of a filing; what was filed from elsewhere is looked up.
func (s *pages) paperOf(ctx context.Context, known map[string]document.Document, f approval.Filing) (document.Document, error) {
	if d, ok := known[f.Document]; ok || f.Document == "" {
		return d, nil
	}
	d, err := s.Records.Document(ctx, document.ID(f.Document))
	who, _ := whoOf(ctx)
	return access.Curtain(who, d), err
}

func entryState(e cases.ChecklistEntry) string {
	switch {
	case e.Problem != "":
		return "problem"
	case e.Satisfied:
		return "ok"
	case e.Needed == "true":
		return "missing"
	case e.Needed == "unknown":
		return "maybe"
	}
	return "free"
}

// choices are the items that may be ticked: those of the stage, and those that
// may be filed in any (parallel).
func (s *pages) choices(k approval.Case, p approval.Registration) []itemChoice {
	var own, parallel []itemChoice
	for _, it := range s.Catalogue.ItemsOf("", p.Type) {
		c := itemChoice{itemView: s.itemView(it), Ticked: contains(k.Items, it.Code), Parallel: it.Stage != k.Stage}
		switch {
		case it.Stage == k.Stage:
			own = append(own, c)
		case it.Scope == "parallel":
			parallel = append(parallel, c)
		}
	}
	return append(own, parallel...)
}

// questions are those whose answers decide about the ticked items' checklists.
func (s *pages) questions(k approval.Case) []question {
	asked := map[string]bool{}
	for _, code := range k.Items {
		it, _ := s.Catalogue.Item(code)
		for _, e := range it.Checklist {
			for _, flag := range e.When.Flags() {
				asked[flag] = flag != "project_type" // known from the registration
			}
		}
	}
	var out []question
	for _, f := range s.Catalogue.Flags {
		if !asked[f.Code] {
			continue
		}
		q := question{Code: f.Code, Label: f.Label, Value: k.Answers[f.Code], Choices: []choice{{"true", "是"}, {"false", "否"}}}
		if f.Enum != nil {
			q.Choices = nil
			for _, v := range f.Enum {
				q.Choices = append(q.Choices, choice{v, valueText[v]})
			}
		}
		out = append(out, q)
	}
	return out
}

// changeCase keeps what is ticked and answered.
func (s *pages) changeCase(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, formLimit)
	k, err := s.applied(r)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	if err := r.ParseForm(); err != nil {
		s.problem(w, r, http.StatusBadRequest, "提交的内容无法读取，请重试")
		return
	}
	d := cases.Draft{Items: append([]string{}, r.PostForm["item"]...), Answers: map[string]string{}, Version: version(r)}
	for name := range r.PostForm {
		if code, ok := strings.CutPrefix(name, "q."); ok && r.PostForm.Get(name) != "" {
			d.Answers[code] = r.PostForm.Get(name)
		}
	}
	who, _ := whoOf(r.Context())
	_, err = s.Office.Change(r.Context(), k.ID, d, actor(who))
	s.afterCase(w, r, k, err)
}

// afterCase goes back to where somebody works on a case, or says at once what is
// wrong there.
func (s *pages) afterCase(w http.ResponseWriter, r *http.Request, k approval.Case, err error) {
	view, path := "case", "/cases/"+k.ID
	if who, _ := whoOf(r.Context()); who.Has(access.Clerk) && k.Channel == approval.ChannelPhysical {
		view, path = "counter-case", "/counter/"+k.ID
	}
	var invalid *casework.Invalid
	if errors.As(err, &invalid) {
		s.renderCase(w, r, http.StatusUnprocessableEntity, view, invalid.Fields)
		return
	}
	s.backTo(w, r, path, err)
}

func (s *pages) fileDocument(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, formLimit)
	k, err := s.applied(r)
	who, _ := whoOf(r.Context())
	if err == nil {
		r2 := r.Clone(r.Context())
		r2.SetPathValue("id", r.PostFormValue("document"))
		_, err = s.visible(r2)
	}
	if err == nil {
		_, err = s.Office.File(r.Context(), k.ID, r.PostFormValue("document"), r.PostFormValue("material"), actor(who))
	}
	s.afterCase(w, r, k, err)
}

func (s *pages) unfileDocument(w http.ResponseWriter, r *http.Request) {
	k, err := s.applied(r)
	who, _ := whoOf(r.Context())
	if err == nil {
		err = s.Office.Unfile(r.Context(), k.ID, r.PathValue("filing"), actor(who))
	}
	s.afterCase(w, r, k, err)
}

func (s *pages) promise(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, formLimit)
	k, err := s.applied(r)
	who, _ := whoOf(r.Context())
	if err == nil {
		_, err = s.Office.Promise(r.Context(), k.ID, cases.Promise{Material: r.PostFormValue("material"),
			Source: approval.Source(r.PostFormValue("kind")), Signature: strings.TrimSpace(r.PostFormValue("signature"))}, actor(who))
	}
	s.afterCase(w, r, k, err)
}

func (s *pages) submitCase(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, formLimit)
	k, err := s.applied(r)
	who, _ := whoOf(r.Context())
	if err == nil {
		sub := cases.Submission{Version: version(r), Key: "page:" + k.ID}
		if k.Channel == approval.ChannelPhysical {
			sub.Outcome, sub.Reason = cases.Outcome(r.PostFormValue("outcome")), strings.TrimSpace(r.PostFormValue("reason"))
		}
		_, _, err = s.Office.Submit(r.Context(), k.ID, sub, actor(who))
	}
	s.afterCase(w, r, k, err)
}
