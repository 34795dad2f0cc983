package web

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"strings"

	"onewindow/casework"
	"onewindow/document"
)

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
