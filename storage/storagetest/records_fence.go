package storagetest

import (
	"context"
	"errors"
	"testing"
	"time"

	"onewindow/approval"
	"onewindow/document"
	"onewindow/storage"
)

func fenceTests() []recordsTest {
	return []recordsTest{
		{"LeaseExpiryAndTakeover", takeover},
		{"LateFinishWithoutTakeoverCounts", lateFinish},
		{"RenewKeepsTheClaim", renewKeeps},
		{"FinishTwiceIsOnce", finishTwice},
		{"NewGenerationFences", newGenerationFences},
		{"WithoutFenceThereAreDuplicates", withoutFence},
	}
}

const shortLease = 80 * time.Millisecond

// expired claims a task with a short lease and lets it run out.
func expired(t *testing.T, ctx context.Context, r Records, key storage.TaskKey) storage.Claim {
	t.Helper()
	c, err := r.Claim(ctx, key, "slow", shortLease)
	ok(t, err)
	time.Sleep(shortLease + 30*time.Millisecond)
	return c
}

func takeover(t *testing.T, ctx context.Context, b Bench) {
	doc := register(t, ctx, b, "a")
	key := taskOf(doc, document.StepInspect, 0)
	slow := expired(t, ctx, b, key)
	if waiting := must(b.Waiting(ctx, document.LaneVirtual, time.Hour, 10))(t); len(waiting) != 1 {
		t.Fatalf("an expired claim is not rung for: %v", labels(waiting))
	}
	fast := claim(t, ctx, b, key)
	if fast.Fence != slow.Fence+1 || fast.Attempt != 2 {
		t.Fatalf("takeover %+v", fast)
	}
	_, err := b.Finish(ctx, slow, storage.Change{Next: next(document.StepScreen, 1)})
	if !errors.Is(err, storage.ErrFenced) {
		t.Fatalf("late finish: %v", err)
	}
	for what, err := range map[string]error{
		"renew": b.Renew(ctx, slow, lease), "release": b.Release(ctx, slow),
		"fail": b.Fail(ctx, slow, storage.Failure{Code: document.CodeInternal, Retry: -1}, storage.Change{}),
	} {
		if !errors.Is(err, storage.ErrFenced) {
			t.Errorf("late %s: %v", what, err)
		}
	}
	if tasks := must(b.TasksOf(ctx, doc.ID, 1))(t); len(tasks) != 1 || tasks[0].State != storage.TaskClaimed {
		t.Fatalf("the loser left its mark: %+v", tasks)
	}
	_ = must(b.Finish(ctx, fast, storage.Change{}))(t)
	if n := typesOf(t, ctx, b)[approval.EventStepDone]; n != 1 {
		t.Fatalf("%d effects, want 1", n)
	}
}

func lateFinish(t *testing.T, ctx context.Context, b Bench) {
	key := taskOf(register(t, ctx, b, "a"), document.StepInspect, 0)
	slow := expired(t, ctx, b, key)
	if _, err := b.Finish(ctx, slow, storage.Change{}); err != nil {
		t.Fatalf("nobody took over, so the work counts: %v", err)
	}
}

func renewKeeps(t *testing.T, ctx context.Context, b Bench) {
	key := taskOf(register(t, ctx, b, "a"), document.StepInspect, 0)
	c, err := b.Claim(ctx, key, "w", 300*time.Millisecond)
	ok(t, err)
	ok(t, b.Renew(ctx, c, lease))
	time.Sleep(350 * time.Millisecond)
	if _, err := b.Claim(ctx, key, "other", lease); !errors.Is(err, storage.ErrNoWork) {
		t.Fatalf("claim of a renewed task: %v", err)
	}
	_ = must(b.Finish(ctx, c, storage.Change{}))(t)
}

func finishTwice(t *testing.T, ctx context.Context, b Bench) {
	doc := register(t, ctx, b, "a")
	c := claim(t, ctx, b, taskOf(doc, document.StepInspect, 0))
	change := storage.Change{Next: next(document.StepScreen, 1), Patch: storage.DocumentPatch{PageRead: true}}
	first := must(b.Finish(ctx, c, change))(t)
	events := typesOf(t, ctx, b)
	again := must(b.Finish(ctx, c, change))(t)
	if d := diff(labels(first), labels(again)); d != "" {
		t.Fatal(d)
	}
	if d := diff(events, typesOf(t, ctx, b)); d != "" {
		t.Fatalf("finishing again left its mark: %s", d)
	}
	if kept := must(b.Document(ctx, doc.ID))(t); kept.PagesRead != 1 {
		t.Fatalf("%d pages read, want 1", kept.PagesRead)
	}
}

func newGenerationFences(t *testing.T, ctx context.Context, b Bench) {
	doc := register(t, ctx, b, "a")
	c := claim(t, ctx, b, taskOf(doc, document.StepInspect, 0))
	_, _, err := b.Apply(ctx, doc.ID, 0, storage.Change{NewGeneration: true, Next: next(document.StepInspect, 0)})
	ok(t, err)
	if _, err := b.Finish(ctx, c, storage.Change{Next: next(document.StepScreen, 1)}); !errors.Is(err, storage.ErrFenced) {
		t.Fatalf("finish in the earlier generation: %v", err)
	}
}

// withoutFence is the control: it shows that the fence is what prevents
// duplicates, so that the tests above are known to be able to fail.
func withoutFence(t *testing.T, ctx context.Context, b Bench) {
	doc := register(t, ctx, b, "a")
	key := taskOf(doc, document.StepInspect, 0)
	slow := expired(t, ctx, b, key)
	_ = must(b.Finish(ctx, claim(t, ctx, b, key), storage.Change{Patch: storage.DocumentPatch{PageRead: true}}))(t)
	_ = must(b.Unfenced.Finish(ctx, slow, storage.Change{Patch: storage.DocumentPatch{PageRead: true}}))(t)
	if n := typesOf(t, ctx, b)[approval.EventStepDone]; n != 2 {
		t.Fatalf("%d effects without the fence, want the duplicate", n)
	}
	if kept := must(b.Document(ctx, doc.ID))(t); kept.PagesRead != 2 {
		t.Fatalf("%d pages read, want the duplicate", kept.PagesRead)
	}
}
