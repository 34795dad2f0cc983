package web

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
)

// The pages of the later functions are clients of the interface: they ask it in
// the same process, as the person who looks at the page, so that who may see and
// do what is decided in one place (docs/decisions/081).

// Use gives the pages the interface. It is the bare routes, without what wraps
// every request: the page's own request went through that already.
func (s *Site) Use(h http.Handler) { s.pages.api = h }

// refusal is a no of the interface.
type refusal struct {
	Status int
	Detail string            // a sentence for people
	Fields map[string]string // what is wrong with which field
}

func (e *refusal) Error() string { return fmt.Sprintf("interface answered %d: %s", e.Status, e.Detail) }

// heard is an answer of the interface, kept in memory.
type heard struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (h *heard) Header() http.Header { return h.header }

func (h *heard) WriteHeader(status int) {
	if h.status == 0 && status >= http.StatusOK {
		h.status = status
	}
}

func (h *heard) Write(b []byte) (int, error) {
	h.WriteHeader(http.StatusOK)
	return h.body.Write(b)
}

var errNoInterface = errors.New("pages were given no interface")

// ask puts a question to the interface as the person behind a page's request. in is
// sent as JSON unless it is nil, and the answer is read into out unless that is
// nil. Errors: *refusal.
func (s *pages) ask(r *http.Request, method, path string, in, out any) error {
	answer, err := s.hear(r, method, path, in)
	if err != nil || out == nil || len(answer) == 0 {
		return err
	}
	if err := json.Unmarshal(answer, out); err != nil {
		return fmt.Errorf("read answer of %s: %w", path, err)
	}
	return nil
}

// hear is ask for an answer that is not JSON: its bytes. Errors: *refusal.
func (s *pages) hear(r *http.Request, method, path string, in any) ([]byte, error) {
	if s.api == nil {
		return nil, errNoInterface
	}
	var body bytes.Buffer
	if in != nil {
		if err := json.NewEncoder(&body).Encode(in); err != nil {
			return nil, fmt.Errorf("encode question: %w", err)
		}
	}
	q, err := http.NewRequestWithContext(r.Context(), method, path, &body)
	if err != nil {
		return nil, fmt.Errorf("ask interface: %w", err)
	}
	q.RemoteAddr, q.Host = r.RemoteAddr, r.Host
	q.Header.Set("Cookie", r.Header.Get("Cookie"))
	if in != nil {
		q.Header.Set("Content-Type", "application/json")
	}
	a := &heard{header: http.Header{}}
	s.api.ServeHTTP(a, q)
	if a.status >= http.StatusBadRequest {
		return nil, refusalOf(a)
	}
	return a.body.Bytes(), nil
}

func refusalOf(a *heard) error {
	var p struct {
		Detail string `json:"detail"`
		Errors []struct{ Location, Message string }
	}
	if err := json.Unmarshal(a.body.Bytes(), &p); err != nil {
		return fmt.Errorf("read refusal %d: %w", a.status, err)
	}
	out := &refusal{Status: a.status, Detail: p.Detail}
	for _, e := range p.Errors {
		if out.Fields == nil {
			out.Fields = map[string]string{}
		}
		out.Fields[strings.TrimPrefix(e.Location, "body.")] = inChinese(e.Message)
	}
	return out
}

// inChinese keeps a message for people; what the framework says in English about
// the shape of a field becomes a plain sentence.
func inChinese(message string) string {
	for _, c := range message {
		if c >= 0x4e00 && c <= 0x9fff {
			return message
		}
	}
	return "填写有误，请检查"
}

// part is a segment of a path that came from outside.
func part(id string) string { return url.PathEscape(id) }

// query makes the query of a question from pairs, leaving out what is empty.
func query(pairs ...string) string {
	v := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			v.Set(pairs[i], pairs[i+1])
		}
	}
	if len(v) == 0 {
		return ""
	}
	return "?" + v.Encode()
}
