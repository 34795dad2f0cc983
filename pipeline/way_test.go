package pipeline_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"onewindow/document"
	"onewindow/storage"
)

// TestWay_ScanBecomesResult walks a document through every step.
func TestWay_ScanBecomesResult(t *testing.T) {
	h := newHouse(t)
	h.start(2)
	id := h.receive(7, document.Origin{})
	doc := h.rest(id)
	if doc.State != document.StateDone || doc.Publication == nil || doc.PagesRead != 7 || doc.MediaType != "application/pdf" {
		t.Fatalf("document %+v", doc)
	}
	r, err := h.records.Result(t.Context(), doc.Publication.ResultID)
	if err != nil {
		t.Fatal(err)
	}
	delivered, ok := h.artifact(id, document.ArtifactDelivered)
	if !ok || r.Delivered != delivered.Digest || r.Original != doc.Original || r.Pages != 7 || r.Number != "430105202401010101" {
		t.Errorf("result %+v", r)
	}
	if r.ConfirmedBy != "policy:doubtful" || r.Fields["doc_no"].ConfirmedBy != r.ConfirmedBy || r.Fields["doc_no"].ConfirmedAt == nil {
		t.Errorf("nobody confirmed the fields: %+v", r)
	}
	h.exactlyOnce(id)
	for _, task := range h.tasks(id) {
		if task.State != storage.TaskDone {
			t.Errorf("task %s/%d is %s", task.Step, task.Page, task.State)
		}
	}
}

// TestWay_MaterialIsFiledAsItIs: materials are never watermarked.
func TestWay_MaterialIsFiledAsItIs(t *testing.T) {
	h := newHouse(t)
	h.start(1)
	id := h.receive(1, document.Origin{Role: document.RoleMaterial})
	if doc := h.rest(id); doc.State != document.StateDone || doc.Publication != nil || h.room.stamped != 0 {
		t.Errorf("material ended %s, publication %v, %d stamps", doc.State, doc.Publication, h.room.stamped)
	}
}

func refusal(code document.RefusalCode) error {
	return document.Refuse(code, "文件有问题，请重新上传。", "made for a test")
}

// TestRefusal_IsTheEndWithAReason, and asking again once it can be read works.
func TestRefusal_IsTheEndWithAReason(t *testing.T) {
	h := newHouse(t)
	var mended atomic.Bool
	h.room.inspect = func(context.Context, string) error {
		if mended.Load() {
			return nil
		}
		return refusal(document.CodeEncrypted)
	}
	h.start(1)
	id := h.receive(1, document.Origin{})
	doc := h.rest(id)
	if doc.State != document.StateRefused || doc.Refusal == nil || doc.Refusal.Code != document.CodeEncrypted || doc.Refusal.Message == "" {
		t.Fatalf("document %+v", doc)
	}
	if task := h.task(id, document.StepInspect, 0); task.State != storage.TaskParked || task.Attempt != 1 || task.Reason != doc.Refusal.Message {
		t.Errorf("task %+v", task)
	}
	if _, err := h.blobs.Stat(t.Context(), storage.Originals, doc.Original); err != nil {
		t.Errorf("the original of a refused file: %v", err)
	}
	mended.Store(true)
	h.requeue(id)
	if doc := h.rest(id); doc.State != document.StateDone || doc.Refusal != nil {
		t.Errorf("after requeue %s %+v", doc.State, doc.Refusal)
	}
	h.exactlyOnce(id)
}

func (h *house) requeue(id document.ID) {
	h.t.Helper()
	ready, err := h.records.Requeue(context.Background(), id, "tester")
	if err != nil || len(ready) == 0 {
		h.t.Fatalf("requeue readied %d tasks: %v", len(ready), err)
	}
	_ = h.hands.Ring(context.Background(), ready)
}

// TestPage_TimeoutIsTriedAgainThenReviewed: a page that takes too long may have
// met a busy machine; after some tries a person gets to see the document.
func TestPage_TimeoutIsTriedAgainThenReviewed(t *testing.T) {
	h := newHouse(t)
	h.config.FileTries = 2
	var tries atomic.Int64
	h.room.read = func(_ context.Context, _ string, n int) (document.Page, error) {
		if n == 2 {
			tries.Add(1)
			return document.Page{}, refusal(document.CodeTimeout)
		}
		return document.Page{}, nil
	}
	h.start(2)
	id := h.receive(3, document.Origin{Confirm: true})
	doc := h.rest(id)
	if doc.State != document.StateNeedsReview || tries.Load() != 2 {
		t.Fatalf("%s after %d tries", doc.State, tries.Load())
	}
	if !told(doc, "unreadable", "第 2 页") {
		t.Errorf("nobody is told which page: %+v", doc.Findings)
	}
	if doc.PagesRead != 3 || doc.Publication != nil {
		t.Errorf("%d pages read, publication %v", doc.PagesRead, doc.Publication)
	}
	h.exactlyOnce(id)
}

func told(doc document.Document, code, words string) bool {
	for _, f := range doc.Findings {
		if f.Code == code && strings.Contains(f.Message, words) {
			return true
		}
	}
	return false
}

// TestPage_OneBadPageDoesNotFailADocument, whoever vouches for it: a page that
// nobody read was not screened for secrecy either.
func TestPage_OneBadPageDoesNotFailADocument(t *testing.T) {
	h := newHouse(t)
	h.room.read = func(_ context.Context, file string, n int) (document.Page, error) {
		if strings.HasSuffix(file, fmt.Sprintf("file %d", n)) { // the first file has a bad first page, and so on
			return document.Page{}, refusal(document.CodeCorrupt)
		}
		return document.Page{}, nil
	}
	h.start(2)
	var ids []document.ID
	for _, role := range []document.Role{document.RoleAuto, document.RoleMaterial, document.RoleAuto} {
		ids = append(ids, h.receive(3, document.Origin{Role: role, Confirm: true}))
	}
	for i, id := range ids {
		if doc := h.rest(id); doc.State != document.StateNeedsReview || !told(doc, "unreadable", "页") || doc.PagesRead != 3 {
			t.Errorf("page %d bad: %s, %d pages read, %+v", i+1, doc.State, doc.PagesRead, doc.Findings)
		}
	}
}

