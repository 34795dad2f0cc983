package storagetest

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"testing"
	"time"

	"onewindow/storage"
)

func arrivalTests() []recordsTest {
	return []recordsTest{
		{"OnePathIsNotedOnce", notedOnce},
		{"AFileDroppedMeanwhileIsAnother", droppedMeanwhile},
		{"NotedLateIsOnce", notedLate},
		{"NotedWhileClaimedIsOnce", notedWhileClaimed},
		{"OneReceiptIsOneArrivals", oneReceipt},
		{"HeldUnderOneName", heldOnce},
		{"AbsentEnd", absentEnd},
		{"RetryOnce", retryOnce},
		{"ListedByHall", listedByHall},
		{"OldLinesArePrunedAndCounted", prunedAndCounted},
	}
}

func seen(path string) storage.Arrival {
	return storage.Arrival{Inbox: "inbox", Path: path, Hall: "大厅", Window: "3", Outcome: storage.OutcomeWaiting, Code: "writing", Reason: "文件还在变化", Size: 7}
}

// note notes one path and returns its arrival's ID.
func note(t *testing.T, ctx context.Context, b Bench, a storage.Arrival) string {
	t.Helper()
	return must(b.NoteArrivals(ctx, []storage.Arrival{a}))(t)[0]
}

func outcomes(t *testing.T, ctx context.Context, b Bench) map[storage.Outcome]int {
	t.Helper()
	return must(b.CountArrivals(ctx, nil))(t)
}

func notedOnce(t *testing.T, ctx context.Context, b Bench) {
	a := seen("大厅/3/a.pdf")
	id := note(t, ctx, b, a)
	got := must(b.Arrival(ctx, id))(t)
	if got.Path != a.Path || got.Hall != a.Hall || got.Window != "3" || got.Code != "writing" || got.Reason != a.Reason || got.Size != 7 || got.FirstSeen.IsZero() {
		t.Errorf("noted %+v", got)
	}
	a.Outcome, a.Code, a.Reason = storage.OutcomeIgnored, "link", "链接不收取"
	if again := note(t, ctx, b, a); again != id {
		t.Errorf("noted twice as %s and %s", id, again)
	}
	if got := must(b.Arrival(ctx, id))(t); got.Outcome != storage.OutcomeIgnored || got.Code != "link" {
		t.Errorf("then noted %+v", got)
	}
	// Names need not be UTF-8, and are told apart all the same.
	odd := must(b.NoteArrivals(ctx, []storage.Arrival{seen("w/\xcd\xbc.pdf"), seen("w/\xd6\xbd.pdf"), seen("W/A.pdf"), seen("w/a.pdf")}))(t)
	if slices.Sort(odd); len(slices.Compact(odd)) != 4 {
		t.Errorf("four paths are %v", odd)
	}
	if _, err := b.Arrival(ctx, "arr_none"); !errors.Is(err, storage.ErrNotFound) {
		t.Errorf("an arrival that is not there: %v", err)
	}
}

func droppedMeanwhile(t *testing.T, ctx context.Context, b Bench) {
	a := seen("w/a.pdf")
	a.ID = note(t, ctx, b, a)
	ok(t, b.ClaimArrival(ctx, a, "one"))
	ok(t, b.ClaimArrival(ctx, a, "one"))
	next := seen("w/a.pdf")
	next.Mark = "9@2"
	if next.ID = note(t, ctx, b, next); next.ID == a.ID {
		t.Error("a file dropped at the path of a claimed one is the same arrival")
	}
	ok(t, b.ClaimArrival(ctx, a, "two")) // a watcher that did not hear of the first claim
	_ = must(b.SettleArrival(ctx, "two", storage.ArrivalOutcome{Outcome: storage.OutcomeRefused, Code: "empty", Reason: "空", Held: "a.pdf"}))(t)
	_ = must(b.SettleArrival(ctx, "nobody's", storage.ArrivalOutcome{Outcome: storage.OutcomeRefused}))(t)
	want := map[storage.Outcome]int{storage.OutcomeWaiting: 2, storage.OutcomeRefused: 1}
	if got := outcomes(t, ctx, b); !maps.Equal(got, want) {
		t.Errorf("three files are %v", got)
	}
}

