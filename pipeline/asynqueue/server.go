package asynqueue

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"time"

	"github.com/hibiken/asynq"

	"onewindow/document"
	"onewindow/storage"
)

// Doer does the task that was rung for.
type Doer interface {
	Do(ctx context.Context, key storage.TaskKey) error
}

// Options set how many tasks run at once and how the process ends.
type Options struct {
	Concurrency int           // tasks at once
	Deadline    time.Duration // how long a shutdown waits for running tasks
	Log         *slog.Logger
}

// Server listens for bells and has the doer do the tasks.
type Server struct {
	asynq *asynq.Server
	work  context.Context
	stop  context.CancelFunc
	doer  Doer
	log   *slog.Logger
}

// NewServer makes a listener on the three lanes. Weights, not strict priority:
// the counter goes first nearly always, and bulk work never starves.
func NewServer(redis asynq.RedisConnOpt, doer Doer, o Options) *Server {
	work, stop := context.WithCancel(context.Background())
	s := &Server{work: work, stop: stop, doer: doer, log: o.Log}
	s.asynq = asynq.NewServer(redis, asynq.Config{
		Concurrency: o.Concurrency,
		Queues: map[string]int{
			string(document.LaneCounter): 60, string(document.LaneVirtual): 9, string(document.LaneBulk): 1,
		},
		TaskCheckInterval: 50 * time.Millisecond, // the default of a second is a second lost at the counter
		ShutdownTimeout:   o.Deadline,
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
func (s *Server) handle(ctx context.Context, t *asynq.Task) error {
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

// Shutdown takes no new bells, then waits for running tasks up to the deadline;
// tasks still running then are told to stop and hand their claims back.
func (s *Server) Shutdown(ctx context.Context) {
	s.asynq.Stop()
	done := make(chan struct{})
	go func() { s.asynq.Shutdown(); close(done) }()
	select {
	case <-done:
	case <-ctx.Done():
		s.stop()
		<-done
	}
	s.stop()
}

// logger lets asynq speak through slog.
type logger struct{ log *slog.Logger }

func (l logger) Debug(args ...any) {}
func (l logger) Info(args ...any)  {}
func (l logger) Warn(args ...any)  { l.log.Warn("asynq", "message", fmt.Sprint(args...)) }
func (l logger) Error(args ...any) { l.log.Warn("asynq", "message", fmt.Sprint(args...)) }
func (l logger) Fatal(args ...any) { l.log.Error("asynq", "message", fmt.Sprint(args...)) }
