package pipeline_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync/atomic"
	"testing"
	"time"

	"onewindow/document"
	"onewindow/storage"
)

// moody is a store that is away for as long as told.
type moody struct {
	storage.Blobs
	away  atomic.Bool
	err   error
	asked atomic.Int64
}

func (m *moody) Put(ctx context.Context, class storage.Class, r io.Reader, opts storage.PutOptions) (storage.BlobInfo, error) {
	m.asked.Add(1)
	if m.away.Load() {
		return storage.BlobInfo{}, fmt.Errorf("put: %w", m.err)
	}
	return m.Blobs.Put(ctx, class, r, opts)
}

// TestOutage_IsWaitedOut, however long, by all hands together, and not counted
// against any file.
func TestOutage_IsWaitedOut(t *testing.T) {
	for name, err := range map[string]error{"refused": errors.New("connection refused"), "full": storage.ErrFull} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newHouse(t)
			h.config.SystemTries = 2
			store := &moody{Blobs: h.blobs, err: err}
			h.blobs = store
			var ids []document.ID
			for range 10 {
				ids = append(ids, h.receive(1, document.Origin{}))
			}
			store.away.Store(true)
			before := store.asked.Load()
			h.start(2)
			time.Sleep(4 * time.Second)
			// Pauses of 0.5, 1 and 2 s have passed, with two hands that ask after each.
			if asked := store.asked.Load() - before; asked < 3 || asked > 12 {
				t.Errorf("the store was asked %d times in 4 s", asked)
			}
			store.away.Store(false)
			for _, id := range ids {
				if doc := h.rest(id); doc.State != document.StateDone {
					t.Errorf("%s ended %s: %+v", id, doc.State, doc.Refusal)
				}
				h.exactlyOnce(id)
			}
		})
	}
}

// TestOutage_SaysWhyNothingMoves: "processing" for ever without a reason is what
// people complain about.
func TestOutage_SaysWhyNothingMoves(t *testing.T) {
	h := newHouse(t)
	store := &moody{Blobs: h.blobs, err: errors.New("connection refused")}
	h.blobs = store
	id := h.receive(1, document.Origin{})
	store.away.Store(true)
	h.start(1)
	for end := time.Now().Add(5 * time.Second); h.task(id, document.StepInspect, 0).Reason == ""; time.Sleep(10 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("no reason is shown: %+v", h.tasks(id))
		}
	}
	if task := h.task(id, document.StepInspect, 0); task.Attempt > 1 || task.State == storage.TaskParked {
		t.Errorf("task %+v", task)
	}
}

// TestDamagedOriginal_IsParkedSoon: waiting does not mend it.
func TestDamagedOriginal_IsParkedSoon(t *testing.T) {
	h := newHouse(t)
	h.config.FileTries = 2
	id := h.receive(1, document.Origin{})
	purger, ok := h.blobs.(storage.Purger)
	if !ok {
		t.Fatal("the store cannot lose an original")
	}
	if err := purger.Purge(t.Context(), h.document(id).Original); err != nil {
		t.Fatal(err)
	}
	h.start(1)
	if doc := h.rest(id); doc.State != document.StateFailed {
		t.Errorf("a document whose original is gone ended %s", doc.State)
	}
	if task := h.task(id, document.StepInspect, 0); task.Attempt != 2 || task.State != storage.TaskParked {
		t.Errorf("task %+v", task)
	}
}
