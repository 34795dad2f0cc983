package storagetest

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"onewindow/document"
	"onewindow/storage"
)

func queueTests() []recordsTest {
	return []recordsTest{
		{"WaitingRingsOncePerAge", waitingOnce},
		{"WaitingAfterRelease", waitingAfterRelease},
		{"WaitingByLane", waitingByLane},
		{"SweepersDoNotShareRings", sweepersApart},
		{"ParkedNewestFirst", parkedNewest},
	}
}

func waitingOnce(t *testing.T, ctx context.Context, b Bench) {
	for i := range 5 {
		register(t, ctx, b, fmt.Sprint(i))
	}
	if early := must(b.Waiting(ctx, document.LaneVirtual, time.Hour, 10))(t); len(early) != 0 {
		t.Fatalf("rung for again at once: %d", len(early))
	}
	time.Sleep(5 * time.Millisecond) // or the last ring would be as old as the sweep's
	first := must(b.Waiting(ctx, document.LaneVirtual, 0, 3))(t)
	if len(first) != 3 || first[0].State != storage.TaskReady {
		t.Fatalf("first sweep %+v", first)
	}
	time.Sleep(40 * time.Millisecond)
	second := must(b.Waiting(ctx, document.LaneVirtual, 0, 2))(t)
	for _, x := range second {
		for _, y := range first {
			if x.TaskKey == y.TaskKey {
				t.Error("rung for twice while others were not rung for since")
			}
		}
	}
	if len(second) != 2 {
		t.Fatalf("second sweep: %d", len(second))
	}
}

func waitingAfterRelease(t *testing.T, ctx context.Context, b Bench) {
	key := taskOf(register(t, ctx, b, "a"), document.StepInspect, 0)
	c := claim(t, ctx, b, key)
	if busy := must(b.Waiting(ctx, "", 0, 10))(t); len(busy) != 0 {
		t.Fatalf("rung for a task that is being worked on: %v", labels(busy))
	}
	ok(t, b.Release(ctx, c))
	if back := must(b.Waiting(ctx, "", time.Hour, 10))(t); len(back) != 1 {
		t.Fatalf("a task handed back is not rung for: %v", labels(back))
	}
	c = claim(t, ctx, b, key)
	ok(t, b.Fail(ctx, c, storage.Failure{Code: document.CodeTimeout, Retry: time.Second}, storage.Change{}))
	if early := must(b.Waiting(ctx, "", time.Hour, 10))(t); len(early) != 0 {
		t.Fatal("rung for before its time")
	}
	for range 200 {
		if due := must(b.Waiting(ctx, "", time.Hour, 10))(t); len(due) == 1 {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	t.Fatal("not rung for when its time came")
}

func waitingByLane(t *testing.T, ctx context.Context, b Bench) {
	for i, lane := range []document.Lane{document.LaneBulk, document.LaneVirtual, document.LaneCounter, document.LaneBulk} {
		n := newFile(fmt.Sprint(i))
		n.Origin.Lane = lane
		_, _, err := b.Register(ctx, n)
		ok(t, err)
	}
	if bulk := must(b.Waiting(ctx, document.LaneBulk, 0, 10))(t); len(bulk) != 2 || bulk[0].Lane != document.LaneBulk {
		t.Fatalf("bulk %+v", bulk)
	}
	time.Sleep(5 * time.Millisecond)
	all := must(b.Waiting(ctx, "", 0, 3))(t)
	if len(all) != 3 || all[0].Lane != document.LaneCounter || all[1].Lane != document.LaneVirtual || all[2].Lane != document.LaneBulk {
		t.Fatalf("all %+v", all)
	}
	want := map[document.Lane]map[storage.TaskState]int{
		document.LaneCounter: {storage.TaskReady: 1}, document.LaneVirtual: {storage.TaskReady: 1}, document.LaneBulk: {storage.TaskReady: 2}}
	if d := diff(want, must(b.Depths(ctx))(t)); d != "" {
		t.Fatal(d)
	}
}

func sweepersApart(t *testing.T, ctx context.Context, b Bench) {
	const n = 30
	for i := range n { // handed back, they were never rung for
		ok(t, b.Release(ctx, claim(t, ctx, b, taskOf(register(t, ctx, b, fmt.Sprint(i)), document.StepInspect, 0))))
	}
	var mu sync.Mutex
	rung := map[storage.TaskKey]int{}
	together(4, func(int) {
		for range 4 {
			tasks, err := b.Waiting(ctx, document.LaneVirtual, time.Hour, 5)
			mu.Lock()
			if err != nil {
				t.Error(err)
			}
			for _, task := range tasks {
				rung[task.TaskKey]++
			}
			mu.Unlock()
		}
	})
	for key, times := range rung {
		if times != 1 {
			t.Errorf("%s rung for %d times", key.Document, times)
		}
	}
	if len(rung) != n {
		t.Fatalf("%d of %d rung for", len(rung), n)
	}
}

func parkedNewest(t *testing.T, ctx context.Context, b Bench) {
	var want []storage.TaskKey
	for i := range 3 {
		key := taskOf(register(t, ctx, b, fmt.Sprint(i)), document.StepInspect, 0)
		park(t, ctx, b, key)
		want = append([]storage.TaskKey{key}, want...)
		time.Sleep(5 * time.Millisecond)
	}
	var seen []storage.TaskKey
	for _, task := range must(b.Parked(ctx, 2))(t) {
		seen = append(seen, task.TaskKey)
	}
	if d := diff(want[:2], seen); d != "" {
		t.Fatal(d)
	}
}
