package api

import (
	"context"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"onewindow/access"
)

type loginInput struct {
	RemoteAddr string
	Body       struct {
		Name     string `json:"name" minLength:"1" maxLength:"100" doc:"账号"`
		Password string `json:"password" minLength:"1" maxLength:"200" doc:"密码"`
	}
}

// Resolve keeps the sender's address for the rate limit.
func (in *loginInput) Resolve(ctx huma.Context) []error {
	in.RemoteAddr = ctx.RemoteAddr()
	return nil
}

type sessionBody struct {
	SetCookie http.Cookie `header:"Set-Cookie"`
	Body      access.Who
}

func (s *Server) login(ctx context.Context, in *loginInput) (*sessionBody, error) {
	if !s.Limits.AllowLogin(in.RemoteAddr) {
		return nil, errTooMany
	}
	secret, who, err := s.Guard.Login(ctx, in.Body.Name, in.Body.Password)
	if err != nil {
		return nil, err
	}
	return &sessionBody{SetCookie: access.Cookie(secret, strings.HasPrefix(s.BaseURL, "https:")), Body: who}, nil
}

type noInput struct{}

type whoBody struct{ Body access.Who }

func (s *Server) whoami(ctx context.Context, _ *noInput) (*whoBody, error) {
	return &whoBody{Body: who(ctx)}, nil
}

type logoutInput struct {
	Session http.Cookie `cookie:"onewindow_session"`
}

type logoutBody struct {
	SetCookie http.Cookie `header:"Set-Cookie"`
}

func (s *Server) logout(ctx context.Context, in *logoutInput) (*logoutBody, error) {
	if in.Session.Value != "" {
		if err := s.Guard.Logout(ctx, in.Session.Value); err != nil {
			return nil, err
		}
	}
	return &logoutBody{SetCookie: access.Cookie("", false)}, nil
}
