package live

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

const feedOf = `{"events":[
{"seq":%d,"at":"2026-01-01T00:00:01Z","type":"document.received","document_id":"a"},
{"seq":8,"at":"2026-01-01T00:00:02Z","type":"step.done","document_id":"a","data":{"step":"screen","page":"1"}},
{"seq":9,"at":"2026-01-01T00:00:03.5Z","type":"document.state","document_id":"a","data":{"from":"confirmed","to":"done"}}]}`

const metricsOf = `# HELP onewindow_step_seconds How long steps took.
onewindow_step_seconds_bucket{lane="bulk",outcome="done",step="screen",le="0.005"} 1
onewindow_step_seconds_sum{lane="bulk",outcome="done",step="screen"} 1.5
onewindow_step_seconds_count{lane="bulk",outcome="done",step="screen"} 2
onewindow_step_seconds_sum{lane="counter",outcome="done",step="screen"} 0.5
onewindow_step_seconds_count{lane="counter",outcome="done",step="screen"} 2
`

// fakeService answers as the service does.
func fakeService(t *testing.T) *Service {
	t.Helper()
	mux := http.NewServeMux()
	mux.HandleFunc("/v1/events", func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Query().Get("after") != "0" {
			fmt.Fprint(w, `{"events":[]}`)
			return
		}
		fmt.Fprintf(w, feedOf, 7)
	})
	mux.HandleFunc("/metrics", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, metricsOf) })
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return &Service{addr: strings.TrimPrefix(server.URL, "http://")}
}

func TestFeed_FollowsADocumentToItsRest(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	f := &Feed{service: fakeService(t), courses: map[string]*Course{}}
	c, err := f.AwaitDocument(ctx, "a")
	if err != nil {
		t.Fatal(err)
	}
	if c.Took() != 2500*time.Millisecond || c.State != "done" || len(c.Steps) != 1 || c.Steps[0].Name != "screen" {
		t.Errorf("course is %+v", c)
	}
	if n, err := f.PagesRead(ctx); err != nil || n != 1 {
		t.Errorf("%d pages, %v", n, err)
	}
}

// TestFeed_BeginsAtTheEnd leaves what happened before alone.
func TestFeed_BeginsAtTheEnd(t *testing.T) {
	f, err := fakeService(t).Feed(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if f.resting() != 0 || f.after != 9 {
		t.Errorf("feed stands at %d with %d documents", f.after, f.resting())
	}
}

func TestSteps_SumsLanes(t *testing.T) {
	steps, err := fakeService(t).Steps(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if s := steps["screen"]; s.Count != 4 || s.Mean() != 500*time.Millisecond {
		t.Errorf("screen took %+v", s)
	}
}
