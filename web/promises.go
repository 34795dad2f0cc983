package web

import (
	"net/http"
	"slices"
	"strconv"

	"onewindow/access"
	"onewindow/approval"
	"onewindow/casework/promises"
)

// promiseRoutes follow up what applicants promised to supply later (P3.7): 告知承诺
// and 容缺.
func (s *pages) promiseRoutes(mux *http.ServeMux) {
	back := func(r *http.Request) string { return "/promises/" + part(r.PathValue("id")) }
	mux.HandleFunc("GET /promises", s.allowed(access.CaseRead, s.promises))
	mux.HandleFunc("GET /promises/{id}", s.allowed(access.CaseRead, s.promised))
	for action, body := range map[string]func(f form) any{
		"extend": func(f form) any {
			days, _ := strconv.Atoi(f.get("days")) // 0 is refused with a word for people
			return map[string]any{"days": days, "reason": f.get("reason")}
		},
		"break":  func(f form) any { return map[string]any{"reason": f.get("reason"), "revoke": f.ticked("revoke")} },
		"repair": func(f form) any { return map[string]any{"reason": f.get("reason")} },
	} {
		mux.HandleFunc("POST /promises/{id}/"+action, s.allowed(access.ItemDecide,
			s.does(deed{path: to("/v1/promises/", "/"+action), back: back, page: s.promised, body: body})))
	}
}

// promiseRow is one material that is owed.
type promiseRow struct {
	registerEntry
	Promise                             promises.Promise `json:"promise"`
	ItemName, KindName, StateText, Kind string           `json:"-"`
}

// promiseStates are the states in the order of the work they make, as people read
// them, and their lamps.
var promiseStates = []struct{ state, text, kind string }{
	{promises.Overdue, "逾期未补", "bad"}, {promises.Made, "待补交", "warn"}, {promises.Broken, "未履行", "bad"},
	{promises.Kept, "已补齐", "good"}, {promises.Repaired, "已修复", "good"}, {promises.Lapsed, "事项终止", ""},
}

func (s *pages) namePromise(row *promiseRow) {
	row.ItemName = s.nameOr(row.Promise.Item)
	row.KindName = map[approval.Source]string{approval.SourceCommitment: "告知承诺", approval.SourceTolerance: "容缺"}[row.Promise.Source]
	for _, st := range promiseStates {
		if st.state == row.State {
			row.StateText, row.Kind = st.text, st.kind
		}
	}
}

type promisesData struct {
	Rows []promiseRow
	Tabs []tab
}

// promises lists those of one state, at first the overdue ones, or what is owed when
// none is.
func (s *pages) promises(w http.ResponseWriter, r *http.Request) {
	var got struct{ Promises []promiseRow }
	if err := s.ask(r, http.MethodGet, "/v1/promises"+query("limit", listed), nil, &got); err != nil {
		s.fail(w, r, err)
		return
	}
	counts := map[string]int{}
	for i := range got.Promises {
		s.namePromise(&got.Promises[i])
		counts[got.Promises[i].State]++
	}
	asked := r.URL.Query().Get("state")
	if asked == "" {
		asked = promises.Made
		if counts[promises.Overdue] > 0 {
			asked = promises.Overdue
		}
	}
	var data promisesData
	for _, st := range promiseStates {
		data.Tabs = append(data.Tabs, tab{Text: st.text, Path: address("/promises", "state", st.state), Current: st.state == asked, Count: counts[st.state], Counted: true})
	}
	for _, row := range got.Promises {
		if row.State == asked {
			data.Rows = append(data.Rows, row)
		}
	}
	slices.SortStableFunc(data.Rows, func(a, b promiseRow) int { return a.Due.Compare(b.Due) }) // nothing is due in states without a deadline
	s.render(w, r, http.StatusOK, "promises", "承诺与容缺", data)
}

type promiseData struct {
	promiseRow
	Extends, Breaks, Repairs bool
}

func (s *pages) promised(w http.ResponseWriter, r *http.Request) {
	var row promiseRow
	if err := s.ask(r, http.MethodGet, "/v1/promises/"+part(r.PathValue("id")), nil, &row); err != nil {
		s.fail(w, r, err)
		return
	}
	s.namePromise(&row)
	who, _ := whoOf(r.Context())
	decides := who.May(access.ItemDecide) && who.Unit == row.Unit
	s.render(w, r, statusOf(r), "promise", "承诺与容缺", promiseData{row,
		decides && row.Promise.Extra == 0 && (row.State == promises.Made || row.State == promises.Overdue),
		decides && row.State == promises.Overdue, decides && row.State == promises.Broken})
}
