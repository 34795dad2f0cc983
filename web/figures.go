package web

import (
	"fmt"
	"net/http"
	"slices"
	"time"

	"onewindow/access"
	"onewindow/approval"
	"onewindow/casework/supervision"
	"onewindow/storage"
)

func (s *pages) supervisionRoutes(mux *http.ServeMux) {
	mux.HandleFunc("GET /supervision", s.allowed(access.MetricsRead, s.supervision))
	mux.HandleFunc("GET /supervision/figures", s.allowed(access.SupervisionCount, s.figures))
	mux.HandleFunc("GET /supervision/clocks", s.allowed(access.SupervisionRead, s.clocks))
	mux.HandleFunc("POST /supervision/urges", s.allowed(access.SupervisionUrge, s.does(deed{path: always("/v1/supervision/urges"), page: s.clocks,
		back: always("/supervision/clocks?light=red"), body: func(f form) any {
			return map[string]any{"case_item": f.get("case_item"), "text": f.get("text")}
		}})))
	mux.HandleFunc("GET /supervision/assessment", s.allowed(access.SupervisionRead, s.assessment))
	mux.HandleFunc("POST /supervision/weights", s.allowed(access.SupervisionSet, s.does(deed{method: http.MethodPut, path: always("/v1/supervision/weights"),
		page: s.assessment, back: always("/supervision/assessment"), body: weighed})))
	mux.HandleFunc("GET /supervision/milestones", s.allowed(access.SupervisionRead, s.milestones))
	mux.HandleFunc("POST /supervision/milestones", s.allowed(access.SupervisionUrge, s.does(deed{path: always("/v1/supervision/milestones"), page: s.milestones,
		back: always("/supervision/milestones"), body: aimed})))
}

// supervisionTabs lead between the supervisor's pages that somebody may open.
func (s *pages) supervisionTabs(r *http.Request) []tab {
	who, _ := whoOf(r.Context())
	var out []tab
	for _, t := range []struct {
		path, text string
		action     access.Action
	}{{"/supervision", "总览", access.MetricsRead}, {"/supervision/figures", "统计与趋势", access.SupervisionCount}, {"/supervision/clocks", "时限与督办", access.SupervisionRead},
		{"/supervision/assessment", "考核", access.SupervisionRead}, {"/supervision/milestones", "工作目标", access.SupervisionRead}} {
		if who.May(t.action) {
			out = append(out, tab{Text: t.text, Path: t.path, Current: r.URL.Path == t.path})
		}
	}
	return out
}

// dimensions are what figures are counted by, as people say it.
var dimensions = []choice{{string(storage.ByUnit), "业务单位"}, {string(storage.ByStage), "审批阶段"}, {string(storage.ByItem), "事项"}, {string(storage.ByDivision), "行政区划"},
	{string(storage.ByChannel), "渠道"}, {string(storage.ByHall), "政务大厅"}, {string(storage.ByWindow), "窗口"}, {string(storage.ByOfficer), "经办人"}}

// orders are what a ranking goes by; the keys are read by the chart.
var orders = []choice{{"completed", "办结数"}, {"average_workdays", "平均工作日"}, {"overdue", "逾期数"}, {"received", "接件数"}}

// figuresData are figures of a period by one dimension, how they went week by week,
// and when cases come in.
type figuresData struct {
	Tabs       []tab
	By, Order  string
	From, To   string
	Division   string
	Dimensions []choice
	Orders     []choice
	Divisions  []choice
	Fixed      bool // the asker sees one division only
	Lines      []supervision.Figures
	Weeks      []weekFigures
	Heat       []heatRow
	Hours      []int
	Asked      []askedRow // consultations of both windows
	Export     string     // the query of the report
	Drill      string     // where a line leads, "" nowhere
	Wrong      []string
}

// weekFigures are the figures of seven days. The keys are read by the chart.
type weekFigures struct {
	Week      string `json:"week"` // its first day
	Received  int    `json:"received"`
	Completed int    `json:"completed"`
	Late      int    `json:"overdue"`
}

// weeks is how many are shown in the trend.
const weeks = 10

// heatRow is how many cases one window took in during each hour of the day.
type heatRow struct {
	Name  string `json:"name"`
	Cases []int  `json:"cases"`
	Total int    `json:"-"`
}

// The hours that a day's work may lie in.
const firstHour, lastHour = 7, 20

