package storagetest

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"onewindow/document"
	"onewindow/storage"
)

func partTests() []recordsTest {
	return []recordsTest{
		{"TakenApartOnce", takenApartOnce},
		{"ALostClaimTakesNothingApart", lostClaimTakesNothingApart},
		{"CompanionsChangeTogether", companionsChange},
	}
}

// partOf is pages of a batch.
func partOf(batch document.Document, first, last int) storage.Part {
	return storage.Part{New: storage.NewDocument{Original: document.DigestOf([]byte{byte(first)}), Size: 1, Filename: fmt.Sprint(first),
		Origin: document.Origin{Channel: document.ChannelPhysical, Lane: document.LaneCounter, By: "hotfolder",
			Batch: &document.PartOf{Document: batch.ID, Original: batch.Original, First: first, Last: last, Sheet: &document.Sheet{Case: "BJ1", Pages: 2}}}}}
}

func entryOf(batch document.Document, name string) storage.Part {
	p := partOf(batch, 0, 0)
	p.New.Origin.Batch.Entry = name
	return p
}

func split(parts ...storage.Part) storage.Change {
	state := document.StateSplit
	return storage.Change{Patch: storage.DocumentPatch{State: &state}, Parts: parts}
}

func takenApartOnce(t *testing.T, ctx context.Context, b Bench) {
	batch := register(t, ctx, b, "batch")
	ready := do(t, ctx, b, taskOf(batch, document.StepInspect, 0), split(partOf(batch, 5, 9), partOf(batch, 2, 3)))
	if len(ready) != 2 || ready[0].Step != document.StepInspect || ready[0].Lane != document.LaneCounter {
		t.Fatalf("ready %+v", ready)
	}
	parts := must(b.PartsOf(ctx, batch.ID))(t)
	if len(parts) != 2 || parts[0].Origin.Batch.First != 2 || parts[1].Origin.Batch.Last != 9 || parts[0].State != document.StateReceived ||
		parts[0].Receipt == parts[1].Receipt || *parts[1].Origin.Batch.Sheet != (document.Sheet{Case: "BJ1", Pages: 2}) {
		t.Fatalf("parts %+v", parts)
	}
	claim(t, ctx, b, ready[0].TaskKey) // its task is there
	// Doing it anew makes only what is new.
	state := document.StateReceived
	_, _, err := b.Apply(ctx, batch.ID, 0, storage.Change{NewGeneration: true, Patch: storage.DocumentPatch{State: &state}, Next: next(document.StepInspect, 0)})
	ok(t, err)
	again := taskOf(batch, document.StepInspect, 0)
	again.Generation = 2
	if ready := do(t, ctx, b, again, split(partOf(batch, 2, 3), partOf(batch, 5, 9), partOf(batch, 11, 12), entryOf(batch, "a"), entryOf(batch, "b"))); len(ready) != 3 {
		t.Fatalf("ready again %+v", ready)
	}
	if parts := must(b.PartsOf(ctx, batch.ID))(t); len(parts) != 5 {
		t.Fatalf("%d parts", len(parts))
	}
	if parts := must(b.PartsOf(ctx, "doc_none"))(t); len(parts) != 0 {
		t.Fatalf("parts of nothing: %+v", parts)
	}
}

func lostClaimTakesNothingApart(t *testing.T, ctx context.Context, b Bench) {
	batch := register(t, ctx, b, "batch")
	key := taskOf(batch, document.StepInspect, 0)
	slow := expired(t, ctx, b, key)
	fast := claim(t, ctx, b, key)
	if _, err := b.Finish(ctx, slow, split(partOf(batch, 1, 1))); !errors.Is(err, storage.ErrFenced) {
		t.Fatalf("late finish: %v", err)
	}
	if parts := must(b.PartsOf(ctx, batch.ID))(t); len(parts) != 0 {
		t.Fatalf("the loser made %+v", parts)
	}
	for range 2 { // the first answer may have been lost
		_, err := b.Finish(ctx, fast, split(partOf(batch, 1, 1)))
		ok(t, err)
	}
	if parts := must(b.PartsOf(ctx, batch.ID))(t); len(parts) != 1 {
		t.Fatalf("%d parts", len(parts))
	}
}

func companionsChange(t *testing.T, ctx context.Context, b Bench) {
	one, two := register(t, ctx, b, "one"), register(t, ctx, b, "two")
	state := document.StateQuarantined
	change := storage.Change{Patch: storage.DocumentPatch{State: &state}, Others: []storage.Companion{{Document: two.ID,
		Unless: []document.State{document.StateQuarantined},
		Change: storage.Change{Patch: storage.DocumentPatch{State: &state}, CancelTasks: true, Next: next(document.StepErase, 0)}}}}
	ready := do(t, ctx, b, taskOf(one, document.StepInspect, 0), change)
	if len(ready) != 1 || ready[0].Document != two.ID || ready[0].Step != document.StepErase {
		t.Fatalf("ready %+v", ready)
	}
	after := must(b.Document(ctx, two.ID))(t)
	if after.State != document.StateQuarantined {
		t.Fatalf("the other is %s", after.State)
	}
	if _, ready, err := b.Apply(ctx, one.ID, 0, storage.Change{Others: change.Others}); err != nil || len(ready) != 0 {
		t.Fatalf("again: %+v, %v", ready, err)
	}
	if _, _, err := b.Apply(ctx, one.ID, 0, storage.Change{Others: []storage.Companion{{Document: "doc_none"}}}); !errors.Is(err, storage.ErrNotFound) {
		t.Fatalf("nobody: %v", err)
	}
}
