package pipeline_test

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"onewindow/document"
	"onewindow/pipeline/asynqueue"
	"onewindow/storage"
)

// pageOf tells which file and page a note of the room is about.
func pageOf(note string) (file string, page int) {
	at := strings.LastIndexByte(note, '/')
	_, _ = fmt.Sscan(note[at+1:], &page)
	return note[:at], page
}

// TestCancel_StopsAStepInTheMiddle: nothing is waited for, nothing comes after.
func TestCancel_StopsAStepInTheMiddle(t *testing.T) {
	h := newHouse(t)
	h.config.Lease = 300 * time.Millisecond
	begun, stopped := make(chan struct{}), make(chan error, 1)
	h.room.read = func(ctx context.Context, _ string, _ int) (document.Page, error) {
		close(begun)
		select {
		case <-ctx.Done():
		case <-time.After(20 * time.Second):
		}
		stopped <- ctx.Err()
		return document.Page{}, ctx.Err()
	}
	h.start(1)
	id := h.receive(3, document.Origin{})
	<-begun
	state := document.StateCancelled
	h.apply(id, storage.Change{Patch: storage.DocumentPatch{State: &state}, CancelTasks: true})
	select {
	case err := <-stopped:
		if err == nil {
			t.Error("the step went on to its end")
		}
	case <-time.After(5 * time.Second):
		t.Fatal("the step goes on")
	}
	time.Sleep(200 * time.Millisecond)
	if doc := h.document(id); doc.State != document.StateCancelled {
		t.Errorf("document is %s", doc.State)
	}
	if task := h.task(id, document.StepScreen, 1); task.State != storage.TaskCancelled {
		t.Errorf("task %+v", task)
	}
	if n := len(h.room.begun()); n != 1 {
		t.Errorf("%d pages were begun", n)
	}
}

// TestReprocess_KeepsWhatWasMadeBefore: a new generation, beside the old one.
func TestReprocess_KeepsWhatWasMadeBefore(t *testing.T) {
	h := newHouse(t)
	h.start(2)
	id := h.receive(2, document.Origin{})
	first := h.rest(id)
	before := h.artifacts(id, 1)
	state := document.StateReceived
	h.apply(id, storage.Change{NewGeneration: true, Patch: storage.DocumentPatch{State: &state},
		Next: []storage.NextTask{{Step: document.StepInspect}}})
	second := h.rest(id)
	if second.State != document.StateDone || second.Generation != 2 || second.PagesRead != 2 {
		t.Fatalf("document %+v", second)
	}
	after := h.artifacts(id, 1)
	if len(after) != len(before) || len(h.artifacts(id, 2)) != len(before) {
		t.Errorf("artifacts of generation 1 before %d, after %d; of generation 2 %d", len(before), len(after), len(h.artifacts(id, 2)))
	}
	for _, a := range after {
		if _, err := h.blobs.Stat(t.Context(), storage.Derived, a.Digest); err != nil {
			t.Errorf("%s of generation 1: %v", a.Kind, err)
		}
	}
	for _, p := range []*document.Publication{first.Publication, second.Publication} {
		if _, err := h.records.Result(t.Context(), p.ResultID); err != nil {
			t.Errorf("result %s: %v", p.ResultID, err)
		}
	}
	h.exactlyOnce(id)
}

// TestLease_IsRenewedWhileAStepLasts: a step may take many times its lease, and
// nobody takes it over.
func TestLease_IsRenewedWhileAStepLasts(t *testing.T) {
	h := newHouse(t)
	h.config.Lease = time.Second
	h.room.read = func(ctx context.Context, _ string, _ int) (document.Page, error) {
		time.Sleep(3 * time.Second)
		return document.Page{}, ctx.Err()
	}
	h.start(2)
	id := h.receive(1, document.Origin{})
	if doc := h.rest(id); doc.State != document.StateDone {
		t.Fatalf("document %s", doc.State)
	}
	if n := len(h.room.begun()); n != 1 {
		t.Errorf("the page was begun %d times", n)
	}
	if task := h.task(id, document.StepScreen, 1); task.Attempt != 1 {
		t.Errorf("the step took %d attempts", task.Attempt)
	}
}

