package web

import (
	"net/http"

	"onewindow/access"
	"onewindow/casework/assistance"
	"onewindow/document"
	"onewindow/storage"
)

func (s *pages) assistanceRoutes(mux *http.ServeMux) {
	back := func(r *http.Request) string { return "/assistances/" + part(r.PathValue("id")) }
	mux.HandleFunc("GET /assistances", s.allowed(access.AssistanceRead, s.assistances))
	mux.HandleFunc("POST /assistances", s.allowed(access.AssistanceAsk, s.does(deed{path: always("/v1/assistances"), back: always("/assistances"), page: s.assistances,
		body: func(f form) any { return map[string]any{"project": f.get("project"), "wish": f.get("wish")} }})))
	mux.HandleFunc("GET /assistances/{id}", s.allowed(access.AssistanceRead, s.assistance))
	mux.HandleFunc("POST /assistances/{id}/assign", s.allowed(access.AssistanceRun, s.does(deed{path: to("/v1/assistances/", "/assign"), back: back, page: s.assistance,
		body: func(f form) any {
			return map[string]any{"agent": f.get("agent"), "name": f.get("name"), "telephone": f.get("telephone"), "scope": append([]string{}, f.Values["scope"]...),
				"authorisation": f.get("authorisation")}
		}})))
	mux.HandleFunc("POST /assistances/{id}/notes", s.allowed(access.AssistanceRun, s.does(deed{path: to("/v1/assistances/", "/notes"), back: back, page: s.assistance,
		body: func(f form) any { return map[string]any{"text": f.get("text")} }})))
	mux.HandleFunc("POST /assistances/{id}/end", s.allowed(access.AssistanceAsk, s.does(deed{path: to("/v1/assistances/", "/end"), back: back, page: s.assistance,
		body: func(f form) any { return map[string]any{"reason": f.get("reason")} }})))
}

// assistanceRow is one assisted project.
type assistanceRow struct {
	registerEntry
	Assistance      assistance.Assistance `json:"assistance"`
	StateText, Kind string                `json:"-"`
	TypeName        string                `json:"-"`
}

var assistanceTexts = map[string]string{assistance.Requested: "待明确专人", assistance.Assigned: "帮办代办中", assistance.Ended: "已结束"}

// scopeTexts are what an agent does (glossary.md).
var scopeTexts = map[string]string{assistance.Help: "帮办", assistance.Act: "代办"}

func (s *pages) nameAssistance(row *assistanceRow) {
	row.StateText, row.TypeName = assistanceTexts[row.State], s.projectType(row.Assistance.Type)
	row.Kind = map[string]string{assistance.Requested: "warn", assistance.Assigned: "", assistance.Ended: "good"}[row.State]
}

type assistancesData struct {
	Rows     []assistanceRow
	Asks     bool
	Projects []choice // of the applicant, that may be assisted
	Project  string
}

func (s *pages) assistances(w http.ResponseWriter, r *http.Request) {
	who, _ := whoOf(r.Context())
	data := assistancesData{Asks: who.May(access.AssistanceAsk), Project: r.URL.Query().Get("project")}
	var got struct{ Assistances []assistanceRow }
	if err := s.ask(r, http.MethodGet, "/v1/assistances"+query("limit", listed), nil, &got); err != nil {
		s.fail(w, r, err)
		return
	}
	for i := range got.Assistances {
		s.nameAssistance(&got.Assistances[i])
	}
	data.Rows = got.Assistances
	if who.MembersOnly() {
		codes, err := s.Records.ProjectsOf(r.Context(), who.Account)
		if err != nil {
			s.fail(w, r, err)
			return
		}
		for _, code := range codes {
			p, err := s.Records.Registration(r.Context(), code)
			if err == nil && s.assisted(p.Type) {
				data.Projects = append(data.Projects, choice{code, p.Name})
			}
		}
	}
	s.render(w, r, statusOf(r), "assistances", "帮办代办", data)
}

// assisted reports whether projects of a type are helped with (P5.1).
func (s *pages) assisted(kind string) bool {
	for _, t := range s.Catalogue.ProjectTypes {
		if t.Code == kind {
			return t.Assist
		}
	}
	return false
}

type assistanceData struct {
	assistanceRow
	Runs, Ends bool
	Papers     []choice
	Self       string
	Scopes     []string
}

func (s *pages) assistance(w http.ResponseWriter, r *http.Request) {
	var row assistanceRow
	if err := s.ask(r, http.MethodGet, "/v1/assistances/"+part(r.PathValue("id")), nil, &row); err != nil {
		s.fail(w, r, err)
		return
	}
	s.nameAssistance(&row)
	who, _ := whoOf(r.Context())
	open := row.State != assistance.Ended
	data := assistanceData{assistanceRow: row, Runs: open && who.May(access.AssistanceRun), Ends: open && who.May(access.AssistanceAsk), Self: who.Account}
	for _, sc := range row.Assistance.Scope {
		data.Scopes = append(data.Scopes, scopeTexts[sc])
	}
	if data.Runs {
		docs, _, err := s.Desk.ListDocuments(r.Context(), storage.DocumentQuery{Project: row.Project, Limit: papersLimit}, func(d document.Document) bool {
			return who.Sees(d, s.Desk.UnitOf(d))
		})
		if err != nil {
			s.fail(w, r, err)
			return
		}
		data.Papers = scanChoices(docs)
	}
	s.render(w, r, statusOf(r), "assistance", "帮办代办", data)
}
