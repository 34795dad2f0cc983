package web

import (
	"net/http"
	"strconv"

	"onewindow/access"
	"onewindow/casework/notices"
)

// noticeTemplateRoutes edit the wording of notices: a draft is saved, looked at and
// published; what was issued before keeps its words.
func (s *pages) noticeTemplateRoutes(mux *http.ServeMux) {
	api := func(after string) func(*http.Request) string {
		return func(r *http.Request) string { return "/v1/notice-templates/" + part(r.PathValue("kind")) + after }
	}
	back := func(r *http.Request) string { return "/admin/notice-templates/" + part(r.PathValue("kind")) }
	mux.HandleFunc("GET /admin/notice-templates", s.allowed(access.NoticeDesign, s.noticeTemplates))
	mux.HandleFunc("GET /admin/notice-templates/{kind}", s.allowed(access.NoticeDesign, s.noticeTemplate))
	mux.HandleFunc("POST /admin/notice-templates/{kind}/draft", s.allowed(access.NoticeDesign, s.does(deed{
		method: http.MethodPut, path: api("/draft"), page: s.noticeTemplate, back: back, body: func(f form) any {
			return map[string]any{"title": f.get("title"), "body": f.get("body"), "commitment": f.get("commitment"), "footer": f.get("footer")}
		}})))
	mux.HandleFunc("POST /admin/notice-templates/{kind}/publish", s.allowed(access.NoticeDesign, s.does(deed{
		path: api("/publish"), page: s.noticeTemplate, back: back, body: func(f form) any { return map[string]any{"version": seen(f)} }})))
}

// templateView is the wording of one kind of notice: in force, and as a draft.
type templateView struct {
	notices.Template
	Variables []string
	Draft     *notices.Template
	KindName  string
	Words     notices.Template // what stands in the form
}

type noticeTemplatesData struct{ Rows []templateView }

func (s *pages) noticeTemplates(w http.ResponseWriter, r *http.Request) {
	var got struct{ Templates []templateView }
	if err := s.ask(r, http.MethodGet, "/v1/notice-templates", nil, &got); err != nil {
		s.fail(w, r, err)
		return
	}
	for i := range got.Templates {
		s.nameTemplate(&got.Templates[i])
	}
	s.render(w, r, http.StatusOK, "notice-templates", "文书模板", noticeTemplatesData{got.Templates})
}

// nameTemplate adds the kind's own name, as the catalogue has it.
func (s *pages) nameTemplate(v *templateView) {
	if words, ok := s.Catalogue.Notice(v.Kind); ok {
		v.KindName = words.Title
	}
	v.Words = v.Template
	if v.Draft != nil {
		v.Words = *v.Draft
	}
}

func (s *pages) noticeTemplate(w http.ResponseWriter, r *http.Request) {
	var v templateView
	if err := s.ask(r, http.MethodGet, "/v1/notice-templates/"+part(r.PathValue("kind")), nil, &v); err != nil {
		s.fail(w, r, err)
		return
	}
	s.nameTemplate(&v)
	s.render(w, r, statusOf(r), "notice-template", v.KindName, v)
}

// DraftVersion is the draft's version as it is sent back, "0" without one.
func (v templateView) DraftVersion() string {
	if v.Draft == nil {
		return "0"
	}
	return strconv.FormatInt(v.Draft.Version, 10)
}