// TestFairness_LongFileDelaysNobody: a page of a short file waits for no more
// pages of a long one than its window holds.
func TestFairness_LongFileDelaysNobody(t *testing.T) {
	h := newHouse(t)
	h.config.PageWindow = 4
	const hands = 2
	var begun atomic.Int64
	short := make(chan struct{})
	h.room.read = func(context.Context, string, int) (document.Page, error) {
		if begun.Add(1) == 20 {
			close(short)
		}
		time.Sleep(3 * time.Millisecond)
		return document.Page{}, nil
	}
	h.start(hands)
	long := h.receive(200, document.Origin{})
	<-short
	at := len(h.room.begun())
	id := h.receive(1, document.Origin{})
	if doc := h.rest(id); doc.State != document.StateDone {
		t.Fatalf("the short file ended %s", doc.State)
	}
	between := 0
	for _, note := range h.room.begun()[at:] {
		if file, _ := pageOf(note); strings.HasPrefix(file, "pages=1 ") {
			break
		}
		between++
	}
	// Inspecting and screening are one turn; pages begun while the file was being
	// received count too.
	if limit := 2*(h.config.PageWindow+hands) + 4; between > limit {
		t.Errorf("%d pages of the long file went first, want at most %d", between, limit)
	}
	if h.document(long).State == document.StateDone {
		t.Error("the long file was done first: this test could not fail")
	}
	state := document.StateCancelled
	h.apply(long, storage.Change{Patch: storage.DocumentPatch{State: &state}, CancelTasks: true})
}

// TestWindow_IsNeverExceeded and is used to the full.
func TestWindow_IsNeverExceeded(t *testing.T) {
	h := newHouse(t)
	h.config.PageWindow = 3
	var now, most atomic.Int64
	h.room.read = func(context.Context, string, int) (document.Page, error) {
		n := now.Add(1)
		defer now.Add(-1)
		for old := most.Load(); n > old && !most.CompareAndSwap(old, n); old = most.Load() {
		}
		time.Sleep(30 * time.Millisecond)
		return document.Page{}, nil
	}
	h.start(8)
	id := h.receive(24, document.Origin{})
	if doc := h.rest(id); doc.State != document.StateDone || doc.PagesRead != 24 {
		t.Fatalf("%s, %d pages", doc.State, doc.PagesRead)
	}
	if most.Load() != 3 {
		t.Errorf("%d pages of one file at once, want 3", most.Load())
	}
	h.exactlyOnce(id)
}

// TestShutdown_HandsClaimsBack: what does not end within the deadline is ready
// for others at once, and the attempt does not count.
func TestShutdown_HandsClaimsBack(t *testing.T) {
	h := newHouse(t)
	h.config.Lease = time.Minute
	begun := make(chan struct{}, 9)
	h.room.read = func(ctx context.Context, _ string, _ int) (document.Page, error) {
		begun <- struct{}{}
		<-ctx.Done()
		return document.Page{}, ctx.Err()
	}
	redis, err := asynqueue.StartEmbedded()
	if err != nil {
		t.Fatal(err)
	}
	defer redis.Close()
	w := h.worker()
	defer w.Close()
	server := asynqueue.NewServer(redis.Options(), w, asynqueue.Options{Concurrency: 2, Log: slog.New(slog.DiscardHandler)})
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	bell := asynqueue.NewBell(redis.Options())
	defer bell.Close()
	ids := []document.ID{h.receive(1, document.Origin{}), h.receive(1, document.Origin{})}
	for _, id := range ids {
		if err := bell.Ring(t.Context(), h.tasks(id)); err != nil {
			t.Fatal(err)
		}
	}
	<-begun
	<-begun
	deadline, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	start := time.Now()
	server.Shutdown(deadline)
	if took := time.Since(start); took > 8*time.Second {
		t.Errorf("shutdown took %s", took)
	}
	for _, id := range ids {
		if task := h.task(id, document.StepScreen, 1); task.State != storage.TaskReady || task.Attempt != 0 {
			t.Errorf("task %+v", task)
		}
	}
	if w.Busy() != 0 {
		t.Errorf("%d hands are still busy", w.Busy())
	}
}
