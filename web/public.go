package web

import (
	"net/http"
	"slices"
	"strings"

	"onewindow/approval/catalogue"
)

func (s *pages) publicRoutes(mux *http.ServeMux) {
	mux.HandleFunc("GET /{$}", s.open(s.home))
	mux.HandleFunc("GET /guide", s.open(s.guide))
	mux.HandleFunc("GET /guide/{item}", s.open(s.guideItem))
	mux.HandleFunc("GET /v/{code}", s.open(s.verification))
	mux.HandleFunc("GET /v", s.open(s.verification))
	mux.HandleFunc("GET /about", s.open(s.about))
	mux.HandleFunc("GET /styleguide", s.open(s.styleguide))
	mux.HandleFunc("GET /login", s.open(s.loginForm))
	mux.HandleFunc("POST /login", s.login)
	mux.HandleFunc("POST /logout", s.logout)
	mux.HandleFunc("POST /preferences", s.prefer)
}

// home leads everybody to where they start.
func (s *pages) home(w http.ResponseWriter, r *http.Request) {
	if who, known := whoOf(r.Context()); known {
		http.Redirect(w, r, deskOf(who), http.StatusSeeOther)
		return
	}
	s.guide(w, r)
}

// guideData is what can be handled here (V1.1): four stages with their items.
type guideData struct {
	Stages  []stageView
	Search  string
	Type    string
	Types   []catalogue.ProjectType
	Found   int
	Version string
}

type stageView struct {
	catalogue.Stage
	Lead  string
	Items []itemView
}

type itemView struct {
	catalogue.Item
	UnitName string
}

func (s *pages) guide(w http.ResponseWriter, r *http.Request) {
	data := guideData{Search: strings.TrimSpace(r.URL.Query().Get("q")), Type: r.URL.Query().Get("type"),
		Types: s.Catalogue.ProjectTypes, Version: s.Catalogue.Version}
	for _, st := range s.Catalogue.Stages {
		view := stageView{Stage: st, Lead: s.Catalogue.Name(st.LeadUnit)}
		for _, it := range s.Catalogue.ItemsOf(st.Code, data.Type) {
			if item := s.itemView(it); s.matches(item, data.Search) {
				view.Items = append(view.Items, item)
				data.Found++
			}
		}
		data.Stages = append(data.Stages, view)
	}
	s.render(w, r, http.StatusOK, "guide", "可办理事项", data)
}

func (s *pages) itemView(it catalogue.Item) itemView {
	return itemView{it, s.Catalogue.Name(it.Unit)}
}

// matches looks for what somebody typed in the item's name, code, unit, results
// and materials.
func (s *pages) matches(it itemView, search string) bool {
	if search == "" {
		return true
	}
	words := []string{it.Name, it.Code, it.UnitName}
	for _, code := range it.Results {
		words = append(words, s.Catalogue.Name(code))
	}
	for _, e := range it.Checklist {
		m, _ := s.Catalogue.Material(e.Material)
		words = append(append(words, m.Name), m.Aliases...)
	}
	for _, w := range words {
		if strings.Contains(strings.ToLower(w), strings.ToLower(search)) {
			return true
		}
	}
	return false
}

// guideItemData is the guide to one item with its checklist.
type guideItemData struct {
	itemView
	StageName string
	KindText  string
	Types     []string
	Results   []string
	Needs     []needView
	Counts    map[string]int // by requirement
	MergedTo  string
	LegalDays int // 0 when the law gives none
	Gate      string
	Version   string
	Digest    string
}

// needView is one line of a checklist in words.
type needView struct {
	catalogue.Entry
	Name, Aliases, Source, Form, When string
	ByResult                          []string // results of earlier items that fill it without the applicant
}

