package web

import (
	"errors"
	"net/http"
	"sort"
	"strings"

	"onewindow/access"
	"onewindow/approval"
	"onewindow/casework"
	"onewindow/document"
	"onewindow/storage"
)

// perPage is how many rows a list shows.
const perPage = 50

// documentsData is the list of documents.
type documentsData struct {
	Documents []document.Document
	Next      document.ID
	State     document.State
}

func (s *pages) documents(w http.ResponseWriter, r *http.Request) {
	q := storage.DocumentQuery{Limit: perPage, Before: document.ID(r.URL.Query().Get("before")),
		State: document.State(r.URL.Query().Get("state"))}
	if who, _ := whoOf(r.Context()); len(who.Roles) == 1 && who.Has(access.Applicant) {
		q.By = who.Account
	}
	docs, err := s.Records.ListDocuments(r.Context(), q)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	data := documentsData{Documents: docs, State: q.State}
	if len(docs) == perPage {
		data.Next = docs[len(docs)-1].ID
	}
	s.render(w, r, http.StatusOK, "documents", "文件", data)
}

// documentData is one document with what can be done to it.
type documentData struct {
	document.Document
	Rows   []fieldRow
	Tasks  []storage.Task
	Types  []typeChoice
	Wrong  map[string]string // by field key, after a refused confirmation
	Result string
	Locked bool // waits for a password
	Retry  bool
	Decide bool
}

type fieldRow struct {
	Key, Label string
	Required   bool
	document.Field
}

type typeChoice struct{ Code, Name string }

func (s *pages) document(w http.ResponseWriter, r *http.Request) {
	s.showDocument(w, r, http.StatusOK, nil, nil)
}

func (s *pages) showDocument(w http.ResponseWriter, r *http.Request, status int, wrong, typed map[string]string) {
	doc, err := s.visible(r)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	tasks, err := s.Records.TasksOf(r.Context(), doc.ID, doc.Generation)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	who, _ := whoOf(r.Context())
	data := documentData{Document: doc, Tasks: tasks, Wrong: wrong, Rows: s.fieldRows(doc, typed),
		Retry:  (doc.State == document.StateFailed || doc.State == document.StateRefused) && who.May(access.DocumentRetry),
		Locked: doc.State == document.StateRefused && doc.Refusal != nil && doc.Refusal.Code == document.CodeEncrypted,
		Decide: doc.State == document.StateNeedsReview && who.May(access.DocumentDecide), Types: s.types()}
	if doc.Publication != nil && doc.State == document.StateDone {
		data.Result = doc.Publication.ResultID
	}
	s.render(w, r, status, "document", doc.Filename, data)
}

// visible loads a document that the asker may see.
func (s *pages) visible(r *http.Request) (document.Document, error) {
	doc, err := s.Records.Document(r.Context(), document.ID(r.PathValue("id")))
	if err != nil {
		return doc, err
	}
	who, _ := whoOf(r.Context())
	if len(who.Roles) == 1 && who.Has(access.Applicant) && doc.Origin.By != who.Account {
		return doc, storage.ErrNotFound
	}
	return doc, nil
}

// fieldRows puts the fields in the order of the type, required ones that are
// missing included, so that they can be filled in.
func (s *pages) fieldRows(doc document.Document, typed map[string]string) []fieldRow {
	var rows []fieldRow
	seen := map[string]bool{}
	add := func(key, label string, required bool) {
		f := doc.Fields[key]
		if v, ok := typed[key]; ok {
			f.Value = v
		}
		rows = append(rows, fieldRow{Key: key, Label: label, Required: required, Field: f})
		seen[key] = true
	}
	if t, ok := s.Catalogue.ResultType(doc.Classification.Code); ok {
		for _, f := range t.Fields {
			add(f.Key, s.Catalogue.FieldLabel(t.Code, f.Key), f.Required)
		}
	}
	var rest []string
	for key := range doc.Fields {
		if !seen[key] {
			rest = append(rest, key)
		}
	}
	sort.Strings(rest)
	for _, key := range rest {
		add(key, key, false)
	}
	return rows
}

func (s *pages) types() []typeChoice {
	var out []typeChoice
	for _, t := range s.Catalogue.ResultTypes {
		out = append(out, typeChoice{t.Code, t.Name})
	}
	return out
}

