package api

import (
	"context"
	"slices"
	"strings"
	"time"

	"onewindow/approval"
	"onewindow/casework"
	"onewindow/storage"
)

// ResultPath names a result in a route.
type ResultPath struct {
	ID string `path:"id" doc:"成果编号"`
}

type resultBody struct{ Body approval.Result }

type listResultsInput struct {
	Project string          `query:"project" doc:"项目代码"`
	Type    string          `query:"type" doc:"成果类型"`
	Unit    string          `query:"unit" doc:"业务单位"`
	Number  string          `query:"number" doc:"证号或文号"`
	Status  approval.Status `query:"status" doc:"published、superseded 或 revoked"`
	Before  string          `query:"before" doc:"上一页最后一个编号"`
	Limit   int             `query:"limit" minimum:"1" maximum:"500" default:"50"`
}

// resultRow is a result in a list: its standing without its data, which is asked
// for one result at a time, so that every read of data is on record.
type resultRow struct {
	ID          string          `json:"id"`
	Lineage     string          `json:"lineage"`
	Version     int             `json:"version"`
	Type        string          `json:"type"`
	TypeName    string          `json:"type_name"`
	Mode        approval.Mode   `json:"mode"`
	Status      approval.Status `json:"status"`
	Project     string          `json:"project,omitempty"`
	ProjectName string          `json:"project_name,omitempty"`
	Unit        string          `json:"unit,omitempty"`
	Number      string          `json:"number,omitempty"`
	Issuer      string          `json:"issuer,omitempty"`
	IssueDate   string          `json:"issue_date,omitempty"`
	ValidUntil  string          `json:"valid_until"`
	Positive    bool            `json:"positive"`
	PublishedAt time.Time       `json:"published_at"`
	Successor   string          `json:"successor,omitempty"`
}

type resultList struct {
	Body struct {
		Results []resultRow `json:"results"`
		Next    string      `json:"next,omitempty" doc:"下一页的 before"`
	}
}

func (s *Server) listResults(ctx context.Context, in *listResultsInput) (*resultList, error) {
	q := storage.ResultQuery{Project: in.Project, Type: in.Type, Unit: in.Unit,
		Number: in.Number, Status: in.Status, Before: in.Before, Limit: in.Limit}
	found, err := s.visibleResults(ctx, q)
	if err != nil {
		return nil, err
	}
	out := &resultList{}
	out.Body.Results = []resultRow{}
	for _, r := range found {
		out.Body.Results = append(out.Body.Results, resultRow{ID: r.ID, Lineage: r.Lineage, Version: r.Version, Type: r.Type,
			TypeName: r.TypeName, Mode: r.Mode, Status: r.Status, Project: r.Project, ProjectName: r.ProjectName, Unit: r.Unit,
			Number: r.Number, Issuer: r.Issuer, IssueDate: r.IssueDate, ValidUntil: r.ValidUntil, Positive: r.Positive,
			PublishedAt: r.PublishedAt, Successor: r.Successor})
	}
	if len(found) == in.Limit {
		out.Body.Next = found[len(found)-1].ID
	}
	return out, nil
}

// visibleResults asks for what the asker may see: applicants see the results of
// their own projects, newest first over all of them.
func (s *Server) visibleResults(ctx context.Context, q storage.ResultQuery) ([]approval.Result, error) {
	asker := who(ctx)
	if !asker.MembersOnly() {
		return s.Records.ListResults(ctx, q)
	}
	own, err := s.Records.ProjectsOf(ctx, asker.Account)
	if err != nil {
		return nil, err
	}
	var all []approval.Result
	for _, project := range own {
		if q.Project != "" && q.Project != project {
			continue
		}
		of := q
		of.Project = project
		found, err := s.Records.ListResults(ctx, of)
		if err != nil {
			return nil, err
		}
		all = append(all, found...)
	}
	slices.SortFunc(all, func(a, b approval.Result) int { return strings.Compare(b.ID, a.ID) })
	return all[:min(len(all), q.Limit)], nil
}

