package asynqueue_test

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"testing"
	"time"

	"github.com/hibiken/asynq"

	"onewindow/document"
	"onewindow/internal/testserver"
	"onewindow/pipeline/asynqueue"
	"onewindow/storage"
)

// listeners notes what it is asked to do, and does it for as long as told.
type listeners struct {
	mu    sync.Mutex
	heard []storage.TaskKey
	do    func(ctx context.Context) // nil: nothing
}

func (l *listeners) Do(ctx context.Context, key storage.TaskKey) error {
	l.mu.Lock()
	l.heard = append(l.heard, key)
	l.mu.Unlock()
	if l.do != nil {
		l.do(ctx)
	}
	return nil
}

func (l *listeners) count() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.heard)
}

func until(t *testing.T, limit time.Duration, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(limit); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		if ok() {
			return
		}
	}
	t.Fatalf("not within %s: %s", limit, what)
}

func tasks(lane document.Lane, name string, n int) []storage.Task {
	out := make([]storage.Task, n)
	for i := range out {
		out[i] = storage.Task{Lane: lane, TaskKey: storage.TaskKey{
			Document: document.ID(fmt.Sprintf("doc_%s_%d", name, i)), Generation: 1, Step: document.StepInspect}}
	}
	return out
}

// eachRedis runs a test on a real Redis and on the one inside the process.
func eachRedis(t *testing.T, test func(t *testing.T, conn asynq.RedisConnOpt)) {
	t.Run("redis", func(t *testing.T) {
		conn, err := asynqueue.ParseURL("redis://" + testserver.Redis(t).Addr())
		if err != nil {
			t.Fatal(err)
		}
		test(t, conn)
	})
	t.Run("embedded", func(t *testing.T) {
		e, err := asynqueue.StartEmbedded()
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(e.Close)
		test(t, e.Options())
	})
}

func newBell(t *testing.T, conn asynq.RedisConnOpt) *asynqueue.Bell {
	t.Helper()
	bell := asynqueue.NewBell(conn)
	t.Cleanup(func() { bell.Close() })
	return bell
}

func listen(t *testing.T, conn asynq.RedisConnOpt, l *listeners, n int) *asynqueue.Server {
	t.Helper()
	s := asynqueue.NewServer(conn, l, asynqueue.Options{Concurrency: n, Log: slog.New(slog.DiscardHandler)})
	if err := s.Start(); err != nil {
		t.Fatal(err)
	}
	return s
}

func leave(s *asynqueue.Server, patience time.Duration) {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	s.Shutdown(ctx)
}

// TestBell_EveryRingIsHeard also when the same task is rung for again and again:
// a ring that a queue refuses because it knows the task would lose work.
func TestBell_EveryRingIsHeard(t *testing.T) {
	eachRedis(t, func(t *testing.T, conn asynq.RedisConnOpt) {
		bell, l := newBell(t, conn), &listeners{}
		for range 3 {
			if err := bell.Ring(t.Context(), tasks(document.LaneCounter, "a", 2)); err != nil {
				t.Fatal(err)
			}
		}
		s := listen(t, conn, l, 2)
		defer leave(s, time.Second)
		until(t, 10*time.Second, "six rings heard", func() bool { return l.count() == 6 })
		if err := bell.Ring(t.Context(), tasks(document.LaneCounter, "a", 1)); err != nil {
			t.Fatal(err)
		}
		until(t, 10*time.Second, "a ring for a task rung for before", func() bool { return l.count() == 7 })
	})
}

// TestBell_CountsWhatNobodyHeard compares with asynq's own inspector, because the
// key that is counted belongs to asynq.
func TestBell_CountsWhatNobodyHeard(t *testing.T) {
	eachRedis(t, func(t *testing.T, conn asynq.RedisConnOpt) {
		bell := newBell(t, conn)
		for lane, n := range map[document.Lane]int{document.LaneCounter: 1, document.LaneVirtual: 2, document.LaneBulk: 5} {
			if got, err := bell.Unheard(t.Context(), lane); err != nil || got != 0 {
				t.Errorf("%s: %d unheard before anything, %v", lane, got, err)
			}
			if err := bell.Ring(t.Context(), tasks(lane, "a", n)); err != nil {
				t.Fatal(err)
			}
			got, err := bell.Unheard(t.Context(), lane)
			if err != nil || got != n {
				t.Errorf("%s: %d unheard of %d, %v", lane, got, n, err)
			}
			inspector := asynq.NewInspector(conn)
			defer inspector.Close()
			if pending, err := inspector.ListPendingTasks(string(lane)); err != nil || len(pending) != n {
				t.Errorf("%s: asynq knows %d, %v", lane, len(pending), err)
			}
		}
	})
}

