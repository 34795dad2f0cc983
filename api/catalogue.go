package api

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"onewindow/approval"
	"onewindow/approval/catalogue"
	"onewindow/casework"
	"onewindow/casework/cases"
	"onewindow/storage"
)

// catalogueRoutes are open to all: what there is to apply for, where, with what
// and by which rules is published (V1.1).
func (s *Server) catalogueRoutes(api huma.API) {
	open(api, http.MethodGet, "/v1/catalogue", "catalogue", "事项目录：四个阶段、项目类型、业务单位", try(s, s.catalogue))
	open(api, http.MethodGet, "/v1/catalogue/items", "catalogue-items", "办理事项", try(s, s.catalogueItems))
	open(api, http.MethodGet, "/v1/catalogue/items/{code}", "catalogue-item", "办理事项的办事指南、受理材料清单和常见问题", try(s, s.catalogueItem))
	open(api, http.MethodGet, "/v1/catalogue/checklist", "catalogue-checklist", "所选事项合并后的统一受理材料清单", try(s, s.catalogueChecklist))
	open(api, http.MethodGet, "/v1/catalogue/faq", "catalogue-faq", "常见问题，可检索", try(s, s.catalogueFAQ))
	open(api, http.MethodGet, "/v1/catalogue/contacts", "catalogue-contacts", "牵头单位和服务专员", try(s, s.catalogueContacts))
	open(api, http.MethodGet, "/v1/catalogue/versions", "catalogue-versions", "目录的各个版本", try(s, s.catalogueVersions))
	open(api, http.MethodGet, "/v1/catalogue/diff", "catalogue-diff", "两个版本之间的变化", try(s, s.catalogueDiff))
}

// EditionQuery chooses a version and a division.
type EditionQuery struct {
	Version  string `query:"version" doc:"目录版本；默认现行版本"`
	Division string `query:"division" doc:"项目属地，行政区划代码：按当地的承诺时限和职责"`
}

// edition returns the catalogue asked for. Errors: storage.ErrNotFound,
// *casework.Invalid.
func (s *Server) edition(q EditionQuery) (*catalogue.Catalogue, error) {
	c := s.Office.Edition("", "")
	if q.Version != "" {
		if c = s.Office.Edition(q.Version, ""); c.Version != q.Version {
			return nil, storage.ErrNotFound
		}
	}
	if _, _, ok := c.Division(q.Division); q.Division != "" && !ok {
		return nil, &casework.Invalid{Fields: map[string]string{"division": "没有这个行政区划代码"}}
	}
	return c.For(q.Division), nil
}

// EditionMark says which version an answer is from: a printed checklist must be
// told apart from a later one (P1.2).
type EditionMark struct {
	Version   string `json:"version"`
	Effective string `json:"effective_from"`
}

func markOf(c *catalogue.Catalogue) EditionMark {
	return EditionMark{Version: c.Version, Effective: c.Effective}
}

type stageView struct {
	catalogue.Stage
	LeadName string `json:"lead_unit_name"`
	Items    int    `json:"items"`
}

type catalogueBody struct {
	Body struct {
		Version   string                  `json:"version"`
		Effective string                  `json:"effective_from"`
		Digest    string                  `json:"digest"`
		Rules     string                  `json:"rules" doc:"规则依据"`
		Stages    []stageView             `json:"stages"`
		Types     []catalogue.ProjectType `json:"project_types"`
		Units     []catalogue.Unit        `json:"units"`
		Questions []catalogue.Flag        `json:"questions" doc:"申请表单的问题"`
		Bases     []catalogue.LegalBasis  `json:"bases"`
	}
}

type catalogueInput struct{ EditionQuery }

