package api_test

import (
	"context"
	"encoding/hex"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"

	collector "go.opentelemetry.io/proto/otlp/collector/trace/v1"
	"google.golang.org/protobuf/proto"

	"onewindow/internal/telemetry"
)

// TestTraces_OneTraceFromDoorToPublication: every step of a document is in the
// trace that its door began, although the steps run in contexts of their own, as
// in other processes; and nothing of its content is in there.
func TestTraces_OneTraceFromDoorToPublication(t *testing.T) {
	var mu sync.Mutex
	var traces []string
	spans := map[string]bool{}
	var raw strings.Builder
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		b, _ := io.ReadAll(r.Body)
		var req collector.ExportTraceServiceRequest
		mu.Lock()
		defer mu.Unlock()
		if err := proto.Unmarshal(b, &req); err != nil || r.URL.Path != "/v1/traces" {
			t.Errorf("%s: %v", r.URL.Path, err)
		}
		raw.Write(b)
		for _, rs := range req.ResourceSpans {
			for _, ss := range rs.ScopeSpans {
				for _, s := range ss.Spans {
					spans[s.Name] = true
					traces = append(traces, hex.EncodeToString(s.TraceId))
				}
			}
		}
	}))
	defer server.Close()
	stop, err := telemetry.Setup(t.Context(), server.URL, "test", "test")
	if err != nil {
		t.Fatal(err)
	}
	h := openHouse(t)
	id := h.permit()
	if id == "" {
		t.Fatal("no result")
	}
	if err := stop(context.Background()); err != nil {
		t.Fatal(err)
	}
	mu.Lock()
	defer mu.Unlock()
	for _, want := range []string{"register", "step inspect", "step screen", "step classify", "step extract", "step stamp", "step publish"} {
		if !spans[want] {
			t.Errorf("no span %q; there are %v", want, spans)
		}
	}
	if slices.Sort(traces); len(slices.Compact(traces)) != 1 {
		t.Errorf("%d traces", len(slices.Compact(traces)))
	}
	for _, content := range []string{"施工许可证", "建设单位", project.Code} {
		if strings.Contains(raw.String(), content) {
			t.Errorf("traces tell %s", content)
		}
	}
}
