package web

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"sort"
	"strconv"
	"strings"
	"unicode/utf8"

	"onewindow/access"
	"onewindow/approval/catalogue"
	"onewindow/casework"
	"onewindow/document"
	"onewindow/storage"
)

// perPage is how many rows a list shows.
const perPage = 50

func (s *pages) documentRoutes(mux *http.ServeMux) {
	mux.HandleFunc("GET /documents", s.allowed(access.DocumentRead, s.documents))
	mux.HandleFunc("GET /documents/{id}", s.allowed(access.DocumentRead, s.document))
	mux.HandleFunc("GET /documents/{id}/pages/{number}", s.allowed(access.DocumentRead, s.pagePicture))
	mux.HandleFunc("POST /documents/{id}/confirm", s.allowed(access.DocumentDecide, s.confirm))
	mux.HandleFunc("POST /documents/{id}/retry", s.allowed(access.DocumentRetry, s.retry))
	mux.HandleFunc("POST /documents/{id}/unlock", s.allowed(access.DocumentUnlock, s.unlock))
	mux.HandleFunc("POST /documents/{id}/reject", s.allowed(access.DocumentDecide, s.reject))
	mux.HandleFunc("POST /documents/{id}/release", s.allowed(access.DocumentRelease, s.release))
	mux.HandleFunc("POST /documents/{id}/purge", s.allowed(access.DocumentRelease, s.purge))
}

// documentsData is the list of documents.
type documentsData struct {
	Documents []document.Document
	Next      string // address of the next page, "" at the end
	State     document.State
	Search    string
	Tabs      []tab
	Send      bool
	Issues    bool // may send results, not only materials
}

// tab is one choice above a list.
type tab struct {
	Text, Path string
	Current    bool
	Count      int
	Counted    bool // show the count
}

// listStates are the states people look for, in the order of their work.
var listStates = []document.State{"", document.StateNeedsReview, document.StateReading, document.StateDone,
	document.StateRefused, document.StateFailed, document.StateQuarantined, document.StateRejected}

func (s *pages) documents(w http.ResponseWriter, r *http.Request) {
	who, _ := whoOf(r.Context())
	asked := r.URL.Query()
	q := storage.DocumentQuery{Limit: perPage, Before: document.ID(asked.Get("before")), State: document.State(asked.Get("state"))}
	search := strings.TrimSpace(asked.Get("q"))
	if strings.HasPrefix(strings.ToUpper(search), "SJ") {
		q.Receipt = document.Receipt(strings.ToUpper(search))
	} else {
		q.Project = search
	}
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
	data := documentsData{Documents: docs, State: q.State, Search: search, Send: who.May(access.DocumentSend), Issues: who.Issues()}
	for _, st := range listStates {
		text := stateText[st]
		if st == "" {
			text = "全部"
		}
		data.Tabs = append(data.Tabs, tab{Text: text, Path: address("/documents", "state", string(st), "q", search), Current: st == q.State})
	}
	if next != "" {
		data.Next = address("/documents", "state", string(q.State), "q", search, "before", string(next))
	}
	s.render(w, r, http.StatusOK, "documents", "文件", data)
}

// address is a path with what is not empty of name, value pairs as its query.
func address(path string, pairs ...string) string {
	q := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			q.Set(pairs[i], pairs[i+1])
		}
	}
	if len(q) == 0 {
		return path
	}
	return path + "?" + q.Encode()
}

// documentData is one document with what can be done to it.
type documentData struct {
	document.Document
	UnitName string
	Rows     []fieldRow
	General  []document.Finding // findings that concern no single field
	Tasks    []storage.Task
	Types    []typeChoice
	Wrong    map[string]string // by field key, after a refused confirmation
	Project  string            // as typed, or as known
	Result   string
	Result1  bool // is an approval result, so confirming publishes it
	Locked   bool // waits for a password
	Retry    bool
	Decide   bool
	Original bool // may be fetched as it came
	Release  bool // waits for the security officer, who is asking
	Sheet    sheet
	Parts    []document.Document // of a batch or an archive, as far as the asker sees them
}

type fieldRow struct {
	Key, Label string
	UnitText   string // of the value, e.g. 万元
	Required   bool
	Doubtful   bool // read with less than usual confidence, so worth a look
	Findings   []document.Finding
	document.Field
}

