package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"onewindow/access"
	"onewindow/casework/promises"
	"onewindow/casework/register"
)

// promiseRoutes follow up commitments (告知承诺) and tolerance (容缺), P3.7.
func (s *Server) promiseRoutes(api huma.API) {
	guarded(api, http.MethodGet, "/v1/promises", "list-promises", "告知承诺与容缺材料的后续；未了结的最急的在前", access.CaseRead, try(s, s.listPromises))
	guarded(api, http.MethodGet, "/v1/promises/{id}", "get-promise", "一项承诺及其时限", access.CaseRead, try(s, s.getPromise))
	guarded(api, http.MethodGet, "/v1/promise-report", "promise-report", "按业务单位统计承诺的履行", access.SupervisionRead, try(s, s.promiseReport))
	guarded(api, http.MethodPost, "/v1/promises/{id}/extend", "extend-promise", "延长一次", access.ItemDecide, try(s, s.extendPromise))
	guarded(api, http.MethodPost, "/v1/promises/{id}/break", "break-promise", "认定未履行承诺，可同时撤销审批决定", access.ItemDecide, try(s, s.breakPromise))
	guarded(api, http.MethodPost, "/v1/promises/{id}/repair", "repair-promise", "信用修复", access.ItemDecide, try(s, s.repairPromise))
}

type promiseView struct {
	entryView
	Promise promises.Promise `json:"promise"`
}

type promiseBody struct{ Body promiseView }

func (s *Server) promiseView(r promises.Record, err error) (*promiseBody, error) {
	if err != nil {
		return nil, err
	}
	return &promiseBody{promiseView{s.entryView(r.Entry), r.Body}}, nil
}

type promiseList struct {
	Body struct {
		Promises []promiseView `json:"promises"`
	}
}

type promisesInput struct {
	EntriesInput
	Project string `query:"project" doc:"项目代码"`
	State   string `query:"state" doc:"promised、overdue、kept、broken、repaired 或 lapsed"`
}

func (s *Server) listPromises(ctx context.Context, in *promisesInput) (*promiseList, error) {
	q := in.query(promises.Register, who(ctx))
	q.Project = in.Project
	if in.State != "" {
		q.States = []string{in.State}
	}
	found, err := register.List[promises.Promise](ctx, s.Registers, q)
	if err != nil {
		return nil, err
	}
	out := &promiseList{}
	out.Body.Promises = []promiseView{}
	for _, r := range found {
		if _, err := s.itemSeen(ctx, r.Body.CaseItem); err == nil {
			out.Body.Promises = append(out.Body.Promises, promiseView{s.entryView(r.Entry), r.Body})
		}
	}
	return out, nil
}

// promiseSeen loads a promise of an item that the asker may see; with handle only
// for the item's unit.
func (s *Server) promiseSeen(ctx context.Context, id string, handle bool) (promises.Record, error) {
	r, err := register.Load[promises.Promise](ctx, s.Registers, promises.Register, id)
	if err != nil {
		return r, err
	}
	if handle {
		_, err = s.itemHandled(ctx, r.Body.CaseItem)
	} else {
		_, err = s.itemSeen(ctx, r.Body.CaseItem)
	}
	return r, err
}

// PromisePath names a promise in a route.
type PromisePath struct {
	ID string `path:"id" doc:"承诺 ID"`
}

func (s *Server) getPromise(ctx context.Context, in *PromisePath) (*promiseBody, error) {
	return s.promiseView(s.promiseSeen(ctx, in.ID, false))
}

type extendPromiseInput struct {
	PromisePath
	Body struct {
		Days   int    `json:"days,omitempty" doc:"延长的工作日数"`
		Reason string `json:"reason,omitempty" maxLength:"500"`
	}
}

func (s *Server) extendPromise(ctx context.Context, in *extendPromiseInput) (*promiseBody, error) {
	if _, err := s.promiseSeen(ctx, in.ID, true); err != nil {
		return nil, err
	}
	return s.promiseView(s.Promises.Extend(ctx, in.ID, in.Body.Days, in.Body.Reason, who(ctx).Account))
}

type breakPromiseInput struct {
	PromisePath
	Body struct {
		Reason string `json:"reason,omitempty" maxLength:"500"`
		Revoke bool   `json:"revoke,omitempty" doc:"同时撤销该事项的审批决定，其成果随之失效"`
	}
}

func (s *Server) breakPromise(ctx context.Context, in *breakPromiseInput) (*promiseBody, error) {
	if _, err := s.promiseSeen(ctx, in.ID, true); err != nil {
		return nil, err
	}
	return s.promiseView(s.Promises.Break(ctx, in.ID, in.Body.Reason, in.Body.Revoke, actor(who(ctx))))
}

type repairPromiseInput struct {
	PromisePath
	Body struct {
		Reason string `json:"reason,omitempty" maxLength:"500"`
	}
}

func (s *Server) repairPromise(ctx context.Context, in *repairPromiseInput) (*promiseBody, error) {
	if _, err := s.promiseSeen(ctx, in.ID, true); err != nil {
		return nil, err
	}
	return s.promiseView(s.Promises.Repair(ctx, in.ID, in.Body.Reason, who(ctx).Account))
}

type promiseReportInput struct {
	Division string `query:"division" doc:"不填为本区划"`
	Unit     string `query:"unit"`
}

type promiseReportBody struct {
	Body struct {
		Units []promises.Tally `json:"units"`
	}
}

func (s *Server) promiseReport(ctx context.Context, in *promiseReportInput) (*promiseReportBody, error) {
	if err := confine(&in.Division, who(ctx)); err != nil {
		return nil, err
	}
	lines, err := s.Promises.Report(ctx, in.Division, in.Unit)
	out := &promiseReportBody{}
	out.Body.Units = lines
	return out, err
}