func (s *Server) catalogue(_ context.Context, in *catalogueInput) (*catalogueBody, error) {
	c, err := s.edition(in.EditionQuery)
	if err != nil {
		return nil, err
	}
	out := &catalogueBody{}
	b := &out.Body
	b.Version, b.Effective, b.Digest, b.Types, b.Units, b.Questions, b.Bases = c.Version, c.Effective, c.Digest, c.ProjectTypes, c.Units, c.Flags, c.LegalBases
	if rule, ok := c.Basis("guideline"); ok {
		b.Rules = rule.Name
	}
	for _, st := range c.Stages {
		b.Stages = append(b.Stages, stageView{Stage: st, LeadName: c.Name(st.LeadUnit), Items: len(c.ItemsOf(st.Code, ""))})
	}
	return out, nil
}

// ItemBrief is an item in a list.
type ItemBrief struct {
	Code       string   `json:"code"`
	Name       string   `json:"name"`
	Kind       string   `json:"kind" doc:"approval、filing、tech_review、public_service、registration、acceptance"`
	Stage      string   `json:"stage"`
	StageName  string   `json:"stage_name"`
	Unit       string   `json:"unit"`
	UnitName   string   `json:"unit_name"`
	Legal      *int     `json:"legal_days,omitempty" doc:"法定时限，工作日"`
	Promise    int      `json:"promised_days" doc:"承诺时限，工作日"`
	Types      []string `json:"project_types"`
	Parallel   bool     `json:"parallel" doc:"可在任何阶段并行推进"`
	Commitment bool     `json:"commitment" doc:"适用告知承诺制"`
	Printable  bool     `json:"printable" doc:"成果可自主打印"`
}

func briefOf(c *catalogue.Catalogue, it catalogue.Item) ItemBrief {
	return ItemBrief{Code: it.Code, Name: it.Name, Kind: it.Kind, Stage: it.Stage, StageName: c.Name(it.Stage), Unit: it.Unit, UnitName: c.Name(it.Unit),
		Legal: it.Days.Legal, Promise: it.Days.Promise, Types: it.Types, Parallel: it.Scope == "parallel", Commitment: it.Commitment, Printable: it.Printable}
}

type catalogueItemsInput struct {
	EditionQuery
	Stage string `query:"stage" doc:"审批阶段，S1…S4"`
	Type  string `query:"project_type"`
	Unit  string `query:"unit"`
	Query string `query:"q" doc:"名称、单位或成果中的字词"`
}

type catalogueItemsBody struct {
	Body struct {
		EditionMark
		Items []ItemBrief `json:"items"`
	}
}

func (s *Server) catalogueItems(_ context.Context, in *catalogueItemsInput) (*catalogueItemsBody, error) {
	c, err := s.edition(in.EditionQuery)
	if err != nil {
		return nil, err
	}
	out := &catalogueItemsBody{}
	out.Body.EditionMark, out.Body.Items = markOf(c), []ItemBrief{}
	for _, it := range c.ItemsOf(in.Stage, in.Type) {
		text := it.Code + it.Name + c.Name(it.Unit)
		for _, r := range it.Results {
			text += c.Name(r)
		}
		if (in.Unit == "" || it.Unit == in.Unit) && strings.Contains(strings.ToLower(text), strings.ToLower(strings.TrimSpace(in.Query))) {
			out.Body.Items = append(out.Body.Items, briefOf(c, it))
		}
	}
	return out, nil
}

// publishedEntry is a line of a published checklist.
type publishedEntry struct {
	catalogue.Entry
	Name     string   `json:"name"`
	Source   string   `json:"source" doc:"applicant 自备、form 表单生成、third_party 第三方出具、result 前序审批成果、external 其他部门证照"`
	AnyOf    []string `json:"any_of,omitempty" doc:"任交其一"`
	Provided bool     `json:"provided" doc:"本系统办出的成果：已有的自动取用，不必提交"`
}

