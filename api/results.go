package api

import (
	"context"
	"reflect"

	"onewindow/approval"
	"onewindow/casework"
	"onewindow/intake"
	"onewindow/storage"
)

var receiptType = reflect.TypeOf(intake.Receipt{})

type resultPath struct {
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

type resultList struct {
	Body struct {
		Results []approval.Result `json:"results"`
		Next    string            `json:"next,omitempty"`
	}
}

func (s *Server) listResults(ctx context.Context, in *listResultsInput) (*resultList, error) {
	rs, err := s.Records.ListResults(ctx, storage.ResultQuery{Project: in.Project, Type: in.Type, Unit: in.Unit,
		Number: in.Number, Status: in.Status, Before: in.Before, Limit: in.Limit})
	if err != nil {
		return nil, err
	}
	out := &resultList{}
	out.Body.Results = rs
	if len(rs) == in.Limit {
		out.Body.Next = rs[len(rs)-1].ID
	}
	return out, nil
}

func (s *Server) getResult(ctx context.Context, in *resultPath) (*resultBody, error) {
	r, err := s.Records.Result(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	if err := s.auditRead(ctx, "result.read", r.ID); err != nil {
		return nil, err
	}
	return &resultBody{Body: r}, nil
}

type revokeInput struct {
	resultPath
	Body struct {
		Reason string `json:"reason" doc:"撤销原因"`
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
	if err != nil {
		return nil, err
	}
	return &resultBody{Body: r}, nil
}

type relianceList struct {
	Body struct {
		Reliances []approval.Reliance `json:"reliances"`
	}
}

func (s *Server) listReliances(ctx context.Context, in *resultPath) (*relianceList, error) {
	list, err := s.Records.ReliancesOn(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	out := &relianceList{}
	out.Body.Reliances = append([]approval.Reliance{}, list...)
	return out, nil
}

type relyInput struct {
	resultPath
	Body struct {
		Item     string `json:"item" doc:"引用它的办理事项"`
		Material string `json:"material" doc:"所满足的材料"`
		Case     string `json:"case,omitempty" doc:"办件编号"`
	}
}

type relianceBody struct{ Body approval.Reliance }

func (s *Server) rely(ctx context.Context, in *relyInput) (*relianceBody, error) {
	r, err := s.Records.Result(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	rel, err := s.Desk.Rely(ctx, approval.Reliance{Result: r.ID, Version: r.Version, Project: r.Project,
		Item: in.Body.Item, Material: in.Body.Material, Case: in.Body.Case, By: who(ctx).Account})
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
	entries, err := s.Desk.Basis(ctx, in.Code, in.Item)
	if err != nil {
		return nil, err
	}
	out := &basisBody{}
	out.Body.Project, out.Body.Item = in.Code, in.Item
	out.Body.Entries = append([]casework.BasisEntry{}, entries...)
	return out, nil
}
