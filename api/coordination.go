package api

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"onewindow/access"
	"onewindow/casework/coordination"
	"onewindow/casework/register"
	"onewindow/storage"
)

// coordinationRoutes lists coordination matters and the log of difficulties.
func (s *Server) coordinationRoutes(api huma.API) {
	guarded(api, http.MethodPost, "/v1/coordination-matters", "raise-matter", "提出协调事项", access.CoordinationRaise, try(s, s.raiseMatter))
	guarded(api, http.MethodGet, "/v1/coordination-matters", "list-matters", "协调事项；未了结的最急的在前", access.CoordinationRead, try(s, s.listMatters))
	guarded(api, http.MethodGet, "/v1/coordination-matters/{id}", "get-matter", "协调事项", access.CoordinationRead, try(s, s.getMatter))
	guarded(api, http.MethodPost, "/v1/coordination-matters/{id}/meetings", "meet-matter", "记录会商结果", access.CoordinationRaise, try(s, s.meetMatter))
	guarded(api, http.MethodPost, "/v1/coordination-matters/{id}/close", "close-matter", "办结协调事项", access.CoordinationClose, try(s, s.closeMatter))

	guarded(api, http.MethodPost, "/v1/issues", "report-issue", "向省级反映困难和问题", access.IssueReport, try(s, s.reportIssue))
	guarded(api, http.MethodGet, "/v1/issues", "list-issues", "困难和问题", access.IssueRead, try(s, s.listIssues))
	guarded(api, http.MethodPost, "/v1/issues/{id}/reply", "reply-issue", "研究答复", access.IssueReply, try(s, s.replyIssue))
	guarded(api, http.MethodPost, "/v1/issues/{id}/close", "close-issue", "了结问题", access.IssueReport, try(s, s.closeIssue))
}

type matterView struct {
	entryView
	Matter coordination.Concern `json:"matter"`
}

type matterBody struct{ Body matterView }

func (s *Server) matterView(r coordination.Record, err error) (*matterBody, error) {
	if err != nil {
		return nil, err
	}
	return &matterBody{matterView{s.entryView(r.Entry), r.Body}}, nil
}

type matterInput struct {
	Body struct {
		Title    string   `json:"title" maxLength:"200"`
		Text     string   `json:"text,omitempty" maxLength:"5000"`
		Cases    []string `json:"cases,omitempty" doc:"有关办件"`
		Units    []string `json:"units" doc:"参与协调的单位"`
		Lead     string   `json:"lead_unit,omitempty" doc:"牵头协调的单位；不填为实体窗口"`
		DueBy    string   `json:"due_by,omitempty" doc:"办理期限，YYYY-MM-DD；不填按窗口运行规则"`
		Division string   `json:"division,omitempty" doc:"不填为本区划"`
	}
}

func (s *Server) raiseMatter(ctx context.Context, in *matterInput) (*matterBody, error) {
	b, w := in.Body, who(ctx)
	if err := confine(&b.Division, w); err != nil {
		return nil, err
	}
	for i, id := range b.Cases {
		k, _, err := s.caseSeen(ctx, id)
		if err != nil {
			return nil, err
		}
		b.Cases[i] = k.ID
	}
	rules, err := s.Organisation.Rules(ctx, 0)
	if err != nil {
		return nil, err
	}
	if b.Lead == "" {
		b.Lead = "window"
	}
	return s.matterView(coordination.Raise(ctx, s.Registers, coordination.New{Concern: coordination.Concern{Title: b.Title, Text: b.Text, Cases: b.Cases, Units: b.Units},
		Division: b.Division, Unit: b.Lead, Hall: w.Hall, DueBy: b.DueBy, Limit: rules.CoordDays}, w.Account))
}

// matterShown: the window, who supervises and leads in the division, and the units
// that take part.
func matterShown(w access.Who, r coordination.Record) bool {
	if !w.SeesDivision(r.Division) {
		return false
	}
	return w.Has(access.Admin) || w.Has(access.Clerk) || w.Has(access.Supervisor) || w.Has(access.Lead) || takesPart(append(r.Body.Units, r.Unit), w.Unit)
}

func (s *Server) matterSeen(ctx context.Context, id string) (coordination.Record, error) {
	r, err := register.Load[coordination.Concern](ctx, s.Registers, coordination.Register, id)
	if err == nil && !matterShown(who(ctx), r) {
		err = storage.ErrNotFound
	}
	return r, err
}

func (s *Server) getMatter(ctx context.Context, in *EntryPath) (*matterBody, error) {
	return s.matterView(s.matterSeen(ctx, in.ID))
}

type mattersInput struct {
	EntriesInput
	Overdue bool `query:"overdue" doc:"只看超过期限的"`
}

type matterList struct {
	Body struct {
		Matters []matterView `json:"matters"`
		Overdue int          `json:"overdue" doc:"其中超过期限的"`
	}
}