type catalogueItemBody struct {
	Body struct {
		EditionMark
		ItemBrief
		Guide     catalogue.Guide      `json:"guide"`
		Checklist []publishedEntry     `json:"checklist"`
		Results   []string             `json:"results"`
		Questions []catalogue.Question `json:"faq"`
		Officer   *catalogue.Officer   `json:"specialist_officer,omitempty"`
	}
}

type catalogueItemInput struct {
	EditionQuery
	Code string `path:"code" doc:"办理事项编码"`
}

func (s *Server) catalogueItem(_ context.Context, in *catalogueItemInput) (*catalogueItemBody, error) {
	c, err := s.edition(in.EditionQuery)
	if err != nil {
		return nil, err
	}
	it, ok := c.Item(in.Code)
	if !ok {
		return nil, storage.ErrNotFound
	}
	out := &catalogueItemBody{}
	b := &out.Body
	b.EditionMark, b.ItemBrief, b.Guide, b.Questions = markOf(c), briefOf(c, it), c.Guide(it.Code), c.QuestionsOn("", it.Code)
	for _, e := range it.Checklist {
		m, _ := c.Material(e.Material)
		p := publishedEntry{Entry: e, Name: m.Name, Source: m.Source}
		for _, part := range m.AnyOf {
			p.AnyOf = append(p.AnyOf, c.Name(part))
		}
		for _, r := range c.ResultTypesFor(e.Material) {
			p.Provided = p.Provided || len(c.Producers(r)) > 0
		}
		b.Checklist = append(b.Checklist, p)
	}
	for _, r := range it.Results {
		b.Results = append(b.Results, c.Name(r))
	}
	if who, ok := c.Specialists[it.Code]; ok {
		b.Officer = &who
	}
	return out, nil
}

type catalogueChecklistInput struct {
	EditionQuery
	Items   []string `query:"items" required:"true" doc:"办理事项编码，逗号分开"`
	Type    string   `query:"project_type"`
	Answers []string `query:"answers" doc:"申请表单的回答，如 needs_new_land:true,land_mode:transfer"`
}

type catalogueChecklistBody struct {
	Body struct {
		EditionMark
		Entries   []cases.ChecklistEntry `json:"entries"`
		Questions []string               `json:"questions" doc:"还需回答才能确定的问题"`
	}
}

func (s *Server) catalogueChecklist(_ context.Context, in *catalogueChecklistInput) (*catalogueChecklistBody, error) {
	c, err := s.edition(in.EditionQuery)
	if err != nil {
		return nil, err
	}
	answers, wrong := map[string]string{}, map[string]string{}
	for _, pair := range in.Answers {
		key, value, _ := strings.Cut(pair, ":")
		if _, ok := c.Flag(key); !ok {
			wrong["answers."+key] = "申请表中没有这个问题"
		}
		answers[key] = value
	}
	if in.Type != "" {
		answers["project_type"] = in.Type
	}
	for _, code := range in.Items {
		if _, ok := c.Item(code); !ok {
			wrong["items."+code] = "没有这个办理事项"
		}
	}
	if len(wrong) > 0 {
		return nil, &casework.Invalid{Fields: wrong}
	}
	list, err := s.Office.Blank(c, in.Items, answers)
	if err != nil {
		return nil, err
	}
	out := &catalogueChecklistBody{}
	out.Body.EditionMark, out.Body.Entries, out.Body.Questions = markOf(c), list.Entries, list.Unasked
	return out, nil
}

type catalogueFAQInput struct {
	EditionQuery
	Query string `query:"q" maxLength:"100" doc:"要找的字词"`
	Stage string `query:"stage"`
	Item  string `query:"item"`
}

type catalogueFAQBody struct {
	Body struct {
		EditionMark
		Questions []catalogue.Question `json:"faq"`
	}
}

func (s *Server) catalogueFAQ(_ context.Context, in *catalogueFAQInput) (*catalogueFAQBody, error) {
	c, err := s.edition(in.EditionQuery)
	if err != nil {
		return nil, err
	}
	out := &catalogueFAQBody{}
	out.Body.EditionMark = markOf(c)
	out.Body.Questions = append([]catalogue.Question{}, c.Search(in.Query, c.QuestionsOn(in.Stage, in.Item))...)
	return out, nil
}