// notedLate: a watcher that saw a file before another claimed it notes no second one.
func notedLate(t *testing.T, ctx context.Context, b Bench) {
	a := seen("w/a.pdf")
	a.Mark = "7@1"
	a.ID = note(t, ctx, b, a)
	ok(t, b.ClaimArrival(ctx, a, "one"))
	if late := note(t, ctx, b, a); late != a.ID {
		t.Error("the late note is another arrival")
	}
	halfWritten := a // when it saw it
	halfWritten.Mark = "3@0"
	note(t, ctx, b, halfWritten)
	gone := seen("w/b.pdf")
	note(t, ctx, b, gone)
	ok(t, b.EndAbsent(ctx, "inbox", -time.Second))
	want := map[storage.Outcome]int{storage.OutcomeWaiting: 1, storage.OutcomeRemoved: 1}
	if got := outcomes(t, ctx, b); !maps.Equal(got, want) {
		t.Errorf("a claimed file and one that was taken away are %v", got)
	}
}

// notedWhileClaimed: while one watcher claims files, another that saw them before
// notes them.
func notedWhileClaimed(t *testing.T, ctx context.Context, b Bench) {
	const n = 60
	files := make([]storage.Arrival, n)
	for i := range files {
		files[i] = seen(fmt.Sprintf("w/%d.pdf", i))
		files[i].Mark = fmt.Sprintf("7@%d", i)
		files[i].ID = note(t, ctx, b, files[i])
	}
	var all sync.WaitGroup
	errs := make([]error, 2*n)
	for i, a := range files {
		all.Go(func() { errs[i] = b.ClaimArrival(ctx, a, fmt.Sprint("t", i)) })
		all.Go(func() { _, errs[n+i] = b.NoteArrivals(ctx, []storage.Arrival{a}) })
	}
	all.Wait()
	ok(t, errors.Join(errs...))
	if got := outcomes(t, ctx, b); got[storage.OutcomeWaiting] != n {
		t.Errorf("%d files are %v", n, got)
	}
}

func oneReceipt(t *testing.T, ctx context.Context, b Bench) {
	const n = 6
	doc := register(t, ctx, b, "a")
	o := storage.ArrivalOutcome{Outcome: storage.OutcomeReceived, Document: doc.ID, Receipt: doc.Receipt}
	var all sync.WaitGroup
	errs := make([]error, n)
	for i := range n {
		ok(t, b.ClaimArrival(ctx, seen(fmt.Sprint("w/", i)), fmt.Sprint("t", i)))
		all.Go(func() { _, errs[i] = b.SettleArrival(ctx, fmt.Sprint("t", i), o) })
	}
	all.Wait()
	ok(t, errors.Join(errs...))
	for i := range n { // after a crash it is settled again
		_ = must(b.SettleArrival(ctx, fmt.Sprint("t", i), o))(t)
	}
	if got := outcomes(t, ctx, b); got[storage.OutcomeReceived] != 1 || got[storage.OutcomeDuplicate] != n-1 {
		t.Errorf("%d files of one document are %v", n, got)
	}
}

// heldOnce: two watchers that find the same refusal use one name.
func heldOnce(t *testing.T, ctx context.Context, b Bench) {
	ok(t, b.ClaimArrival(ctx, seen("w/a.pdf"), "t"))
	o := storage.ArrivalOutcome{Outcome: storage.OutcomeQuarantined, Code: "corrupt", Reason: "损坏", Held: "a.pdf"}
	for _, try := range []struct {
		held, want string
		fresh      bool
	}{{"a.pdf", "a.pdf", false}, {"a-2.pdf", "a.pdf", false}, {"a-3.pdf", "a-3.pdf", true}} {
		o.Held, o.Fresh = try.held, try.fresh
		if got := must(b.SettleArrival(ctx, "t", o))(t); got != try.want {
			t.Errorf("asked for %s, held as %s", try.held, got)
		}
	}
}

