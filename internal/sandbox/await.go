package sandbox

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"time"
)

// watchEvery is how often the parent looks at a working child.
const watchEvery = 50 * time.Millisecond

// await waits for one reply while watching the child. It kills what overstays.
func (w *worker) await(ctx context.Context, op string, began time.Time, wall time.Duration) (reply, error) {
	watch := time.NewTicker(watchEvery)
	defer watch.Stop()
	deadline := time.NewTimer(wall)
	defer deadline.Stop()
	before := w.look.cpu()
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
	u := w.look.measure()
	w.peak = max(w.peak, u.resident)
	if limit := w.cfg.Limits.Memory; u.resident > limit {
		return w.failure(op, ErrMemory, fmt.Sprintf("resident %d MiB of %d MiB", u.resident>>20, limit>>20), began)
	}
	if limit := w.cfg.Limits.Processes; u.processes > limit {
		return w.failure(op, ErrProcesses, fmt.Sprintf("%d of %d", u.processes, limit), began)
	}
	if time.Since(began)*time.Duration(runtime.NumCPU()) <= cpuLimit {
		return nil // not even all cores together could have spent so much
	}
	if spent := w.look.cpu() - before; spent > cpuLimit {
		return w.failure(op, ErrTimeout, fmt.Sprintf("CPU time %v of %v", spent, cpuLimit), began)
	}
	return nil
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
