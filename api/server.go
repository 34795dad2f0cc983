package api

import (
	"context"
	"log/slog"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"onewindow/access"
	"onewindow/casework"
	"onewindow/intake"
	"onewindow/storage"
)

// Records is what the interface shows.
type Records interface {
	storage.Documents
	storage.Queue
	storage.Results
	storage.Reliances
	storage.Events
	storage.Audit
	storage.Copies
}

// Server answers requests.
type Server struct {
	Records  Records
	Blobs    storage.Blobs
	Receiver *intake.Receiver
	Desk     *casework.Desk
	Guard    *access.Guard
	Log      *slog.Logger
	Now      func() time.Time
	Version  string
	BaseURL  string
	// Ready reports what is not ready to work, nil when all is.
	Ready func(ctx context.Context) error
	// Pages answers what is not the interface's: the web pages.
	Pages http.Handler
	// Limits are the rates of what is open to anybody.
	Limits *access.Limits
	// Metrics answers /metrics; nil leaves it out.
	Metrics http.Handler

	live *live
}

// Handler builds the routes once.
func (s *Server) Handler() (http.Handler, huma.API) {
	s.live = newLive(s.Records, s.Log)
	mux, api := s.describe()
	return s.shell(mux), api
}

// Description is the OpenAPI 3.1 text of the interface, as YAML.
func Description(version string) ([]byte, error) {
	s := &Server{Version: version, Log: slog.New(slog.DiscardHandler)}
	_, api := s.describe()
	return api.OpenAPI().YAML()
}

func (s *Server) describe() (*http.ServeMux, huma.API) {
	mux := http.NewServeMux()
	config := huma.DefaultConfig("Onewindow", s.Version)
	config.DocsPath = ""
	config.OpenAPIPath = "/openapi"
	config.SchemasPath = "/schemas"
	config.Info.Description = "一窗受理、集成服务：文书流水线与办件接口"
	config.Components.SecuritySchemes = map[string]*huma.SecurityScheme{
		"token": {Type: "http", Scheme: "bearer", Description: "程序令牌，由 `onewindow token` 签发"},
	}
	api := humago.New(mux, config)
	api.UseMiddleware(s.identify(api))
	s.routes(api, mux)
	return mux, api
}

// shell is what every answer passes through: a recover, headers, a size limit on
// ordinary bodies, and problems for unknown paths.
func (s *Server) shell(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer s.recoverPanic(w, r)
		h := w.Header()
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("X-Frame-Options", "DENY")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		if access.Foreign(r) {
			writeProblem(w, http.StatusForbidden, "跨站请求被拒绝")
			return
		}
		next.ServeHTTP(w, r)
	})
}

func (s *Server) recoverPanic(w http.ResponseWriter, r *http.Request) {
	if p := recover(); p != nil {
		if p == http.ErrAbortHandler {
			panic(p)
		}
		s.Log.Error("request panicked", "method", r.Method, "route", r.Pattern, "panic", p)
		writeProblem(w, http.StatusInternalServerError, troubleText)
	}
}
