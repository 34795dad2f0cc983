package web

import (
	"net/http"
	"slices"
	"strconv"

	"onewindow/access"
	"onewindow/casework/learning"
)

// learningRoutes train, judge and choose models of document types, and set
// thresholds with their precision and coverage beside them.
func (s *pages) learningRoutes(mux *http.ServeMux) {
	back := always("/admin/learning")
	act := func(path func(*http.Request) string) http.HandlerFunc {
		return s.allowed(access.LearningManage, s.does(deed{path: path, back: back, page: s.learning}))
	}
	of := func(action string) func(*http.Request) string {
		return func(r *http.Request) string {
			return "/v1/learning/models/" + part(r.PathValue("version")) + "/" + action
		}
	}
	mux.HandleFunc("GET /admin/learning", s.allowed(access.LearningManage, s.learning))
	mux.HandleFunc("POST /admin/learning/models", act(always("/v1/learning/models")))
	mux.HandleFunc("POST /admin/learning/models/{version}/evaluate", act(of("evaluate")))
	mux.HandleFunc("POST /admin/learning/models/{version}/promote", act(of("promote")))
	mux.HandleFunc("POST /admin/learning/rollback", act(always("/v1/learning/rollback")))
	mux.HandleFunc("POST /admin/learning/measure", act(always("/v1/learning/measure")))
	mux.HandleFunc("POST /admin/learning/thresholds", s.allowed(access.LearningManage, s.does(deed{method: http.MethodPut, back: back, page: s.learning,
		path: func(r *http.Request) string { return "/v1/learning/thresholds/" + part(r.PostFormValue("code")) },
		body: func(f form) any {
			x, err := strconv.ParseFloat(f.get("threshold"), 64)
			if err != nil && f.get("threshold") != "" {
				x = -1 // is refused with a word for people
			}
			return map[string]any{"threshold": x}
		}})))
}

// learningData is the state of learning with the types that may be given thresholds.
type learningData struct {
	learning.State
	Rows  []learning.TypeMarks // measured types, and those with a threshold of their own
	Codes []choice
}

func (s *pages) learning(w http.ResponseWriter, r *http.Request) {
	var data learningData
	if err := s.ask(r, http.MethodGet, "/v1/learning", nil, &data.State); err != nil {
		s.fail(w, r, err)
		return
	}
	data.Rows, data.Codes = s.typeRows(data.State), s.typeChoices()
	s.render(w, r, statusOf(r), "learning", "识别与学习", data)
}

// typeRows are the types that were measured, and those with a threshold of their own.
func (s *pages) typeRows(state learning.State) []learning.TypeMarks {
	var rows []learning.TypeMarks
	if state.Types != nil {
		rows = slices.Clone(state.Types.Types)
	}
	for _, code := range sortedKeys(state.Thresholds) {
		if !slices.ContainsFunc(rows, func(m learning.TypeMarks) bool { return m.Code == code }) {
			rows = append(rows, learning.TypeMarks{Code: code, Name: s.nameOr(code)})
		}
	}
	for i, row := range rows {
		rows[i].Threshold = max(learning.LeastThreshold, state.Thresholds[row.Code])
	}
	return rows
}

// typeChoices are all types that a document may have.
func (s *pages) typeChoices() []choice {
	out := []choice{{"", "请选择"}}
	for _, t := range s.Catalogue.ResultTypes {
		out = append(out, choice{t.Code, t.Name})
	}
	for _, m := range s.Catalogue.Materials {
		if len(m.AnyOf) == 0 {
			out = append(out, choice{m.Code, m.Name})
		}
	}
	return out
}
