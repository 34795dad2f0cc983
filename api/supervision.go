package api

import (
	"bytes"
	"context"
	"mime"
	"net/http"
	"reflect"
	"slices"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"onewindow/access"
	"onewindow/approval/calendar"
	"onewindow/approval/clock"
	"onewindow/casework"
	"onewindow/casework/cases"
	"onewindow/casework/supervision"
	"onewindow/storage"
)

// supervisionRoutes lists what supervisors ask.
func (s *Server) supervisionRoutes(api huma.API, mux *http.ServeMux) {
	read, count := access.SupervisionRead, access.SupervisionCount
	guarded(api, http.MethodGet, "/v1/supervision/figures", "supervision-figures", "效能统计（实时）", count, try(s, s.liveFigures))
	guarded(api, http.MethodGet, "/v1/supervision/recount", "recount-figures", "由审计记录复核统计", read, try(s, s.recountFigures))
	s.plain(api, mux, reportOperation(), count, s.report)
	guarded(api, http.MethodGet, "/v1/supervision/clocks", "running-clocks", "在办时限与红黄牌", read, try(s, s.clocks))
	guarded(api, http.MethodGet, "/v1/supervision/overdue", "overdue", "逾期及责任单位、责任人", read, try(s, s.overdue))
	guarded(api, http.MethodGet, "/v1/supervision/capacity", "capacity", "窗口各时段接件量", count, try(s, s.capacity))
	guarded(api, http.MethodGet, "/v1/supervision/assessment", "assessment", "业务单位考核", read, try(s, s.assessment))
	guarded(api, http.MethodGet, "/v1/supervision/weights", "get-weights", "考核权重", read, try(s, s.weights))
	guarded(api, http.MethodPut, "/v1/supervision/weights", "set-weights", "调整考核权重", access.SupervisionSet, try(s, s.setWeights))
	guarded(api, http.MethodGet, "/v1/supervision/milestones", "list-milestones", "阶段性工作目标", read, try(s, s.milestones))
	guarded(api, http.MethodPost, "/v1/supervision/milestones", "keep-milestone", "设定或完成阶段性工作目标", access.SupervisionUrge, try(s, s.keepMilestone))
	s.exchangeRoutes(api, mux)
	guarded(api, http.MethodPost, "/v1/supervision/urges", "urge", "督办", access.SupervisionUrge, try(s, s.urge))
}

// FigureFilter is what figures are asked for. It is exported because the framework
// passes over embedded fields that are not.
type FigureFilter struct {
	By       string `query:"by" doc:"统计维度：division、unit、stage、item、channel、hall、window、officer；不填为合计"`
	Division string `query:"division" doc:"行政区划；有所属区划的账号只能看本区划"`
	Unit     string `query:"unit"`
	Stage    string `query:"stage"`
	Item     string `query:"item"`
	Channel  string `query:"channel"`
	Hall     string `query:"hall"`
	Officer  string `query:"officer"`
	From     string `query:"from" doc:"首日，YYYY-MM-DD"`
	To       string `query:"to" doc:"末日（含），YYYY-MM-DD"`
}

// query checks a filter and holds it to what the asker may see.
func (f FigureFilter) query(w access.Who) (storage.MoveQuery, error) {
	q := storage.MoveQuery{By: storage.Dimension(f.By), Division: f.Division, Unit: f.Unit, Stage: f.Stage, Item: f.Item,
		Channel: f.Channel, Hall: f.Hall, Officer: f.Officer}
	wrong := map[string]string{}
	if !slices.Contains(storage.Dimensions(), q.By) {
		wrong["by"] = "没有这个统计维度"
	}
	day := func(field, text string) time.Time {
		t, err := time.ParseInLocation(time.DateOnly, text, calendar.Zone)
		if err != nil && text != "" {
			wrong[field] = "请填写日期，如 2026-12-31"
		}
		return t
	}
	if f.From != "" {
		q.From = day("from", f.From)
	}
	if f.To != "" {
		q.To = day("to", f.To).AddDate(0, 0, 1)
	}
	if !q.From.IsZero() && !q.To.IsZero() && !q.From.Before(q.To) {
		wrong["to"] = "末日早于首日"
	}
	if len(wrong) > 0 {
		return q, &casework.Invalid{Fields: wrong}
	}
	if !w.May(access.SupervisionRead) && (q.By == storage.ByOfficer || q.Officer != "") {
		return q, errForbidden // the province counts without names
	}
	return q, confine(&q.Division, w)
}

// confine keeps an account to its own division; the province's see all.
func confine(division *string, w access.Who) error {
	if w.Division == "" || w.Has(access.Province) {
		return nil
	}
	if *division != "" && *division != w.Division {
		return errForbidden
	}
	*division = w.Division
	return nil
}

type figuresBody struct {
	Body struct {
		Lines []supervision.Figures `json:"lines"`
	}
}

func (s *Server) liveFigures(ctx context.Context, in *FigureFilter) (*figuresBody, error) {
	q, err := in.query(who(ctx))
	if err != nil {
		return nil, err
	}
	out := &figuresBody{}
	out.Body.Lines, err = s.Watch.Figures(ctx, q)
	return out, err
}

type recountBody struct {
	Body struct {
		Equal   bool                  `json:"equal" doc:"复核与实时统计一致"`
		Live    []supervision.Figures `json:"live"`
		Recount []supervision.Figures `json:"recount"`
	}
}

