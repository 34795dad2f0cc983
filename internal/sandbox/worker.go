package sandbox

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"
)

// worker is a running child with its scratch folder, used by one call at a time.
type worker struct {
	cfg     *Config
	proc    *process
	room    *scratch
	replies chan frame // closed when the child can say no more; then readErr is set
	readErr error

	calls   int
	spare   bool   // has done nothing but the Warm task
	key     string // of the last task
	retired bool   // not to be used again
	peak    int64  // bytes resident, highest seen
	idle    *time.Timer
}

type frame struct {
	kind    frameType
	payload []byte
}

// watchEvery is how often the parent looks at a working child.
const watchEvery = 50 * time.Millisecond

// startWorker starts a child and waits until its handler is built.
func startWorker(ctx context.Context, cfg *Config, dir, bubblewrap string) (*worker, error) {
	began := time.Now()
	h, err := cfg.hello()
	if err != nil {
		return nil, err
	}
	room, err := newScratch(dir, cfg.Kind, bubblewrap != "")
	if err != nil {
		return nil, err
	}
	proc, err := startProcess(cfg, room, bubblewrap)
	if err != nil {
		return nil, errors.Join(err, room.remove())
	}
	w := &worker{cfg: cfg, proc: proc, room: room, replies: make(chan frame, 1)}
	go w.listen()
	if err := w.greet(ctx, h, began); err != nil {
		w.destroy()
		return nil, err
	}
	return w, nil
}

func (w *worker) greet(ctx context.Context, h hello, began time.Time) error {
	if err := w.send(frameHello, h); err != nil {
		return w.died("", began)
	}
	r, err := w.await(ctx, "", began, w.cfg.Limits.Start)
	if err != nil {
		var f *Failure
		if errors.As(err, &f) && !errors.Is(err, ErrMemory) {
			f.Detail = strings.TrimSpace(f.Cause.Error() + " " + f.Detail)
			f.Cause = ErrStart
		}
		return err
	}
	if r.Error != nil {
		return w.failure("", ErrStart, r.Error.Message, began)
	}
	return nil
}

// listen passes on what the child says until it says no more.
func (w *worker) listen() {
	defer close(w.replies)
	for {
		kind, payload, err := readFrame(w.proc.socket, w.cfg.Limits.Reply)
		if err != nil {
			w.readErr = err
			return
		}
		select {
		case w.replies <- frame{kind, payload}:
		case <-w.proc.done:
			return
		}
	}
}

func (w *worker) send(t frameType, v any) error {
	// A stopped child must not block us; the deadline is only for that.
	_ = w.proc.socket.SetWriteDeadline(time.Now().Add(w.cfg.Limits.Start))
	return writeJSON(w.proc.socket, t, v)
}

// do runs one task. Afterwards w.retired tells whether the child may go on.
func (w *worker) do(ctx context.Context, task Task, request []byte) (json.RawMessage, error) {
	began := time.Now()
	in, err := w.room.stage(ctx, task.In)
	if err != nil {
		return nil, err
	}
	w.calls++
	w.key, w.spare = task.Key, false
	w.proc.output.reset()
	c := call{ID: uint64(w.calls), Op: task.Op, Request: request, In: in, Out: w.room.inside.out, Tmp: w.room.inside.tmp}
	if err := w.send(frameCall, c); err != nil {
		return nil, w.died(task.Op, began)
	}
	wall := task.Wall
	setDefault(&wall, w.cfg.Limits.Wall)
	r, err := w.await(ctx, task.Op, began, wall)
	if err != nil {
		return nil, err
	}
	if r.ID != c.ID {
		w.retired = true
		return nil, w.failure(task.Op, ErrProtocol, fmt.Sprintf("reply %d to call %d", r.ID, c.ID), began)
	}
	if r.Error != nil {
		return nil, w.remote(task.Op, r.Error, began)
	}
	return r.Body, w.room.collect(ctx, task.Out)
}

// await waits for one reply while watching the child. It kills what overstays.
func (w *worker) await(ctx context.Context, op string, began time.Time, wall time.Duration) (reply, error) {
	watch := time.NewTicker(watchEvery)
	defer watch.Stop()
	deadline := time.NewTimer(wall)
	defer deadline.Stop()
	before := cpuOf(w.proc.pid)
	cpuLimit := max(w.cfg.Limits.CPU, 4*wall) // starting is bounded by its wall clock
	if op != "" {
		cpuLimit = w.cfg.Limits.CPU
	}
	var why error // set once the child was asked to stop
	done := ctx.Done()
	for {
		select {
		case f, ok := <-w.replies:
			return w.accept(f, ok, op, began, why)
		case <-watch.C:
			if err := w.inspect(op, began, before, cpuLimit); err != nil {
				w.retire()
				return reply{}, err
			}
		case <-done:
			done, why = nil, context.Cause(ctx)
			w.ask(deadline)
		case <-deadline.C:
			if why == nil {
				why = w.failure(op, ErrTimeout, fmt.Sprintf("wall clock %v", wall), began)
				w.ask(deadline)
				continue
			}
			w.retire()
			return reply{}, w.withOutput(why)
		}
	}
}