// TestPage_AFileWithoutAReadablePageIsRefused for the reason of its only page, or
// as damaged.
func TestPage_AFileWithoutAReadablePageIsRefused(t *testing.T) {
	for pages, want := range map[int]document.RefusalCode{1: document.CodeTooLarge, 3: document.CodeCorrupt} {
		h := newHouse(t)
		h.room.read = func(context.Context, string, int) (document.Page, error) {
			return document.Page{}, refusal(document.CodeTooLarge)
		}
		h.start(2)
		doc := h.rest(h.receive(pages, document.Origin{}))
		if doc.State != document.StateRefused || doc.Refusal == nil || doc.Refusal.Code != want {
			t.Errorf("%d pages: %s %+v, want %s", pages, doc.State, doc.Refusal, want)
		}
	}
}

// TestTrouble_BacksOffAndResumes: what is our own fault is tried again, with
// growing pauses, and not held against the file.
func TestTrouble_BacksOffAndResumes(t *testing.T) {
	h := newHouse(t)
	var tries atomic.Int64
	h.room.inspect = func(context.Context, string) error {
		if tries.Add(1) <= 2 {
			return errors.New("no child could be started")
		}
		return nil
	}
	h.start(1)
	start := time.Now()
	id := h.receive(1, document.Origin{})
	if doc := h.rest(id); doc.State != document.StateDone || tries.Load() != 3 {
		t.Fatalf("%s after %d tries", doc.State, tries.Load())
	}
	if took := time.Since(start); took < 1500*time.Millisecond { // 0.5 s, then 1 s
		t.Errorf("tried again without pauses: %s", took)
	}
	h.exactlyOnce(id)
}

// TestTrouble_IsParkedInTheEnd, with words for people, and can be requeued.
func TestTrouble_IsParkedInTheEnd(t *testing.T) {
	h := newHouse(t)
	h.config.SystemTries = 2
	var mended atomic.Bool
	h.room.inspect = func(context.Context, string) error {
		if mended.Load() {
			return nil
		}
		return errors.New("/secret/path: broken pipe")
	}
	h.start(1)
	id := h.receive(1, document.Origin{})
	doc := h.rest(id)
	if doc.State != document.StateFailed || doc.Refusal == nil || doc.Refusal.Code != document.CodeInternal {
		t.Fatalf("document %+v", doc)
	}
	if strings.Contains(doc.Refusal.Message+doc.Refusal.Detail, "/secret") {
		t.Errorf("the refusal names a path: %+v", doc.Refusal)
	}
	mended.Store(true)
	h.requeue(id)
	if doc := h.rest(id); doc.State != document.StateDone || doc.Refusal != nil {
		t.Errorf("after requeue %s %+v", doc.State, doc.Refusal)
	}
}

// TestPoison_IsParkedWithAReason: a task whose worker dies each time leaves no
// failure behind, only attempts.
func TestPoison_IsParkedWithAReason(t *testing.T) {
	h := newHouse(t)
	h.config.SystemTries = 3
	id := h.receive(1, document.Origin{})
	key := storage.TaskKey{Document: id, Generation: 1, Step: document.StepInspect}
	for range 3 {
		if _, err := h.records.Claim(t.Context(), key, "a worker that dies", 20*time.Millisecond); err != nil {
			t.Fatal(err)
		}
		time.Sleep(30 * time.Millisecond)
	}
	h.start(1)
	doc := h.rest(id)
	if doc.State != document.StateFailed || doc.Refusal == nil || !strings.Contains(doc.Refusal.Message, "中断") {
		t.Fatalf("document %s %+v", doc.State, doc.Refusal)
	}
	if task := h.task(id, document.StepInspect, 0); task.State != storage.TaskParked || task.Reason == "" {
		t.Errorf("task %+v", task)
	}
	h.requeue(id)
	if doc := h.rest(id); doc.State != document.StateDone {
		t.Errorf("after requeue %s", doc.State)
	}
}

// TestPoison_APageIsSkipped like any other page that cannot be read.
func TestPoison_APageIsSkipped(t *testing.T) {
	h := newHouse(t)
	h.config.SystemTries = 2
	page := storage.TaskKey{Step: document.StepRecognize, Page: 2, Generation: 1}
	h.room.read = func(ctx context.Context, _ string, n int) (document.Page, error) {
		if n == 1 {
			return document.Page{}, nil
		}
		<-ctx.Done()
		return document.Page{}, ctx.Err()
	}
	stop := h.start(1)
	page.Document = h.receive(2, document.Origin{})
	until(t, "the page is ready", func() bool { return len(h.tasks(page.Document)) == 3 })
	stop() // hands its claim back
	h.room.read = nil
	for range 2 {
		if _, err := h.records.Claim(t.Context(), page, "a worker that dies", 20*time.Millisecond); err != nil {
			t.Fatal(err)
		}
		time.Sleep(30 * time.Millisecond)
	}
	h.start(1)
	if doc := h.rest(page.Document); doc.State != document.StateNeedsReview || !told(doc, "unreadable", "第 2 页") {
		t.Errorf("document %s %+v", doc.State, doc.Findings)
	}
}