func absentEnd(t *testing.T, ctx context.Context, b Bench) {
	claimed := seen("w/claimed")
	claimed.ID = note(t, ctx, b, claimed)
	ok(t, b.ClaimArrival(ctx, claimed, "t"))
	link := seen("w/link")
	link.Outcome = storage.OutcomeIgnored
	note(t, ctx, b, link)
	elsewhere := seen("w/gone")
	elsewhere.Inbox = "other"
	note(t, ctx, b, elsewhere)
	gone := note(t, ctx, b, seen("w/gone"))
	ok(t, b.EndAbsent(ctx, "inbox", time.Minute))
	if got := must(b.Arrival(ctx, gone))(t); got.Outcome != storage.OutcomeWaiting {
		t.Errorf("ended too early: %+v", got)
	}
	ok(t, b.EndAbsent(ctx, "inbox", -time.Second))
	if got := must(b.Arrival(ctx, gone))(t); got.Outcome != storage.OutcomeRemoved || got.Reason == "" {
		t.Errorf("a file that was taken away is %+v", got)
	}
	want := map[storage.Outcome]int{storage.OutcomeWaiting: 2, storage.OutcomeIgnored: 1, storage.OutcomeRemoved: 1}
	if got := outcomes(t, ctx, b); !maps.Equal(got, want) {
		t.Errorf("outcomes %v", got)
	}
	if again := note(t, ctx, b, seen("w/gone")); again == gone {
		t.Error("a file that came back is the old arrival")
	}
}

func retryOnce(t *testing.T, ctx context.Context, b Bench) {
	a := seen("w/a.pdf")
	a.ID = note(t, ctx, b, a)
	if err := b.AskRetry(ctx, a.ID, "clerk"); !errors.Is(err, storage.ErrConflict) {
		t.Errorf("retry of a file that waits: %v", err)
	}
	if err := b.AskRetry(ctx, "arr_none", "clerk"); !errors.Is(err, storage.ErrNotFound) {
		t.Errorf("retry of nothing: %v", err)
	}
	ok(t, b.ClaimArrival(ctx, a, "one"))
	_ = must(b.SettleArrival(ctx, "one", storage.ArrivalOutcome{Outcome: storage.OutcomeRefused, Code: "too_large", Reason: "太大", Held: "a.pdf"}))(t)
	ok(t, b.AskRetry(ctx, a.ID, "clerk"))
	if err := b.AskRetry(ctx, a.ID, "clerk"); !errors.Is(err, storage.ErrConflict) {
		t.Errorf("a second retry before the first: %v", err)
	}
	wanted := must(b.RetriesWanted(ctx, "inbox"))(t)
	if len(wanted) != 1 || wanted[0].ID != a.ID || wanted[0].Held != "a.pdf" || wanted[0].RetryBy != "clerk" || wanted[0].MayRetry() {
		t.Fatalf("wanted %+v", wanted)
	}
	if other := must(b.RetriesWanted(ctx, "other"))(t); len(other) != 0 {
		t.Errorf("of another folder %+v", other)
	}
	ok(t, b.ClaimArrival(ctx, a, "two"))
	if got := must(b.Arrival(ctx, a.ID))(t); got.Outcome != storage.OutcomeWaiting || got.Held != "" || got.RetryBy != "" || got.Reason != "" {
		t.Errorf("retried %+v", got)
	}
	if wanted := must(b.RetriesWanted(ctx, "inbox"))(t); len(wanted) != 0 {
		t.Errorf("still wanted %+v", wanted)
	}
	trail := must(b.AuditTrail(ctx, a.ID, 0, 10))(t)
	if len(trail) != 1 || trail[0].Actor != "clerk" || trail[0].Action != "hotfolder.retry" {
		t.Errorf("the trail is %+v", trail)
	}
}