func (s *Server) listMatters(ctx context.Context, in *mattersInput) (*matterList, error) {
	w := who(ctx)
	q := storage.EntryQuery{Register: coordination.Register, Division: w.Division, Open: in.Open || in.Overdue, Urgent: in.Open || in.Overdue, Before: in.Before, Limit: in.Limit}
	if in.Overdue {
		q.DueBefore = s.Now()
	}
	found, err := register.List[coordination.Concern](ctx, s.Registers, q)
	if err != nil {
		return nil, err
	}
	out := &matterList{}
	out.Body.Matters = []matterView{}
	for _, r := range found {
		if !matterShown(w, r) {
			continue
		}
		v := matterView{s.entryView(r.Entry), r.Body}
		if v.Overdue {
			out.Body.Overdue++
		}
		out.Body.Matters = append(out.Body.Matters, v)
	}
	return out, nil
}

type meetingInput struct {
	EntryPath
	Body struct {
		At           time.Time `json:"at,omitzero"`
		Participants []string  `json:"participants"`
		Result       string    `json:"result" maxLength:"5000"`
	}
}

func (s *Server) meetMatter(ctx context.Context, in *meetingInput) (*matterBody, error) {
	if _, err := s.matterSeen(ctx, in.ID); err != nil {
		return nil, err
	}
	return s.matterView(coordination.Meet(ctx, s.Registers, in.ID, coordination.Meeting{At: in.Body.At, Participants: in.Body.Participants, Result: in.Body.Result},
		who(ctx).Account))
}

type conclusionInput struct {
	EntryPath
	Body struct {
		Conclusion string `json:"conclusion" maxLength:"5000"`
	}
}

func (s *Server) closeMatter(ctx context.Context, in *conclusionInput) (*matterBody, error) {
	if _, err := s.matterSeen(ctx, in.ID); err != nil {
		return nil, err
	}
	return s.matterView(coordination.Close(ctx, s.Registers, in.ID, in.Body.Conclusion, who(ctx).Account))
}

type issueView struct {
	entryView
	Issue coordination.Issue `json:"issue"`
}

type issueBody struct{ Body issueView }

func (s *Server) issueView(r coordination.IssueRecord, err error) (*issueBody, error) {
	if err != nil {
		return nil, err
	}
	return &issueBody{issueView{s.entryView(r.Entry), r.Body}}, nil
}

type issueInput struct {
	Body struct {
		Title    string `json:"title" maxLength:"200"`
		Text     string `json:"text" maxLength:"5000" doc:"困难和建议；不写具体项目和个人"`
		Division string `json:"division,omitempty" doc:"不填为本区划"`
	}
}

func (s *Server) reportIssue(ctx context.Context, in *issueInput) (*issueBody, error) {
	b, w := in.Body, who(ctx)
	if err := confine(&b.Division, w); err != nil {
		return nil, err
	}
	return s.issueView(coordination.Report(ctx, s.Registers, coordination.Issue{Title: b.Title, Text: b.Text}, b.Division, w.Unit, w.Account))
}

type issueList struct {
	Body struct {
		Issues []issueView `json:"issues"`
	}
}

type issuesInput struct {
	DivisionQuery
	Open  bool `query:"open"`
	Limit int  `query:"limit" minimum:"1" maximum:"500" default:"50"`
}

func (s *Server) listIssues(ctx context.Context, in *issuesInput) (*issueList, error) {
	if err := confine(&in.Division, who(ctx)); err != nil {
		return nil, err
	}
	found, err := register.List[coordination.Issue](ctx, s.Registers, storage.EntryQuery{Register: coordination.Issues, Division: in.Division, Open: in.Open, Limit: in.Limit})
	if err != nil {
		return nil, err
	}
	out := &issueList{}
	out.Body.Issues = []issueView{}
	for _, r := range found {
		out.Body.Issues = append(out.Body.Issues, issueView{s.entryView(r.Entry), r.Body})
	}
	return out, nil
}

type replyIssueInput struct {
	EntryPath
	Body struct {
		Reply string `json:"reply" maxLength:"5000"`
	}
}

func (s *Server) replyIssue(ctx context.Context, in *replyIssueInput) (*issueBody, error) {
	return s.issueView(coordination.Reply(ctx, s.Registers, in.ID, in.Body.Reply, who(ctx).Account))
}

func (s *Server) closeIssue(ctx context.Context, in *EntryPath) (*issueBody, error) {
	r, err := register.Load[coordination.Issue](ctx, s.Registers, coordination.Issues, in.ID)
	if err == nil && !who(ctx).SeesDivision(r.Division) {
		err = storage.ErrNotFound
	}
	if err != nil {
		return nil, err
	}
	return s.issueView(coordination.Settle(ctx, s.Registers, r.ID, who(ctx).Account))
}
