package web

import (
	"bytes"
	"compress/gzip"
	"embed"
	"encoding/json"
	"fmt"
	"html/template"
	"io/fs"
	"maps"
	"net/http"
	"path"
	"strings"

	"onewindow/access"
)

//go:embed templates/*.html templates/pages/*.html lang/*.json
var files embed.FS

// The languages of the pages. Chinese is the one texts are written in; the other
// is looked up by them.
const (
	chinese = "zh-CN"
	english = "en"
)

// views are the parsed pages, by language and name.
type views map[string]map[string]*template.Template

// loadViews parses every page once for each language, so that a mistake in one
// shows at start and not when somebody opens it.
func loadViews(a *assets) (views, error) {
	out := views{}
	for _, lang := range []string{chinese, english} {
		words, err := dictionary(lang)
		if err != nil {
			return nil, err
		}
		funcs := functions()
		maps.Copy(funcs, wordFunctions(words, lang))
		funcs["script"], funcs["stylesheet"] = a.script, func() string { return a.style }
		frame, err := template.New("layout.html").Funcs(funcs).ParseFS(files, "templates/*.html")
		if err != nil {
			return nil, fmt.Errorf("parse frame: %w", err)
		}
		pages, err := fs.Glob(files, "templates/pages/*.html")
		if err != nil {
			return nil, err
		}
		out[lang] = map[string]*template.Template{}
		for _, file := range pages {
			t, err := template.Must(frame.Clone()).ParseFS(files, file)
			if err != nil {
				return nil, fmt.Errorf("parse page: %w", err)
			}
			out[lang][strings.TrimSuffix(path.Base(file), ".html")] = t
		}
	}
	return out, nil
}

// dictionary holds the texts of a language by their Chinese original.
func dictionary(lang string) (map[string]string, error) {
	if lang == chinese {
		return nil, nil
	}
	b, err := files.ReadFile("lang/" + lang + ".json")
	if err != nil {
		return nil, fmt.Errorf("read language: %w", err)
	}
	var words map[string]string
	if err := json.Unmarshal(b, &words); err != nil {
		return nil, fmt.Errorf("read language %s: %w", lang, err)
	}
	return words, nil
}

// wordFunctions are what templates translate with: t gives a text, with what
// stands in {0}, {1} … filled in.
func wordFunctions(words map[string]string, lang string) template.FuncMap {
	translate := func(text string, fill ...any) string {
		if w, ok := words[text]; ok {
			text = w
		}
		for i, v := range fill {
			text = strings.ReplaceAll(text, fmt.Sprintf("{%d}", i), fmt.Sprint(v))
		}
		return text
	}
	return template.FuncMap{"t": translate, "english": func() bool { return lang == english }}
}

// page is what every template gets.
type page struct {
	Title    string
	Who      access.Who
	LoggedIn bool
	Searches bool // may look for documents
	Version  string
	Nav      []place
	Path     string // of the page, with its query
	Lang     string
	Theme    string
	Basis    string // name of the guideline the house follows (T.1)
	Slip     slip   // what was wrong with the form that was sent
	Data     any
}

// render shows a page. A part that fails shows nothing of itself: the page is
// made whole before the first byte goes out.
func (s *pages) render(w http.ResponseWriter, r *http.Request, status int, view, title string, data any) {
	who, known := whoOf(r.Context())
	p := page{Title: title, Who: who, LoggedIn: known, Searches: known && who.May(access.DocumentRead), Version: s.Version, Nav: navigation(who, known, r.URL.Path),
		Path: r.URL.RequestURI(), Lang: langOf(r), Theme: themeOf(r), Basis: guideline, Slip: slipOf(r), Data: data}
	var body bytes.Buffer
	if err := s.views[p.Lang][view].Execute(&body, p); err != nil {
		s.Log.Error("render page", "page", view, "error", err)
		http.Error(w, "系统出现故障，请稍后再试。", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Vary", "Cookie, Accept-Encoding")
	send(w, r, status, body.Bytes())
}

// small is the size in bytes below which packing a page is not worth it.
const small = 1400

// send writes a page, packed for whoever can unpack it.
func send(w http.ResponseWriter, r *http.Request, status int, body []byte) {
	if len(body) > small && strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
		var packed bytes.Buffer
		z, _ := gzip.NewWriterLevel(&packed, gzip.BestSpeed) // the level is a valid one
		_, _ = z.Write(body)                                 // a buffer takes everything
		_ = z.Close()
		w.Header().Set("Content-Encoding", "gzip")
		body = packed.Bytes()
	}
	w.WriteHeader(status)
	_, _ = w.Write(body) // whoever left does not need the rest
}

// trouble is what the error page shows.
type trouble struct {
	Status int
	Text   string
}

func (s *pages) problem(w http.ResponseWriter, r *http.Request, status int, text string) {
	s.render(w, r, status, "error", "提示", trouble{status, text})
}

// guideline is what the house works by (T.1).
const guideline = "湖南省工程建设项目审批“一窗受理、集成服务”工作导则"
