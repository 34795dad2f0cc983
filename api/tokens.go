package api

import (
	"context"

	"onewindow/storage"
)

type listTokensInput struct {
	Name string `path:"name" doc:"账号"`
}

type tokenView struct {
	ID string `json:"id" doc:"撤销时用；不是令牌本身"`
	storage.Credential
}

type tokenList struct {
	Body struct {
		Tokens []tokenView `json:"tokens"`
	}
}

// listTokens shows an account's tokens and sessions, when they end and when they
// were last used; never the secrets.
func (s *Server) listTokens(ctx context.Context, in *listTokensInput) (*tokenList, error) {
	if _, err := s.Guard.Records.AccountByName(ctx, in.Name); err != nil {
		return nil, err
	}
	all, err := s.Guard.Records.ListCredentials(ctx, in.Name)
	if err != nil {
		return nil, err
	}
	out := &tokenList{}
	out.Body.Tokens = []tokenView{}
	for _, c := range all {
		out.Body.Tokens = append(out.Body.Tokens, tokenView{c.ID(), c})
	}
	return out, nil
}

type revokeTokenInput struct {
	Name string `path:"name" doc:"账号"`
	ID   string `path:"id" doc:"令牌编号"`
}

func (s *Server) revokeToken(ctx context.Context, in *revokeTokenInput) (*struct{}, error) {
	return &struct{}{}, s.Guard.Revoke(ctx, in.Name, in.ID, who(ctx).Account)
}