// contactLine is who answers for a unit or an item.
type contactLine struct {
	Code    string            `json:"code"`
	Name    string            `json:"name"`
	Officer catalogue.Officer `json:"officer"`
}

type contactsBody struct {
	Body struct {
		EditionMark
		LeadUnit    string        `json:"lead_unit" doc:"改革工作牵头单位"`
		LeadName    string        `json:"lead_unit_name"`
		Stages      []stageView   `json:"stages"`
		General     []contactLine `json:"general_officers" doc:"综合服务专员"`
		Specialists []contactLine `json:"specialist_officers" doc:"专业服务专员"`
		Gaps        []string      `json:"gaps" doc:"尚未确定的"`
	}
}

func (s *Server) catalogueContacts(_ context.Context, in *catalogueInput) (*contactsBody, error) {
	c, err := s.edition(in.EditionQuery)
	if err != nil {
		return nil, err
	}
	out := &contactsBody{}
	b := &out.Body
	b.EditionMark, b.LeadUnit, b.LeadName, b.Gaps = markOf(c), c.LeadUnit, c.Name(c.LeadUnit), append([]string{}, c.Gaps()...)
	b.General, b.Specialists = []contactLine{}, []contactLine{}
	for _, st := range c.Stages {
		b.Stages = append(b.Stages, stageView{Stage: st, LeadName: c.Name(st.LeadUnit), Items: len(c.ItemsOf(st.Code, ""))})
	}
	for _, u := range c.Units {
		if who, ok := c.General[u.Code]; ok {
			b.General = append(b.General, contactLine{u.Code, u.Name, who})
		}
	}
	for _, it := range c.Items {
		if who, ok := c.Specialists[it.Code]; ok {
			b.Specialists = append(b.Specialists, contactLine{it.Code, it.Name, who})
		}
	}
	return out, nil
}

type versionView struct {
	EditionMark
	Digest  string `json:"digest"`
	Current bool   `json:"current"`
}

type versionsBody struct {
	Body struct {
		Versions []versionView `json:"versions"`
	}
}

func (s *Server) catalogueVersions(context.Context, *struct{}) (*versionsBody, error) {
	current := s.Office.Edition("", "")
	all := []*catalogue.Catalogue{current}
	if s.Office.Library != nil {
		all = s.Office.Library.All()
	}
	out := &versionsBody{}
	for _, c := range all {
		out.Body.Versions = append(out.Body.Versions, versionView{EditionMark: markOf(c), Digest: c.Digest, Current: c.Version == current.Version})
	}
	slices.Reverse(out.Body.Versions) // the newest first
	return out, nil
}

type diffInput struct {
	From string `query:"from" required:"true"`
	To   string `query:"to" doc:"默认现行版本"`
}

type diffBody struct {
	Body struct {
		From    string             `json:"from"`
		To      string             `json:"to"`
		Changes []catalogue.Change `json:"changes"`
	}
}

func (s *Server) catalogueDiff(_ context.Context, in *diffInput) (*diffBody, error) {
	from, err := s.edition(EditionQuery{Version: in.From})
	if err != nil {
		return nil, err
	}
	to, err := s.edition(EditionQuery{Version: in.To})
	if err != nil {
		return nil, err
	}
	out := &diffBody{}
	out.Body.From, out.Body.To, out.Body.Changes = from.Version, to.Version, catalogue.Diff(from, to)
	return out, nil
}

// nameIn names a code as the case's own version does, else as today's.
func (s *Server) nameIn(it approval.CaseItem, code string) string {
	if name := s.Office.Edition(it.Edition, it.Division).Name(code); name != "" {
		return name
	}
	return s.Office.Catalogue.Name(code)
}
