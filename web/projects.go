package web

import (
	"errors"
	"net/http"
	"strconv"
	"strings"

	"onewindow/access"
	"onewindow/approval"
	"onewindow/approval/catalogue"
	"onewindow/approval/clock"
	"onewindow/approval/progress"
	"onewindow/casework"
	"onewindow/casework/cases"
	"onewindow/storage"
)

func (s *pages) projectRoutes(mux *http.ServeMux) {
	mux.HandleFunc("GET /projects", s.allowed(access.ProjectRead, s.projects))
	mux.HandleFunc("POST /projects", s.allowed(access.ProjectRegister, s.registerProject))
	mux.HandleFunc("GET /projects/{code}", s.allowed(access.ProjectRead, s.project))
	mux.HandleFunc("POST /projects/{code}/cases", s.allowed(access.CaseApply, s.startCase))
}

// projectsData is the list of projects and the form to register one.
type projectsData struct {
	Projects  []approval.Registration
	Next      string
	Register  bool
	New       approval.Registration
	Types     []catalogue.ProjectType
	Divisions []catalogue.Division
	Wrong     map[string]string
}

func (s *pages) projects(w http.ResponseWriter, r *http.Request) {
	s.showProjects(w, r, http.StatusOK, approval.Registration{}, nil)
}

func (s *pages) showProjects(w http.ResponseWriter, r *http.Request, status int, typed approval.Registration, wrong map[string]string) {
	who, _ := whoOf(r.Context())
	q := storage.ProjectQuery{After: r.URL.Query().Get("after"), Limit: perPage, Division: who.Division}
	if who.MembersOnly() {
		q.Member, q.Division = who.Account, ""
	}
	list, err := s.Records.Registrations(r.Context(), q)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	data := projectsData{Projects: list, Register: who.May(access.ProjectRegister), New: typed, Types: s.Catalogue.ProjectTypes, Wrong: wrong}
	if len(list) == perPage {
		data.Next = address("/projects", "after", list[perPage-1].Code)
	}
	for _, d := range s.Catalogue.Divisions {
		if d.Kind != "legacy" && d.Kind != "zone" {
			data.Divisions = append(data.Divisions, d)
		}
	}
	title := "项目"
	if who.MembersOnly() {
		title = "我的项目"
	}
	s.render(w, r, status, "projects", title, data)
}

func (s *pages) registerProject(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, formLimit)
	get := func(name string) string { return strings.TrimSpace(r.PostFormValue(name)) }
	p := approval.Registration{Code: get("code"), Name: get("name"), Type: get("type"), Division: get("division"), Builder: get("builder"),
		USCC: get("builder_uscc"), Contact: get("contact"), Telephone: get("telephone"), Classified: get("classified") != ""}
	who, _ := whoOf(r.Context())
	made, err := s.Office.RegisterProject(r.Context(), p, actor(who))
	var invalid *casework.Invalid
	switch {
	case errors.As(err, &invalid):
		s.showProjects(w, r, http.StatusUnprocessableEntity, p, invalid.Fields)
	case errors.Is(err, storage.ErrConflict):
		s.showProjects(w, r, http.StatusConflict, p, map[string]string{"code": "该项目已经登记，请联系窗口把您的账号加入项目"})
	default:
		s.backTo(w, r, "/projects/"+made.Code, err)
	}
}

// projectData is the stage board of a project (personas.md 1).
type projectData struct {
	approval.Registration
	TypeName     string
	DivisionName string
	Columns      []column
	Cases        []caseRow
	Apply        bool
	Assist       bool // projects of this type are helped with (P5.1)
	Counter      bool // may take papers in at the window
	Reasons      map[string]string
	Wrong        map[string]string
}

// column is one stage with the items of the project's type.
type column struct {
	catalogue.Stage
	Lead  string
	Items []boardItem
}

// boardItem is an item with its lamp.
type boardItem struct {
	Code, Name, UnitName string
	Lamp                 string // good, warn, bad, calm or "" for nothing yet
	Text                 string
	Link                 string
}

type caseRow struct {
	approval.Case
	StageName string
	States    []string
}

func (s *pages) project(w http.ResponseWriter, r *http.Request) {
	s.showProject(w, r, http.StatusOK, nil)
}

func (s *pages) showProject(w http.ResponseWriter, r *http.Request, status int, wrong map[string]string) {
	ctx := r.Context()
	p, err := s.projectSeen(ctx, r.PathValue("code"))
	if err != nil {
		s.fail(w, r, err)
		return
	}
	who, _ := whoOf(ctx)
	data := projectData{Registration: p, TypeName: s.projectType(p.Type), Apply: who.May(access.CaseApply) && !p.Classified,
		Assist: who.May(access.AssistanceAsk) && s.assisted(p.Type), Counter: who.Has(access.Clerk), Reasons: cases.PaperReasons, Wrong: wrong}
	if d, _, ok := s.Catalogue.Division(p.Division); ok {
		data.DivisionName = d.Name
	}
	if data.Columns, err = s.board(r, p); err == nil {
		data.Cases, err = s.casesOf(r, storage.CaseQuery{Project: p.Code, Limit: perPage})
	}
	if err != nil {
		s.fail(w, r, err)
		return
	}
	s.render(w, r, status, "project", p.Name, data)
}

