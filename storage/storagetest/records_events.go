package storagetest

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"onewindow/approval"
	"onewindow/storage"
)

func eventTests() []recordsTest {
	return []recordsTest{
		{"NumbersWithoutGapsInCommitOrder", gaplessEvents},
		{"FailedChangesTakeNoNumbers", failedChangesTakeNone},
	}
}

// gaplessEvents writes from many hands while a reader follows the feed, as a
// webhook sender does: it must see every number once and in order.
func gaplessEvents(t *testing.T, ctx context.Context, b Bench) {
	const hands, each = 8, 12
	doc := register(t, ctx, b, "shared")
	var wg sync.WaitGroup
	defer wg.Wait() // also when the reader gives up
	for hand := range hands {
		wg.Go(func() {
			for i := range each {
				change := storage.Change{Events: []approval.Event{{Type: "x"}, {Type: "y"}}}
				var err error
				if i%3 == 0 {
					_, _, err = b.Apply(ctx, doc.ID, 0, change)
				} else {
					_, _, err = b.Register(ctx, newFile(fmt.Sprint(hand, i)))
				}
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	done := make(chan struct{})
	go func() { wg.Wait(); close(done) }()
	const want = 1 + hands*(each/3*2+each*2/3)
	var last int64
	var at time.Time
	for running := true; running; {
		select {
		case <-done:
			running = false // one more look
		case <-time.After(time.Millisecond):
		}
		for _, e := range must(b.EventsAfter(ctx, last, 1000))(t) {
			if e.Seq != last+1 {
				t.Fatalf("event %d follows %d", e.Seq, last)
			}
			if e.At.Before(at) {
				t.Errorf("event %d is dated before the one before", e.Seq)
			}
			last, at = e.Seq, e.At
		}
	}
	if highest := must(b.LastEvent(ctx))(t); last != want || highest != last {
		t.Fatalf("%d events seen, highest number %d, want %d", last, highest, want)
	}
}

func failedChangesTakeNone(t *testing.T, ctx context.Context, b Bench) {
	if n := must(b.LastEvent(ctx))(t); n != 0 {
		t.Fatalf("an empty database has event %d", n)
	}
	doc := register(t, ctx, b, "a")
	bad := result("N1", 1)
	bad.Supersedes = "res_none"
	_, _, err := b.Apply(ctx, doc.ID, 0, storage.Change{Publish: &bad, Events: []approval.Event{{Type: "x"}}})
	if err == nil {
		t.Fatal("a change with a broken part was taken")
	}
	if n := must(b.LastEvent(ctx))(t); n != 1 {
		t.Fatalf("last event %d, want 1", n)
	}
}
