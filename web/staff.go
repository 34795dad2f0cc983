package web

import (
	"net/http"
	"strconv"
	"strings"

	"onewindow/access"
	"onewindow/casework/organisation"
)

func (s *pages) staffRoutes(mux *http.ServeMux) {
	mux.HandleFunc("GET /organisation/staff", s.allowed(access.OrganisationRead, s.staff))
	mux.HandleFunc("GET /organisation/staff/{id}", s.allowed(access.OrganisationRead, s.oneOfStaff))
	mux.HandleFunc("POST /organisation/staff/{id}", s.allowed(access.OrganisationManage, s.does(deed{method: http.MethodPut, path: named("/v1/staff/", "account"),
		page: s.oneOfStaff, back: always("/organisation/staff"), body: staffTyped})))
	mux.HandleFunc("POST /organisation/staff/{id}/relieve", s.allowed(access.OrganisationManage, s.does(deed{path: to("/v1/staff/", "/relieve"), page: s.oneOfStaff,
		back: always("/organisation/staff"), body: func(f form) any { return map[string]any{"reason": f.get("reason")} }})))
	mux.HandleFunc("GET /organisation/duty", s.allowed(access.OrganisationRead, s.duty))
}

// staffTyped is an appointment. All of it is in the form: what the form leaves out
// would be gone.
func staffTyped(f form) any {
	shift := organisation.Shift{From: f.get("shift_from"), To: f.get("shift_to")}
	for _, d := range f.Values["shift_day"] {
		if n, err := strconv.Atoi(d); err == nil {
			shift.Days = append(shift.Days, n)
		}
	}
	away, loans := []organisation.Period{}, []organisation.Loan{}
	for _, l := range f.lines("away") {
		from, until, _ := strings.Cut(l, " ")
		away = append(away, organisation.Period{From: from, Until: strings.TrimSpace(until)})
	}
	for _, l := range f.lines("loans") {
		words := append(strings.Fields(l), "", "", "")
		loans = append(loans, organisation.Loan{Hall: words[0], Period: organisation.Period{From: words[1], Until: words[2]}, Reason: strings.TrimSpace(strings.Join(words[3:], " "))})
	}
	return map[string]any{"name": f.get("name"), "telephone": f.get("telephone"), "division": f.get("division"), "roles": append([]string{}, f.Values["role"]...),
		"unit": f.get("unit"), "hall": f.get("hall"), "window": f.get("window"), "shift": shift, "from": f.get("from"), "until": f.get("until"), "loans": loans,
		"general_officer": f.ticked("general"), "specialist_of": f.lines("specialist_of"), "limited_to_items": f.ticked("limited"), "actions": f.lines("actions"),
		"deputy": f.get("deputy"), "away": away, "version": seen(f)}
}

// staffRow is one person's appointment.
type staffRow struct {
	organisation.Staff
	Division string
	State    string
	InForce  bool `json:"in_force"`
	Version  int64
	UnitName string `json:"-"`
}

type staffData struct {
	Tabs    []tab
	Staff   []staffRow
	Manages bool
	Gaps    []organisation.Vacancy
}

func (s *pages) staff(w http.ResponseWriter, r *http.Request) {
	who, _ := whoOf(r.Context())
	data := staffData{Tabs: organisationTabs(r), Manages: who.May(access.OrganisationManage)}
	if err := s.ask(r, http.MethodGet, "/v1/staff", nil, &data); err != nil {
		s.fail(w, r, err)
		return
	}
	for i := range data.Staff {
		data.Staff[i].UnitName = s.Catalogue.Name(data.Staff[i].Unit)
	}
	for _, division := range gapDivisions(who, data.Staff) {
		var got struct{ Gaps []organisation.Vacancy }
		if err := s.ask(r, http.MethodGet, "/v1/organisation/gaps"+query("division", division), nil, &got); err != nil {
			s.fail(w, r, err)
			return
		}
		data.Gaps = append(data.Gaps, got.Gaps...)
	}
	s.render(w, r, http.StatusOK, "staff", "人员", data)
}

