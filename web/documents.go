package web

import (
	"net/http"
	"net/url"
	"strings"

	"onewindow/access"
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
	mux.HandleFunc("POST /documents/join", s.allowed(access.DocumentDecide, s.does(deed{path: always("/v1/documents/join"), back: always("/counter"),
		body: func(f form) any { return map[string]any{"documents": f.Values["document"]} }})))
	mux.HandleFunc("POST /documents/{id}/split", s.allowed(access.DocumentDecide, s.does(deed{path: to("/v1/documents/", "/split"), back: to("/documents/", ""), page: s.document, body: splitTyped})))
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
	Over       bool // there are more than 999
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