// board puts every item of the project's type into its stage with a lamp: what
// became of its last application, or that a result is there already.
func (s *pages) board(r *http.Request, p approval.Registration) ([]column, error) {
	items, err := s.Records.ListCaseItems(r.Context(), storage.ItemQuery{Project: p.Code, Limit: 500})
	if err != nil {
		return nil, err
	}
	last := map[string]approval.CaseItem{}
	for _, it := range items {
		if old, ok := last[it.Item]; !ok || it.ID > old.ID {
			last[it.Item] = it
		}
	}
	results, err := s.Records.ListResults(r.Context(), storage.ResultQuery{Project: p.Code, Status: approval.StatusPublished, Limit: 500})
	if err != nil {
		return nil, err
	}
	var out []column
	for _, st := range s.Catalogue.Stages {
		c := column{Stage: st, Lead: s.Catalogue.Name(st.LeadUnit)}
		for _, it := range s.Catalogue.ItemsOf(st.Code, p.Type) {
			b := boardItem{Code: it.Code, Name: it.Name, UnitName: s.Catalogue.Name(it.Unit), Link: "/guide/" + it.Code}
			if ci, ok := last[it.Code]; ok {
				b.Lamp, b.Text, b.Link = s.lamp(ci), cases.StateText(ci), "/case-items/"+ci.ID
			} else if n := produced(results, it); n != "" {
				b.Lamp, b.Text, b.Link = "good", "已有成果", "/results/"+n
			}
			c.Items = append(c.Items, b)
		}
		out = append(out, c)
	}
	return out, nil
}

// produced finds a result of the project that an item issues.
func produced(results []approval.Result, it catalogue.Item) string {
	for _, res := range results {
		if contains(it.Results, res.Type) {
			return res.ID
		}
	}
	return ""
}

// lamp is the colour of an item: what ended well or badly, what waits for the
// applicant, what is late.
func (s *pages) lamp(it approval.CaseItem) string {
	switch it.State {
	case progress.CompletedApproved, progress.CompletedTolerated:
		return "good"
	case progress.Returned, progress.Refused, progress.CompletedRejected, progress.Revoked:
		return "bad"
	case progress.CorrectionOpen:
		return "warn"
	case progress.Withdrawn, progress.NotRequired, progress.Draft:
		return "calm"
	}
	for _, st := range s.Office.Statuses(it) {
		if st.Running && st.Light == clock.Red {
			return "bad"
		}
	}
	return "act"
}

// casesOf lists cases the asker may see, with the states of their items.
func (s *pages) casesOf(r *http.Request, q storage.CaseQuery) ([]caseRow, error) {
	list, err := s.Records.ListCases(r.Context(), q)
	if err != nil {
		return nil, err
	}
	var out []caseRow
	for _, k := range list {
		k, items, err := s.caseSeen(r.Context(), k.ID)
		if errors.Is(err, storage.ErrNotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		row := caseRow{Case: k, StageName: s.Catalogue.Name(k.Stage)}
		for _, it := range items {
			if text := cases.StateText(it); !contains(row.States, text) {
				row.States = append(row.States, text)
			}
		}
		if !k.Submitted {
			row.States = []string{progress.Draft.Text()}
		}
		out = append(out, row)
	}
	return out, nil
}

// startCase opens an application for one stage; at the counter with the reason
// why paper is taken in (P3.1).
func (s *pages) startCase(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, formLimit)
	p, err := s.projectSeen(r.Context(), r.PathValue("code"))
	if err != nil {
		s.fail(w, r, err)
		return
	}
	who, _ := whoOf(r.Context())
	d := cases.Draft{Project: p.Code, Stage: r.PostFormValue("stage"), Items: r.PostForm["item"], Channel: approval.ChannelVirtual}
	if r.PostFormValue("channel") == string(approval.ChannelPhysical) {
		if !who.Has(access.Clerk) {
			s.fail(w, r, errForbidden)
			return
		}
		d.Channel, d.Hall, d.Window, d.PaperReason = approval.ChannelPhysical, who.Hall, strings.TrimSpace(r.PostFormValue("window")), r.PostFormValue("paper_reason")
		d.Applicant = strings.TrimSpace(r.PostFormValue("applicant"))
		if d.Window == "" {
			d.Window = who.Window
		}
		d.Window, d.Device, err = s.Organisation.Counter(r.Context(), d.Hall, d.Window, "", d.PaperReason)
	}
	var k approval.Case
	if err == nil {
		k, err = s.Office.Start(r.Context(), d, actor(who))
	}
	var invalid *casework.Invalid
	if errors.As(err, &invalid) {
		s.showProject(w, r, http.StatusUnprocessableEntity, invalid.Fields)
		return
	}
	to := "/cases/" + k.ID
	if k.Channel == approval.ChannelPhysical {
		to = "/counter/" + k.ID
	}
	s.backTo(w, r, to, err)
}

// version reads the version a form was made for.
func version(r *http.Request) int64 {
	n, _ := strconv.ParseInt(r.PostFormValue("version"), 10, 64)
	return n
}
