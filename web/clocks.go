package web

import (
	"net/http"
	"strconv"

	"onewindow/access"
	"onewindow/approval/clock"
	"onewindow/casework/inquiry"
	"onewindow/casework/supervision"
)

// clocksData are the limits that run, the most urgent first, and who answers.
type clocksData struct {
	Tabs   []tab
	Lights []tab
	Units  []choice
	Unit   string
	Rows   []supervision.Due
	Others []owedRow // what is owed outside the items
	Next   string    // address of the next page
	Urges  bool
	Trail  bool // may read the trail
}

// owedRow is a limit of a register with the page that shows it.
type owedRow struct{ supervision.EntryDue }

// Path is where the entry is shown: a unit's reply with the inquiry it belongs to.
func (e owedRow) Path() string {
	if e.Register == inquiry.Replies {
		return "/inquiries/" + e.Parent
	}
	return entryPaths[e.Register] + e.Entry
}

// Name is the register in words.
func (e owedRow) Name() string { return subjectTexts[e.Register] }

var entryPaths = map[string]string{"consultation": "/consultations/", "complaint": "/complaints/", "promise": "/promises/"}

func (s *pages) clocks(w http.ResponseWriter, r *http.Request) {
	who, _ := whoOf(r.Context())
	light, unit := r.FormValue("light"), r.FormValue("unit")
	data := clocksData{Tabs: s.supervisionTabs(r), Unit: unit, Units: []choice{{"", "全部"}}, Urges: who.May(access.SupervisionUrge), Trail: who.May(access.AuditRead)}
	for _, u := range s.Catalogue.Units {
		if u.Type != "window" {
			data.Units = append(data.Units, choice{u.Code, u.Name})
		}
	}
	for _, l := range []struct {
		light clock.Light
		text  string
	}{{"", "全部"}, {clock.Red, "红牌（逾期）"}, {clock.Yellow, "黄牌（将到期）"}, {clock.Green, "正常"}} {
		data.Lights = append(data.Lights, tab{Text: l.text, Path: address("/supervision/clocks", "light", string(l.light), "unit", unit), Current: string(l.light) == light})
	}
	var got struct {
		Items   []supervision.Due
		Entries []owedRow
		Next    string
	}
	if err := s.ask(r, http.MethodGet, "/v1/supervision/clocks"+query("light", light, "unit", unit, "after", r.FormValue("after")), nil, &got); err != nil {
		s.fail(w, r, err)
		return
	}
	data.Rows, data.Others = got.Items, got.Entries
	if got.Next != "" {
		data.Next = address("/supervision/clocks", "light", light, "unit", unit, "after", got.Next)
	}
	s.render(w, r, statusOf(r), "clocks", "时限与督办", data)
}

// assessmentData is how the units did in a period.
type assessmentData struct {
	Tabs     []tab
	From, To string
	Weights  supervision.Weights
	Scores   []supervision.Score
	Sets     bool
	Versions []choice
	Version  string
	Marks    []choice // the indicators, as the interface names them
	Wrong    []string
}

// indicators are what points are lost for.
var indicators = []choice{{"late", "逾期办结"}, {"deemed", "视为受理"}, {"returned", "退回"}, {"further_corrections", "二次补正"}, {"revoked", "撤销"}}

func (s *pages) assessment(w http.ResponseWriter, r *http.Request) {
	who, _ := whoOf(r.Context())
	v := r.URL.Query()
	data := assessmentData{Tabs: s.supervisionTabs(r), From: v.Get("from"), To: v.Get("to"), Version: v.Get("weights_version"), Sets: who.May(access.SupervisionSet), Marks: indicators}
	var now supervision.Weights
	err := s.ask(r, http.MethodGet, "/v1/supervision/weights", nil, &now)
	var got struct {
		Weights supervision.Weights
		Scores  []supervision.Score
	}
	if err == nil {
		err = s.ask(r, http.MethodGet, "/v1/supervision/assessment"+query("from", data.From, "to", data.To, "weights_version", data.Version), nil, &got)
	}
	if no, ok := err.(*refusal); ok && no.Status == http.StatusUnprocessableEntity {
		data.Wrong, data.Weights = sortedTexts(no.Fields), now
		s.render(w, r, no.Status, "assessment", "考核", data)
		return
	}
	if err != nil {
		s.fail(w, r, err)
		return
	}
	data.Weights, data.Scores = got.Weights, got.Scores
	data.Versions = []choice{{"", "现行"}}
	for n := now.Version - 1; n >= 1; n-- {
		data.Versions = append(data.Versions, choice{strconv.FormatInt(n, 10), strconv.FormatInt(n, 10)})
	}
	s.render(w, r, statusOf(r), "assessment", "考核", data)
}

// weighed are new weights; what is no number counts nothing and fails the sum.
func weighed(f form) any {
	out := map[string]any{"version": 0}
	for _, i := range indicators {
		n, _ := strconv.ParseFloat(f.get(i.Value), 64)
		out[i.Value] = n
	}
	return out
}

// milestonesData are the goals of a division.
type milestonesData struct {
	Tabs     []tab
	Goals    []supervision.Goal
	Sets     bool
	Units    []choice
	Division string
	Today    string
}

func (s *pages) milestones(w http.ResponseWriter, r *http.Request) {
	who, _ := whoOf(r.Context())
	data := milestonesData{Tabs: s.supervisionTabs(r), Sets: who.May(access.SupervisionUrge), Division: who.Division, Today: s.day(s.Now())}
	for _, u := range s.Catalogue.Units {
		data.Units = append(data.Units, choice{u.Code, u.Name})
	}
	var got struct{ Milestones []supervision.Goal }
	if err := s.ask(r, http.MethodGet, "/v1/supervision/milestones", nil, &got); err != nil {
		s.fail(w, r, err)
		return
	}
	data.Goals = got.Milestones
	s.render(w, r, statusOf(r), "milestones", "工作目标", data)
}

// aimed is a goal, new or with the day it was reached.
func aimed(f form) any {
	out := map[string]any{}
	for _, name := range []string{"id", "division", "title", "unit", "person", "due", "done"} {
		if v := f.get(name); v != "" || name == "title" || name == "unit" || name == "person" || name == "due" {
			out[name] = v
		}
	}
	return out
}
