package web

import (
	"cmp"
	"net/http"
	"strings"

	"onewindow/access"
	"onewindow/approval/catalogue"
	"onewindow/casework/supervision"
	"onewindow/storage"
)

func (s *pages) houseRoutes(mux *http.ServeMux) {
	mux.HandleFunc("GET /admin/usage", s.allowed(access.QueueManage, s.usage))
	mux.HandleFunc("GET /admin/catalogue", s.allowed(access.QueueManage, s.versions))
	mux.HandleFunc("GET /admin/quality", s.allowed(access.QueueManage, s.quality))
	mux.HandleFunc("GET /archive", s.allowed(access.CaseArchive, s.archive))
}

// usageData is what was sent on a day, against what may be.
type usageData struct {
	Day          string
	Sender, Unit access.Allowance
	Usage        []storage.Usage
	Wrong        []string
}

func (s *pages) usage(w http.ResponseWriter, r *http.Request) {
	data := usageData{Day: r.URL.Query().Get("day")}
	err := s.ask(r, http.MethodGet, "/v1/usage"+query("day", data.Day), nil, &data)
	if no, ok := err.(*refusal); ok && no.Status == http.StatusUnprocessableEntity {
		data.Wrong = sortedTexts(no.Fields)
		s.render(w, r, no.Status, "usage", "用量", data)
		return
	}
	if err != nil {
		s.fail(w, r, err)
		return
	}
	s.render(w, r, http.StatusOK, "usage", "用量", data)
}

// versionsData are the versions of the catalogue and the difference of two.
type versionsData struct {
	Versions []struct {
		Version   string
		Effective string `json:"effective_from"`
		Digest    string
		Current   bool
	}
	From, To string
	Choices  []choice
	Changes  []catalogue.Change
	Compared bool
}

func (s *pages) versions(w http.ResponseWriter, r *http.Request) {
	var data versionsData
	if err := s.ask(r, http.MethodGet, "/v1/catalogue/versions", nil, &data); err != nil {
		s.fail(w, r, err)
		return
	}
	for _, v := range data.Versions {
		data.Choices = append(data.Choices, choice{v.Version, v.Version})
		if v.Current {
			data.To = v.Version
		}
	}
	data.To = cmp.Or(r.URL.Query().Get("to"), data.To)
	if data.From = r.URL.Query().Get("from"); data.From == "" && len(data.Versions) > 1 {
		data.From = data.Versions[1].Version
	}
	if data.From != "" {
		var got struct{ Changes []catalogue.Change }
		if err := s.ask(r, http.MethodGet, "/v1/catalogue/diff"+query("from", data.From, "to", data.To), nil, &got); err != nil {
			s.fail(w, r, err)
			return
		}
		data.Changes, data.Compared = got.Changes, true
	}
	s.render(w, r, http.StatusOK, "versions", "目录版本", data)
}

// qualityData is how well papers are read, month by month.
type qualityData struct{ Months []supervision.Quality }

func (s *pages) quality(w http.ResponseWriter, r *http.Request) {
	var data qualityData
	if err := s.ask(r, http.MethodGet, "/v1/supervision/quality", nil, &data); err != nil {
		s.fail(w, r, err)
		return
	}
	s.render(w, r, http.StatusOK, "quality", "识别质量", data)
}

// archiveData are cases for the archive; a package is made when it is fetched.
type archiveData struct {
	Search string
	Cases  []archiveRow
	Next   string
}

type archiveRow struct {
	caseRow
	Ended bool // all items have ended, so that the package can be made
}

func (s *pages) archive(w http.ResponseWriter, r *http.Request) {
	data := archiveData{Search: strings.TrimSpace(r.URL.Query().Get("q"))}
	q := storage.CaseQuery{Limit: perPage, Before: r.URL.Query().Get("before"), Project: data.Search}
	if k, _, err := s.caseSeen(r.Context(), data.Search); err == nil && data.Search != "" {
		q.Project = k.Project
	}
	found, err := s.casesOf(r, q)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	for _, k := range found {
		_, items, err := s.caseSeen(r.Context(), k.ID)
		if err != nil {
			s.fail(w, r, err)
			return
		}
		row := archiveRow{caseRow: k, Ended: k.Submitted && len(items) > 0}
		for _, it := range items {
			row.Ended = row.Ended && it.State.Ended()
		}
		data.Cases = append(data.Cases, row)
	}
	if len(found) == perPage {
		data.Next = address("/archive", "q", data.Search, "before", found[perPage-1].ID)
	}
	s.render(w, r, http.StatusOK, "archive", "归档", data)
}
