package web

import (
	"context"
	"embed"
	"fmt"
	"html/template"
	"io/fs"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"onewindow/access"
	"onewindow/approval"
	"onewindow/approval/catalogue"
	"onewindow/casework"
	"onewindow/document"
	"onewindow/stamp/verifycode"
	"onewindow/storage"
)

//go:embed templates/*.html assets/*
var files embed.FS

// Records is what pages show.
type Records interface {
	storage.Documents
	storage.Queue
	storage.Results
	storage.Reliances
	storage.Members
	storage.Audit
}

// Parts are what the pages are built from.
type Parts struct {
	Records   Records
	Desk      *casework.Desk
	Guard     *access.Guard
	Catalogue *catalogue.Catalogue
	Log       *slog.Logger
	Version   string
	Secure    bool // served over TLS: cookies stay off plain HTTP
	Limits    *access.Limits
}

// pages answers page requests.
type pages struct {
	Parts
	views map[string]*template.Template
}

// New checks every template and builds the routes.
func New(p Parts) (http.Handler, error) {
	s := &pages{Parts: p, views: map[string]*template.Template{}}
	for _, name := range []string{"login", "documents", "document", "result", "verify", "error"} {
		t, err := template.New("layout.html").Funcs(functions()).ParseFS(files, "templates/layout.html", "templates/"+name+".html")
		if err != nil {
			return nil, fmt.Errorf("parse page %s: %w", name, err)
		}
		s.views[name] = t
	}
	return s.routes()
}

func (s *pages) routes() (http.Handler, error) {
	assets, err := fs.Sub(files, "assets")
	if err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	mux.Handle("GET /assets/", http.StripPrefix("/assets/", cached(http.FileServerFS(assets))))
	mux.HandleFunc("GET /v/{code}", s.verification)
	mux.HandleFunc("GET /v", s.verification)
	mux.HandleFunc("GET /login", s.loginForm)
	mux.HandleFunc("POST /login", s.login)
	mux.HandleFunc("POST /logout", s.logout)
	mux.HandleFunc("GET /{$}", s.allowed(access.DocumentRead, s.documents))
	mux.HandleFunc("GET /documents/{id}", s.allowed(access.DocumentRead, s.document))
	mux.HandleFunc("POST /documents/{id}/confirm", s.allowed(access.DocumentDecide, s.confirm))
	mux.HandleFunc("POST /documents/{id}/retry", s.allowed(access.DocumentRetry, s.retry))
	mux.HandleFunc("POST /documents/{id}/unlock", s.allowed(access.DocumentUnlock, s.unlock))
	mux.HandleFunc("POST /documents/{id}/reject", s.allowed(access.DocumentDecide, s.reject))
	mux.HandleFunc("POST /documents/{id}/release", s.allowed(access.DocumentRelease, s.release))
	mux.HandleFunc("POST /documents/{id}/purge", s.allowed(access.DocumentRelease, s.purge))
	mux.HandleFunc("GET /results/{id}", s.allowed(access.ResultRead, s.result))
	mux.HandleFunc("POST /results/{id}/revoke", s.allowed(access.ResultRevoke, s.revoke))
	mux.HandleFunc("POST /results/{id}/project", s.allowed(access.ResultLink, s.link))
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		s.problem(w, r, http.StatusNotFound, "没有这个页面")
	})
	return headers(mux), nil
}

// headers forbid everything a page does not need.
func headers(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Security-Policy",
			"default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'")
		next.ServeHTTP(w, r)
	})
}

func cached(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "public, max-age=3600")
		next.ServeHTTP(w, r)
	})
}

// page is what every template gets.
type page struct {
	Title    string
	Who      access.Who
	LoggedIn bool
	Version  string
	Data     any
}

