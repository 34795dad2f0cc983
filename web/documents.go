package web

import (
	"context"
	"errors"
	"net/http"
	"sort"
	"strconv"
	"strings"

	"onewindow/access"
	"onewindow/approval/catalogue"
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
	Send      bool
	Issues    bool // may send results, not only materials
}

func (s *pages) documents(w http.ResponseWriter, r *http.Request) {
	who, _ := whoOf(r.Context())
	q := storage.DocumentQuery{Limit: perPage, Before: document.ID(r.URL.Query().Get("before")),
		State: document.State(r.URL.Query().Get("state"))}
	if who.MembersOnly() {
		q.By = who.Account
	}
	docs, next, err := s.Desk.ListDocuments(r.Context(), q, func(d document.Document) bool { return who.Sees(d, s.Desk.UnitOf(d)) })
	if err != nil {
		s.fail(w, r, err)
		return
	}
	for i, d := range docs {
		docs[i] = access.Curtain(who, d)
	}
	s.render(w, r, http.StatusOK, "documents", "文件", documentsData{Documents: docs, State: q.State, Next: next,
		Send: who.May(access.DocumentSend), Issues: who.Issues()})
}

// documentData is one document with what can be done to it.
type documentData struct {
	document.Document
	Rows     []fieldRow
	Tasks    []storage.Task
	Types    []typeChoice
	Wrong    map[string]string // by field key, after a refused confirmation
	Result   string
	Locked   bool // waits for a password
	Retry    bool
	Decide   bool
	Original bool // may be fetched as it came
	Release  bool // waits for the security officer, who is asking
}

type fieldRow struct {
	Key, Label string
	UnitText   string // of the value, e.g. 万元
	Required   bool
	Doubtful   bool // read with less than usual confidence, so worth a look
	document.Field
}

// doubtful is the confidence below which a value is marked for the reviewer; the
// pipeline's own threshold to let a result pass is the same.
const doubtful = 0.75

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
	who, _ := whoOf(r.Context())
	if err == nil && doc.Origin.By != who.Account {
		err = s.auditRead(r, "document.read", string(doc.ID))
	}
	if err != nil {
		s.fail(w, r, err)
		return
	}
	unit := s.Desk.UnitOf(doc)
	stopped := doc.State == document.StateFailed || doc.State == document.StateRefused
	data := documentData{Document: access.Curtain(who, doc), Tasks: tasks, Wrong: wrong, Types: s.types(),
		Retry:    stopped && who.May(access.DocumentRetry),
		Locked:   doc.State == document.StateRefused && doc.Refusal != nil && doc.Refusal.Code == document.CodeEncrypted && who.May(access.DocumentUnlock),
		Decide:   doc.State == document.StateNeedsReview && who.MayDecide(doc, unit),
		Original: who.MayDocumentOriginal(doc, unit, s.Desk.IsResult(doc)),
		Release:  doc.State == document.StateQuarantined && who.May(access.DocumentRelease)}
	data.Rows = s.fieldRows(data.Document, typed)
	if doc.Publication != nil && doc.State == document.StateDone {
		data.Result = doc.Publication.ResultID
	}
	s.render(w, r, status, "document", titleOf(data.Document), data)
}

// titleOf names a document: a name may be missing, or behind the curtain.
func titleOf(doc document.Document) string {
	if doc.Filename != "" {
		return doc.Filename
	}
	return string(doc.Receipt)
}

// auditRead notes that somebody read something. When it cannot be noted, nothing
// is shown.
func (s *pages) auditRead(r *http.Request, action, object string) error {
	who, _ := whoOf(r.Context())
	return s.Records.Record(r.Context(), storage.AuditEntry{Actor: who.Account, Action: action, Object: object})
}

// visible loads a document that the asker may see.
func (s *pages) visible(r *http.Request) (document.Document, error) {
	doc, err := s.Records.Document(r.Context(), document.ID(r.PathValue("id")))
	if err != nil {
		return doc, err
	}
	if who, _ := whoOf(r.Context()); !who.Sees(doc, s.Desk.UnitOf(doc)) {
		return doc, storage.ErrNotFound
	}
	return doc, nil
}

// decidable loads a document that the asker may decide about.
func (s *pages) decidable(r *http.Request) (document.Document, error) {
	doc, err := s.visible(r)
	if err != nil {
		return doc, err
	}
	if who, _ := whoOf(r.Context()); !who.MayDecide(doc, s.Desk.UnitOf(doc)) {
		return doc, errForbidden
	}
	return doc, nil
}

