package web

import (
	"net/http"
	"strconv"
	"time"

	"onewindow/access"
	"onewindow/approval/catalogue"
	"onewindow/casework/register"
	"onewindow/casework/training"
	"onewindow/storage"
)

func (s *pages) trainingRoutes(mux *http.ServeMux) {
	back := func(r *http.Request) string { return "/trainings/" + part(r.PathValue("id")) }
	mux.HandleFunc("GET /trainings", s.open(s.trainings))
	mux.HandleFunc("POST /trainings", s.allowed(access.TrainingRun, s.does(deed{path: always("/v1/trainings"), back: always("/trainings"), page: s.trainings, body: announced})))
	mux.HandleFunc("GET /trainings/{id}", s.open(s.training))
	mux.HandleFunc("POST /trainings/{id}/enrolments", s.loggedIn(s.does(deed{path: to("/v1/trainings/", "/enrolments"), back: back, page: s.training,
		body: func(f form) any {
			return map[string]any{"name": f.get("name"), "company": f.get("company"), "telephone": f.get("telephone"), "guest": f.ticked("guest")}
		}})))
	mux.HandleFunc("POST /trainings/{id}/cancel", s.allowed(access.TrainingRun, s.does(deed{path: to("/v1/trainings/", "/cancel"), back: back, page: s.training,
		body: func(f form) any { return map[string]any{"reason": f.get("reason")} }})))
	mux.HandleFunc("POST /enrolments/{id}/attendance", s.allowed(access.TrainingRun, s.does(deed{path: to("/v1/enrolments/", "/attendance"),
		body: func(f form) any { return map[string]any{"attended": f.get("attended") == "yes"} }})))
}

// announced is a new training; times are Chinese.
func announced(f form) any {
	body := map[string]any{"kind": f.get("kind"), "title": f.get("title"), "text": f.get("text"), "link": f.get("link"), "audience": f.get("audience"),
		"place": f.get("place"), "speaker": f.get("speaker"), "division": f.get("division")}
	if f.get("audience") == "" {
		body["audience"] = training.ForApplicants
	}
	for _, name := range []string{"begins_at", "ends_at"} {
		if at, err := time.ParseInLocation("2006-01-02T15:04", f.get(name), shanghai); err == nil {
			body[name] = at
		}
	}
	if n, err := strconv.Atoi(f.get("seats")); err == nil {
		body["seats"] = n
	}
	return body
}

// trainingRow is one training as the interface shows it to anybody.
type trainingRow struct {
	ID, Number, State, Division, Hall string
	Training                          training.Training
	Left                              int    `json:"seats_left"`
	KindText                          string `json:"-"`
	Past                              bool   `json:"-"`
}

var trainingTexts = map[string]string{training.Session: "现场讲解", training.Video: "视频", training.Board: "导览板"}

type trainingsData struct {
	Rows      []trainingRow
	Tabs      []tab
	Runs      bool
	Kinds     []choice
	Audiences []choice
	Divisions []choice
	Division  string
}

func (s *pages) trainings(w http.ResponseWriter, r *http.Request) {
	who, _ := whoOf(r.Context())
	kind := r.URL.Query().Get("kind")
	data := trainingsData{Runs: who.May(access.TrainingRun), Division: who.Division,
		Kinds:     []choice{{training.Session, trainingTexts[training.Session]}, {training.Video, trainingTexts[training.Video]}, {training.Board, trainingTexts[training.Board]}},
		Audiences: []choice{{training.ForApplicants, "申请单位"}, {training.ForStaff, "窗口与业务单位人员"}}}
	var got struct{ Trainings []trainingRow }
	if err := s.ask(r, http.MethodGet, "/v1/trainings"+query("limit", "200"), nil, &got); err != nil {
		s.fail(w, r, err)
		return
	}
	counts := map[string]int{}
	for _, row := range got.Trainings {
		row.KindText, row.Past = trainingTexts[row.Training.Kind], s.past(row.Training)
		if row.Training.Audience == training.ForStaff && (len(who.Roles) == 0 || who.MembersOnly()) || row.State == training.Cancelled && !data.Runs || row.Past && !data.Runs {
			continue
		}
		counts[row.Training.Kind]++
		if kind == "" || kind == row.Training.Kind {
			data.Rows = append(data.Rows, row)
		}
	}
	data.Tabs = []tab{{Text: "全部", Path: "/trainings", Current: kind == ""}}
	for _, k := range data.Kinds {
		data.Tabs = append(data.Tabs, tab{Text: k.Text, Path: address("/trainings", "kind", k.Value), Current: kind == k.Value, Count: counts[k.Value], Counted: true})
	}
	data.Divisions = divisionChoices(s.Catalogue)
	s.render(w, r, statusOf(r), "trainings", "报建培训", data)
}

// past reports whether a session is over.
func (s *pages) past(t training.Training) bool { return !t.Ends.IsZero() && s.Now().After(t.Ends) }

// divisionChoices are the divisions that a form may name.
func divisionChoices(c *catalogue.Catalogue) []choice {
	out := []choice{{"", "请选择"}}
	for _, d := range c.Divisions {
		if d.Kind == "city" || d.Kind == "county" || d.Kind == "province" {
			out = append(out, choice{d.Code, d.Name})
		}
	}
	return out
}

type trainingData struct {
	trainingRow
	Enrols, Runs, Guests bool
	Enrolled             bool // the asker has a place
	Begun                bool // attendance is marked from the beginning on
	People               []training.EnrolmentRecord
}

func (s *pages) training(w http.ResponseWriter, r *http.Request) {
	who, known := whoOf(r.Context())
	t, err := register.Load[training.Training](r.Context(), s.Registers, training.Register, r.PathValue("id"))
	if err == nil && t.Body.Audience == training.ForStaff && (!known || who.MembersOnly()) {
		err = storage.ErrNotFound
	}
	if err != nil {
		s.fail(w, r, err)
		return
	}
	data := trainingData{trainingRow: trainingRow{ID: t.ID, Number: t.Number, State: t.State, Division: t.Division, Hall: t.Hall, Training: t.Body,
		Left: max(0, t.Body.Seats-t.Body.Taken), KindText: trainingTexts[t.Body.Kind], Past: s.past(t.Body)},
		Runs: who.May(access.TrainingRun) && who.SeesDivision(t.Division), Guests: who.Has(access.Clerk), Begun: !s.Now().Before(t.Body.Begins)}
	data.Enrols = known && t.Body.Kind == training.Session && t.State == training.Published && s.Now().Before(t.Body.Begins) && data.Left > 0
	if known {
		people, err := register.List[training.Enrolment](r.Context(), s.Registers, storage.EntryQuery{Register: training.Enrolments, Parent: t.ID, Limit: 1000})
		if err != nil {
			s.fail(w, r, err)
			return
		}
		for _, p := range people {
			data.Enrolled = data.Enrolled || p.Owner == who.Account
		}
		if data.Runs {
			data.People = people
		}
	}
	s.render(w, r, statusOf(r), "training", t.Body.Title, data)
}