// Located reports whether the value has a place on a page.
func (f fieldRow) Located() bool { return f.Page > 0 && f.Box != (document.Box{}) }

// Long is how many lines a box for the value needs, 0 when one is enough.
func (f fieldRow) Long() int {
	const perLine = 33 // half-width characters that fit at the narrowest
	n := utf8.RuneCountInString(f.Value)
	n += (len(f.Value) - n) / 2 // Chinese takes three bytes and is twice as wide
	if n <= perLine {
		return 0
	}
	return min(6, (n+perLine-1)/perLine)
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
	unit := s.documentUnit(r, doc)
	stopped := doc.State == document.StateFailed || doc.State == document.StateRefused
	data := documentData{Document: access.Curtain(who, doc), Tasks: tasks, Wrong: wrong, Types: s.types(),
		UnitName: s.Catalogue.Name(unit), Project: doc.Origin.Project, Result1: s.Desk.IsResult(doc),
		Retry:    stopped && who.May(access.DocumentRetry),
		Locked:   doc.State == document.StateRefused && doc.Refusal != nil && doc.Refusal.Code == document.CodeEncrypted && who.May(access.DocumentUnlock),
		Decide:   doc.State == document.StateNeedsReview && who.MayDecide(doc, unit),
		Original: who.MayDocumentOriginal(doc, unit, s.Desk.IsResult(doc)),
		Release:  doc.State == document.StateQuarantined && who.May(access.DocumentRelease)}
	if typed, ok := typed["project"]; ok {
		data.Project = typed
	}
	if data.Parts, err = s.partsOf(r, doc); err != nil {
		s.fail(w, r, err)
		return
	}
	data.Rows, data.General = s.fieldRows(data.Document, typed)
	if doc.Publication != nil && doc.State == document.StateDone {
		data.Result = doc.Publication.ResultID
	}
	if data.Sheet, err = s.sheetOf(r, doc, data.Rows); err != nil {
		s.fail(w, r, err)
		return
	}
	s.render(w, r, status, "document", titleOf(data.Document), data)
}

// partsOf lists what a batch or an archive was taken apart into.
func (s *pages) partsOf(r *http.Request, whole document.Document) ([]document.Document, error) {
	if whole.State != document.StateSplit {
		return nil, nil
	}
	parts, err := s.Records.PartsOf(r.Context(), whole.ID)
	who, _ := whoOf(r.Context())
	var out []document.Document
	for _, d := range parts {
		if who.Sees(d, s.Desk.UnitOf(d)) {
			out = append(out, access.Curtain(who, d))
		}
	}
	return out, err
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
	if who, _ := whoOf(r.Context()); who.Sees(doc, s.Desk.UnitOf(doc)) {
		return doc, nil
	}
	needed, err := s.neededBy(r.Context(), doc)
	if err == nil && !needed {
		err = storage.ErrNotFound
	}
	return doc, err
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
// missing included, so that they can be filled in. What was found about a field
// stands in its row; the rest is given back.
func (s *pages) fieldRows(doc document.Document, typed map[string]string) (rows []fieldRow, general []document.Finding) {
	seen := map[string]bool{}
	add := func(key, label, unit string, required bool) {
		f := doc.Fields[key]
		if v, ok := typed[key]; ok {
			f.Value = v
		}
		about := findingsOf(doc.Findings, key)
		rows = append(rows, fieldRow{Key: key, Label: label, UnitText: unit, Required: required, Field: f, Findings: about,
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
	for _, f := range doc.Findings {
		if !seen[f.Field] || f.Field == "" {
			general = append(general, f)
		}
	}
	return rows, general
}

func findingsOf(all []document.Finding, key string) []document.Finding {
	var out []document.Finding
	for _, f := range all {
		if f.Field == key {
			out = append(out, f)
		}
	}
	return out
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
		c.Values["project"] = c.Project // no type has a field of that name
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
			values[key] = oneLine.Replace(strings.TrimSpace(r.PostForm.Get(name)))
		}
	}
	return values
}

// oneLine takes out line breaks: a value stands on one line, however tall its box.
var oneLine = strings.NewReplacer("\r", "", "\n", "")

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
	s.backTo(w, r, "/documents?state="+string(document.StateQuarantined), err)
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
