package web

import (
	"context"
	"log/slog"
	"net/http"
	"net/url"
	"time"

	"onewindow/access"
	"onewindow/approval/catalogue"
	"onewindow/casework"
	"onewindow/casework/cases"
	"onewindow/casework/inquiry"
	"onewindow/casework/organisation"
	"onewindow/casework/register"
	"onewindow/storage"
)

// Records is what pages show.
type Records interface {
	storage.Documents
	storage.Queue
	storage.Results
	storage.Reliances
	storage.Members
	storage.Audit
	storage.Events
	storage.Cases
	storage.Notices
	storage.ArrivalList
	storage.Parts
}

// Parts are what the pages are built from.
type Parts struct {
	Records   Records
	Desk      *casework.Desk
	Office    *cases.Office
	Registers *register.Desk
	Inquiries *inquiry.Office
	// Organisation is who and what the physical window consists of.
	Organisation *organisation.Office
	Guard        *access.Guard
	Catalogue    *catalogue.Catalogue
	Log          *slog.Logger
	Now          func() time.Time // nil is time.Now
	Version      string
	Secure       bool // served over TLS: cookies stay off plain HTTP
	Limits       *access.Limits
	Contact      Contact
}

// Contact is whom people turn to with questions and suggestions (T.3).
type Contact struct {
	Office, Telephone, Fax string
}

// pages answers page requests.
type pages struct {
	Parts
	views    views
	assets   *assets
	pictures *pictures
	live     *live
	api      http.Handler // see interface.go
}

// Site is the pages, ready to answer.
type Site struct {
	http.Handler
	live  *live
	pages *pages
}

// Close ends the lines that are open to live lists; a server that shuts down
// would wait for them.
func (s *Site) Close() { s.live.close() }

// New checks every template and builds the routes.
func New(p Parts) (*Site, error) {
	if p.Now == nil {
		p.Now = time.Now
	}
	s := &pages{Parts: p, pictures: newPictures()}
	s.live = newLive(s)
	var err error
	if s.assets, err = loadAssets(); err != nil {
		return nil, err
	}
	if s.views, err = loadViews(s.assets); err != nil {
		return nil, err
	}
	if !Built() {
		p.Log.Warn("pages have no scripts: build with make build")
	}
	return &Site{headers(s.routes()), s.live, s}, nil
}

func (s *pages) routes() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /assets/{name}", s.assets)
	mux.HandleFunc("GET /live", s.loggedIn(s.changes))
	s.publicRoutes(mux)
	s.documentRoutes(mux)
	s.resultRoutes(mux)
	s.adminRoutes(mux)
	s.projectRoutes(mux)
	s.caseRoutes(mux)
	s.itemRoutes(mux)
	s.generateRoutes(mux)
	s.noticeTemplateRoutes(mux)
	s.learningRoutes(mux)
	s.searchRoutes(mux)
	s.counterRoutes(mux)
	s.hotFolderRoutes(mux)
	s.registerRoutes(mux)
	s.inquiryRoutes(mux)
	s.issuanceRoutes(mux)
	s.handoverRoutes(mux)
	s.todayRoutes(mux)
	s.assistanceRoutes(mux)
	s.promiseRoutes(mux)
	s.trainingRoutes(mux)
	s.kioskRoutes(mux)
	s.webhookRoutes(mux)
	s.houseRoutes(mux)
	s.organisationRoutes(mux)
	s.paymentRoutes(mux)
	mux.HandleFunc("GET /progress", s.open(s.progress))
	s.supervisionRoutes(mux)
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		s.known(w, r, func(w http.ResponseWriter, r *http.Request) {
			s.problem(w, r, http.StatusNotFound, "没有这个页面")
		})
	})
	return mux
}

// headers forbid everything a page does not need.
func headers(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Security-Policy",
			"default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data: blob:; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'")
		next.ServeHTTP(w, r)
	})
}

type whoKey struct{}

func whoOf(ctx context.Context) (access.Who, bool) {
	w, ok := ctx.Value(whoKey{}).(access.Who)
	return w, ok
}

// known notes who asks, if anybody logged in does, and lets everybody in.
func (s *pages) known(w http.ResponseWriter, r *http.Request, h http.HandlerFunc) {
	if who, err := s.Guard.Identify(r.Context(), access.Secret("", r.Header.Get("Cookie"))); err == nil {
		r = r.WithContext(context.WithValue(r.Context(), whoKey{}, who))
	}
	h(w, r)
}

// open is a page for everybody, logged in or not.
func (s *pages) open(h http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) { s.known(w, r, h) }
}

// loggedIn lets in everybody with a session.
func (s *pages) loggedIn(h http.HandlerFunc) http.HandlerFunc { return s.allowed("", h) }

// allowed lets in who may do an action; others are sent to log in, or told no.
func (s *pages) allowed(action access.Action, h http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		who, err := s.Guard.Identify(r.Context(), access.Secret("", r.Header.Get("Cookie")))
		if err != nil {
			http.Redirect(w, r, "/login?to="+url.QueryEscape(returnTo(r)), http.StatusSeeOther)
			return
		}
		r = r.WithContext(context.WithValue(r.Context(), whoKey{}, who))
		if action != "" && !who.May(action) {
			s.problem(w, r, http.StatusForbidden, "没有办理此事的权限")
			return
		}
		h(w, r)
	}
}

// returnTo is the page somebody wanted: a form that was sent is found again on
// the page it stood on.
func returnTo(r *http.Request) string {
	if r.Method == http.MethodGet {
		return r.URL.RequestURI()
	}
	if from, err := url.Parse(r.Referer()); err == nil && from.Host == r.Host {
		return from.RequestURI()
	}
	return "/"
}
