package web

import (
	"net/http"
	"strings"
	"time"

	"onewindow/access"
	"onewindow/approval"
	"onewindow/approval/identifier"
	"onewindow/casework/cases"
	"onewindow/document"
	"onewindow/storage"
)

func (s *pages) counterRoutes(mux *http.ServeMux) {
	mux.HandleFunc("GET /counter", s.allowed(access.CaseApply, s.counter))
	mux.HandleFunc("GET /counter/{id}", s.allowed(access.CaseApply, s.counterCase))
}

// counterData is the clerk's desk: whom to serve next, and what lies in the tray.
type counterData struct {
	Hall    string
	Search  string
	Project *approval.Registration // found by its code
	Cases   []caseRow
	Tray    []document.Document
	Today   counterToday
	Reasons []choice
	Stages  []choice
	Ask     registerData // a question that is answered at once
}

// counterToday counts the hall's cases of today.
type counterToday struct{ Started, Submitted, Open int }

func (s *pages) counter(w http.ResponseWriter, r *http.Request) {
	who, _ := whoOf(r.Context())
	if !who.Has(access.Clerk) {
		s.problem(w, r, http.StatusForbidden, "只有综合窗口人员可以使用")
		return
	}
	data := counterData{Hall: who.Hall, Ask: s.registerData(r, access.ConsultationAsk, nil, nil), Search: strings.TrimSpace(r.URL.Query().Get("q"))}
	if data.Search != "" && s.findForCounter(w, r, &data) {
		return
	}
	var err error
	if data.Cases, err = s.casesOf(r, storage.CaseQuery{Hall: who.Hall, Channel: approval.ChannelPhysical, Limit: perPage}); err == nil {
		data.Tray, err = s.tray(r)
	}
	if err != nil {
		s.fail(w, r, err)
		return
	}
	day := s.Now().In(shanghai).Format(time.DateOnly)
	for _, k := range data.Cases {
		if k.Created.In(shanghai).Format(time.DateOnly) == day {
			data.Today.Started++
		}
		if k.Submitted && k.SubmitAt.In(shanghai).Format(time.DateOnly) == day {
			data.Today.Submitted++
		}
		if !k.Submitted {
			data.Today.Open++
		}
	}
	for _, code := range sortedKeys(cases.PaperReasons) {
		data.Reasons = append(data.Reasons, choice{code, cases.PaperReasons[code]})
	}
	for _, st := range s.Catalogue.Stages {
		data.Stages = append(data.Stages, choice{st.Code, st.Name})
	}
	s.render(w, r, http.StatusOK, "counter", "综合窗口", data)
}

// findForCounter finds what a clerk typed or read from a cover sheet: the number
// of a case, or a project's code. It reports whether it has answered.
func (s *pages) findForCounter(w http.ResponseWriter, r *http.Request, data *counterData) bool {
	if sheet, ok := document.ParseSheet(data.Search); ok && sheet.Case != "" {
		data.Search = sheet.Case
	}
	if k, _, err := s.caseSeen(r.Context(), data.Search); err == nil {
		to := "/cases/" + k.ID
		if k.Channel == approval.ChannelPhysical {
			to = "/counter/" + k.ID
		}
		http.Redirect(w, r, to, http.StatusSeeOther)
		return true
	}
	code := identifier.Validate(identifier.ProjectCode, data.Search)
	if p, err := s.projectSeen(r.Context(), code.Value); code.Valid && err == nil {
		data.Project = &p
	}
	return false
}

// tray is what was scanned in the hall and belongs to no case yet, newest first.
func (s *pages) tray(r *http.Request) ([]document.Document, error) {
	who, _ := whoOf(r.Context())
	docs, _, err := s.Desk.ListDocuments(r.Context(), storage.DocumentQuery{Limit: trayLimit}, func(d document.Document) bool {
		published := d.State == document.StateDone && d.Publication != nil // a material that is recognized still belongs to no case
		return d.Origin.Case == "" && d.Origin.Channel == document.ChannelPhysical && who.ServesHall(d.Origin.Hall) &&
			!published && d.State != document.StateRejected && d.State != document.StateCancelled && d.State != document.StateSplit && who.Sees(d, s.Desk.UnitOf(d))
	})
	var out []document.Document
	for _, d := range docs {
		filed, err := s.Records.FilingsOfDocument(r.Context(), string(d.ID))
		if err != nil {
			return nil, err
		}
		if len(filed) == 0 { // what a clerk has put into a case is off the tray
			out = append(out, access.Curtain(who, d))
		}
	}
	return out, err
}

// trayLimit is how many scans of a tray are shown.
const trayLimit = 60

// counterCaseData is the one screen on which a clerk takes a case in.
type counterCaseData struct {
	caseData
	Tray []document.Document
}

func (s *pages) counterCase(w http.ResponseWriter, r *http.Request) {
	s.renderCase(w, r, http.StatusOK, "counter-case", nil)
}

// progressData is what anybody with number and code may know.
type progressData struct {
	Number, Code string
	Asked, Found bool
	cases.Progress
}

// progress answers about a case without a login.
func (s *pages) progress(w http.ResponseWriter, r *http.Request) {
	data := progressData{Number: strings.TrimSpace(r.URL.Query().Get("number")), Code: strings.TrimSpace(r.URL.Query().Get("code"))}
	status := http.StatusOK
	if data.Number != "" && data.Code != "" {
		if !s.Limits.AllowLookup(r.RemoteAddr) {
			w.Header().Set("Retry-After", "30")
			s.problem(w, r, http.StatusTooManyRequests, "查询过于频繁，请稍后再试")
			return
		}
		data.Asked = true
		p, err := s.Office.Progress(r.Context(), data.Number, data.Code)
		if data.Found = err == nil; err != nil {
			if err = notFoundOnly(err); err != nil {
				s.fail(w, r, err)
				return
			}
			status = http.StatusNotFound
		}
		data.Progress = p
	}
	s.render(w, r, status, "progress", "进度查询", data)
}
