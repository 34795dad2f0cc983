package api

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"onewindow/access"
	"onewindow/approval"
	"onewindow/approval/clock"
	"onewindow/approval/progress"
	"onewindow/casework/cases"
	"onewindow/casework/organisation"
	"onewindow/document"
	"onewindow/storage"
)

// itemRoutes lists what is done to single items, and asking about progress.
func (s *Server) itemRoutes(api huma.API) {
	guarded(api, http.MethodGet, "/v1/case-items", "list-case-items", "待办与在办事项，按期限先后", access.CaseRead, try(s, s.listItems))
	guarded(api, http.MethodGet, "/v1/case-items/{id}", "get-case-item", "办理事项及其时限", access.CaseRead, try(s, s.getItem))
	guarded(api, http.MethodGet, "/v1/case-items/{id}/clocks", "explain-clocks", "时限逐日说明", access.CaseRead, try(s, s.explainClocks))
	guarded(api, http.MethodPost, "/v1/case-items/{id}/correct", "correct-item", "补正", access.ItemCorrect, try(s, s.correctItem))
	for _, d := range []struct {
		action  progress.Action
		path    string
		summary string
	}{
		{progress.Return, "return", "退回非本单位事项"}, {progress.Accept, "accept", "受理"}, {progress.Refuse, "refuse", "不予受理"},
		{progress.DeclareUnneeded, "declare-unneeded", "不受理（依法不需要许可）"}, {progress.Start, "start", "开始办理"},
		{progress.OpenSpecial, "open-special", "特别程序"}, {progress.CloseSpecial, "close-special", "结束特别程序"},
		{progress.Complete, "complete", "办结"}, {progress.CompleteTolerated, "complete-tolerated", "容缺办结"},
		{progress.Reject, "reject", "退件"}, {progress.Revoke, "revoke", "撤销"},
	} {
		guarded(api, http.MethodPost, "/v1/case-items/{id}/"+d.path, d.path+"-item", d.summary, access.ItemDecide, try(s, s.decide(d.action)))
	}
	guarded(api, http.MethodPost, "/v1/case-items/{id}/resubmit", "resubmit-item", "补正回复", access.ItemAnswer, try(s, s.answer(progress.Resubmit)))
	guarded(api, http.MethodPost, "/v1/case-items/{id}/withdraw", "withdraw-item", "撤件", access.ItemAnswer, try(s, s.answer(progress.Withdraw)))
	guarded(api, http.MethodPost, "/v1/case-items/{id}/reroute", "reroute-item", "转送建议的办理单位", access.ItemAnswer, try(s, s.reroute))
	open(api, http.MethodGet, "/v1/progress", "progress", "凭办件编号和查询码查询进度", try(s, s.progress))
}

// ItemPath names an item of a case in a route.
type ItemPath struct {
	ID string `path:"id" doc:"办件事项 ID"`
}

// itemView is an item with what people want to know of it.
type itemView struct {
	approval.CaseItem
	ItemName  string            `json:"item_name"`
	UnitName  string            `json:"unit_name"`
	StateText string            `json:"state_text"`
	Possible  []progress.Action `json:"possible" doc:"现在可以办理的动作"`
	Status    []clock.Status    `json:"status" doc:"各时限"`
	// Assigned is who of the unit takes care of it; nil when it has ended.
	Assigned *organisation.Route `json:"assigned,omitempty" doc:"经办人：已有人办理的为该人，否则按值班表分派"`
}

type itemBody struct{ Body itemView }

func (s *Server) itemView(it approval.CaseItem) itemView {
	return itemView{CaseItem: it, ItemName: s.nameIn(it, it.Item), UnitName: s.nameIn(it, it.Unit), StateText: cases.StateText(it),
		Possible: append([]progress.Action{}, s.Office.Possible(it)...), Status: s.Office.Statuses(it)}
}

// itemSeen loads an item that the asker may see.
func (s *Server) itemSeen(ctx context.Context, id string) (approval.CaseItem, error) {
	it, _, err := s.Office.ItemSeen(ctx, id, who(ctx))
	return it, err
}

