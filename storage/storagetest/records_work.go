package storagetest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"onewindow/approval"
	"onewindow/document"
	"onewindow/storage"
)

func workTests() []recordsTest {
	return []recordsTest{
		{"ConcurrentClaimsOneWins", concurrentClaims},
		{"ClaimNotReady", claimNotReady},
		{"FinishMakesNextTasks", finishMakesNext},
		{"AStepBesideCountsNoChange", besideCountsNothing},
		{"FailRetriesLater", failRetriesLater},
		{"UncountedFailureLeavesTheCount", failUncounted},
		{"FailParksWithTheChange", failParks},
		{"ReleaseDoesNotCount", releaseDoesNotCount},
		{"RequeueReadiesParked", requeueReadies},
		{"CancelEndsOpenTasks", cancelEndsOpenTasks},
		{"ApplyReadiesAnEndedTask", applyReadiesEnded},
		{"ReadsBesideWrites", readsBesideWrites},
	}
}

func concurrentClaims(t *testing.T, ctx context.Context, b Bench) {
	for round := range 5 {
		key := taskOf(register(t, ctx, b, fmt.Sprint(round)), document.StepInspect, 0)
		var mu sync.Mutex
		var won []storage.Claim
		together(10, func(i int) {
			c, err := b.Claim(ctx, key, fmt.Sprintf("w%d", i), lease)
			mu.Lock()
			defer mu.Unlock()
			if err == nil {
				won = append(won, c)
			} else if !errors.Is(err, storage.ErrNoWork) {
				t.Error(err)
			}
		})
		if len(won) != 1 || won[0].Fence != 1 || won[0].Attempt != 1 || won[0].Lane != document.LaneVirtual {
			t.Fatalf("claims won: %+v", won)
		}
		task := must(b.TasksOf(ctx, key.Document, 1))(t)[0]
		if task.State != storage.TaskClaimed || task.Owner != won[0].Owner || time.Until(task.LeaseUntil) > lease+time.Second || task.Attempt != 1 {
			t.Fatalf("task %+v", task)
		}
	}
}

func claimNotReady(t *testing.T, ctx context.Context, b Bench) {
	doc := register(t, ctx, b, "a")
	for _, key := range []storage.TaskKey{
		taskOf(doc, document.StepInspect, 1), taskOf(doc, document.StepStamp, 0),
		{Document: "doc_none", Generation: 1, Step: document.StepInspect},
		{Document: doc.ID, Generation: 2, Step: document.StepInspect},
	} {
		if _, err := b.Claim(ctx, key, "w", lease); !errors.Is(err, storage.ErrNoWork) {
			t.Errorf("claim %+v: %v", key, err)
		}
	}
	do(t, ctx, b, taskOf(doc, document.StepInspect, 0), storage.Change{})
	if _, err := b.Claim(ctx, taskOf(doc, document.StepInspect, 0), "w", lease); !errors.Is(err, storage.ErrNoWork) {
		t.Errorf("claim a done task: %v", err)
	}
}

// besideCountsNothing: whoever decides about a document while its searchable copy is
// made is not told that somebody else changed it.
func besideCountsNothing(t *testing.T, ctx context.Context, b Bench) {
	doc := register(t, ctx, b, "a")
	do(t, ctx, b, taskOf(doc, document.StepInspect, 0), storage.Change{Next: []storage.NextTask{{Step: document.StepSearchable}, {Step: document.StepScreen}}})
	seen := must(b.Document(ctx, doc.ID))(t)
	do(t, ctx, b, taskOf(doc, document.StepSearchable, 0), storage.Change{})
	if now := must(b.Document(ctx, doc.ID))(t); now.Version != seen.Version {
		t.Errorf("version %d became %d", seen.Version, now.Version)
	}
	if _, _, err := b.Apply(ctx, doc.ID, seen.Version, storage.Change{}); err != nil {
		t.Errorf("decide with the version seen: %v", err)
	}
	seen = must(b.Document(ctx, doc.ID))(t)
	do(t, ctx, b, taskOf(doc, document.StepScreen, 0), storage.Change{})
	if _, _, err := b.Apply(ctx, doc.ID, seen.Version, storage.Change{}); !errors.Is(err, storage.ErrConflict) {
		t.Errorf("decide without having seen what a step found: %v", err)
	}
}