// result loads a result that the asker may see.
func (s *Server) result(ctx context.Context, id string) (approval.Result, error) {
	r, err := s.Records.Result(ctx, id)
	if err == nil {
		err = s.ofProject(ctx, r.Project)
	}
	return r, err
}

// ofProject refuses applicants what concerns other people's projects, as if it
// did not exist.
func (s *Server) ofProject(ctx context.Context, project string) error {
	asker := who(ctx)
	if !asker.MembersOnly() {
		return nil
	}
	own, err := s.Records.ProjectsOf(ctx, asker.Account)
	if err == nil && !slices.Contains(own, project) {
		err = storage.ErrNotFound
	}
	return err
}

func (s *Server) getResult(ctx context.Context, in *ResultPath) (*resultBody, error) {
	r, err := s.result(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	if err := s.auditRead(ctx, "result.read", r.ID); err != nil {
		return nil, err
	}
	return &resultBody{Body: r}, nil
}

type revokeInput struct {
	ResultPath
	Body struct {
		Reason string `json:"reason" maxLength:"500" doc:"撤销原因"`
	}
}

func (s *Server) revoke(ctx context.Context, in *revokeInput) (*resultBody, error) {
	r, err := s.Records.Result(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	if !who(ctx).MayEnd(r.Unit) {
		return nil, errForbidden
	}
	r, err = s.Desk.Revoke(ctx, in.ID, who(ctx).Account, in.Body.Reason)
	return &resultBody{Body: r}, err
}

type linkInput struct {
	ResultPath
	Body struct {
		Project string `json:"project" doc:"项目代码"`
	}
}

func (s *Server) link(ctx context.Context, in *linkInput) (*resultBody, error) {
	r, err := s.Records.Result(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	if !who(ctx).MayLink(r.Unit) {
		return nil, errForbidden
	}
	r, err = s.Desk.Link(ctx, in.ID, in.Body.Project, who(ctx).Account)
	return &resultBody{Body: r}, err
}

type relianceList struct {
	Body struct {
		Reliances []approval.Reliance `json:"reliances"`
	}
}

func (s *Server) listReliances(ctx context.Context, in *ResultPath) (*relianceList, error) {
	if _, err := s.result(ctx, in.ID); err != nil {
		return nil, err
	}
	list, err := s.Records.ReliancesOn(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	out := &relianceList{}
	out.Body.Reliances = append([]approval.Reliance{}, list...)
	return out, nil
}

type relyInput struct {
	ResultPath
	Body struct {
		Item     string `json:"item" doc:"引用它的办理事项"`
		Material string `json:"material" doc:"所满足的材料"`
		Case     string `json:"case,omitempty" maxLength:"100" doc:"办件编号"`
	}
}

type relianceBody struct{ Body approval.Reliance }

func (s *Server) rely(ctx context.Context, in *relyInput) (*relianceBody, error) {
	rel, err := s.Desk.Rely(ctx, approval.Reliance{Result: in.ID, Item: in.Body.Item, Material: in.Body.Material,
		Case: in.Body.Case, By: who(ctx).Account})
	if err != nil {
		return nil, err
	}
	return &relianceBody{Body: rel}, nil
}

type basisInput struct {
	Code string `path:"code" doc:"项目代码"`
	Item string `query:"item" required:"true" doc:"办理事项编码"`
}

type basisBody struct {
	Body struct {
		Project string                `json:"project"`
		Item    string                `json:"item"`
		Entries []casework.BasisEntry `json:"entries"`
	}
}

func (s *Server) basis(ctx context.Context, in *basisInput) (*basisBody, error) {
	if err := s.ofProject(ctx, in.Code); err != nil {
		return nil, err
	}
	entries, err := s.Desk.Basis(ctx, in.Code, in.Item)
	if err != nil {
		return nil, err
	}
	if err := s.auditRead(ctx, "basis.read", in.Code); err != nil {
		return nil, err
	}
	out := &basisBody{}
	out.Body.Project, out.Body.Item = in.Code, in.Item
	out.Body.Entries = append([]casework.BasisEntry{}, entries...)
	return out, nil
}
