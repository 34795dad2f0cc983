package storagetest

import (
	"context"
	"errors"
	"sync"
	"testing"

	"onewindow/document"
	"onewindow/storage"
)

func pageTests() []recordsTest {
	return []recordsTest{
		{"HeldPagesArePromotedInOrder", heldPromoted},
		{"JoinAfterTheLastPage", joinAfterLast},
		{"JoinWithConcurrentLastPages", joinConcurrently},
		{"JoinWaitsForParkedPages", joinWaitsForParked},
		{"ManyPages", manyPages},
	}
}

// reading brings a document to the point where its pages are to be read.
func reading(t *testing.T, ctx context.Context, r Records, n, window int) document.Document {
	t.Helper()
	doc := register(t, ctx, r, "long")
	do(t, ctx, r, taskOf(doc, document.StepInspect, 0), storage.Change{Next: pages(n, window)})
	return doc
}

var join = storage.Change{Join: document.StepClassify, Patch: storage.DocumentPatch{PageRead: true}}

func heldPromoted(t *testing.T, ctx context.Context, b Bench) {
	doc := reading(t, ctx, b, 5, 2)
	if _, err := b.Claim(ctx, taskOf(doc, document.StepRecognize, 3), "w", lease); !errors.Is(err, storage.ErrNoWork) {
		t.Fatalf("claim a held page: %v", err)
	}
	for _, step := range []struct {
		page  int
		ready []string
	}{{2, []string{"recognize/3"}}, {1, []string{"recognize/4"}}, {4, []string{"recognize/5"}}, {3, []string{}}, {5, []string{"classify/0"}}} {
		ready := do(t, ctx, b, taskOf(doc, document.StepRecognize, step.page), join)
		if d := diff(step.ready, labels(ready)); d != "" {
			t.Fatalf("after page %d: %s", step.page, d)
		}
	}
}

func joinAfterLast(t *testing.T, ctx context.Context, b Bench) {
	doc := reading(t, ctx, b, 2, 2)
	last := claim(t, ctx, b, taskOf(doc, document.StepRecognize, 1))
	if ready := do(t, ctx, b, taskOf(doc, document.StepRecognize, 2), join); len(ready) != 0 {
		t.Fatalf("joined while a page is being read: %v", labels(ready))
	}
	ready := must(b.Finish(ctx, last, join))(t)
	if d := diff([]string{"classify/0"}, labels(ready)); d != "" {
		t.Fatal(d)
	}
}

func joinConcurrently(t *testing.T, ctx context.Context, b Bench) {
	const n = 12
	for range 3 {
		doc := reading(t, ctx, b, n, n)
		var mu sync.Mutex
		var joined []string
		together(n, func(i int) {
			c, err := b.Claim(ctx, taskOf(doc, document.StepRecognize, i+1), "w", lease)
			var ready []storage.Task
			if err == nil {
				ready, err = b.Finish(ctx, c, join)
			}
			mu.Lock()
			defer mu.Unlock()
			if err != nil {
				t.Error(err)
			}
			joined = append(joined, labels(ready)...)
		})
		if d := diff([]string{"classify/0"}, joined); d != "" {
			t.Fatalf("joined: %s", d)
		}
		if kept := must(b.Document(ctx, doc.ID))(t); kept.PagesRead != n {
			t.Fatalf("%d pages counted, want %d", kept.PagesRead, n)
		}
	}
}

func joinWaitsForParked(t *testing.T, ctx context.Context, b Bench) {
	doc := reading(t, ctx, b, 2, 2)
	park(t, ctx, b, taskOf(doc, document.StepRecognize, 1))
	if ready := do(t, ctx, b, taskOf(doc, document.StepRecognize, 2), join); len(ready) != 0 {
		t.Fatalf("joined without the parked page: %v", labels(ready))
	}
	_ = must(b.Requeue(ctx, doc.ID, "x"))(t)
	if ready := do(t, ctx, b, taskOf(doc, document.StepRecognize, 1), join); len(ready) != 1 {
		t.Fatalf("not joined after the requeue: %v", labels(ready))
	}
}

func manyPages(t *testing.T, ctx context.Context, b Bench) {
	const n, window = 3000, 8
	doc := reading(t, ctx, b, n, window)
	tasks := must(b.TasksOf(ctx, doc.ID, 1))(t)
	if len(tasks) != n+1 || tasks[n].Page != n {
		t.Fatalf("%d tasks, last page %d", len(tasks), tasks[len(tasks)-1].Page)
	}
	depths := must(b.Depths(ctx))(t)[document.LaneVirtual]
	if depths[storage.TaskReady] != window || depths[storage.TaskHeld] != n-window {
		t.Fatalf("depths %v", depths)
	}
}