// gapDivisions are the divisions whose vacancies are listed: the asker's own, else
// those that have staff at all.
func gapDivisions(who access.Who, staff []staffRow) []string {
	if who.Division != "" {
		return []string{who.Division}
	}
	var out []string
	for _, p := range staff {
		if p.Division != "" && !contains(out, p.Division) {
			out = append(out, p.Division)
		}
	}
	return out
}

// oneOfStaffData is one appointment with its form.
type oneOfStaffData struct {
	staffRow
	New                     bool
	Manages                 bool
	Units, Halls, Divisions []choice
	Positions               []string
	Days                    []choice
	Away, Loans             string
	Items, Rights           string
	Ticked, Shifts          []string
}

func (s *pages) oneOfStaff(w http.ResponseWriter, r *http.Request) {
	who, _ := whoOf(r.Context())
	data := oneOfStaffData{New: r.PathValue("id") == "new", Manages: who.May(access.OrganisationManage), Divisions: divisionChoices(s.Catalogue),
		Positions: organisation.Positions(), Units: []choice{{"", "—"}}, Halls: []choice{{"", "—"}},
		Days: []choice{{"1", "周一"}, {"2", "周二"}, {"3", "周三"}, {"4", "周四"}, {"5", "周五"}, {"6", "周六"}, {"7", "周日"}}}
	if !data.New {
		if err := s.ask(r, http.MethodGet, "/v1/staff/"+part(r.PathValue("id")), nil, &data.staffRow); err != nil {
			s.fail(w, r, err)
			return
		}
	}
	for _, u := range s.Catalogue.Units {
		data.Units = append(data.Units, choice{u.Code, u.Name})
	}
	halls, err := s.halls(r)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	data.Halls = append(data.Halls, halls...)
	data.spell(slipOf(r))
	s.render(w, r, statusOf(r), "staff-one", "人员", data)
}

// spell writes lists as lines, and the boxes that are ticked as they were sent.
func (d *oneOfStaffData) spell(again slip) {
	var away, loans []string
	for _, p := range d.Staff.Away {
		away = append(away, strings.TrimSpace(p.From+" "+p.Until))
	}
	for _, l := range d.Staff.Loans {
		loans = append(loans, strings.TrimSpace(strings.Join([]string{l.Hall, l.From, l.Until, l.Reason}, " ")))
	}
	d.Away, d.Loans = strings.Join(away, "\n"), strings.Join(loans, "\n")
	d.Items, d.Rights = strings.Join(d.Specialist, "\n"), strings.Join(d.Actions, "\n")
	d.Ticked = d.Roles
	for _, n := range d.Shift.Days {
		d.Shifts = append(d.Shifts, strconv.Itoa(n))
	}
	if again.Form != "" {
		d.Ticked, d.Shifts = again.Typed["role"], again.Typed["shift_day"]
	}
}

// dutyData is who is at a hall today.
type dutyData struct {
	Tabs  []tab
	Halls []choice
	Hall  string
	Duty  []organisation.Duty
}

func (s *pages) duty(w http.ResponseWriter, r *http.Request) {
	who, _ := whoOf(r.Context())
	data := dutyData{Tabs: organisationTabs(r), Hall: r.URL.Query().Get("hall")}
	var err error
	if data.Halls, err = s.halls(r); err != nil {
		s.fail(w, r, err)
		return
	}
	if data.Hall == "" {
		data.Hall = who.Hall
	}
	if data.Hall == "" && len(data.Halls) > 0 {
		data.Hall = data.Halls[0].Value
	}
	if err := s.ask(r, http.MethodGet, "/v1/duty"+query("hall", data.Hall), nil, &data); err != nil {
		s.fail(w, r, err)
		return
	}
	s.render(w, r, http.StatusOK, "duty", "值班表", data)
}
