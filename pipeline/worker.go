package pipeline

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"onewindow/document"
	"onewindow/internal/telemetry"
	"onewindow/storage"
)

// Worker does tasks. It is safe for concurrent use: every call of Do is one
// pair of hands.
type Worker struct {
	Parts
	cfg   Config
	desk  *desk
	words lexicon
	steps map[document.Step]stepFunc
	calm  calm
	alone sync.RWMutex // held for writing by a suspicious task
	busy  atomic.Int64
}

// stepFunc does one step and says what changes. A *document.Refusal blames the
// file; any other error is our own trouble and tried again.
type stepFunc func(ctx context.Context, j *job) (storage.Change, error)

// job is one claimed task and the document it belongs to.
type job struct {
	claim storage.Claim
	doc   document.Document
}

// NewWorker makes a worker.
func NewWorker(p Parts, cfg Config) (*Worker, error) {
	cfg = cfg.withDefaults()
	if p.Now == nil {
		p.Now = time.Now
	}
	if cfg.Owner == "" {
		host, _ := os.Hostname()
		cfg.Owner = fmt.Sprintf("%s/%d", host, os.Getpid())
	}
	p.Blobs = markedBlobs{p.Blobs}
	d, err := newDesk(p.Blobs, cfg.ScratchDir)
	if err != nil {
		return nil, err
	}
	w := &Worker{Parts: p, cfg: cfg, desk: d, words: newLexicon(p.Catalogue)}
	w.steps = map[document.Step]stepFunc{
		document.StepInspect:   w.inspect,
		document.StepScreen:    w.screen,
		document.StepRecognize: w.recognize,
		document.StepClassify:  w.classify,
		document.StepExtract:   w.extract,
		document.StepStamp:     w.stamp,
		document.StepPublish:   w.publish,
		document.StepErase:     w.erase,

		document.StepSearchable: w.searchable,
	}
	return w, nil
}

// Close removes the worker's local copies.
func (w *Worker) Close() error { return w.desk.Close() }

// Busy returns how many tasks are being worked on.
func (w *Worker) Busy() int { return int(w.busy.Load()) }

// Do does the task that was rung for, if it is still waiting, and goes on with
// the same document as long as its next step is a short one: a step less in the
// queue is a wait less for the person at the counter. The error is about our
// own trouble only; what happened to the document is in its rows.
func (w *Worker) Do(ctx context.Context, key storage.TaskKey) error {
	w.busy.Add(1)
	defer w.busy.Add(-1)
	for {
		w.calm.wait(ctx)
		ready, err := w.one(ctx, key)
		if errors.Is(err, storage.ErrNoWork) || errors.Is(err, storage.ErrFenced) {
			return nil
		}
		if err != nil {
			return err
		}
		next, rest := goOn(ready)
		w.ring(ctx, rest)
		if next == nil {
			return nil
		}
		if ctx.Err() != nil {
			w.ring(ctx, []storage.Task{*next})
			return nil
		}
		key = next.TaskKey
	}
}

// goOn picks the task to go on with; pages go through the queue so that pages
// of one long document do not push other documents aside.
func goOn(ready []storage.Task) (*storage.Task, []storage.Task) {
	for i, t := range ready {
		if t.Step != document.StepRecognize {
			rest := append(append([]storage.Task(nil), ready[:i]...), ready[i+1:]...)
			return &t, rest
		}
	}
	return nil, ready
}

// ringTime bounds a ring: a Redis that hangs must not hold the work up.
const ringTime = 2 * time.Second

// ring tells of ready tasks. A lost ring is made good by the sweeper.
func (w *Worker) ring(ctx context.Context, tasks []storage.Task) {
	if len(tasks) == 0 {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), ringTime)
	defer cancel()
	if err := w.Bell.Ring(ctx, tasks); err != nil {
		w.Log.Warn("ring bell", "error", err, "tasks", len(tasks))
	}
}

// one claims and does a single task. A task that was tried oftener than any
// file's fault explains may be what kills workers: it is done alone, and nobody
// else's is claimed meanwhile, so that its neighbours do not die with it, try
// after try, until they are parked too.
func (w *Worker) one(ctx context.Context, key storage.TaskKey) ([]storage.Task, error) {
	w.alone.RLock()
	claim, err := w.Records.Claim(ctx, key, w.cfg.Owner, w.cfg.Lease)
	if err != nil || !w.suspicious(claim) {
		defer w.alone.RUnlock()
		if err != nil {
			return nil, err
		}
		return w.claimed(ctx, claim)
	}
	err = w.Records.Release(ctx, claim) // waiting for its turn, it must not be killed by another
	w.alone.RUnlock()
	if err != nil {
		return nil, err
	}
	w.alone.Lock()
	defer w.alone.Unlock()
	if claim, err = w.Records.Claim(ctx, key, w.cfg.Owner, w.cfg.Lease); err != nil {
		return nil, err
	}
	return w.claimed(ctx, claim)
}

func (w *Worker) suspicious(c storage.Claim) bool {
	return c.Attempt > w.cfg.FileTries && c.Attempt <= w.cfg.SystemTries
}

// claimed does a task that is ours.
func (w *Worker) claimed(ctx context.Context, claim storage.Claim) ([]storage.Task, error) {
	started := w.Now()
	if claim.Attempt > w.cfg.SystemTries {
		return nil, w.settle(ctx, claim, started, errLost) // poison: failures are parked before they come here
	}
	doc, err := w.Records.Document(ctx, claim.Document)
	if err != nil {
		return nil, w.settle(ctx, claim, started, away(fmt.Errorf("load document: %w", err)))
	}
	ctx, end := telemetry.Start(ctx, "step "+string(claim.Step), doc.Origin.Trace, "document", string(claim.Document),
		"lane", string(claim.Lane), "page", strconv.Itoa(claim.Page), "attempt", strconv.Itoa(claim.Attempt))
	ready, err := w.attempt(ctx, claim, doc, started)
	end(err)
	return ready, err
}

// attempt does a claimed task and records how it ended.
func (w *Worker) attempt(ctx context.Context, claim storage.Claim, doc document.Document, started time.Time) ([]storage.Task, error) {
	do, known := w.steps[claim.Step]
	if !known {
		return nil, w.settle(ctx, claim, started, fmt.Errorf("no such step %q", claim.Step))
	}
	work, held := w.hold(ctx, claim)
	change, err := do(work, &job{claim: claim, doc: doc})
	if lost := held(); lost != nil {
		w.discard(ctx, claim, change)
		return nil, lost
	}
	if err != nil {
		return nil, w.settle(ctx, claim, started, err)
	}
	ready, err := w.finish(ctx, claim, change)
	if errors.Is(err, storage.ErrFenced) {
		w.discard(ctx, claim, change)
		return nil, err
	}
	if err != nil {
		return nil, w.settle(ctx, claim, started, err)
	}
	w.calm.over()
	w.observe(claim, started, nil)
	return ready, nil
}

func (w *Worker) observe(c storage.Claim, started time.Time, err error) {
	if w.Observer != nil {
		w.Observer.StepEnded(c.TaskKey, c.Lane, w.Now().Sub(started), err)
	}
}

// finish records the outcome. It outlives a shutdown by a moment: work that is
// done should not be done again.
func (w *Worker) finish(ctx context.Context, c storage.Claim, change storage.Change) ([]storage.Task, error) {
	grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), settleTime)
	defer cancel()
	ready, err := w.Records.Finish(grace, c, change)
	if err != nil {
		return nil, away(fmt.Errorf("finish %s: %w", c.Step, err))
	}
	return ready, nil
}