func finishMakesNext(t *testing.T, ctx context.Context, b Bench) {
	doc := register(t, ctx, b, "a")
	state, pagesN := document.StateInspecting, 3
	ready := do(t, ctx, b, taskOf(doc, document.StepInspect, 0), storage.Change{
		Patch:  storage.DocumentPatch{State: &state, Pages: &pagesN},
		Next:   []storage.NextTask{{Step: document.StepScreen, Page: 1}, {Step: document.StepRecognize, Page: 2, Held: true}},
		Events: []approval.Event{{Type: "custom", Data: map[string]string{"k": "值"}}},
		Audit:  []storage.AuditEntry{{Actor: "system", Action: "x", Object: string(doc.ID)}},
	})
	if d := diff([]string{"screen/1"}, labels(ready)); d != "" {
		t.Fatal(d)
	}
	after := must(b.Document(ctx, doc.ID))(t)
	if after.State != state || after.Pages != 3 || after.Version != doc.Version+1 {
		t.Fatalf("document %+v", after)
	}
	want := map[string]int{approval.EventReceived: 1, approval.EventStepDone: 1, "custom": 1, approval.EventState: 1}
	if d := diff(want, typesOf(t, ctx, b)); d != "" {
		t.Fatal(d)
	}
	done := must(b.EventsAfter(ctx, 1, 1))(t)[0]
	if done.Data["step"] != "inspect" || done.Data["page"] != "0" || done.Document != doc.ID || done.Unit != doc.Origin.Unit {
		t.Fatalf("event %+v", done)
	}
	if tasks := must(b.TasksOf(ctx, doc.ID, 1))(t); tasks[0].State != storage.TaskDone || tasks[0].EndedAt.IsZero() || tasks[2].State != storage.TaskHeld {
		t.Fatalf("tasks %+v", tasks)
	}
}

func failRetriesLater(t *testing.T, ctx context.Context, b Bench) {
	doc := register(t, ctx, b, "a")
	key := taskOf(doc, document.StepInspect, 0)
	state := document.StateFailed
	change := storage.Change{Patch: storage.DocumentPatch{State: &state}}
	f := storage.Failure{Code: document.CodeTimeout, Reason: "超时\x00", Detail: "slow", Retry: 800 * time.Millisecond}
	ok(t, b.Fail(ctx, claim(t, ctx, b, key), f, change))
	task := must(b.TasksOf(ctx, doc.ID, 1))(t)[0]
	if task.State != storage.TaskReady || task.Code != "timeout" || task.Reason == "" || time.Until(task.NotBefore) > 2*time.Second {
		t.Fatalf("task %+v", task)
	}
	if kept := must(b.Document(ctx, doc.ID))(t); kept.State != document.StateReceived {
		t.Fatal("a task to be tried again failed its document")
	}
	if _, err := b.Claim(ctx, key, "w", lease); !errors.Is(err, storage.ErrNoWork) {
		t.Fatalf("claim before its time: %v", err)
	}
	c := eventually(t, ctx, b, key)
	if c.Attempt != 2 || c.Fence != 2 {
		t.Fatalf("claim %+v", c)
	}
	if n := typesOf(t, ctx, b)[approval.EventStepFailed]; n != 1 {
		t.Fatalf("%d failure events", n)
	}
}

