package web

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"
)

// deed is a form of a page that becomes one request to the interface.
type deed struct {
	method string                       // "" is POST
	path   func(r *http.Request) string // of the interface
	body   func(f form) any             // nil sends no body
	back   func(r *http.Request) string // the page to go to; nil: where the form stood
	page   http.HandlerFunc             // shows the form again with what is wrong; nil: a page that says it
}

// form is what was typed.
type form struct {
	url.Values
	request *http.Request
}

// get is a field without the blanks around it.
func (f form) get(name string) string { return strings.TrimSpace(f.Get(name)) }

// ticked reports whether a box is.
func (f form) ticked(name string) bool { return f.Get(name) != "" }

// lines are the lines of a field that are not empty.
func (f form) lines(name string) []string {
	out := []string{}
	for _, l := range strings.Split(f.Get(name), "\n") {
		if l = strings.TrimSpace(l); l != "" {
			out = append(out, l)
		}
	}
	return out
}

// slip is what went wrong with a form, for the page that shows it again.
type slip struct {
	Form  string // which of the page's forms: its own path
	Typed url.Values
	Wrong map[string]string
}

// Of is what was typed into a field of a form, or what stands there otherwise.
func (s slip) Of(formPath, field, otherwise string) string {
	if s.Form == formPath && s.Typed.Has(field) {
		return s.Typed.Get(field)
	}
	return otherwise
}

// In is what is wrong with a field of a form, "" if nothing.
func (s slip) In(formPath, field string) string {
	if s.Form != formPath {
		return ""
	}
	return s.Wrong[field]
}

// At reports whether a form is the one that was refused.
func (s slip) At(formPath string) bool { return s.Form == formPath && len(s.Wrong) > 0 }

type slipKey struct{}

// slipOf is what went wrong before a page is shown again.
func slipOf(r *http.Request) slip {
	s, _ := r.Context().Value(slipKey{}).(slip)
	return s
}

// statusOf is 422 for a page that is shown again, else 200.
func statusOf(r *http.Request) int {
	if slipOf(r).Form != "" {
		return http.StatusUnprocessableEntity
	}
	return http.StatusOK
}

// does answers a form by doing its deed.
func (s *pages) does(d deed) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		r.Body = http.MaxBytesReader(w, r.Body, formLimit)
		if err := r.ParseForm(); err != nil {
			s.problem(w, r, http.StatusBadRequest, "提交的内容无法读取，请重试")
			return
		}
		method := d.method
		if method == "" {
			method = http.MethodPost
		}
		var body any
		if d.body != nil {
			body = d.body(form{r.PostForm, r})
		}
		err := s.ask(r, method, d.path(r), body, nil)
		var no *refusal
		if errors.As(err, &no) && no.Status == http.StatusUnprocessableEntity && d.page != nil {
			wrong := no.Fields
			if len(wrong) == 0 {
				wrong = map[string]string{"": no.Detail}
			}
			again := slip{r.URL.Path, r.PostForm, wrong}
			d.page(w, r.WithContext(context.WithValue(r.Context(), slipKey{}, again)))
			return
		}
		to := returnTo(r)
		if d.back != nil {
			to = d.back(r)
		}
		s.backTo(w, r, to, err)
	}
}

// to makes the path of a deed from the page's {id}.
func to(before, after string) func(*http.Request) string {
	return func(r *http.Request) string { return before + part(r.PathValue("id")) + after }
}

// always is a path without parameters.
func always(path string) func(*http.Request) string {
	return func(*http.Request) string { return path }
}
