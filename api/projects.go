package api

import (
	"context"
	"errors"

	"onewindow/approval/identifier"
	"onewindow/casework"
	"onewindow/storage"
)

// ProjectPath names a project in a route.
type ProjectPath struct {
	Code string `path:"code" doc:"项目代码"`
}

type memberPath struct {
	ProjectPath
	Account string `path:"account" maxLength:"100" doc:"账号"`
}

type memberList struct {
	Body struct {
		Members []storage.Member `json:"members"`
	}
}

func (s *Server) listMembers(ctx context.Context, in *ProjectPath) (*memberList, error) {
	members, err := s.Records.MembersOf(ctx, in.Code)
	if err != nil {
		return nil, err
	}
	out := &memberList{}
	out.Body.Members = append([]storage.Member{}, members...)
	return out, nil
}

// addMember lets an account act for a project: a clerk has seen the papers that
// say so.
func (s *Server) addMember(ctx context.Context, in *memberPath) (*struct{}, error) {
	wrong := map[string]string{}
	code := identifier.Validate(identifier.ProjectCode, in.Code)
	if !code.Valid {
		wrong["code"] = "项目代码不正确"
	}
	_, err := s.Guard.Records.AccountByName(ctx, in.Account)
	if errors.Is(err, storage.ErrNotFound) {
		wrong["account"], err = "没有这个账号", nil
	}
	if err != nil {
		return nil, err
	}
	if len(wrong) > 0 {
		return nil, &casework.Invalid{Fields: wrong}
	}
	return &struct{}{}, s.Records.AddMember(ctx, storage.Member{Project: code.Value, Account: in.Account, By: who(ctx).Account})
}

func (s *Server) removeMember(ctx context.Context, in *memberPath) (*struct{}, error) {
	return &struct{}{}, s.Records.RemoveMember(ctx, in.Code, in.Account, who(ctx).Account)
}
