package api

import (
	"context"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"onewindow/access"
)

type loginInput struct {
	remote string
	Body   struct {
		Name     string `json:"name" minLength:"1" maxLength:"100" doc:"账号"`
		Password string `json:"password" minLength:"1" maxLength:"200" doc:"密码"`
	}
}

// Resolve keeps the sender's address for the rate limit.
func (in *loginInput) Resolve(ctx huma.Context) []error {
	in.remote = ctx.RemoteAddr()
	return nil
}

type sessionBody struct {
	SetCookie http.Cookie `header:"Set-Cookie"`
	Body      access.Who
}

func (s *Server) login(ctx context.Context, in *loginInput) (*sessionBody, error) {
	if !s.Limits.AllowLogin(in.remote) {
		return nil, errTooMany
	}
	secret, who, err := s.Guard.Login(ctx, in.Body.Name, in.Body.Password)
	if err != nil {
		return nil, err
	}
	return &sessionBody{SetCookie: access.Cookie(secret, s.secure()), Body: who}, nil
}

func (s *Server) secure() bool { return strings.HasPrefix(s.BaseURL, "https:") }

type noInput struct{}

type whoBody struct {
	Body struct {
		access.Who
		Projects []string `json:"projects" doc:"可办理的项目"`
	}
}

func (s *Server) whoami(ctx context.Context, _ *noInput) (*whoBody, error) {
	out := &whoBody{}
	out.Body.Who = who(ctx)
	own, err := s.Records.ProjectsOf(ctx, out.Body.Account)
	out.Body.Projects = append([]string{}, own...)
	return out, err
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
	return &logoutBody{SetCookie: access.Cookie("", s.secure())}, nil
}

type changePasswordInput struct {
	remote string
	Body   struct {
		Old string `json:"old" maxLength:"200" doc:"现在的密码"`
		New string `json:"new" maxLength:"200" doc:"新密码，至少 8 个字符"`
	}
}

// Resolve keeps the sender's address: guessing the old password is a login too.
func (in *changePasswordInput) Resolve(ctx huma.Context) []error {
	in.remote = ctx.RemoteAddr()
	return nil
}

func (s *Server) changePassword(ctx context.Context, in *changePasswordInput) (*struct{}, error) {
	if !s.Limits.AllowLogin(in.remote) {
		return nil, errTooMany
	}
	return &struct{}{}, s.Guard.ChangePassword(ctx, who(ctx).Account, in.Body.Old, in.Body.New)
}
