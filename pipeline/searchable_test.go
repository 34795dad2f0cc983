package pipeline_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"

	"onewindow/document"
	"onewindow/ocr"
	"onewindow/storage"
)

// layer writes what it was given, or fails.
type layer struct{ err error }

func (l layer) LayText(_ context.Context, _ string, pages []document.Page, id, title, out string, _ ocr.OpenOptions) error {
	if l.err != nil {
		return l.err
	}
	return os.WriteFile(out, fmt.Appendf(nil, "%d pages of %s, %s", len(pages), id, title), 0o600)
}

// searchableTask waits until the task is over.
func searchableTask(t *testing.T, h *house, doc document.Document) (state storage.TaskState) {
	t.Helper()
	until(t, "searchable copy is made or given up", func() bool {
		tasks, err := h.records.TasksOf(t.Context(), doc.ID, doc.Generation)
		if err != nil {
			t.Fatal(err)
		}
		for _, task := range tasks {
			if task.Step == document.StepSearchable {
				state = task.State
			}
		}
		return state == storage.TaskDone || state == storage.TaskParked
	})
	return state
}

// TestSearchableCopyIsKeptBesideTheOriginal of every scan.
func TestSearchableCopyIsKeptBesideTheOriginal(t *testing.T) {
	h := newHouse(t)
	h.layer = layer{}
	h.start(2)
	doc := h.rest(h.receive(3, document.Origin{}))
	if got := searchableTask(t, h, doc); got != storage.TaskDone {
		t.Fatalf("task is %s", got)
	}
	all, err := h.records.Artifacts(t.Context(), doc.ID, doc.Generation)
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range all {
		if a.Kind != document.ArtifactSearchable {
			continue
		}
		r, err := h.blobs.Open(t.Context(), storage.Derived, a.Digest)
		if err != nil {
			t.Fatal(err)
		}
		defer r.Close()
		b, _ := io.ReadAll(r)
		if want := fmt.Sprintf("3 pages of %s/1, 扫描件.pdf", doc.ID); string(b) != want || a.MediaType != "application/pdf" {
			t.Errorf("kept %q (%s), want %q", b, a.MediaType, want)
		}
		return
	}
	t.Errorf("no searchable copy among %v", all)
}

// TestDocumentIsNoneTheWorseWithoutItsCopy whatever the reason.
func TestDocumentIsNoneTheWorseWithoutItsCopy(t *testing.T) {
	for name, err := range map[string]error{
		"refused": document.Refuse(document.CodeTooLarge, "文件过大", "too large"),
		"failed":  errors.New("disk on fire"),
	} {
		h := newHouse(t)
		h.layer = layer{err}
		h.config.SystemTries, h.config.FileTries = 1, 1
		h.start(1)
		doc := h.rest(h.receive(1, document.Origin{}))
		if got := searchableTask(t, h, doc); got != storage.TaskParked {
			t.Errorf("%s: task is %s", name, got)
		}
		after := h.document(doc.ID)
		if after.State != doc.State || after.Refusal != nil || strings.Contains(string(after.State), "fail") {
			t.Errorf("%s: document is %s (%v), was %s", name, after.State, after.Refusal, doc.State)
		}
	}
}
