package web

import (
	"errors"
	"net/http"
	"strconv"
	"strings"

	"onewindow/access"
	"onewindow/approval"
	"onewindow/approval/catalogue"
	"onewindow/casework"
	"onewindow/casework/complaint"
	"onewindow/casework/consultation"
	"onewindow/casework/register"
	"onewindow/storage"
)

func (s *pages) registerRoutes(mux *http.ServeMux) {
	mux.HandleFunc("GET /consultations", s.allowed(access.ConsultationRead, s.consultations))
	mux.HandleFunc("POST /consultations", s.allowed(access.ConsultationAsk, s.askConsultation))
	mux.HandleFunc("GET /consultations/{id}", s.allowed(access.ConsultationRead, s.consultation))
	mux.HandleFunc("POST /consultations/{id}/answer", s.allowed(access.ConsultationAnswer, s.answerConsultation))
	mux.HandleFunc("POST /consultations/{id}/rating", s.allowed(access.ConsultationAsk, s.rateConsultation))
	mux.HandleFunc("GET /complaints", s.allowed(access.ComplaintRead, s.complaints))
	mux.HandleFunc("POST /complaints", s.allowed(access.ComplaintTake, s.takeComplaint))
	mux.HandleFunc("GET /complaints/{id}", s.allowed(access.ComplaintRead, s.complaint))
	mux.HandleFunc("POST /complaints/{id}/assign", s.allowed(access.ComplaintAssign, s.assignComplaint))
	mux.HandleFunc("POST /complaints/{id}/answer", s.allowed(access.ComplaintAnswer, s.answerComplaint))
	mux.HandleFunc("POST /complaints/{id}/close", s.allowed(access.ComplaintClose, s.closeComplaint))
}

// seesEntry reports whether the asker may see an entry of a register: its owner,
// its unit, the window, and who supervises.
func seesEntry(w access.Who, e storage.Entry) bool {
	switch {
	case e.Owner != "" && e.Owner == w.Account, w.Has(access.Admin):
		return true
	case w.Has(access.Reviewer) || w.Has(access.System):
		return e.Unit != "" && e.Unit == w.Unit && w.SeesDivision(e.Division)
	}
	return (w.Has(access.Clerk) || w.Has(access.Supervisor) || w.Has(access.Lead)) && w.SeesDivision(e.Division)
}

// entriesOf is what of a register the asker lists, the most urgent first.
func entriesOf(name string, w access.Who, r *http.Request) storage.EntryQuery {
	q := storage.EntryQuery{Register: name, Limit: perPage, Before: r.URL.Query().Get("before"), Division: w.Division}
	if r.URL.Query().Get("all") == "" {
		q.Open, q.Urgent = true, true
	}
	switch {
	case w.MembersOnly():
		q.Owner, q.Division = w.Account, ""
		q.Open, q.Urgent = false, false
	case w.Has(access.Reviewer) && w.Unit != "" && !w.Has(access.Clerk) && !w.Has(access.Supervisor) && !w.Has(access.Admin):
		q.Unit = w.Unit
	}
	return q
}

// entryRow is an entry in a list.
type entryRow struct {
	storage.Entry
	UnitName, Title, StateText, Kind string
	Overdue                          bool
}

func (s *pages) entryRow(e storage.Entry, title string, texts map[string]string) entryRow {
	row := entryRow{Entry: e, UnitName: s.Catalogue.Name(e.Unit), Title: title, StateText: texts[e.State],
		Overdue: !e.Due.IsZero() && s.Now().After(e.Due)}
	switch {
	case row.Overdue:
		row.Kind = "bad"
	case !e.Open:
		row.Kind = "good"
	}
	return row
}

// registerData is the list of a register with the form for a new entry.
type registerData struct {
	Rows      []entryRow
	All, Own  bool
	Next      string
	New       bool // may make one
	Counter   bool // made at the window: the answer may be given at once
	Units     []catalogue.Unit
	Divisions []catalogue.Division
	Typed     map[string]string
	Wrong     map[string]string
}

// fields of the forms; what was typed is shown again after a refusal.
var registerFields = []string{"unit", "division", "item", "project", "question", "answer", "kind", "subject", "text", "about_unit", "contact", "anonymous", "window"}

func typedIn(r *http.Request) map[string]string {
	out := map[string]string{}
	for _, name := range registerFields {
		out[name] = strings.TrimSpace(r.PostFormValue(name))
	}
	return out
}

func (s *pages) registerData(r *http.Request, may access.Action, typed, wrong map[string]string) registerData {
	who, _ := whoOf(r.Context())
	data := registerData{New: who.May(may), Counter: who.Has(access.Clerk), Typed: typed, Wrong: wrong, Own: who.MembersOnly(), All: r.URL.Query().Get("all") != ""}
	for _, u := range s.Catalogue.Units {
		if u.Type != "window" {
			data.Units = append(data.Units, u)
		}
	}
	for _, d := range s.Catalogue.Divisions {
		if d.Kind == "city" || d.Kind == "county" || d.Kind == "province" {
			data.Divisions = append(data.Divisions, d)
		}
	}
	if data.Typed == nil {
		data.Typed = map[string]string{"division": who.Division, "project": r.URL.Query().Get("project")}
	}
	return data
}