func (s *pages) figures(w http.ResponseWriter, r *http.Request) {
	who, _ := whoOf(r.Context())
	v := r.URL.Query()
	data := figuresData{Tabs: s.supervisionTabs(r), By: v.Get("by"), Order: v.Get("order"), From: v.Get("from"), To: v.Get("to"), Division: v.Get("division"),
		Dimensions: dimensions, Orders: orders, Divisions: divisionChoices(s.Catalogue), Fixed: who.Division != "" && !who.Has(access.Province)}
	data.Divisions[0] = choice{"", "全部"}
	if data.By == "" {
		data.By = string(storage.ByUnit)
	}
	if data.Order == "" {
		data.Order = orders[0].Value
	}
	if !who.May(access.SupervisionRead) { // counts without names
		data.Dimensions = slices.DeleteFunc(slices.Clone(dimensions), func(c choice) bool { return c.Value == string(storage.ByOfficer) })
	}
	data.Export = query("by", data.By, "division", data.Division, "from", data.From, "to", data.To)
	if who.May(access.SupervisionRead) && data.By == string(storage.ByUnit) {
		data.Drill = "/supervision/clocks?unit="
	}
	var got struct{ Lines []supervision.Figures }
	err := s.ask(r, http.MethodGet, "/v1/supervision/figures"+data.Export, nil, &got)
	if s.filterWrong(w, r, err, &data) {
		return
	}
	data.Lines = got.Lines
	slices.SortStableFunc(data.Lines, func(a, b supervision.Figures) int { return rank(b, data.Order) - rank(a, data.Order) })
	if err := s.trend(r, &data); err != nil {
		s.fail(w, r, err)
		return
	}
	if err := s.heat(r, &data); err != nil {
		s.fail(w, r, err)
		return
	}
	if data.Asked, err = s.asked(r, data); err != nil {
		s.fail(w, r, err)
		return
	}
	s.render(w, r, http.StatusOK, "figures", "统计与趋势", data)
}

// askedRow is the consultations of one of the two windows.
type askedRow struct{ supervision.Consultations }

// Name is the window in words.
func (a askedRow) Name() string {
	if a.Channel == approval.ChannelPhysical {
		return "实体窗口"
	}
	return "虚拟窗口"
}

// asked counts the consultations of the period.
func (s *pages) asked(r *http.Request, data figuresData) ([]askedRow, error) {
	var got struct{ Channels []askedRow }
	err := s.ask(r, http.MethodGet, "/v1/supervision/consultations"+query("division", data.Division, "from", data.From, "to", data.To), nil, &got)
	return got.Channels, err
}

// filterWrong shows a filter that was refused beside its form; it reports whether
// it has answered.
func (s *pages) filterWrong(w http.ResponseWriter, r *http.Request, err error, data *figuresData) bool {
	if err == nil {
		return false
	}
	no, ok := err.(*refusal)
	if !ok || no.Status != http.StatusUnprocessableEntity {
		s.fail(w, r, err)
		return true
	}
	data.Wrong = sortedTexts(no.Fields)
	s.render(w, r, http.StatusUnprocessableEntity, "figures", "统计与趋势", *data)
	return true
}

// rank is what a line is ordered by; averages to a hundredth of a day.
func rank(f supervision.Figures, order string) int {
	switch order {
	case "average_workdays":
		return int(f.Average * 100)
	case "overdue":
		return f.Late
	case "received":
		return f.Received
	}
	return f.Completed
}

// trend asks for each of the last weeks, the running one last.
func (s *pages) trend(r *http.Request, data *figuresData) error {
	today := s.Now().In(shanghai)
	monday := today.AddDate(0, 0, -(int(today.Weekday())+6)%7)
	for i := weeks - 1; i >= 0; i-- {
		from := monday.AddDate(0, 0, -7*i)
		var got struct{ Lines []supervision.Figures }
		if err := s.ask(r, http.MethodGet, "/v1/supervision/figures"+query("division", data.Division, "from", from.Format(time.DateOnly),
			"to", from.AddDate(0, 0, 6).Format(time.DateOnly)), nil, &got); err != nil {
			return err
		}
		week := weekFigures{Week: from.Format("1月2日")}
		for _, l := range got.Lines {
			week.Received, week.Completed, week.Late = week.Received+l.Received, week.Completed+l.Completed, week.Late+l.Late
		}
		data.Weeks = append(data.Weeks, week)
	}
	return nil
}

// heat counts the intake of each window by hour; what came over the net is one row.
func (s *pages) heat(r *http.Request, data *figuresData) error {
	var got struct{ Hours []storage.HourCount }
	if err := s.ask(r, http.MethodGet, "/v1/supervision/capacity"+query("division", data.Division, "from", data.From, "to", data.To), nil, &got); err != nil {
		return err
	}
	for h := firstHour; h <= lastHour; h++ {
		data.Hours = append(data.Hours, h)
	}
	rows := map[string]*heatRow{}
	for _, c := range got.Hours {
		name := "网上申报"
		if c.Hall != "" {
			name = fmt.Sprintf("%s %s", c.Hall, c.Window)
		}
		if rows[name] == nil {
			rows[name] = &heatRow{Name: name, Cases: make([]int, len(data.Hours))}
		}
		at := min(max(c.Hour, firstHour), lastHour) - firstHour // the ends hold what came before and after
		rows[name].Cases[at] += c.Cases
		rows[name].Total += c.Cases
	}
	for _, row := range rows {
		data.Heat = append(data.Heat, *row)
	}
	slices.SortFunc(data.Heat, func(a, b heatRow) int { return b.Total - a.Total })
	return nil
}