func (s *pages) render(w http.ResponseWriter, r *http.Request, status int, view, title string, data any) {
	who, known := whoOf(r.Context())
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	err := s.views[view].Execute(w, page{Title: title, Who: who, LoggedIn: known, Version: s.Version, Data: data})
	if err != nil {
		s.Log.Warn("render page", "page", view, "error", err)
	}
}

func (s *pages) problem(w http.ResponseWriter, r *http.Request, status int, text string) {
	s.render(w, r, status, "error", "提示", text)
}

type whoKey struct{}

func whoOf(ctx context.Context) (access.Who, bool) {
	w, ok := ctx.Value(whoKey{}).(access.Who)
	return w, ok
}

// allowed lets in who may do an action; others are sent to log in, or told no.
func (s *pages) allowed(action access.Action, h http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		who, err := s.Guard.Identify(r.Context(), access.Secret("", r.Header.Get("Cookie")))
		if err != nil {
			http.Redirect(w, r, "/login", http.StatusSeeOther)
			return
		}
		r = r.WithContext(context.WithValue(r.Context(), whoKey{}, who))
		if !who.May(action) {
			s.problem(w, r, http.StatusForbidden, "没有办理此事的权限")
			return
		}
		h(w, r)
	}
}

var shanghai = time.FixedZone("Asia/Shanghai", 8*60*60)

// functions are what templates may call.
func functions() template.FuncMap {
	return template.FuncMap{
		"time":    func(t time.Time) string { return t.In(shanghai).Format("2006-01-02 15:04:05") },
		"state":   func(s document.State) string { return stateText[s] },
		"status":  func(s approval.Status) string { return statusText[s] },
		"step":    func(s document.Step) string { return stepText[s] },
		"percent": func(f float64) string { return fmt.Sprintf("%.0f%%", 100*f) },
		"code":    verifycode.Format,
		"by":      confirmerText,
		"task":    func(s storage.TaskState) string { return taskText[s] },
		"size":    sizeText,
		"resting": func(s document.State) bool { return s.Final() || s == document.StateNeedsReview },
	}
}

// Texts of the interface (glossary.md, personas.md).
var (
	stateText = map[document.State]string{
		document.StateReceived: "已收件", document.StateInspecting: "检测中", document.StateReading: "识别中",
		document.StateClassified: "识别中", document.StateNeedsReview: "待复核", document.StateConfirmed: "已确认",
		document.StateDone: "完成", document.StateQuarantined: "已隔离", document.StateRefused: "无法处理",
		document.StateFailed: "识别失败（可人工归类）", document.StateRejected: "不予采用", document.StateCancelled: "已撤回",
		document.StatePurged: "已销毁",
	}
	statusText = map[approval.Status]string{
		approval.StatusPublished: "有效", approval.StatusSuperseded: "已被替换", approval.StatusRevoked: "已撤销",
	}
	taskText = map[storage.TaskState]string{
		storage.TaskHeld: "排队", storage.TaskReady: "等待", storage.TaskClaimed: "进行中", storage.TaskDone: "完成",
		storage.TaskParked: "停下", storage.TaskCancelled: "取消",
	}
	stepText = map[document.Step]string{
		document.StepInspect: "检测", document.StepScreen: "首页筛查", document.StepRecognize: "识别",
		document.StepClassify: "分类", document.StepExtract: "提取数据", document.StepStamp: "加水印", document.StepPublish: "发布", document.StepErase: "清除派生数据",
	}
)

// sizeText is a file's size as people say it.
func sizeText(n int64) string {
	switch {
	case n >= 1<<20:
		return fmt.Sprintf("%.1f MB", float64(n)/(1<<20))
	case n >= 1<<10:
		return fmt.Sprintf("%.0f KB", float64(n)/(1<<10))
	}
	return fmt.Sprintf("%d 字节", n)
}

// confirmerText names who confirmed a value: a person, or the rule that let it pass.
func confirmerText(by string) string {
	if strings.HasPrefix(by, "policy:") {
		return "系统核验"
	}
	return by
}
