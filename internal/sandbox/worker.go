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
	look    observer

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
	w := &worker{cfg: cfg, proc: proc, room: room, replies: make(chan frame, 1), look: observer{root: proc.pid}}
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
		case w.replies <- frame{kind, payload}: // there is room for the one reply that is due
			continue
		default:
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

// retire kills the child; its folder stays until destroy.
func (w *worker) retire() {
	w.retired = true
	w.proc.kill()
}

// alive reports whether an idle child can take a call. One that speaks unasked
// cannot.
func (w *worker) alive() bool {
	select {
	case <-w.proc.done:
		return false
	default:
		return !w.retired && len(w.replies) == 0
	}
}

// worn reports whether a child has done enough. Call it after a call.
func (w *worker) worn() bool {
	return w.calls >= w.cfg.RecycleCalls || w.look.measure().resident > w.cfg.RecycleMemory
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
