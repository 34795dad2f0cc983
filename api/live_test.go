package api_test

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"onewindow/document"
)

// told is one server-sent event.
type told struct {
	name string
	data map[string]any
}

// watch opens the event stream of a document and gives its events until it ends.
func (h *house) watch(t *testing.T, as string, id document.ID) (<-chan told, context.CancelFunc) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	resp, err := http.DefaultClient.Do(h.request(as, "GET", "/v1/documents/"+string(id)+"/events", nil).WithContext(ctx))
	if err != nil {
		t.Fatal(err)
	}
	if resp.StatusCode != http.StatusOK || resp.Header.Get("Content-Type") != "text/event-stream" {
		b, _ := io.ReadAll(resp.Body)
		t.Fatalf("stream answered %d %s: %s", resp.StatusCode, resp.Header.Get("Content-Type"), b)
	}
	out := make(chan told, 100)
	go func() {
		defer close(out)
		defer resp.Body.Close()
		var e told
		lines := bufio.NewScanner(resp.Body)
		for lines.Scan() {
			if name, ok := strings.CutPrefix(lines.Text(), "event: "); ok {
				e.name = name
			} else if text, ok := strings.CutPrefix(lines.Text(), "data: "); ok {
				e.data = nil
				if json.Unmarshal([]byte(text), &e.data) == nil {
					out <- e
				}
			}
		}
	}()
	return out, cancel
}

func TestLive_ProgressIsStreamedToItsEnd(t *testing.T) {
	h := openHouse(t)
	d := paper("rd-construction-permit")
	pages := append(d.Read(150), paper("rd-eia-reply").Read(150)...)
	for i := range pages {
		pages[i].Number = i + 1
	}
	id := h.send("reviewer", pagesFile(t, pages))
	stream, cancel := h.watch(t, "reviewer", id)
	defer cancel()
	if first := <-stream; first.name != "state" || first.data["state"] != "received" {
		t.Fatalf("first event %+v", first)
	}
	h.work()
	states, steps, read := map[string]bool{}, map[string]bool{}, 0.0
	last := ""
	for e := range stream { // ends by itself
		switch e.name {
		case "state":
			last = e.data["state"].(string)
			states[last] = true
			read = max(read, e.data["pages_read"].(float64))
		case "step":
			if data, ok := e.data["data"].(map[string]any); ok && e.data["type"] == "step.done" {
				steps[data["step"].(string)] = true
			}
		}
	}
	if last != "needs_review" || int(read) != len(pages) {
		t.Errorf("ended %s after %v of %d pages", last, read, len(pages))
	}
	for _, step := range []string{"inspect", "screen", "recognize", "classify", "extract"} {
		if !steps[step] {
			t.Errorf("step %s was not told: %v", step, steps)
		}
	}
}

func TestLive_RestingDocumentEndsTheStream(t *testing.T) {
	h := openHouse(t)
	id := h.send("reviewer", scan(t, paper("rd-construction-permit")))
	h.work()
	stream, cancel := h.watch(t, "reviewer", id)
	defer cancel()
	n := 0
	for e := range stream {
		if n++; e.data["state"] != "needs_review" {
			t.Errorf("event %+v", e)
		}
	}
	if n != 1 {
		t.Errorf("%d events", n)
	}
}

func TestLive_ListenersHearTheirOwnDocument(t *testing.T) {
	h := openHouse(t)
	a, b := h.send("reviewer", scan(t, paper("rd-construction-permit"))), h.send("reviewer", scan(t, paper("rd-eia-reply")))
	streamA, stopA := h.watch(t, "reviewer", a)
	streamA2, stopA2 := h.watch(t, "reviewer", a)
	defer stopA()
	defer stopA2()
	h.work()
	for e := range streamA {
		if e.name == "step" && e.data["document_id"] == string(b) {
			t.Error("heard of another document")
		}
	}
	n := 0
	for range streamA2 {
		n++
	}
	if n < 3 {
		t.Errorf("the second listener heard %d events", n)
	}
}

func TestLive_ClosingTheServerEndsStreams(t *testing.T) {
	h := openHouse(t)
	id := h.send("reviewer", scan(t, paper("rd-construction-permit")))
	stream, cancel := h.watch(t, "reviewer", id)
	defer cancel()
	<-stream
	h.server.Close()
	select {
	case _, more := <-stream:
		if more {
			t.Error("an event after closing")
		}
	case <-time.After(5 * time.Second):
		t.Error("the stream stays open")
	}
}