// fieldRows puts the fields in the order of the type, required ones that are
// missing included, so that they can be filled in.
func (s *pages) fieldRows(doc document.Document, typed map[string]string) []fieldRow {
	var rows []fieldRow
	seen := map[string]bool{}
	add := func(key, label, unit string, required bool) {
		f := doc.Fields[key]
		if v, ok := typed[key]; ok {
			f.Value = v
		}
		rows = append(rows, fieldRow{Key: key, Label: label, UnitText: unit, Required: required, Field: f,
			Doubtful: f.Value != "" && (f.Confidence < doubtful || !f.Valid)})
		seen[key] = true
	}
	if t, ok := s.Catalogue.ResultType(doc.Classification.Code); ok {
		for _, f := range t.Fields {
			add(f.Key, s.Catalogue.FieldLabel(t.Code, f.Key), unitOf(f), f.Required)
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
		add(key, key, "", false)
	}
	return rows
}

// unitOf is the unit a field's value is in.
func unitOf(f catalogue.Field) string {
	if f.Type == catalogue.TypeArea {
		return "平方米"
	}
	if len(f.Units) > 0 {
		return f.Units[0]
	}
	return ""
}

func (s *pages) types() []typeChoice {
	var out []typeChoice
	for _, t := range s.Catalogue.ResultTypes {
		out = append(out, typeChoice{t.Code, t.Name})
	}
	return out
}

// formLimit bounds the forms of pages, in bytes.
const formLimit = 256 << 10

func (s *pages) confirm(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, formLimit)
	if err := r.ParseForm(); err != nil {
		s.problem(w, r, http.StatusBadRequest, "提交的内容无法读取，请重试")
		return
	}
	doc, err := s.decidable(r)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	who, _ := whoOf(r.Context())
	c := casework.Confirmation{Document: doc.ID, By: who.Account, Type: r.PostForm.Get("type"),
		Project: strings.TrimSpace(r.PostForm.Get("project")), Values: s.typedValues(r, doc)}
	c.Version, _ = strconv.ParseInt(r.PostForm.Get("version"), 10, 64)
	_, err = s.Desk.Confirm(r.Context(), c)
	var invalid *casework.Invalid
	if errors.As(err, &invalid) {
		s.showDocument(w, r, http.StatusUnprocessableEntity, invalid.Fields, c.Values)
		return
	}
	s.back(w, r, err)
}

// typedValues are the values of the form. With another type chosen, boxes of the
// old type that the new one has no place for are left out.
func (s *pages) typedValues(r *http.Request, doc document.Document) map[string]string {
	code := r.PostForm.Get("type")
	if code == "" {
		code = doc.Classification.Code
	}
	t, fixed := s.Catalogue.ResultType(code)
	values := map[string]string{}
	for name := range r.PostForm {
		key, ok := strings.CutPrefix(name, "field.")
		if !ok {
			continue
		}
		if _, known := t.Field(key); known || !fixed {
			values[key] = strings.TrimSpace(r.PostForm.Get(name))
		}
	}
	return values
}

func (s *pages) retry(w http.ResponseWriter, r *http.Request) {
	who, _ := whoOf(r.Context())
	doc, err := s.visible(r)
	if err == nil {
		_, err = s.Desk.Retry(r.Context(), doc.ID, who.Account)
	}
	s.back(w, r, err)
}

func (s *pages) unlock(w http.ResponseWriter, r *http.Request) {
	who, _ := whoOf(r.Context())
	r.Body = http.MaxBytesReader(w, r.Body, formLimit)
	doc, err := s.visible(r)
	if err == nil {
		_, err = s.Desk.Unlock(r.Context(), doc.ID, who.Account, r.PostFormValue("password"))
	}
	s.back(w, r, err)
}

func (s *pages) reject(w http.ResponseWriter, r *http.Request) {
	who, _ := whoOf(r.Context())
	r.Body = http.MaxBytesReader(w, r.Body, formLimit)
	doc, err := s.decidable(r)
	if err == nil {
		_, err = s.Desk.Reject(r.Context(), doc.ID, who.Account, strings.TrimSpace(r.PostFormValue("reason")))
	}
	s.back(w, r, err)
}

func (s *pages) release(w http.ResponseWriter, r *http.Request) {
	s.endQuarantine(w, r, s.Desk.Release)
}

func (s *pages) purge(w http.ResponseWriter, r *http.Request) { s.endQuarantine(w, r, s.Desk.Purge) }

// endQuarantine does what the security officer decided and goes back to the
// list: a released document is not hers to see any more.
func (s *pages) endQuarantine(w http.ResponseWriter, r *http.Request, do func(context.Context, document.ID, string, string) (document.Document, error)) {
	who, _ := whoOf(r.Context())
	r.Body = http.MaxBytesReader(w, r.Body, formLimit)
	_, err := do(r.Context(), document.ID(r.PathValue("id")), who.Account, r.PostFormValue("reason"))
	s.backTo(w, r, "/?state="+string(document.StateQuarantined), err)
}

// back returns to the document after something was done to it.
func (s *pages) back(w http.ResponseWriter, r *http.Request, err error) {
	s.backTo(w, r, "/documents/"+r.PathValue("id"), err)
}

func (s *pages) backTo(w http.ResponseWriter, r *http.Request, path string, err error) {
	if err != nil {
		s.fail(w, r, err)
		return
	}
	http.Redirect(w, r, path, http.StatusSeeOther)
}
