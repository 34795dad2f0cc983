package api_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	"onewindow/api"
	"onewindow/approval"
	"onewindow/document"
	"onewindow/storage"
)

// secretText must never reach a client.
const secretText = "pq: password authentication failed for /srv/onewindow"

// brokenRecords fails at everything the way a database does.
type brokenRecords struct{ api.Records }

func (brokenRecords) Result(context.Context, string) (approval.Result, error) {
	return approval.Result{}, errors.New(secretText)
}

func (brokenRecords) EventsAfter(context.Context, int64, int) ([]approval.Event, error) {
	return nil, errors.New(secretText)
}

func (brokenRecords) Document(context.Context, document.ID) (document.Document, error) {
	panic(secretText)
}

func (brokenRecords) Depths(context.Context) (map[document.Lane]map[storage.TaskState]int, error) {
	return nil, context.DeadlineExceeded
}

func TestProblems_TellNothingOfOurFailures(t *testing.T) {
	h := openHouse(t)
	h.server.Records = brokenRecords{h.server.Records}
	for _, path := range []string{"/v1/results/x", "/v1/results/x/file", "/v1/events", "/v1/documents/x", "/v1/documents/x/original"} {
		r := h.get("admin", path).want(http.StatusInternalServerError)
		if strings.Contains(string(r.body), "pq:") || strings.Contains(string(r.body), "srv") {
			t.Errorf("%s tells %s", path, r.body)
		}
		var p struct {
			Status        int
			Title, Detail string
			Errors        []any
		}
		r.into(&p)
		if p.Status != 500 || !strings.Contains(p.Detail, "系统出现故障") || p.Title == "" || len(p.Errors) != 0 {
			t.Errorf("%s answers %s", path, r.body)
		}
	}
	if n := strings.Count(h.log.String(), "pq: password"); n < 5 {
		t.Errorf("operators are told %d times:\n%s", n, h.log.String())
	}
	if r := h.get("admin", "/v1/queue").want(http.StatusServiceUnavailable); r.header.Get("Retry-After") == "" {
		t.Error("503 without Retry-After")
	}
}

func TestProblems_DoNotRepeatWhatWasSent(t *testing.T) {
	h := openHouse(t)
	long := strings.Repeat("hunter2", 40)
	for name, r := range map[string]reply{
		"too long a password": h.ask("", "POST", "/v1/sessions", map[string]any{"name": "x", "password": long}),
		"wrong type":          h.ask("", "POST", "/v1/sessions", map[string]any{"name": "x", "password": 1, "hunter2": "hunter2"}),
		"unknown field":       h.ask("clerk", "POST", "/v1/documents/x/reject", map[string]any{"reason": "x", "more": "hunter2"}),
	} {
		r.want(http.StatusUnprocessableEntity)
		if strings.Contains(strings.ReplaceAll(string(r.body), "body.hunter2", ""), "hunter2") {
			t.Errorf("%s: %s", name, r.body)
		}
		if !strings.Contains(string(r.body), "填写的内容有误") {
			t.Errorf("%s is told in English: %s", name, r.body)
		}
	}
	bad := h.request("", "POST", "/v1/sessions", strings.NewReader("{not json"))
	bad.Header.Set("Content-Type", "application/json")
	h.do(bad).want(http.StatusBadRequest)
	media := h.request("", "POST", "/v1/sessions", strings.NewReader("<x/>"))
	media.Header.Set("Content-Type", "application/xml")
	h.do(media).want(http.StatusUnsupportedMediaType)
	huge := h.request("", "POST", "/v1/sessions", strings.NewReader(`{"name":"`+strings.Repeat("x", 2<<20)+`"}`))
	huge.Header.Set("Content-Type", "application/json")
	h.do(huge).want(http.StatusRequestEntityTooLarge)
}

func TestProblems_AnswersCarryNoSchemaLinks(t *testing.T) {
	h := openHouse(t)
	for _, path := range []string{"/v1/documents", "/healthz", "/v1/documents/none"} {
		r := h.get("admin", path)
		var body map[string]json.RawMessage
		r.into(&body)
		if _, ok := body["$schema"]; ok || r.header.Get("Link") != "" {
			t.Errorf("%s: %s %v", path, r.body, r.header)
		}
	}
}

// halfway breaks in the middle of an answer.
type halfway struct{}

func (halfway) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	io.WriteString(w, strings.Repeat("half ", 2000))
	panic(secretText)
}

func TestProblems_HalfAnAnswerIsCutOff(t *testing.T) {
	h := openHouse(t)
	h.server.Metrics = halfway{}
	resp, err := http.DefaultClient.Do(h.request("admin", "GET", "/metrics", nil))
	if err == nil {
		defer resp.Body.Close()
		if _, err = io.ReadAll(resp.Body); err == nil {
			t.Error("half an answer looks whole")
		}
	}
	if !strings.Contains(h.log.String(), "panicked") {
		t.Error("operators are not told")
	}
}

func TestProblems_NotReady(t *testing.T) {
	h := openHouse(t)
	h.server.Ready = func(context.Context) error { return errors.New(secretText) }
	r := h.get("", "/readyz")
	if r.status != http.StatusServiceUnavailable || strings.Contains(string(r.body), "pq:") {
		t.Errorf("answers %d %s", r.status, r.body)
	}
	h.get("", "/healthz").want(http.StatusOK)
}
