package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"onewindow/access"
	"onewindow/casework"
	"onewindow/casework/followup"
	"onewindow/casework/supervision"
)

// followRoutes lists what the window follows, and the reports about the windows.
func (s *Server) followRoutes(api huma.API) {
	guarded(api, http.MethodGet, "/v1/follow-ups", "follow-ups", "本窗口办件跟踪：状态、期限与提醒", access.FollowUp, try(s, s.followUps))
	guarded(api, http.MethodGet, "/v1/supervision/paper", "paper-report", "纸质接件及原因、当日上传情况", access.SupervisionRead, try(s, s.paperReport))
	guarded(api, http.MethodGet, "/v1/supervision/visits", "visits-report", "跑动次数：最多跑一次、一次不用跑", access.SupervisionCount, try(s, s.visitsReport))
	guarded(api, http.MethodGet, "/v1/supervision/consultations", "consultation-report", "咨询统计：两个窗口的提问、当场答复、答复与逾期", access.SupervisionCount, try(s, s.consultationReport))
	guarded(api, http.MethodGet, "/v1/supervision/quality", "quality-report", "识别与服务质量（按月）", access.SupervisionCount, try(s, s.qualityReport))
}

type followInput struct {
	Hall   string `query:"hall" doc:"不填为本大厅"`
	Window string `query:"window"`
	Before string `query:"before" doc:"上一页的 next"`
	Limit  int    `query:"limit" minimum:"1" maximum:"500" default:"200" doc:"一次查看多少个办件"`
}

type followBody struct {
	Body struct {
		Lines []followup.FollowedCase `json:"lines"`
		Next  string                  `json:"next,omitempty"`
	}
}

func (s *Server) followUps(ctx context.Context, in *followInput) (*followBody, error) {
	w := who(ctx)
	if in.Hall == "" {
		in.Hall = w.Hall
	}
	if in.Hall == "" {
		return nil, &casework.Invalid{Fields: map[string]string{"hall": "请选择政务大厅"}}
	}
	if !w.ServesHall(in.Hall) {
		return nil, errForbidden
	}
	out := &followBody{}
	var err error
	out.Body.Lines, out.Body.Next, err = s.Follow.List(ctx, followup.Query{Hall: in.Hall, Window: in.Window, Before: in.Before, Limit: in.Limit})
	return out, err
}

type paperBody struct{ Body supervision.PaperReport }

func (s *Server) paperReport(ctx context.Context, in *FigureFilter) (*paperBody, error) {
	q, err := in.query(who(ctx))
	if err != nil {
		return nil, err
	}
	r, err := s.Watch.Papers(ctx, q)
	return &paperBody{r}, err
}

type visitsBody struct{ Body supervision.VisitReport }

func (s *Server) visitsReport(ctx context.Context, in *FigureFilter) (*visitsBody, error) {
	q, err := in.query(who(ctx))
	if err != nil {
		return nil, err
	}
	r, err := s.Watch.Visits(ctx, s.Registers, q)
	return &visitsBody{r}, err
}

type consultationReportBody struct {
	Body struct {
		Channels []supervision.Consultations `json:"channels"`
	}
}

func (s *Server) consultationReport(ctx context.Context, in *FigureFilter) (*consultationReportBody, error) {
	q, err := in.query(who(ctx))
	if err != nil {
		return nil, err
	}
	out := &consultationReportBody{}
	out.Body.Channels, err = s.Watch.Consultations(ctx, s.Registers, q)
	return out, err
}

type qualityBody struct {
	Body struct {
		Months []supervision.Quality `json:"months"`
	}
}

func (s *Server) qualityReport(ctx context.Context, in *FigureFilter) (*qualityBody, error) {
	q, err := in.query(who(ctx))
	if err != nil {
		return nil, err
	}
	out := &qualityBody{}
	out.Body.Months, err = s.Watch.Quality(ctx, s.Registers, q)
	return out, err
}
