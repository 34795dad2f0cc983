package chaostest

import (
	"context"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"onewindow/document"
	"onewindow/storage"
)

// TestChaos_OneProcessAloneIsKilled is the shape of a single machine: SQLite, a
// Redis inside the process, and that process killed again and again.
func TestChaos_OneProcessAloneIsKilled(t *testing.T) {
	t.Parallel()
	s := newStage(t, func(o *setup) {
		o.DSN, o.Embedded = "sqlite:"+t.TempDir()+"/records.db", true
	})
	s.startWorkers(1)
	for range scaled(8, 150) {
		s.receive(4)
		time.Sleep(700 * time.Millisecond)
		s.killWorker()
	}
	s.finish(time.Minute)
	s.settled()
}

// TestChaos_PoisonIsParked: a file that kills whoever works on it ends with a
// reason, and takes no other file with it.
func TestChaos_PoisonIsParked(t *testing.T) {
	t.Parallel()
	s := newStage(t, func(o *setup) { o.Tries, o.Lease = 5, time.Second })
	whole, err := s.receiveOne("pages=2 deadly at inspect")
	if err != nil {
		t.Fatal(err)
	}
	page, err := s.receiveOne("pages=3 deadly at page 2")
	if err != nil {
		t.Fatal(err)
	}
	s.receive(12)
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	ended := s.supervise(ctx, 2)
	s.finish(2 * time.Minute)
	until(t, "the poison is parked", func() bool {
		return s.state(whole) == document.StateFailed && s.state(page) == document.StateNeedsReview
	})
	stop()
	deaths := ended()
	t.Logf("%d workers died of it", deaths)
	if deaths < 5 {
		t.Errorf("only %d workers died: this test could not fail", deaths)
	}
	doc, err := s.records.Document(t.Context(), whole)
	if err != nil || doc.Refusal == nil || !strings.Contains(doc.Refusal.Message, "重试") {
		t.Errorf("document %+v, %v", doc, err)
	}
	parked, err := s.records.Parked(t.Context(), 10)
	if err != nil || len(parked) != 1 || parked[0].Document != whole || parked[0].State != storage.TaskParked || parked[0].Reason == "" {
		t.Errorf("parked %+v, %v", parked, err)
	}
	s.settled()
}

func (s *stage) state(id document.ID) document.State {
	doc, _ := s.records.Document(context.Background(), id)
	return doc.State
}

func until(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(time.Minute); time.Now().Before(end); time.Sleep(100 * time.Millisecond) {
		if ok() {
			return
		}
	}
	t.Fatalf("not within a minute: %s", what)
}

// supervise keeps n workers running, as an init system would, until ctx ends. The
// function returned waits for their end and tells how many died.
func (s *stage) supervise(ctx context.Context, n int) func() int64 {
	var deaths atomic.Int64
	var wg sync.WaitGroup
	for range n {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for ctx.Err() == nil {
				cmd := s.startWorker()
				stop := context.AfterFunc(ctx, func() { _ = cmd.Process.Kill() })
				_ = cmd.Wait()
				if stop() {
					deaths.Add(1)
				}
			}
		}()
	}
	return func() int64 { wg.Wait(); return deaths.Load() }
}
