package asynqueue

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"runtime"
	"time"

	"github.com/hibiken/asynq"

	"onewindow/document"
	"onewindow/storage"
)

// Doer does the task that was rung for.
type Doer interface {
	Do(ctx context.Context, key storage.TaskKey) error
}

// Options set how many tasks run at once.
type Options struct {
	Concurrency int // tasks at once; default the number of CPUs
	Log         *slog.Logger
}

// Server listens for bells and has the doer do the tasks.
type Server struct {
	asynq *asynq.Server
	work  context.Context
	stop  context.CancelFunc
	hands chan struct{} // holds one entry for every task being done
	taken int           // entries that Shutdown took itself
	doer  Doer
	log   *slog.Logger
}

// NewServer makes a listener on the three lanes. Weights, not strict priority:
// the counter goes first nearly always, and bulk work never starves.
func NewServer(redis asynq.RedisConnOpt, doer Doer, o Options) *Server {
	if o.Concurrency < 1 {
		o.Concurrency = runtime.NumCPU()
	}
	work, stop := context.WithCancel(context.Background())
	s := &Server{work: work, stop: stop, hands: make(chan struct{}, o.Concurrency), doer: doer, log: o.Log}
	s.asynq = asynq.NewServer(redis, asynq.Config{
		Concurrency: o.Concurrency,
		Queues: map[string]int{
			string(document.LaneCounter): 60, string(document.LaneVirtual): 9, string(document.LaneBulk): 1,
		},
		// The default of a second is a second lost at the counter; more often, and
		// the embedded Redis takes most of the two per cent of a core that an idle
		// service may use.
		TaskCheckInterval: 200 * time.Millisecond,
		ShutdownTimeout:   time.Second, // Shutdown waited for the tasks before
		LogLevel:          asynq.ErrorLevel,
		Logger:            logger{o.Log},
	})
	return s
}

// Start begins to listen; it returns at once. It fails when Redis cannot be
// reached, and may then be tried again.
func (s *Server) Start() error {
	if err := s.asynq.Ping(); err != nil {
		return fmt.Errorf("reach redis: %w", err)
	}
	mux := asynq.NewServeMux()
	mux.HandleFunc(taskType, s.handle)
	if err := s.asynq.Start(mux); err != nil {
		return fmt.Errorf("start listening for bells: %w", err)
	}
	return nil
}

// handle never fails: failures and retries are rows in SQL.
func (s *Server) handle(_ context.Context, t *asynq.Task) error {
	select {
	case s.hands <- struct{}{}:
		defer func() { <-s.hands }()
	case <-s.work.Done():
		return nil // the sweeper rings again, for somebody else
	}
	var key storage.TaskKey
	if err := json.Unmarshal(t.Payload(), &key); err != nil {
		s.log.Error("bell with a bad payload", "error", err)
		return nil
	}
	// A step must not die with the Redis connection that brought its bell:
	// it ends with the process, or when its lease is lost.
	if err := s.doer.Do(s.work, key); err != nil {
		s.log.Error("do task", "step", key.Step, "document", key.Document, "error", err)
	}
	return nil
}

const (
	// handBack is how long tasks that were told to stop may take to hand their
	// claims back.
	handBack = 12 * time.Second
	// farewell is how long saying good-bye to Redis may take.
	farewell = 5 * time.Second
)

// Shutdown takes no new bells, then waits for running tasks until ctx ends;
// tasks still running then are told to stop and hand their claims back. asynq's
// own shutdown would return while they still run.
func (s *Server) Shutdown(ctx context.Context) {
	s.asynq.Stop()
	if !s.idle(ctx) {
		s.stop()
		grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), handBack)
		defer cancel()
		if !s.idle(grace) {
			s.log.Error("tasks did not stop when told to; their leases will run out")
		}
	}
	s.stop()
	gone := make(chan struct{})
	go func() { s.asynq.Shutdown(); close(gone) }()
	select {
	case <-gone:
	case <-time.After(farewell):
	}
}

// idle waits until no task is being done, and keeps further ones from starting.
func (s *Server) idle(ctx context.Context) bool {
	for ; s.taken < cap(s.hands); s.taken++ {
		select {
		case s.hands <- struct{}{}:
		case <-ctx.Done():
			return false
		}
	}
	return true
}

// logger lets asynq speak through slog.
type logger struct{ log *slog.Logger }

func (l logger) Debug(args ...any) {}
func (l logger) Info(args ...any)  {}
func (l logger) Warn(args ...any)  { l.log.Warn("asynq", "message", fmt.Sprint(args...)) }
func (l logger) Error(args ...any) { l.log.Warn("asynq", "message", fmt.Sprint(args...)) }
func (l logger) Fatal(args ...any) { l.log.Error("asynq", "message", fmt.Sprint(args...)) }