func (s *Server) getItem(ctx context.Context, in *ItemPath) (*itemBody, error) {
	it, err := s.itemSeen(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	roster, err := s.Organisation.Roster(ctx, it.Division)
	if err != nil {
		return nil, err
	}
	v := s.itemView(it)
	v.Assigned = assigned(roster, it, s.Now())
	return &itemBody{v}, nil
}

// assigned says who takes care of an item: whoever acted last, else whom the
// roster names (W2.3).
func assigned(roster organisation.Roster, it approval.CaseItem, now time.Time) *organisation.Route {
	if it.State.Ended() {
		return nil
	}
	if it.Officer != "" {
		return &organisation.Route{Account: it.Officer, Name: roster.Name(it.Officer), Why: "acting"}
	}
	if to, ok := roster.Route(it.Division, it.Unit, it.Item, now); ok {
		return &to
	}
	return nil
}

type itemsInput struct {
	Mine    bool      `query:"mine" doc:"只看分派给自己的"`
	Project string    `query:"project"`
	Stage   string    `query:"stage"`
	Item    string    `query:"item"`
	Unit    string    `query:"unit"`
	State   string    `query:"state" doc:"可用逗号列出几个"`
	Open    bool      `query:"open" doc:"只看未办结的"`
	Due     time.Time `query:"due_before" doc:"期限早于此刻"`
	After   string    `query:"after" doc:"上一页的 next"`
	Limit   int       `query:"limit" minimum:"1" maximum:"500" default:"50"`
}

type itemList struct {
	Body struct {
		Items []itemView `json:"items"`
		Next  string     `json:"next,omitempty"`
	}
}

func (s *Server) listItems(ctx context.Context, in *itemsInput) (*itemList, error) {
	asker := who(ctx)
	q := storage.ItemQuery{Project: in.Project, Stage: in.Stage, Item: in.Item, Unit: in.Unit, Open: in.Open, DueBefore: in.Due, Limit: in.Limit}
	for _, state := range strings.Split(in.State, ",") {
		if state != "" {
			q.States = append(q.States, progress.State(state))
		}
	}
	if !asker.MembersOnly() {
		q.Division = asker.Division
	}
	if asker.Has(access.Reviewer) && asker.Unit != "" && !asker.Has(access.Lead) && !asker.Has(access.Admin) {
		q.Unit = asker.Unit
	}
	var ok bool
	if q.After, ok = cases.ParseMark(in.After); !ok {
		return nil, errBadRequest
	}
	found, err := s.Records.ListCaseItems(ctx, q)
	if err != nil {
		return nil, err
	}
	out := &itemList{}
	out.Body.Items = []itemView{}
	if len(found) == in.Limit {
		out.Body.Next = cases.Mark(found[len(found)-1])
	}
	roster, err := s.Organisation.Roster(ctx, q.Division)
	if err != nil {
		return nil, err
	}
	for _, it := range found {
		it, err := s.itemSeen(ctx, it.ID)
		if err != nil {
			continue
		}
		v := s.itemView(it)
		v.Assigned = assigned(roster, it, s.Now())
		if in.Mine && (v.Assigned == nil || v.Assigned.Account != asker.Account) {
			continue
		}
		out.Body.Items = append(out.Body.Items, v)
	}
	return out, nil
}

type clocksBody struct {
	Body struct {
		Clocks []cases.Explanation `json:"clocks"`
	}
}

func (s *Server) explainClocks(ctx context.Context, in *ItemPath) (*clocksBody, error) {
	it, err := s.itemSeen(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	out := &clocksBody{}
	out.Body.Clocks = s.Office.ExplainClocks(it)
	return out, nil
}

// decisionFields are what the actions of a unit need; which count depends on the
// action.
type decisionFields struct {
	Version       int64    `json:"version,omitempty" doc:"所见的版本；已被他人更改时答 412"`
	Reasons       []string `json:"reasons,omitempty" doc:"退回、不予受理、退件、撤销的全部理由"`
	SuggestedUnit string   `json:"suggested_unit,omitempty" doc:"退回时建议的办理单位"`
	Kind          string   `json:"kind,omitempty" doc:"特别程序的种类"`
	Days          int      `json:"days,omitempty" doc:"特别程序的工作日数"`
	Results       []string `json:"results,omitempty" doc:"办结时的成果编号；不填则取本办件事项已发布的成果"`
}

type decideInput struct {
	ItemPath
	Body decisionFields
}

func (s *Server) decide(a progress.Action) func(context.Context, *decideInput) (*itemBody, error) {
	return func(ctx context.Context, in *decideInput) (*itemBody, error) {
		it, err := s.itemSeen(ctx, in.ID)
		if err != nil {
			return nil, err
		}
		if !who(ctx).HandlesItem(it) {
			return nil, errForbidden
		}
		b := in.Body
		return s.did(s.Office.Decide(ctx, in.ID, a, cases.Decision{Version: b.Version, Reasons: b.Reasons, SuggestedUnit: b.SuggestedUnit,
			Kind: b.Kind, Days: b.Days, Results: b.Results}, actor(who(ctx))))
	}
}

func (s *Server) did(it approval.CaseItem, err error) (*itemBody, error) {
	if err != nil {
		return nil, err
	}
	return &itemBody{s.itemView(it)}, nil
}

type correctInput struct {
	ItemPath
	Body struct {
		Version  int64          `json:"version,omitempty"`
		Gaps     []approval.Gap `json:"gaps" doc:"一次列出全部需要补正的材料"`
		Override string         `json:"override,omitempty" doc:"效能监管人员责令再次补正的理由"`
	}
}

func (s *Server) correctItem(ctx context.Context, in *correctInput) (*itemBody, error) {
	it, err := s.itemSeen(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	if asker := who(ctx); !asker.HandlesItem(it) && !asker.Has(access.Supervisor) {
		return nil, errForbidden
	}
	return s.did(s.Office.Decide(ctx, in.ID, progress.Correct, cases.Decision{Version: in.Body.Version, Gaps: in.Body.Gaps,
		Override: in.Body.Override}, actor(who(ctx))))
}

type answerInput struct {
	ItemPath
	Body struct {
		Version int64 `json:"version,omitempty"`
	}
}

// answer is what the applicant does, or the window for it.
func (s *Server) answer(a progress.Action) func(context.Context, *answerInput) (*itemBody, error) {
	return func(ctx context.Context, in *answerInput) (*itemBody, error) {
		if _, err := s.itemSeen(ctx, in.ID); err != nil {
			return nil, err
		}
		return s.did(s.Office.Decide(ctx, in.ID, a, cases.Decision{Version: in.Body.Version}, actor(who(ctx))))
	}
}

func (s *Server) reroute(ctx context.Context, in *ItemPath) (*itemBody, error) {
	if _, err := s.itemSeen(ctx, in.ID); err != nil {
		return nil, err
	}
	return s.did(s.Office.Reroute(ctx, in.ID, actor(who(ctx))))
}

type progressInput struct {
	Number string `query:"number" required:"true" maxLength:"40" doc:"办件编号"`
	Code   string `query:"code" required:"true" maxLength:"20" doc:"查询码"`
}

type progressBody struct{ Body cases.Progress }

func (s *Server) progress(ctx context.Context, in *progressInput) (*progressBody, error) {
	p, err := s.Office.Progress(ctx, in.Number, in.Code)
	return &progressBody{p}, err
}

func documentID(id string) document.ID { return document.ID(id) }
