package api

import (
	"context"
	"log/slog"
	"net/http"
	"runtime/debug"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"onewindow/access"
	"onewindow/api/resumable"
	"onewindow/casework"
	"onewindow/casework/archive"
	"onewindow/casework/assistance"
	"onewindow/casework/cases"
	"onewindow/casework/certificates"
	"onewindow/casework/followup"
	"onewindow/casework/inquiry"
	"onewindow/casework/issuance"
	"onewindow/casework/learning"
	"onewindow/casework/notices"
	"onewindow/casework/organisation"
	"onewindow/casework/payment"
	"onewindow/casework/promises"
	"onewindow/casework/register"
	"onewindow/casework/supervision"
	"onewindow/casework/webhooks"
	"onewindow/intake"
	"onewindow/storage"
)

// Records is what the interface shows.
type Records interface {
	storage.Documents
	storage.Queue
	storage.Results
	storage.Reliances
	storage.Members
	storage.Events
	storage.Audit
	storage.Cases
	storage.Notices
	storage.Webhooks
	storage.Search
	storage.ArrivalList
	storage.Parts
}

// Server answers requests.
type Server struct {
	Records  Records
	Blobs    storage.Blobs
	Receiver *intake.Receiver
	Desk     *casework.Desk
	Office   *cases.Office
	Notices  *notices.Office
	// Certificates generates result documents from templates (V2.8).
	Certificates *certificates.Office
	// Promises follows up commitments and tolerance (P3.7).
	Promises *promises.Office
	// Learning keeps models and thresholds of document types.
	Learning *learning.Office
	Watch    *supervision.Office
	// Registers are those of the windows; Inquiries work on them too.
	Registers *register.Desk
	Inquiries *inquiry.Office
	Issuances *issuance.Office
	// Organisation is who and what the physical window consists of.
	Organisation *organisation.Office
	Payments     *payment.Office
	Assistances  *assistance.Office
	Follow       *followup.Office
	Archive      *archive.Office
	Guard        *access.Guard
	Log          *slog.Logger
	Now          func() time.Time
	Version      string
	BaseURL      string
	// Ready reports what is not ready to work, nil when all is.
	Ready func(ctx context.Context) error
	// Pages answers what is not the interface's: the web pages.
	Pages http.Handler
	// Limits are the rates of what is open to anybody.
	Limits *access.Limits
	// Metrics answers /metrics to those who may; nil says that there are none.
	Metrics http.Handler

	// Webhooks tries subscriptions; WebhookPrivate lets them lead inside the house.
	Webhooks       *webhooks.Sender
	WebhookPrivate bool

	// Quotas of a day and Pressure of the queue turn senders away; nil: none.
	Quotas   *access.Quotas
	Pressure *Pressure

	// Uploads takes uploads in pieces; nil where there is no such door.
	Uploads *resumable.Door

	// Observe is told of every request: its route, status and time; may be nil.
	Observe func(route string, status int, took time.Duration)

	live *live
}

// Handler builds the routes once.
func (s *Server) Handler() (http.Handler, huma.API) {
	s.live = newLive(s.Records, s.Log)
	if s.Uploads != nil {
		s.Uploads.Begin, s.Uploads.Problem, s.Uploads.Already = s.beginUpload, s.problemBytes, s.already
	}
	mux, api := s.describe()
	if p, ok := s.Pages.(interface{ Use(http.Handler) }); ok {
		p.Use(mux) // pages ask the interface, with its rules, as the person who looks at them
	}
	return s.shell(mux), api
}

// Close ends the event streams that are open; a server that shuts down would
// wait for them. Call it after Handler.
func (s *Server) Close() { s.live.close() }

// Description is the OpenAPI 3.1 text of the interface, as YAML.
func Description(version string) ([]byte, error) {
	s := &Server{Version: version, Log: slog.New(slog.DiscardHandler)}
	_, api := s.describe()
	return api.OpenAPI().YAML()
}

func (s *Server) describe() (*http.ServeMux, huma.API) {
	mux := http.NewServeMux()
	config := huma.DefaultConfig("Onewindow", s.Version)
	config.DocsPath, config.SchemasPath = "", ""
	config.OpenAPIPath = "/openapi"
	config.CreateHooks = nil // no $schema links inside bodies
	config.Transformers = []huma.Transformer{plainWords}
	config.Info.Description = "一窗受理、集成服务：文书流水线与办件接口。x-right 是所需的权限。"
	config.Components.SecuritySchemes = map[string]*huma.SecurityScheme{
		"token":   {Type: "http", Scheme: "bearer", Description: "程序令牌，由 `onewindow token` 签发"},
		"session": {Type: "apiKey", In: "cookie", Name: access.CookieName, Description: "浏览器登录"},
	}
	api := humago.New(mux, config)
	api.UseMiddleware(s.identify(api))
	s.routes(api, mux)
	return mux, api
}

// answer remembers whether anything was sent, so that a failure in the middle
// does not write an error into a half-sent file.
type answer struct {
	http.ResponseWriter
	begun  bool
	status int
}

func (a *answer) WriteHeader(status int) {
	if !a.begun && status >= 200 {
		a.begun, a.status = true, status
	}
	a.ResponseWriter.WriteHeader(status)
}

func (a *answer) Write(b []byte) (int, error) {
	if !a.begun {
		a.begun, a.status = true, http.StatusOK
	}
	return a.ResponseWriter.Write(b)
}

// Unwrap lets http.ResponseController reach flushing and deadlines.
func (a *answer) Unwrap() http.ResponseWriter { return a.ResponseWriter }

// shell is what every answer passes through: a recover, headers, and a no to
// browsers that come from another site.
func (s *Server) shell(next http.Handler) http.Handler {
	https := strings.HasPrefix(s.BaseURL, "https:")
	return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		w := &answer{ResponseWriter: rw}
		defer s.observe(w, r, time.Now())
		defer s.recoverPanic(w, r)
		h := w.Header()
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("X-Frame-Options", "DENY")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		// A file that a browser opens all the same may do nothing. Pages say
		// more exactly what they need.
		h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'; sandbox")
		if https {
			h.Set("Strict-Transport-Security", "max-age=31536000")
		}
		if access.Foreign(r) {
			writeProblem(w, http.StatusForbidden, "跨站请求被拒绝")
			return
		}
		next.ServeHTTP(w, r)
	})
}

// observe tells of a request. Streams that browsers keep open would only blur the
// times.
func (s *Server) observe(w *answer, r *http.Request, began time.Time) {
	if s.Observe == nil || strings.HasPrefix(w.Header().Get("Content-Type"), "text/event-stream") {
		return
	}
	status := w.status
	if status == 0 {
		status = http.StatusOK
	}
	s.Observe(r.Pattern, status, time.Since(began))
}

// recoverPanic answers for a handler that broke. What it said may hold anything
// and goes to the log of operators only.
func (s *Server) recoverPanic(w *answer, r *http.Request) {
	p := recover()
	if p == nil {
		return
	}
	if p == http.ErrAbortHandler {
		panic(p)
	}
	s.Log.Error("request panicked", "method", r.Method, "route", r.Pattern, "panic", p, "stack", string(debug.Stack()))
	if w.begun {
		panic(http.ErrAbortHandler) // cut the line: half an answer must not look whole
	}
	writeProblem(w, http.StatusInternalServerError, troubleText)
}
