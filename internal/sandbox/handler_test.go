package sandbox_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"onewindow/document"
	"onewindow/internal/sandbox"
)

// nestedParent makes this test binary the parent of a child, to be killed.
const nestedParent = "SANDBOX_TEST_NESTED_PARENT"

func TestMain(m *testing.M) {
	sandbox.Main(sandbox.Registry{"test": newMonster, "broken": newBroken, "slow": newSlow})
	if dir := os.Getenv(nestedParent); dir != "" {
		beParent(dir)
	}
	os.Exit(m.Run())
}

func newBroken(context.Context, json.RawMessage) (sandbox.Handler, error) {
	return nil, errors.New("no model")
}

func newSlow(context.Context, json.RawMessage) (sandbox.Handler, error) {
	select {}
}

// monster does whatever a parser taken over by a file might do.
type monster struct {
	calls int
	hoard [][]byte
}

func newMonster(context.Context, json.RawMessage) (sandbox.Handler, error) { return &monster{}, nil }

func (m *monster) Close() error { return nil }

type request struct {
	Text string
	N    int
}

type answer struct {
	Text  string
	Pid   int
	Calls int
}

func (m *monster) Handle(ctx context.Context, job sandbox.Job) (any, error) {
	var req request
	if err := job.Decode(&req); err != nil {
		return nil, err
	}
	m.calls++
	out := answer{Text: req.Text, Pid: os.Getpid(), Calls: m.calls}
	switch job.Op {
	case "echo":
		return out, nil
	case "breed":
		for range req.N {
			if _, err := spawn(req.Text, out); err != nil {
				return nil, err
			}
		}
		<-ctx.Done()
		return nil, ctx.Err()
	case "retire":
		job.Retire()
		return out, nil
	case "spin":
		for n := 0; ; n++ {
			m.calls = n
		}
	case "sleep": // obeys ctx
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(time.Duration(req.N) * time.Millisecond):
			return out, nil
		}
	case "burn":
		return m.burn(ctx)
	case "hog":
		return out, m.hog(req.N)
	case "leak":
		m.hoard = append(m.hoard, touch(req.N<<20))
		return out, nil
	case "exit":
		fmt.Fprintln(os.Stderr, "last words")
		os.Exit(req.N)
	case "signal":
		_ = syscall.Kill(os.Getpid(), syscall.Signal(req.N))
		select {}
	case "nil":
		go func() { var p *answer; p.N() }()
		select {}
	case "panic":
		panic("broken invariant")
	case "refuse":
		return nil, fmt.Errorf("open: %w", document.Refuse(document.CodeEncrypted, "文件有密码。", "password needed"))
	case "fail":
		return nil, errors.New("ordinary failure")
	case "noise":
		return out, noise(req.N)
	case "babble":
		return strings.Repeat("x", req.N), nil
	case "forge": // a reply to a call that was not made yet
		body := `{"id":` + strconv.Itoa(m.calls+1) + `,"body":{"Text":"forged"}}`
		frame := append([]byte{'A', 0, 0, 0, byte(len(body))}, body...)
		go func() {
			time.Sleep(50 * time.Millisecond)
			_, _ = syscall.Write(3, frame)
		}()
		return out, nil
	case "garbage":
		_, _ = os.NewFile(3, "socket").WriteString(strings.Repeat("?", 100))
		select {}
	default:
		return handleFiles(job, req, out)
	}
	return nil, nil
}

// N dereferences a nil pointer when a is nil.
func (a *answer) N() int { return a.Pid }

func (m *monster) burn(ctx context.Context) (any, error) {
	for i := range 4 {
		go func() {
			for n := i; ctx.Err() == nil; n++ {
				_ = n * n
			}
		}()
	}
	<-ctx.Done()
	return nil, ctx.Err()
}

// hog allocates without end, n MiB at a time.
func (m *monster) hog(n int) error {
	for {
		m.hoard = append(m.hoard, touch(n<<20))
	}
}

func touch(n int) []byte {
	b := make([]byte, n)
	for i := 0; i < n; i += 4096 {
		b[i] = 1
	}
	return b
}

func noise(lines int) error {
	for i := range lines {
		if _, err := fmt.Fprintf(os.Stderr, "line %d %s\n", i, strings.Repeat("noise ", 20)); err != nil {
			return err
		}
		fmt.Println("and on stdout")
	}
	return nil
}

func handleFiles(job sandbox.Job, req request, out answer) (any, error) {
	switch job.Op {
	case "copy":
		b, err := os.ReadFile(job.In("original"))
		if err != nil {
			return nil, err
		}
		out.Text = job.In("original")
		return out, os.WriteFile(job.Out("copy"), append(b, req.Text...), 0o600)
	case "deface":
		return out, os.WriteFile(job.In("original"), []byte("defaced"), 0o600)
	case "link":
		return out, os.Symlink(req.Text, job.Out("copy"))
	case "fill":
		return out, os.WriteFile(job.Out("copy"), make([]byte, req.N), 0o600)
	case "write":
		return out, os.WriteFile(req.Text, []byte("written"), 0o600)
	case "kill":
		return out, syscall.Kill(req.N, 0)
	case "read":
		b, err := os.ReadFile(req.Text)
		out.Text = string(b)
		return out, err
	case "env":
		out.Text = strings.Join(os.Environ(), "\n")
		return out, nil
	case "dial":
		conn, err := net.DialTimeout("tcp", req.Text, time.Second)
		if err == nil {
			_ = conn.Close()
		}
		return out, err
	case "spawn":
		return spawn(req.Text, out)
	}
	return nil, fmt.Errorf("unknown op %s", job.Op)
}

// spawn starts a long process in a process group of its own.
func spawn(tag string, out answer) (any, error) {
	cmd := exec.Command("sleep", tag)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	out.Text = strconv.Itoa(cmd.Process.Pid)
	return out, nil
}