func (s *pages) confirm(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, 256<<10)
	if err := r.ParseForm(); err != nil {
		s.problem(w, r, http.StatusBadRequest, "提交的内容无法读取，请重试")
		return
	}
	who, _ := whoOf(r.Context())
	c := casework.Confirmation{Document: document.ID(r.PathValue("id")), By: who.Account, Type: r.PostForm.Get("type"),
		Project: strings.TrimSpace(r.PostForm.Get("project")), Values: map[string]string{}}
	for name := range r.PostForm {
		if key, ok := strings.CutPrefix(name, "field."); ok {
			if v := strings.TrimSpace(r.PostForm.Get(name)); v != "" {
				c.Values[key] = v
			}
		}
	}
	_, err := s.Desk.Confirm(r.Context(), c)
	var invalid *casework.Invalid
	if errors.As(err, &invalid) {
		s.showDocument(w, r, http.StatusUnprocessableEntity, invalid.Fields, c.Values)
		return
	}
	s.back(w, r, err)
}

func (s *pages) retry(w http.ResponseWriter, r *http.Request) {
	who, _ := whoOf(r.Context())
	_, err := s.Desk.Retry(r.Context(), document.ID(r.PathValue("id")), who.Account)
	s.back(w, r, err)
}

func (s *pages) unlock(w http.ResponseWriter, r *http.Request) {
	who, _ := whoOf(r.Context())
	r.Body = http.MaxBytesReader(w, r.Body, 8<<10)
	_, err := s.Desk.Unlock(r.Context(), document.ID(r.PathValue("id")), who.Account, r.PostFormValue("password"))
	s.back(w, r, err)
}

// back returns to the document after something was done to it.
func (s *pages) back(w http.ResponseWriter, r *http.Request, err error) {
	if err != nil {
		s.fail(w, r, err)
		return
	}
	http.Redirect(w, r, "/documents/"+r.PathValue("id"), http.StatusSeeOther)
}

// resultData is one result with who relies on it.
type resultData struct {
	approval.Result
	Rows        []fieldRow
	Reliances   []approval.Reliance
	MayRevoke   bool
	MayOriginal bool
}

func (s *pages) result(w http.ResponseWriter, r *http.Request) {
	res, err := s.Records.Result(r.Context(), r.PathValue("id"))
	if err != nil {
		s.fail(w, r, err)
		return
	}
	rel, err := s.Records.ReliancesOn(r.Context(), res.ID)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	who, _ := whoOf(r.Context())
	doc := document.Document{Fields: res.Fields, Classification: document.Classification{Code: res.Type}}
	s.render(w, r, http.StatusOK, "result", res.TypeName, resultData{Result: res, Rows: s.fieldRows(doc, nil), Reliances: rel,
		MayRevoke:   res.Status == approval.StatusPublished && who.MayEnd(res.Unit),
		MayOriginal: who.MayOriginal(res.Unit)})
}

func (s *pages) revoke(w http.ResponseWriter, r *http.Request) {
	who, _ := whoOf(r.Context())
	res, err := s.Records.Result(r.Context(), r.PathValue("id"))
	if err == nil && !who.MayEnd(res.Unit) {
		s.problem(w, r, http.StatusForbidden, "只有出具单位可以撤销")
		return
	}
	if err == nil {
		_, err = s.Desk.Revoke(r.Context(), res.ID, who.Account, r.PostFormValue("reason"))
	}
	if err != nil {
		s.fail(w, r, err)
		return
	}
	http.Redirect(w, r, "/results/"+res.ID, http.StatusSeeOther)
}

// fail turns an error into a page; what is not known shows none of its text.
func (s *pages) fail(w http.ResponseWriter, r *http.Request, err error) {
	var invalid *casework.Invalid
	switch {
	case errors.Is(err, storage.ErrNotFound):
		s.problem(w, r, http.StatusNotFound, "没有找到，或无权查看")
	case errors.Is(err, casework.ErrIllegal), errors.Is(err, storage.ErrConflict):
		s.problem(w, r, http.StatusConflict, "内容已有变化，请返回查看最新状态")
	case errors.As(err, &invalid):
		s.problem(w, r, http.StatusUnprocessableEntity, firstText(invalid.Fields))
	default:
		if refusal, ok := document.AsRefusal(err); ok {
			s.problem(w, r, http.StatusUnprocessableEntity, refusal.Message)
			return
		}
		s.Log.Error("page failed", "route", r.Pattern, "error", err)
		s.problem(w, r, http.StatusInternalServerError, "系统出现故障，请稍后再试；若一直如此，请联系管理员。")
	}
}

func firstText(m map[string]string) string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	if len(keys) == 0 {
		return "填写的内容有误"
	}
	return m[keys[0]]
}
