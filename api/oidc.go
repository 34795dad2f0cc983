package api

import (
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"onewindow/access"
)

// memoryCookie holds what a browser brings back from the provider.
const memoryCookie = "onewindow_oidc"

// memoryLife is how long a person may take to log in there.
const memoryLife = 10 * time.Minute

// oidcRoutes lead browsers to the login of another house and back.
func (s *Server) oidcRoutes(api huma.API, mux *http.ServeMux) {
	s.public(api, mux, redirectOperation("/v1/oidc/login", "oidc-login", "到统一身份认证登录",
		&huma.Param{Name: "to", In: "query", Schema: text("登录后回到的页面")}), s.oidcLogin)
	s.public(api, mux, redirectOperation("/v1/oidc/callback", "oidc-callback", "从统一身份认证返回",
		&huma.Param{Name: "state", In: "query", Schema: text("")}, &huma.Param{Name: "code", In: "query", Schema: text("")}), s.oidcCallback)
}

func redirectOperation(path, id, summary string, params ...*huma.Param) *huma.Operation {
	return &huma.Operation{OperationID: id, Method: http.MethodGet, Path: path, Summary: summary, Parameters: params,
		Responses: map[string]*huma.Response{"303": {Description: "转向"}}}
}

// public registers and describes a plain handler that is open to all.
func (s *Server) public(api huma.API, mux *http.ServeMux, op *huma.Operation, h http.HandlerFunc) {
	op.Responses["default"] = &huma.Response{Description: "错误", Content: map[string]*huma.MediaType{
		"application/problem+json": {Schema: schemaOf[huma.ErrorModel](api, "ErrorModel")}}}
	api.OpenAPI().AddOperation(op)
	mux.HandleFunc(op.Method+" "+op.Path, h)
}

func (s *Server) oidcLogin(w http.ResponseWriter, r *http.Request) {
	if s.Guard.Provider == nil {
		writeProblem(w, http.StatusNotFound, "没有启用统一身份认证")
		return
	}
	if !s.Limits.AllowLookup(r.RemoteAddr) {
		s.fail(w, r, errTooMany)
		return
	}
	address, memory, err := s.Guard.Provider.Begin(r.Context())
	if err != nil {
		s.providerAway(w, err)
		return
	}
	http.SetCookie(w, s.memory(memory+" "+localPath(r.URL.Query().Get("to")), int(memoryLife.Seconds())))
	http.Redirect(w, r, address, http.StatusSeeOther)
}

// memory is sent along when the provider leads the browser back here (Lax).
func (s *Server) memory(value string, age int) *http.Cookie {
	return &http.Cookie{Name: memoryCookie, Value: strings.ReplaceAll(value, " ", "|"), Path: "/v1/oidc/", HttpOnly: true,
		SameSite: http.SameSiteLaxMode, Secure: s.secure(), MaxAge: age}
}

// localPath is a path of this site, or "/": a login must not lead elsewhere.
func localPath(to string) string {
	if !strings.HasPrefix(to, "/") || strings.HasPrefix(to, "//") || strings.ContainsAny(to, "\\|;, \"\r\n\t") {
		return "/"
	}
	return to
}

func (s *Server) providerAway(w http.ResponseWriter, err error) {
	s.Log.Error("login provider", "error", err)
	writeProblem(w, http.StatusServiceUnavailable, "统一身份认证暂时无法使用，请稍后再试，或使用本系统账号登录")
}

func (s *Server) oidcCallback(w http.ResponseWriter, r *http.Request) {
	if s.Guard.Provider == nil {
		writeProblem(w, http.StatusNotFound, "没有启用统一身份认证")
		return
	}
	if !s.Limits.AllowLogin(r.RemoteAddr) {
		s.fail(w, r, errTooMany)
		return
	}
	kept := ""
	if c, err := r.Cookie(memoryCookie); err == nil {
		kept = c.Value
	}
	memory, to, _ := strings.Cut(kept, "|")
	q := r.URL.Query()
	id, err := s.Guard.Provider.Finish(r.Context(), memory, q.Get("state"), q.Get("code"))
	if err != nil && !errors.Is(err, access.ErrDenied) {
		s.providerAway(w, err)
		return
	}
	var secret string
	if err == nil {
		secret, _, err = s.Guard.Enter(r.Context(), id)
	}
	if err != nil {
		s.fail(w, r, err)
		return
	}
	session := access.Cookie(secret, s.secure())
	http.SetCookie(w, s.memory("", -1))
	http.SetCookie(w, &session)
	http.Redirect(w, r, localPath(to), http.StatusSeeOther)
}