func listedByHall(t *testing.T, ctx context.Context, b Bench) {
	for i := range 5 {
		a := seen(fmt.Sprint("w/", i))
		if i%2 == 1 {
			a.Hall = "分厅"
		}
		note(t, ctx, b, a)
	}
	page := must(b.ListArrivals(ctx, storage.ArrivalQuery{Halls: []string{"大厅"}, Outcome: storage.OutcomeWaiting, Limit: 2}))(t)
	if len(page) != 2 || page[0].Path != "w/4" || page[1].Path != "w/2" {
		t.Fatalf("first page %+v", page)
	}
	page = must(b.ListArrivals(ctx, storage.ArrivalQuery{Halls: []string{"大厅"}, Before: page[1].ID}))(t)
	if len(page) != 1 || page[0].Path != "w/0" {
		t.Errorf("second page %+v", page)
	}
	for what, n := range map[string]int{
		"all":     len(must(b.ListArrivals(ctx, storage.ArrivalQuery{}))(t)) - 5,
		"no hall": len(must(b.ListArrivals(ctx, storage.ArrivalQuery{Halls: []string{}}))(t)),
		"refused": len(must(b.ListArrivals(ctx, storage.ArrivalQuery{Outcome: storage.OutcomeRefused}))(t)),
		"counted": must(b.CountArrivals(ctx, []string{"分厅"}))(t)[storage.OutcomeWaiting] - 2,
	} {
		if n != 0 {
			t.Errorf("%s: off by %d", what, n)
		}
	}
}

// prunedAndCounted: what is old goes, what a person may still need stays, and the
// counts tell of both.
func prunedAndCounted(t *testing.T, ctx context.Context, b Bench) {
	settle := func(path string, o storage.ArrivalOutcome) {
		id := note(t, ctx, b, seen(path))
		a := seen(path)
		a.ID = id
		ok(t, b.ClaimArrival(ctx, a, "T"+path))
		must(b.SettleArrival(ctx, "T"+path, o))(t)
	}
	settle("1", storage.ArrivalOutcome{Outcome: storage.OutcomeReceived, Document: "doc_1"})
	settle("2", storage.ArrivalOutcome{Outcome: storage.OutcomeDuplicate, Document: "doc_1"})
	settle("3", storage.ArrivalOutcome{Outcome: storage.OutcomeUnpacked})
	settle("4", storage.ArrivalOutcome{Outcome: storage.OutcomeQuarantined, Held: "4"})
	settle("5", storage.ArrivalOutcome{Outcome: storage.OutcomeRefused, Held: "5"})
	note(t, ctx, b, seen("6"))
	lies := seen("7")
	lies.Outcome = storage.OutcomeIgnored
	note(t, ctx, b, lies)
	if n := must(b.PruneArrivals(ctx, time.Hour, 100))(t); n != 0 {
		t.Fatalf("%d young lines pruned", n)
	}
	time.Sleep(20 * time.Millisecond)
	for _, want := range []int{2, 1, 0} { // two at a time
		if n := must(b.PruneArrivals(ctx, 10*time.Millisecond, 2))(t); n != want {
			t.Fatalf("%d lines pruned, want %d", n, want)
		}
	}
	now, gone := outcomes(t, ctx, b), must(b.PrunedArrivals(ctx, []string{"大厅"}))(t)
	wantNow := map[storage.Outcome]int{storage.OutcomeQuarantined: 1, storage.OutcomeRefused: 1, storage.OutcomeWaiting: 1, storage.OutcomeIgnored: 1}
	wantGone := map[storage.Outcome]int{storage.OutcomeReceived: 1, storage.OutcomeDuplicate: 1, storage.OutcomeUnpacked: 1}
	if !maps.Equal(now, wantNow) || !maps.Equal(gone, wantGone) {
		t.Errorf("left %v, pruned %v", now, gone)
	}
	if other := must(b.PrunedArrivals(ctx, []string{"别处"}))(t); len(other) != 0 {
		t.Errorf("another hall: %v", other)
	}
	// The same bytes again find their receipt as before.
	settle("1", storage.ArrivalOutcome{Outcome: storage.OutcomeDuplicate, Document: "doc_1"})
	if now := outcomes(t, ctx, b); now[storage.OutcomeDuplicate] != 1 {
		t.Errorf("after pruning: %v", now)
	}
}