func (s *pages) guideItem(w http.ResponseWriter, r *http.Request) {
	it, ok := s.Catalogue.Item(r.PathValue("item"))
	if !ok {
		s.problem(w, r, http.StatusNotFound, "没有这个办理事项")
		return
	}
	stage, _ := s.Catalogue.Stage(it.Stage)
	data := guideItemData{itemView: s.itemView(it), StageName: stage.Name, KindText: kindText[it.Kind], Counts: map[string]int{},
		MergedTo: s.Catalogue.Name(it.MergedInto), Gate: s.Catalogue.Name(it.Gate), Version: s.Catalogue.Version, Digest: shortDigest(s.Catalogue.Digest)}
	if it.Days.Legal != nil {
		data.LegalDays = *it.Days.Legal
	}
	for _, t := range s.Catalogue.ProjectTypes {
		if contains(it.Types, t.Code) {
			data.Types = append(data.Types, t.Name)
		}
	}
	for _, code := range it.Results {
		data.Results = append(data.Results, s.Catalogue.Name(code))
	}
	for _, requirement := range []string{catalogue.Required, catalogue.Conditional, catalogue.Optional} {
		for _, e := range it.Checklist {
			if e.Requirement == requirement {
				data.Needs = append(data.Needs, s.needView(e))
				data.Counts[requirement]++
			}
		}
	}
	s.render(w, r, http.StatusOK, "guide-item", it.Name, data)
}

func (s *pages) needView(e catalogue.Entry) needView {
	m, _ := s.Catalogue.Material(e.Material)
	v := needView{Entry: e, Name: m.Name, Aliases: strings.Join(m.Aliases, "、"), Source: sourceText[m.Source], Form: formText[e.Form],
		When: s.conditionText(e.When)}
	for _, code := range s.Catalogue.ResultTypesFor(e.Material) {
		if len(s.Catalogue.Producers(code)) > 0 {
			v.ByResult = append(v.ByResult, s.Catalogue.Name(code))
		}
	}
	return v
}

// conditionText says a condition of the catalogue in Chinese.
func (s *pages) conditionText(c *catalogue.Condition) string {
	if c == nil {
		return ""
	}
	text := " " + strings.NewReplacer("(", " （ ", ")", " ） ", "[", " ", "]", " ", ",", " 、 ").Replace(c.String()) + " "
	for _, p := range [][2]string{{" not in ", " 不属于 "}, {" in ", " 为 "}, {" and ", " 且 "}, {" or ", " 或 "}, {" not ", " 不 "}, {"==", " 为 "}, {"!=", " 不为 "}} {
		text = strings.ReplaceAll(text, p[0], p[1])
	}
	words := strings.Fields(text)
	for i, w := range words {
		if f, ok := s.Catalogue.Flag(w); ok {
			words[i] = f.Label
		} else if v := valueText[w]; v != "" {
			words[i] = v
		} else if name := s.projectType(w); name != "" {
			words[i] = name
		}
	}
	return strings.Join(words, "")
}

func (s *pages) projectType(code string) string {
	for _, t := range s.Catalogue.ProjectTypes {
		if t.Code == code {
			return t.Name
		}
	}
	return ""
}

func shortDigest(d string) string {
	d = strings.TrimPrefix(d, "sha256-")
	return d[:min(8, len(d))]
}

// Words for codes of the catalogue.
var (
	kindText = map[string]string{"approval": "行政许可/审批", "filing": "备案", "tech_review": "技术审查",
		"public_service": "公共服务（市政公用）", "registration": "登记", "acceptance": "验收"}
	sourceText = map[string]string{"applicant": "申请单位自备", "form": "系统表单生成", "third_party": "第三方出具",
		"result": "前序事项审批成果", "external": "其他部门证照（可共享）"}
	formText  = map[string]string{"original": "原件", "copy": "复印件", "either": "原件或复印件", "electronic": "电子件"}
	valueText = map[string]string{"transfer": "出让", "allocation": "划拨", "existing": "已有用地", "none": "无", "registration": "登记表",
		"report_form": "报告表", "report_book": "报告书", "build": "修建", "relocate": "易地建设"}
)

// aboutData is the help page.
type aboutData struct {
	Contact Contact
	Units   []catalogue.Unit
}

func (s *pages) about(w http.ResponseWriter, r *http.Request) {
	s.render(w, r, http.StatusOK, "about", "帮助", aboutData{s.Contact, s.Catalogue.Units})
}

// styleguide shows every part that pages are made of.
func (s *pages) styleguide(w http.ResponseWriter, r *http.Request) {
	names := make([]string, 0, len(icons))
	for name := range icons {
		names = append(names, name)
	}
	slices.Sort(names)
	s.render(w, r, http.StatusOK, "styleguide", "界面规范", names)
}
