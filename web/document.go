package web

import (
	"net/http"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"onewindow/access"
	"onewindow/document"
	"onewindow/storage"
)

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
	Splits   bool                // the asker may take it apart
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
	s.showDocument(w, r, statusOf(r), nil, nil)
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
	if data.Splits, err = s.maySplit(r, doc, who.MayDecide(doc, unit)); err != nil {
		s.fail(w, r, err)
		return
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

// maySplit reports whether somebody may take a file apart: it has pages to part, is
// no result, and stands in no case.
func (s *pages) maySplit(r *http.Request, doc document.Document, decides bool) (bool, error) {
	if !decides || doc.Pages < 2 || doc.Publication != nil || doc.State != document.StateNeedsReview && doc.State != document.StateDone {
		return false, nil
	}
	filed, err := s.Records.FilingsOfDocument(r.Context(), string(doc.ID))
	return len(filed) == 0, err
}

// splitTyped reads the pages on which other papers begin: "2, 5" however written.
func splitTyped(f form) any {
	starts := []int{}
	for _, word := range strings.FieldsFunc(f.get("starts"), func(r rune) bool { return !unicode.IsDigit(r) }) {
		if n, err := strconv.Atoi(word); err == nil {
			starts = append(starts, n)
		}
	}
	return map[string]any{"starts": starts}
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
