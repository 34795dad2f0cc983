package api

import (
	"cmp"
	"mime"
	"net/http"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"onewindow/approval/calendar"
	"onewindow/approval/catalogue"
	"onewindow/approval/notice"
	"onewindow/casework"
	"onewindow/casework/cases"
)

// handoutRoutes adds what the counter hands out on paper (P1.2). It is open, as
// what it prints is.
func (s *Server) handoutRoutes(api huma.API, mux *http.ServeMux) {
	op := &huma.Operation{OperationID: "catalogue-handout", Method: http.MethodGet, Path: "/v1/catalogue/handout",
		Summary: "打印统一受理材料清单及办事指南（A4，与公布的版本一致）", Responses: map[string]*huma.Response{"200": binary("清单和指南", "application/pdf")}}
	for _, p := range [][2]string{{"items", "办理事项编码，逗号分开"}, {"division", "项目属地"}, {"version", "目录版本；默认现行版本"},
		{"project_type", "项目类型"}, {"answers", "申请表单的回答，如 land_mode:transfer，逗号分开"}} {
		op.Parameters = append(op.Parameters, &huma.Param{Name: p[0], In: "query", Required: p[0] == "items", Schema: text(p[1])})
	}
	op.Responses["default"] = &huma.Response{Description: "错误", Content: map[string]*huma.MediaType{
		"application/problem+json": {Schema: schemaOf[huma.ErrorModel](api, "ErrorModel")}}}
	api.OpenAPI().AddOperation(op)
	mux.HandleFunc(op.Method+" "+op.Path, s.handout)
}

func (s *Server) handout(w http.ResponseWriter, r *http.Request) {
	if !s.Limits.AllowLookup(r.RemoteAddr) {
		s.fail(w, r, errTooMany)
		return
	}
	v := r.URL.Query()
	in := &catalogueChecklistInput{EditionQuery: EditionQuery{v.Get("version"), v.Get("division")}, Items: parts(v.Get("items")), Type: v.Get("project_type"),
		Answers: parts(v.Get("answers"))}
	if len(in.Items) == 0 || len(in.Items) > maxHandout {
		s.fail(w, r, &casework.Invalid{Fields: map[string]string{"items": "请选择 1 至 50 个办理事项"}})
		return
	}
	list, err := s.catalogueChecklist(r.Context(), in)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	c, err := s.edition(in.EditionQuery)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	pdf, err := s.Notices.Printer.Print(s.handoutOf(c, in, list), "")
	if err != nil {
		s.fail(w, r, err)
		return
	}
	w.Header().Set("Content-Type", "application/pdf")
	w.Header().Set("Content-Disposition", mime.FormatMediaType("inline", map[string]string{"filename": "受理材料清单及办事指南.pdf"}))
	_, _ = w.Write(pdf)
}

// maxHandout is how many items one paper is about at most.
const maxHandout = 50

func parts(list string) (out []string) {
	for _, p := range strings.Split(list, ",") {
		if p = strings.TrimSpace(p); p != "" {
			out = append(out, p)
		}
	}
	return out
}

// handoutOf is the paper: the guide of each item, and one checklist for all, from
// the same version as published online, which it names with its date.
func (s *Server) handoutOf(c *catalogue.Catalogue, in *catalogueChecklistInput, list *catalogueChecklistBody) notice.Notice {
	now := s.Now().In(calendar.Zone)
	place := "湖南省"
	if d, _, ok := c.Division(in.Division); ok {
		place = d.Name
	}
	edition := "目录版本 " + c.Version + "，自 " + c.Effective + " 起施行"
	content := notice.Content{Heading: place + "工程建设项目审批综合窗口", Before: []string{edition + "；打印日期 " + now.Format("2006年1月2日") + "。"},
		Table:  &notice.Table{Columns: []string{"序号", "材料名称", "必要性", "形式", "用于事项"}},
		Signer: edition, Date: now.Format("2006年1月2日")}
	for i, code := range in.Items {
		content.Before = append(content.Before, guideOf(c, i+1, code)...)
	}
	for i, e := range list.Body.Entries {
		var uses []string
		for _, use := range e.Consumers {
			uses = append(uses, c.Name(use.Item))
		}
		content.Table.Rows = append(content.Table.Rows, []string{strconv.Itoa(i + 1), e.Name, needOf(e), cmp.Or(formTexts[e.Form], e.Form), strings.Join(uses, "、")})
	}
	return notice.Notice{Title: "统一受理材料清单及办事指南", Number: c.Version + " / " + c.Effective, Content: content}
}

func guideOf(c *catalogue.Catalogue, no int, code string) []string {
	it, _ := c.Item(code)
	g := c.Guide(code)
	out := []string{strconv.Itoa(no) + ". " + it.Name + "（" + c.Name(it.Unit) + "，承诺 " + strconv.Itoa(it.Days.Promise) + " 个工作日）",
		"受理条件：" + strings.Join(g.Conditions, "；") + "。办理流程：" + strings.Join(g.Steps, "→") + "。收费：" + g.Fee + "。"}
	var bases []string
	for _, b := range g.Bases {
		bases = append(bases, b.Name)
	}
	if len(bases) > 0 {
		out = append(out, "依据："+strings.Join(bases, "、")+"。")
	}
	return out
}

var formTexts = map[string]string{"original": "原件", "copy": "复印件", "either": "原件或复印件", "electronic": "电子件"}

func needOf(e cases.ChecklistEntry) string {
	switch {
	case e.Requirement == catalogue.Required:
		return "必要"
	case e.Requirement == catalogue.Optional:
		return "可选"
	case e.Needed == "true":
		return "条件必要（需提交）"
	case e.Needed == "false":
		return "条件必要（本项目不需）"
	}
	return "条件必要"
}
