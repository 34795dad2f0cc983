package web

import (
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"onewindow/access"
	"onewindow/approval"
	"onewindow/approval/identifier"
	"onewindow/document"
	"onewindow/internal/fulltext"
	"onewindow/storage"
)

// searchData is what was found for some words: a case, a project or results of that
// number, and documents in which the words stand.
type searchData struct {
	Search  string
	Case    *approval.Case
	Project *approval.Registration
	Results []approval.Result
	Hits    []searchHit
	More    bool
	Asked   bool
}

// Found reports whether anything was.
func (d searchData) Found() bool {
	return d.Case != nil || d.Project != nil || len(d.Results)+len(d.Hits) > 0
}

// searchHit is a document with the piece of its text in which the words stand.
type searchHit struct {
	Document struct {
		ID       document.ID
		Receipt  document.Receipt
		Filename string
		State    document.State
		TypeName string `json:"type_name"`
		Project  string
		Case     string
	}
	Page    int
	Snippet fulltext.Snippet
}

// piece is a part of a snippet, marked or not.
type piece struct {
	Text   string
	Marked bool
}

// Pieces cuts a snippet at its marks, which count characters.
func (h searchHit) Pieces() []piece {
	var out []piece
	text, at := []rune(h.Snippet.Text), 0
	add := func(to int, marked bool) {
		if to = min(to, len(text)); to > at {
			out = append(out, piece{string(text[at:to]), marked})
			at = to
		}
	}
	for _, m := range h.Snippet.Marks {
		add(m[0], false)
		add(m[1], true)
	}
	add(len(text), false)
	return out
}

// Link leads to the page on which the words stand.
func (h searchHit) Link() string {
	if h.Page > 1 {
		return address("/documents/"+url.PathEscape(string(h.Document.ID)), "page", strconv.Itoa(h.Page))
	}
	return "/documents/" + url.PathEscape(string(h.Document.ID))
}

func (s *pages) searchPage(w http.ResponseWriter, r *http.Request) {
	data := searchData{Search: strings.TrimSpace(r.URL.Query().Get("q"))}
	if data.Search != "" {
		data.Asked = true
		if err := s.find(r, &data); err != nil {
			s.fail(w, r, err)
			return
		}
	}
	s.render(w, r, http.StatusOK, "search", "检索", data)
}

// find looks in everything the asker may see. What they may not read at all, such as
// results for some roles, is nothing found.
func (s *pages) find(r *http.Request, data *searchData) error {
	ctx := r.Context()
	if k, _, err := s.caseSeen(ctx, data.Search); err == nil {
		data.Case = &k
	} else if !errors.Is(err, storage.ErrNotFound) {
		return err
	}
	if code := identifier.Validate(identifier.ProjectCode, data.Search); code.Valid {
		if p, err := s.projectSeen(ctx, code.Value); err == nil {
			data.Project = &p
		} else if !errors.Is(err, storage.ErrNotFound) {
			return err
		}
	}
	var numbered struct{ Results []approval.Result }
	if err := forbidden(s.ask(r, http.MethodGet, "/v1/results"+query("number", data.Search, "limit", "20"), nil, &numbered)); err != nil {
		return err
	}
	data.Results = numbered.Results
	var found struct {
		Hits []searchHit
		More bool
	}
	text := []rune(data.Search)
	if err := s.ask(r, http.MethodGet, "/v1/search"+query("q", string(text[:min(len(text), 200)]), "limit", "50"), nil, &found); err != nil {
		return err
	}
	data.Hits, data.More = found.Hits, found.More
	return nil
}

// forbidden takes a no for lack of rights as nothing.
func forbidden(err error) error {
	var no *refusal
	if errors.As(err, &no) && no.Status == http.StatusForbidden {
		return nil
	}
	return err
}

func (s *pages) searchRoutes(mux *http.ServeMux) {
	mux.HandleFunc("GET /search", s.allowed(access.DocumentRead, s.searchPage))
}