// ask tells the child to stop and gives it the grace period.
func (w *worker) ask(deadline *time.Timer) {
	_ = w.proc.socket.SetWriteDeadline(time.Now().Add(w.cfg.Limits.Grace))
	_ = writeFrame(w.proc.socket, frameCancel, nil)
	deadline.Reset(w.cfg.Limits.Grace)
}

// accept judges what came instead of silence. why is the reason the child was
// asked to stop, if it was.
func (w *worker) accept(f frame, ok bool, op string, began time.Time, why error) (reply, error) {
	if !ok {
		return reply{}, w.silent(op, began, why)
	}
	var r reply
	want := frameReply
	if op == "" {
		want = frameReady
	}
	if f.kind != want || json.Unmarshal(f.payload, &r) != nil {
		w.retire()
		return reply{}, w.failure(op, ErrProtocol, "unexpected frame", began)
	}
	w.retired = w.retired || r.Retire
	if why != nil && r.Error != nil { // whatever it says, it stopped because it was told to
		w.retired = w.retired || r.Error.Panicked
		return reply{}, why
	}
	return r, nil
}

// silent explains why no more replies come.
func (w *worker) silent(op string, began time.Time, why error) error {
	err := w.readErr
	switch {
	case errors.Is(err, errFrameTooLarge):
		w.retire()
		return w.failure(op, ErrReplyTooLarge, err.Error(), began)
	case errors.Is(err, errFrameType):
		w.retire()
		return w.failure(op, ErrProtocol, err.Error(), began)
	case why != nil:
		w.retire()
		return why
	}
	return w.died(op, began)
}

// dyingTime is how long a child that closed its socket may take to end by itself.
const dyingTime = time.Second

// died makes the error for a child that ended on its own.
func (w *worker) died(op string, began time.Time) error {
	select {
	case <-w.proc.done:
	case <-time.After(dyingTime):
	}
	w.retire()
	status, output := w.proc.ending()
	cause := ErrCrashed
	if outOfMemory(output) {
		cause = ErrMemory
	}
	f := w.failure(op, cause, status, began)
	f.Output = output
	return f
}

// outOfMemory recognizes the last words of runtimes that the kernel refused memory.
func outOfMemory(output string) bool {
	for _, words := range []string{"out of memory", "cannot allocate memory", "Cannot allocate memory", "bad_alloc", "failed to allocate"} {
		if strings.Contains(output, words) {
			return true
		}
	}
	return false
}

// inspect compares the child's use with its limits.
func (w *worker) inspect(op string, began time.Time, before, cpuLimit time.Duration) error {
	u := measure(w.proc.pid)
	w.peak = max(w.peak, u.resident)
	if limit := w.cfg.Limits.Memory; u.resident > limit {
		return w.failure(op, ErrMemory, fmt.Sprintf("resident %d MiB of %d MiB", u.resident>>20, limit>>20), began)
	}
	if limit := w.cfg.Limits.Processes; u.processes > limit {
		return w.failure(op, ErrProcesses, fmt.Sprintf("%d of %d", u.processes, limit), began)
	}
	if spent := u.cpu - before; spent > cpuLimit {
		return w.failure(op, ErrTimeout, fmt.Sprintf("CPU time %v of %v", spent, cpuLimit), began)
	}
	return nil
}

// remote turns the child's error back into a Go error.
func (w *worker) remote(op string, f *remoteFailure, began time.Time) error {
	switch {
	case f.Panicked:
		w.retire()
		return w.withOutput(w.failure(op, ErrCrashed, f.Message, began))
	case f.Refusal != nil:
		refusal := *f.Refusal
		return &refusal
	}
	return &RemoteError{Op: op, Message: f.Message}
}

func (w *worker) failure(op string, cause error, detail string, began time.Time) *Failure {
	return &Failure{Kind: w.cfg.Kind, Op: op, Call: w.calls, Cause: cause, Detail: detail, Output: w.proc.output.String(), Elapsed: time.Since(began)}
}

// withOutput brings the output of a failure up to date after the kill.
func (w *worker) withOutput(err error) error {
	var f *Failure
	if errors.As(err, &f) {
		_, f.Output = w.proc.ending()
	}
	return err
}

// retire kills the child; its folder stays until destroy.
func (w *worker) retire() {
	w.retired = true
	w.proc.kill()
}

// alive reports whether an idle child can take a call.
func (w *worker) alive() bool {
	select {
	case <-w.proc.done:
		return false
	default:
		return !w.retired
	}
}

// worn reports whether a child has done enough. Call it after a call.
func (w *worker) worn() bool {
	return w.calls >= w.cfg.RecycleCalls || residentOf(w.proc.pid) > w.cfg.RecycleMemory
}

// destroy kills the child and removes its folder.
func (w *worker) destroy() {
	w.retire()
	_ = w.room.remove() // what is left is swept with the pool's folder
}

// dismiss lets an idle child close its handler before it is destroyed.
func (w *worker) dismiss() {
	_ = w.proc.socket.Close()
	select {
	case <-w.proc.done:
	case <-time.After(2 * closeWait):
	}
	w.destroy()
}

func cpuOf(pid int) time.Duration { return measure(pid).cpu }

func residentOf(pid int) int64 { return measure(pid).resident }
