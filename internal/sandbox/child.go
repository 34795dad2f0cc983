package sandbox

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"
	"time"

	"golang.org/x/sys/unix"

	"onewindow/document"
)

// markerVariable tells a process that it is a child, and of which kind.
const markerVariable = "ONEWINDOW_SANDBOX_CHILD"

// probeKind is the child that only proves it can be started.
const probeKind = "probe"

// protocolFD is the child's end of the socket.
const protocolFD = 3

// closeWait bounds what a child does after its parent went away.
const closeWait = 500 * time.Millisecond

// Handler serves the calls of one kind inside a child, one at a time.
type Handler interface {
	// Handle answers one job with something that encodes as JSON. It should obey
	// ctx; it is killed if it does not. A *document.Refusal keeps its type.
	Handle(ctx context.Context, job Job) (any, error)
	// Close frees what the handler holds. It is not called when the child is killed.
	Close() error
}

// Constructor builds the Handler of a child from Config.Settings.
type Constructor func(ctx context.Context, settings json.RawMessage) (Handler, error)

// Registry maps each kind of child to its constructor.
type Registry map[string]Constructor

// Job is a Task as the handler sees it.
type Job struct {
	Op      string
	Request json.RawMessage
	in      map[string]string
	out     string
	tmp     string
	retire  *bool
}

// Decode reads the request into v.
func (j Job) Decode(v any) error {
	if err := json.Unmarshal(j.Request, v); err != nil {
		return fmt.Errorf("decode %s request: %w", j.Op, err)
	}
	return nil
}

// In returns the path of an input file, "" when the task has none of that name.
// The path stays the same while the same file is given in calls one after
// another, and is never reused for another file.
func (j Job) In(name string) string { return j.in[name] }

// Out returns where to write the output file of that name.
func (j Job) Out(name string) string { return filepath.Join(j.out, name) }

// Tmp is an empty folder for this job.
func (j Job) Tmp() string { return j.tmp }

// Retire asks that this child be replaced after this job, because the job left
// something running or in memory that cannot be stopped or freed.
func (j Job) Retire() { *j.retire = true }

// Main serves as a child and never returns if this process was started as one;
// otherwise it returns at once. Call it first in main and in TestMain.
func Main(registry Registry) {
	kind := os.Getenv(markerVariable)
	if kind == "" {
		return
	}
	if kind == probeKind {
		os.Exit(0)
	}
	if err := shutIn(); err != nil {
		// Reported by Probe; an old kernel must not stop the work.
		fmt.Fprintln(os.Stderr, "sandbox child:", err)
	}
	_ = os.Unsetenv(markerVariable) // what the child starts is not a child
	if err := serve(kind, registry); err != nil {
		fmt.Fprintln(os.Stderr, "sandbox child:", err)
		os.Exit(1)
	}
	os.Exit(0)
}

func serve(kind string, registry Registry) error {
	unix.CloseOnExec(protocolFD)
	if err := unix.SetNonblock(protocolFD, true); err != nil {
		return fmt.Errorf("open socket: %w", err)
	}
	socket := os.NewFile(protocolFD, "parent")
	handler, err := begin(kind, registry, socket)
	if sendErr := writeJSON(socket, frameReady, reply{Error: encodeError(err)}); err == nil {
		err = sendErr
	}
	if err != nil {
		return err
	}
	s := server{socket: socket, handler: handler, calls: make(chan call)}
	s.ctx, s.leave = context.WithCancel(context.Background())
	go s.listen()
	return s.work()
}

// begin limits the process, then builds the handler.
func begin(kind string, registry Registry, socket *os.File) (Handler, error) {
	t, payload, err := readFrame(socket, maxRequest)
	if err != nil {
		return nil, err
	}
	var h hello
	if err := json.Unmarshal(payload, &h); err != nil || t != frameHello {
		return nil, fmt.Errorf("read hello: %w", ErrProtocol)
	}
	if h.Version != protocolVersion {
		return nil, fmt.Errorf("protocol %d, want %d: the binary was replaced, restart: %w", h.Version, protocolVersion, ErrProtocol)
	}
	construct, ok := registry[kind]
	if !ok {
		return nil, fmt.Errorf("unknown kind %q", kind)
	}
	if err := h.Limits.apply(); err != nil {
		return nil, err
	}
	if err := confine(); err != nil {
		// Reported by Probe; a kernel without seccomp must not stop the work.
		fmt.Fprintln(os.Stderr, "sandbox child:", err)
	}
	return construct(context.Background(), h.Settings)
}

// server is the life of a child after its handler was built.
type server struct {
	socket  *os.File
	handler Handler
	calls   chan call
	ctx     context.Context // ends with the parent
	leave   context.CancelFunc
	current cancelBox
}

// listen reads frames for as long as there is a parent. It runs beside the
// handler so that a cancel, or the parent's end, is seen while one is working.
func (s *server) listen() {
	for {
		t, payload, err := readFrame(s.socket, maxRequest)
		if err != nil {
			s.leave()
			time.AfterFunc(closeWait, func() { os.Exit(0) })
			return
		}
		switch t {
		case frameCancel:
			s.current.cancel()
		case frameCall:
			var c call
			if json.Unmarshal(payload, &c) != nil {
				os.Exit(1)
			}
			select {
			case s.calls <- c:
			case <-s.ctx.Done():
				return
			}
		}
	}
}

func (s *server) work() error {
	for {
		select {
		case <-s.ctx.Done():
			return s.handler.Close()
		case c := <-s.calls:
			if err := writeJSON(s.socket, frameReply, s.answer(c)); err != nil {
				return err
			}
		}
	}
}

func (s *server) answer(c call) reply {
	ctx, cancel := context.WithCancel(s.ctx)
	defer cancel()
	s.current.set(cancel)
	defer s.current.set(nil)
	r := reply{ID: c.ID}
	body, err := s.handle(ctx, c, &r.Retire)
	if err == nil {
		if r.Body, err = json.Marshal(body); err != nil {
			err = fmt.Errorf("encode reply: %w", err)
		}
	}
	r.Error = encodeError(err)
	return r
}

// errPanicked marks an error made from a panic.
var errPanicked = errors.New("panic")

// handle turns a panic into an error: most are a parser's answer to a broken
// file. The parent retires the child all the same.
func (s *server) handle(ctx context.Context, c call, retire *bool) (body any, err error) {
	defer func() {
		if p := recover(); p != nil {
			fmt.Fprintf(os.Stderr, "panic: %v\n%s", p, debug.Stack())
			err = fmt.Errorf("%w: %v", errPanicked, p)
		}
	}()
	return s.handler.Handle(ctx, Job{Op: c.Op, Request: c.Request, in: c.In, out: c.Out, tmp: c.Tmp, retire: retire})
}

// maxMessage keeps an error that quotes a whole file out of the logs.
const maxMessage = 2000

func encodeError(err error) *remoteFailure {
	if err == nil {
		return nil
	}
	f := &remoteFailure{
		Message:  err.Error(),
		Panicked: errors.Is(err, errPanicked),
	}
	if len(f.Message) > maxMessage {
		f.Message = strings.ToValidUTF8(f.Message[:maxMessage], "") + "…"
	}
	f.Refusal, _ = document.AsRefusal(err)
	return f
}
