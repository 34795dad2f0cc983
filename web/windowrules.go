package web

import (
	"net/http"
	"slices"
	"strconv"

	"onewindow/access"
	"onewindow/casework/cases"
	"onewindow/casework/organisation"
)

func (s *pages) ruleRoutes(mux *http.ServeMux) {
	mux.HandleFunc("GET /organisation/rules", s.allowed(access.OrganisationRead, s.rules))
	mux.HandleFunc("POST /organisation/rules", s.allowed(access.OrganisationManage, s.does(deed{method: http.MethodPut, path: always("/v1/window-rules"), page: s.rules,
		back: always("/organisation/rules"), body: rulesTyped})))
}

// rulesTyped are new rules; an article whose title and text are empty goes.
func rulesTyped(f form) any {
	out := map[string]any{"paper_reasons": append([]string{}, f.Values["paper_reason"]...), "version": seen(f)}
	for _, name := range []string{"complaint_workdays", "collect_workdays", "coordination_workdays", "kiosk_idle_seconds"} {
		n, _ := strconv.Atoi(f.get(name)) // 0 is refused with a word for people
		out[name] = n
	}
	articles := []organisation.Article{}
	for i, title := range f.Values["title"] {
		text := ""
		if i < len(f.Values["text"]) {
			text = f.Values["text"][i]
		}
		if title != "" || text != "" {
			articles = append(articles, organisation.Article{Title: title, Text: text})
		}
	}
	out["articles"] = articles
	return out
}

// rulesData are the rules in force, or those that were refused.
type rulesData struct {
	Tabs        []tab
	Rules       organisation.Rules
	OfficeHours []string
	Reasons     []choice
	Manages     bool
	Wrong       []string
}

func (s *pages) rules(w http.ResponseWriter, r *http.Request) {
	who, _ := whoOf(r.Context())
	data := rulesData{Tabs: organisationTabs(r), Manages: who.May(access.OrganisationManage)}
	var got struct {
		organisation.Rules
		OfficeHours []string `json:"office_hours"`
	}
	if err := s.ask(r, http.MethodGet, "/v1/window-rules", nil, &got); err != nil {
		s.fail(w, r, err)
		return
	}
	data.Rules, data.OfficeHours = got.Rules, got.OfficeHours
	for _, code := range sortedKeys(cases.PaperReasons) {
		data.Reasons = append(data.Reasons, choice{code, cases.PaperReasons[code]})
	}
	if again := slipOf(r); again.Form != "" {
		data.Rules.PaperReasons = again.Typed["paper_reason"]
		data.Wrong = sortedTexts(again.Wrong)
	}
	data.Rules.PaperReasons = slices.Clone(data.Rules.PaperReasons)
	s.render(w, r, statusOf(r), "rules", "窗口运行规则", data)
}