// TestLanes_CounterGoesFirst: people who wait are served before a heap of bulk
// work, which does not starve either.
func TestLanes_CounterGoesFirst(t *testing.T) {
	eachRedis(t, func(t *testing.T, conn asynq.RedisConnOpt) {
		bell, l := newBell(t, conn), &listeners{}
		for _, some := range [][]storage.Task{tasks(document.LaneBulk, "bulk", 200), tasks(document.LaneCounter, "counter", 100)} {
			if err := bell.Ring(t.Context(), some); err != nil {
				t.Fatal(err)
			}
		}
		s := listen(t, conn, l, 1)
		defer leave(s, time.Second)
		until(t, 30*time.Second, "all heard", func() bool { return l.count() == 300 })
		bulk := 0
		for _, key := range l.heard[:100] {
			if key.Document[:8] == "doc_bulk" {
				bulk++
			}
		}
		if bulk > 20 {
			t.Errorf("%d of the first 100 tasks were bulk work", bulk)
		}
	})
}

// TestBell_HangingRedisHoldsNobodyUp: whoever rings goes on within a moment.
func TestBell_HangingRedisHoldsNobodyUp(t *testing.T) {
	server := testserver.Redis(t)
	conn, err := asynqueue.ParseURL("redis://" + server.Addr())
	if err != nil {
		t.Fatal(err)
	}
	bell := newBell(t, conn)
	if err := bell.Ring(t.Context(), tasks(document.LaneCounter, "a", 1)); err != nil {
		t.Fatal(err)
	}
	if err := server.Pause(); err != nil {
		t.Fatal(err)
	}
	defer server.Resume()
	ctx, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	start := time.Now()
	if err := bell.Ring(ctx, tasks(document.LaneCounter, "b", 1)); err == nil {
		t.Error("a ring on a hanging Redis succeeded")
	}
	if took := time.Since(start); took > 4*time.Second {
		t.Errorf("the ring took %s", took)
	}
}

// TestShutdown_WaitsForTasks that end within the deadline.
func TestShutdown_WaitsForTasks(t *testing.T) {
	eachRedis(t, func(t *testing.T, conn asynq.RedisConnOpt) {
		ended := make(chan error, 1)
		l := &listeners{do: func(ctx context.Context) {
			time.Sleep(400 * time.Millisecond)
			ended <- ctx.Err()
		}}
		s := listen(t, conn, l, 2)
		if err := newBell(t, conn).Ring(t.Context(), tasks(document.LaneCounter, "a", 1)); err != nil {
			t.Fatal(err)
		}
		until(t, 10*time.Second, "the task begins", func() bool { return l.count() == 1 })
		leave(s, 5*time.Second)
		select {
		case err := <-ended:
			if err != nil {
				t.Errorf("the task was told to stop: %v", err)
			}
		default:
			t.Error("shutdown did not wait for the task")
		}
	})
}

// TestShutdown_StopsTasksAtTheDeadline and waits until they have handed back.
func TestShutdown_StopsTasksAtTheDeadline(t *testing.T) {
	eachRedis(t, func(t *testing.T, conn asynq.RedisConnOpt) {
		back := make(chan struct{}, 1)
		l := &listeners{do: func(ctx context.Context) {
			<-ctx.Done()
			time.Sleep(200 * time.Millisecond) // handing back takes a moment
			back <- struct{}{}
		}}
		s := listen(t, conn, l, 1)
		bell := newBell(t, conn)
		if err := bell.Ring(t.Context(), tasks(document.LaneCounter, "a", 3)); err != nil {
			t.Fatal(err)
		}
		until(t, 10*time.Second, "the task begins", func() bool { return l.count() == 1 })
		start := time.Now()
		leave(s, 300*time.Millisecond)
		if took := time.Since(start); took > 5*time.Second {
			t.Errorf("shutdown took %s", took)
		}
		select {
		case <-back:
		default:
			t.Error("shutdown did not wait until the task handed back")
		}
		if l.count() != 1 {
			t.Errorf("%d tasks were begun, want 1", l.count())
		}
	})
}