// States as people read them.
var (
	consultationTexts = map[string]string{consultation.Asked: "待答复", consultation.Answered: "已答复"}
	complaintTexts    = map[string]string{complaint.Registered: "已登记", complaint.Assigned: "办理中", complaint.Answered: "已答复", complaint.Closed: "已了结"}
)

func (s *pages) consultations(w http.ResponseWriter, r *http.Request) {
	s.showConsultations(w, r, http.StatusOK, nil, nil)
}

func (s *pages) showConsultations(w http.ResponseWriter, r *http.Request, status int, typed, wrong map[string]string) {
	who, _ := whoOf(r.Context())
	data := s.registerData(r, access.ConsultationAsk, typed, wrong)
	found, err := register.List[consultation.Consultation](r.Context(), s.Registers, entriesOf(consultation.Register, who, r))
	if err != nil {
		s.fail(w, r, err)
		return
	}
	for _, c := range found {
		if seesEntry(who, c.Entry) {
			data.Rows = append(data.Rows, s.entryRow(c.Entry, c.Body.Question, consultationTexts))
		}
	}
	s.render(w, r, status, "consultations", "咨询", data)
}

// askConsultation takes a question in; at the window it may be answered at once
// (P1.1).
func (s *pages) askConsultation(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, formLimit)
	typed := typedIn(r)
	who, _ := whoOf(r.Context())
	q := consultation.Question{Unit: typed["unit"], Division: typed["division"], Item: typed["item"], Project: typed["project"], Text: typed["question"],
		Channel: approval.ChannelVirtual, Hall: who.Hall}
	if who.Has(access.Clerk) {
		q.Channel, q.Answer, q.Window = approval.ChannelPhysical, typed["answer"], typed["window"]
	}
	made, err := consultation.Ask(r.Context(), s.Registers, q, who.Account)
	var invalid *casework.Invalid
	if errors.As(err, &invalid) {
		s.showConsultations(w, r, http.StatusUnprocessableEntity, typed, invalid.Fields)
		return
	}
	s.backTo(w, r, "/consultations/"+made.ID, err)
}

// consultationData is one question with its answer.
type consultationData struct {
	consultation.Record
	Row         entryRow
	ItemName    string
	MayAnswer   bool
	MayRate     bool
	Wrong       map[string]string
	TypedAnswer string
}

func (s *pages) consultationSeen(r *http.Request) (consultation.Record, error) {
	c, err := register.Load[consultation.Consultation](r.Context(), s.Registers, consultation.Register, r.PathValue("id"))
	if who, _ := whoOf(r.Context()); err == nil && !seesEntry(who, c.Entry) {
		err = storage.ErrNotFound
	}
	return c, err
}

func (s *pages) consultation(w http.ResponseWriter, r *http.Request) {
	s.showConsultation(w, r, http.StatusOK, nil)
}

func (s *pages) showConsultation(w http.ResponseWriter, r *http.Request, status int, wrong map[string]string) {
	c, err := s.consultationSeen(r)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	who, _ := whoOf(r.Context())
	s.render(w, r, status, "consultation", "咨询", consultationData{Record: c, Row: s.entryRow(c.Entry, "", consultationTexts), ItemName: s.Catalogue.Name(c.Body.Item),
		MayAnswer: c.State == consultation.Asked && who.May(access.ConsultationAnswer) && c.Unit == who.Unit,
		MayRate:   c.State == consultation.Answered && c.Owner == who.Account && c.Body.Rating == 0,
		Wrong:     wrong, TypedAnswer: r.PostFormValue("answer")})
}

func (s *pages) answerConsultation(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, formLimit)
	c, err := s.consultationSeen(r)
	who, _ := whoOf(r.Context())
	if err == nil && c.Unit != who.Unit {
		err = errForbidden
	}
	if err == nil {
		_, err = consultation.Answer(r.Context(), s.Registers, c.ID, r.PostFormValue("answer"), who.Account)
	}
	var invalid *casework.Invalid
	if errors.As(err, &invalid) {
		s.showConsultation(w, r, http.StatusUnprocessableEntity, invalid.Fields)
		return
	}
	s.backTo(w, r, "/consultations/"+c.ID, err)
}

func (s *pages) rateConsultation(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, formLimit)
	c, err := s.consultationSeen(r)
	who, _ := whoOf(r.Context())
	if err == nil && c.Owner != who.Account {
		err = errForbidden
	}
	if err == nil {
		_, err = consultation.Rate(r.Context(), s.Registers, c.ID, number(r, "rating"), who.Account)
	}
	s.backTo(w, r, "/consultations/"+c.ID, err)
}

func number(r *http.Request, name string) int {
	n, _ := strconv.Atoi(r.PostFormValue(name))
	return n
}