// eventually claims a task as soon as it can be had.
func eventually(t *testing.T, ctx context.Context, r Records, key storage.TaskKey) storage.Claim {
	t.Helper()
	for range 400 {
		c, err := r.Claim(ctx, key, "w2", lease)
		if err == nil {
			return c
		}
		if !errors.Is(err, storage.ErrNoWork) {
			t.Fatal(err)
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatalf("%s never became claimable", label(key))
	return storage.Claim{}
}

func park(t *testing.T, ctx context.Context, r Records, key storage.TaskKey) storage.Claim {
	t.Helper()
	c := claim(t, ctx, r, key)
	state := document.StateFailed
	refusal := document.Refuse(document.CodeInternal, "系统故障，请重试。", "gave up")
	ok(t, r.Fail(ctx, c, storage.Failure{Code: document.CodeInternal, Reason: refusal.Message, Retry: -1},
		storage.Change{Patch: storage.DocumentPatch{State: &state, Refusal: refusal}}))
	return c
}

func failUncounted(t *testing.T, ctx context.Context, b Bench) {
	key := taskOf(register(t, ctx, b, "a"), document.StepInspect, 0)
	for range 3 {
		c := claim(t, ctx, b, key)
		if c.Attempt != 1 {
			t.Fatalf("attempt %d after uncounted failures", c.Attempt)
		}
		ok(t, b.Fail(ctx, c, storage.Failure{Code: document.CodeInternal, Uncounted: true}, storage.Change{}))
	}
	task := must(b.TasksOf(ctx, key.Document, 1))(t)[0]
	if task.Attempt != 0 || task.State != storage.TaskReady {
		t.Fatalf("task %+v", task)
	}
}

func failParks(t *testing.T, ctx context.Context, b Bench) {
	doc := register(t, ctx, b, "a")
	key := taskOf(doc, document.StepInspect, 0)
	c := park(t, ctx, b, key)
	after := must(b.Document(ctx, doc.ID))(t)
	if after.State != document.StateFailed || after.Refusal == nil {
		t.Fatalf("document %+v", after)
	}
	if _, err := b.Claim(ctx, key, "w", lease); !errors.Is(err, storage.ErrNoWork) {
		t.Fatalf("claim a parked task: %v", err)
	}
	before := typesOf(t, ctx, b)
	ok(t, b.Fail(ctx, c, storage.Failure{Code: document.CodeInternal, Retry: -1}, storage.Change{})) // the answer was lost, say
	if d := diff(before, typesOf(t, ctx, b)); d != "" {
		t.Fatalf("failing again left its mark: %s", d)
	}
	parked := must(b.Parked(ctx, 0))(t)
	if len(parked) != 1 || parked[0].TaskKey != key || parked[0].Reason == "" {
		t.Fatalf("parked %+v", parked)
	}
}

func releaseDoesNotCount(t *testing.T, ctx context.Context, b Bench) {
	key := taskOf(register(t, ctx, b, "a"), document.StepInspect, 0)
	first := claim(t, ctx, b, key)
	ok(t, b.Release(ctx, first))
	again := claim(t, ctx, b, key)
	if again.Attempt != 1 || again.Fence <= first.Fence {
		t.Fatalf("after release: %+v", again)
	}
	if err := b.Release(ctx, first); !errors.Is(err, storage.ErrFenced) {
		t.Fatalf("release twice: %v", err)
	}
	if err := b.Renew(ctx, first, lease); !errors.Is(err, storage.ErrFenced) {
		t.Fatalf("renew after release: %v", err)
	}
}

func requeueReadies(t *testing.T, ctx context.Context, b Bench) {
	doc := register(t, ctx, b, "a")
	do(t, ctx, b, taskOf(doc, document.StepInspect, 0), storage.Change{Next: pages(3, 3)})
	do(t, ctx, b, taskOf(doc, document.StepRecognize, 2), storage.Change{})
	park(t, ctx, b, taskOf(doc, document.StepRecognize, 3))
	park(t, ctx, b, taskOf(doc, document.StepRecognize, 1))
	ready := must(b.Requeue(ctx, doc.ID, "acct_admin"))(t)
	if d := diff([]string{"recognize/1", "recognize/3"}, labels(ready)); d != "" {
		t.Fatal(d)
	}
	after := must(b.Document(ctx, doc.ID))(t)
	if after.State != document.StateReading || after.Refusal != nil {
		t.Fatalf("document %+v", after)
	}
	if c := claim(t, ctx, b, ready[0].TaskKey); c.Attempt != 1 {
		t.Fatalf("claim %+v", c)
	}
	if again := must(b.Requeue(ctx, doc.ID, "acct_admin"))(t); len(again) != 0 {
		t.Fatalf("requeued again: %v", labels(again))
	}
	if _, err := b.Requeue(ctx, "doc_none", "x"); !errors.Is(err, storage.ErrNotFound) {
		t.Fatal(err)
	}
}

func cancelEndsOpenTasks(t *testing.T, ctx context.Context, b Bench) {
	doc := register(t, ctx, b, "a")
	do(t, ctx, b, taskOf(doc, document.StepInspect, 0), storage.Change{Next: pages(4, 3)})
	c := claim(t, ctx, b, taskOf(doc, document.StepRecognize, 1))
	park(t, ctx, b, taskOf(doc, document.StepRecognize, 2))
	state := document.StateCancelled
	_, ready, err := b.Apply(ctx, doc.ID, 0, storage.Change{CancelTasks: true, Patch: storage.DocumentPatch{State: &state}})
	if err != nil || len(ready) != 0 {
		t.Fatal(labels(ready), err)
	}
	if _, err := b.Finish(ctx, c, storage.Change{Join: document.StepClassify}); !errors.Is(err, storage.ErrFenced) {
		t.Fatalf("finish a cancelled task: %v", err)
	}
	if err := b.Renew(ctx, c, lease); !errors.Is(err, storage.ErrFenced) {
		t.Fatalf("renew a cancelled task: %v", err)
	}
	if ready := must(b.Requeue(ctx, doc.ID, "x"))(t); len(ready) != 0 {
		t.Fatalf("requeued after cancel: %v", labels(ready))
	}
	for _, task := range must(b.TasksOf(ctx, doc.ID, 1))(t)[1:] {
		if task.State != storage.TaskCancelled {
			t.Errorf("%s is %s", label(task.TaskKey), task.State)
		}
	}
	if waiting := must(b.Waiting(ctx, "", 0, 10))(t); len(waiting) != 0 {
		t.Fatalf("waiting after cancel: %v", labels(waiting))
	}
}

func applyReadiesEnded(t *testing.T, ctx context.Context, b Bench) {
	doc := register(t, ctx, b, "a")
	key := taskOf(doc, document.StepInspect, 0)
	c := claim(t, ctx, b, key)
	_ = must(b.Finish(ctx, c, storage.Change{}))(t)
	_, ready, err := b.Apply(ctx, doc.ID, 0, storage.Change{Next: next(document.StepInspect, 0)})
	if err != nil || len(ready) != 1 {
		t.Fatal(labels(ready), err)
	}
	if again := claim(t, ctx, b, key); again.Attempt != 1 || again.Fence <= c.Fence {
		t.Fatalf("claim %+v", again)
	}
	if _, ready, _ = b.Apply(ctx, doc.ID, 0, storage.Change{Next: next(document.StepInspect, 0)}); len(ready) != 0 {
		t.Fatalf("a claimed task was readied: %v", labels(ready))
	}
}

// readsBesideWrites reads while others write: neither may fail for the other.
func readsBesideWrites(t *testing.T, ctx context.Context, b Bench) {
	doc := register(t, ctx, b, "a")
	together(8, func(i int) {
		for range 10 {
			var err error
			if i%2 == 0 {
				_, err = b.Document(ctx, doc.ID)
			} else {
				_, _, err = b.Apply(ctx, doc.ID, 0, storage.Change{Patch: storage.DocumentPatch{PageRead: true}})
			}
			if err != nil {
				t.Error(err)
			}
		}
	})
	if kept := must(b.Document(ctx, doc.ID))(t); kept.PagesRead != 40 || kept.Version != doc.Version+40 {
		t.Fatalf("%d of 40 changes kept, version %d", kept.PagesRead, kept.Version)
	}
}
