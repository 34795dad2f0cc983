package api

import (
	"context"
	"net/http"
	"time"

	"onewindow/access"
	"onewindow/approval"
	"onewindow/document"
	"onewindow/storage"
)

type eventsInput struct {
	After int64 `query:"after" minimum:"0" doc:"上次收到的最后序号"`
	Limit int   `query:"limit" minimum:"1" maximum:"1000" default:"200"`
}

type eventsBody struct {
	Body struct {
		Events []approval.Event `json:"events"`
		Last   int64            `json:"last" doc:"下次的 after；没有与本单位有关的事件时也会前进"`
	}
}

func (s *Server) events(ctx context.Context, in *eventsInput) (*eventsBody, error) {
	list, err := s.Records.EventsAfter(ctx, in.After, in.Limit)
	if err != nil {
		return nil, err
	}
	out := &eventsBody{}
	out.Body.Events, out.Body.Last = []approval.Event{}, in.After
	for _, e := range list {
		out.Body.Last = e.Seq
		if concerns(who(ctx), e) {
			out.Body.Events = append(out.Body.Events, e)
		}
	}
	return out, nil
}

// concerns reports whether an account is told of an event: those who watch over
// all of everything, a unit's system of what concerns its unit.
func concerns(w access.Who, e approval.Event) bool {
	return w.Has(access.Admin) || w.Has(access.Supervisor) || e.Concerns(w.Unit)
}

type auditInput struct {
	Object string `query:"object" doc:"文件、成果或办件编号"`
	After  int64  `query:"after" minimum:"0"`
	Limit  int    `query:"limit" minimum:"1" maximum:"1000" default:"200"`
}

type auditBody struct {
	Body struct {
		Rows []auditView `json:"rows"`
	}
}

type auditView struct {
	Seq    int64             `json:"seq"`
	At     time.Time         `json:"at"`
	Actor  string            `json:"actor"`
	Action string            `json:"action"`
	Object string            `json:"object"`
	Detail map[string]string `json:"detail,omitempty"`
	Hash   string            `json:"hash"`
}

func (s *Server) audit(ctx context.Context, in *auditInput) (*auditBody, error) {
	rows, err := s.Records.AuditTrail(ctx, in.Object, in.After, in.Limit)
	if err != nil {
		return nil, err
	}
	out := &auditBody{}
	out.Body.Rows = []auditView{}
	for _, r := range rows {
		out.Body.Rows = append(out.Body.Rows, auditView{r.Seq, r.At, r.Actor, r.Action, r.Object, r.Detail, r.Hash})
	}
	return out, nil
}

type queueBody struct {
	Body struct {
		Lanes  map[document.Lane]map[storage.TaskState]int `json:"lanes"`
		Parked []parkedView                                `json:"parked"`
	}
}

type parkedView struct {
	Document document.ID   `json:"document_id"`
	Step     document.Step `json:"step"`
	Page     int           `json:"page,omitempty"`
	Code     string        `json:"code"`
	Reason   string        `json:"reason"`
}

func (s *Server) queue(ctx context.Context, _ *noInput) (*queueBody, error) {
	depths, err := s.Records.Depths(ctx)
	if err != nil {
		return nil, err
	}
	parked, err := s.Records.Parked(ctx, 100)
	if err != nil {
		return nil, err
	}
	out := &queueBody{}
	out.Body.Lanes, out.Body.Parked = depths, []parkedView{}
	for _, t := range parked {
		out.Body.Parked = append(out.Body.Parked, parkedView{t.Document, t.Step, t.Page, t.Code, t.Reason})
	}
	return out, nil
}

// figures shows the metrics of this process.
func (s *Server) figures(w http.ResponseWriter, r *http.Request) {
	if s.Metrics == nil {
		writeProblem(w, http.StatusNotFound, "没有运行指标")
		return
	}
	s.Metrics.ServeHTTP(w, r)
}