func (s *Server) recountFigures(ctx context.Context, in *FigureFilter) (*recountBody, error) {
	q, err := in.query(who(ctx))
	if err != nil {
		return nil, err
	}
	out := &recountBody{}
	if out.Body.Recount, err = s.Watch.Recount(ctx, q); err != nil {
		return nil, err
	}
	if out.Body.Live, err = s.Watch.Figures(ctx, q); err != nil {
		return nil, err
	}
	out.Body.Equal = reflect.DeepEqual(out.Body.Live, out.Body.Recount)
	return out, nil
}

func reportOperation() *huma.Operation {
	op := &huma.Operation{OperationID: "figures-report", Method: http.MethodGet, Path: "/v1/supervision/report", Summary: "统计报表（CSV 或 PDF）",
		Responses: map[string]*huma.Response{"200": binary("报表", "text/csv")}}
	op.Responses["200"].Content["application/pdf"] = &huma.MediaType{Schema: &huma.Schema{Type: "string", Format: "binary"}}
	op.Parameters = append(op.Parameters, &huma.Param{Name: "format", In: "query", Schema: text("csv（默认）或 pdf")})
	for _, name := range []string{"by", "division", "unit", "stage", "item", "channel", "hall", "officer", "from", "to"} {
		op.Parameters = append(op.Parameters, &huma.Param{Name: name, In: "query", Schema: text("")})
	}
	return op
}

func (s *Server) report(w http.ResponseWriter, r *http.Request) {
	v := r.URL.Query()
	f := FigureFilter{v.Get("by"), v.Get("division"), v.Get("unit"), v.Get("stage"), v.Get("item"), v.Get("channel"), v.Get("hall"), v.Get("officer"), v.Get("from"), v.Get("to")}
	q, err := f.query(who(r.Context()))
	if err != nil {
		s.fail(w, r, err)
		return
	}
	lines, err := s.Watch.Figures(r.Context(), q)
	if err == nil {
		err = s.auditRead(r.Context(), "supervision.export", r.URL.RawQuery)
	}
	var body bytes.Buffer
	kind, name := "text/csv; charset=utf-8", "审批效能统计.csv"
	switch {
	case err != nil:
	case v.Get("format") == "pdf":
		var pdf []byte
		pdf, err = s.Notices.Printer.Print(s.Watch.Paper(q, lines), "")
		body.Write(pdf)
		kind, name = "application/pdf", "审批效能统计.pdf"
	default:
		err = supervision.WriteCSV(&body, supervision.Table(q.By, lines))
	}
	if err != nil {
		s.fail(w, r, err)
		return
	}
	w.Header().Set("Content-Type", kind)
	w.Header().Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": name}))
	_, _ = w.Write(body.Bytes())
}

type clocksInput struct {
	Division string `query:"division"`
	Unit     string `query:"unit"`
	Stage    string `query:"stage"`
	Item     string `query:"item"`
	Light    string `query:"light" enum:"green,yellow,red" doc:"只列某种牌：green、yellow、red"`
	After    string `query:"after" doc:"上一页的 next"`
	Limit    int    `query:"limit" minimum:"1" maximum:"500" default:"200"`
}

type duesBody struct {
	Body struct {
		Items   []supervision.Due      `json:"items"`
		Entries []supervision.EntryDue `json:"entries" doc:"咨询、征询、投诉与承诺的时限；在第一页，按事项或阶段查时不列"`
		Next    string                 `json:"next,omitempty"`
	}
}

func (s *Server) clocks(ctx context.Context, in *clocksInput) (*duesBody, error) {
	if err := confine(&in.Division, who(ctx)); err != nil {
		return nil, err
	}
	after, ok := cases.ParseMark(in.After)
	if !ok {
		return nil, errBadRequest
	}
	list, next, err := s.Watch.Clocks(ctx, storage.ItemQuery{Division: in.Division, Unit: in.Unit, Stage: in.Stage, Item: in.Item,
		After: after, Limit: in.Limit}, clock.Light(in.Light))
	out := &duesBody{}
	out.Body.Items = list
	if next.ID != "" {
		out.Body.Next = cases.MarkAt(next.Due, next.ID)
	}
	out.Body.Entries = []supervision.EntryDue{}
	if err == nil && in.After == "" && in.Stage == "" && in.Item == "" {
		out.Body.Entries, err = s.Watch.Entries(ctx, s.Registers, in.Division, in.Unit, clock.Light(in.Light))
	}
	return out, err
}

func (s *Server) overdue(ctx context.Context, in *FigureFilter) (*duesBody, error) {
	q, err := in.query(who(ctx))
	if err != nil {
		return nil, err
	}
	out := &duesBody{}
	out.Body.Entries = []supervision.EntryDue{}
	if out.Body.Items, err = s.Watch.Overdue(ctx, q); err != nil || q.Stage != "" || q.Item != "" {
		return out, err
	}
	out.Body.Entries, err = s.Watch.OverdueEntries(ctx, s.Registers, q)
	return out, err
}

type capacityBody struct {
	Body struct {
		Hours []storage.HourCount `json:"hours"`
	}
}

func (s *Server) capacity(ctx context.Context, in *FigureFilter) (*capacityBody, error) {
	q, err := in.query(who(ctx))
	if err != nil {
		return nil, err
	}
	found, err := s.Watch.Records.CountHours(ctx, q)
	out := &capacityBody{}
	out.Body.Hours = append([]storage.HourCount{}, found...)
	return out, err
}
