package sandbox_test

import (
	"context"
	"errors"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"onewindow/document"
	"onewindow/internal/sandbox"
)

func newPool(t *testing.T, change func(*sandbox.Config)) *sandbox.Pool {
	t.Helper()
	cfg := sandbox.Config{Kind: "test", Children: 1, Scratch: t.TempDir(), Limits: sandbox.Limits{Wall: 10 * time.Second}}
	if change != nil {
		change(&cfg)
	}
	p, err := sandbox.NewPool(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := p.Close(); err != nil {
			t.Error(err)
		}
		left, _ := filepath.Glob(filepath.Join(cfg.Scratch, "*"))
		if len(left) > 0 {
			t.Errorf("left behind: %v", left)
		}
	})
	return p
}

func do(t *testing.T, p *sandbox.Pool, op string, req request) (answer, error) {
	t.Helper()
	var out answer
	err := p.Call(t.Context(), sandbox.Task{Op: op, Request: req}, &out)
	return out, err
}

func must(t *testing.T, p *sandbox.Pool, op string, req request) answer {
	t.Helper()
	out, err := do(t, p, op, req)
	if err != nil {
		t.Fatalf("%s: %v", op, err)
	}
	return out
}

// both runs a test with and without bubblewrap, which must work where tests run.
func both(t *testing.T, test func(t *testing.T, isolation sandbox.Isolation)) {
	t.Helper()
	for name, isolation := range map[string]sandbox.Isolation{"bubblewrap": sandbox.IsolationRequired, "bare": sandbox.IsolationOff} {
		t.Run(name, func(t *testing.T) { test(t, isolation) })
	}
}

func isolated(isolation sandbox.Isolation) func(*sandbox.Config) {
	return func(c *sandbox.Config) { c.Isolation = isolation }
}

func TestProbeTellsWhatWorks(t *testing.T) {
	s := sandbox.Probe(t.Context())
	if !s.Bubblewrap || !s.Seccomp || s.Landlock == 0 {
		t.Fatalf("status %+v: tests need a machine where all guards work", s)
	}
	t.Setenv("PATH", t.TempDir())
	if s := sandbox.Probe(t.Context()); s.Bubblewrap || s.Reason == "" {
		t.Fatalf("without bwrap: %+v", s)
	}
	_, err := sandbox.NewPool(t.Context(), sandbox.Config{Kind: "test", Scratch: t.TempDir(), Isolation: sandbox.IsolationRequired})
	if !errors.Is(err, sandbox.ErrNoBubblewrap) {
		t.Fatalf("required but absent: %v", err)
	}
}

func TestChildIsReusedAndRecycled(t *testing.T) {
	both(t, func(t *testing.T, isolation sandbox.Isolation) {
		p := newPool(t, func(c *sandbox.Config) { c.Isolation, c.RecycleCalls = isolation, 3 })
		var calls []int
		for range 7 {
			out := must(t, p, "echo", request{Text: "你好"})
			if out.Text != "你好" {
				t.Fatalf("echo %q", out.Text)
			}
			calls = append(calls, out.Calls)
		}
		if got := len(calls); calls[2] != 3 || calls[3] != 1 || calls[6] != 1 || got != 7 {
			t.Fatalf("calls per child: %v, want a new child after 3", calls)
		}
		if s := p.Stats(); s.Started != 3 || s.Calls != 7 || s.Recycled != 2 || s.Running != 1 {
			t.Fatalf("stats %+v", s)
		}
	})
}

func TestChildIsRecycledForMemory(t *testing.T) {
	p := newPool(t, func(c *sandbox.Config) { c.RecycleMemory = 150 << 20 })
	if out := must(t, p, "leak", request{N: 20}); out.Calls != 1 {
		t.Fatal(out)
	}
	if out := must(t, p, "leak", request{N: 200}); out.Calls != 2 {
		t.Fatalf("recycled too early: %+v", out)
	}
	if out := must(t, p, "echo", request{}); out.Calls != 1 {
		t.Fatalf("not recycled: %+v", out)
	}
}

func TestHandlerMayRetire(t *testing.T) {
	p := newPool(t, nil)
	if out := must(t, p, "retire", request{Text: "done"}); out.Text != "done" {
		t.Fatalf("reply %+v", out)
	}
	if out := must(t, p, "echo", request{}); out.Calls != 1 {
		t.Fatalf("the retired child was used again: %+v", out)
	}
}

func TestFreshChildOnRequest(t *testing.T) {
	p := newPool(t, nil)
	first := must(t, p, "echo", request{})
	var out answer
	if err := p.Call(t.Context(), sandbox.Task{Op: "echo", Request: request{}, Fresh: true}, &out); err != nil {
		t.Fatal(err)
	}
	if out.Calls != 1 || out.Pid == first.Pid && p.Stats().Started != 2 {
		t.Fatalf("a used child served: %+v after %+v", out, first)
	}
}

func TestIdleChildLeaves(t *testing.T) {
	p := newPool(t, func(c *sandbox.Config) { c.Idle = 50 * time.Millisecond })
	must(t, p, "echo", request{})
	eventually(t, "idle child gone", func() bool { return p.Stats().Running == 0 })
	if out := must(t, p, "echo", request{}); out.Calls != 1 {
		t.Fatalf("same child: %+v", out)
	}
}

func TestSpareChildrenWaitWarm(t *testing.T) {
	p := newPool(t, func(c *sandbox.Config) {
		c.Children, c.Keep, c.Idle = 2, 2, 100*time.Millisecond
		c.Warm = sandbox.Task{Op: "echo", Request: request{}}
	})
	eventually(t, "two spares", func() bool { s := p.Stats(); return s.Running == 2 && s.Busy == 0 })
	time.Sleep(300 * time.Millisecond)
	if s := p.Stats(); s.Started != 2 {
		t.Fatalf("spares left when idle: %+v", s)
	}
	out := must(t, p, "echo", request{})
	if out.Calls != 2 {
		t.Fatalf("not served by a warm child: %+v", out)
	}
	eventually(t, "used child replaced", func() bool { s := p.Stats(); return s.Started == 3 && s.Running == 2 && s.Busy == 0 })
}

func TestSpareThatCannotStartIsNotTriedForEver(t *testing.T) {
	p := newPool(t, func(c *sandbox.Config) { c.Kind, c.Keep = "broken", 1 })
	time.Sleep(300 * time.Millisecond)
	if _, err := do(t, p, "echo", request{}); !errors.Is(err, sandbox.ErrStart) {
		t.Fatalf("error %v", err)
	}
}

func TestEndlessLoopIsKilled(t *testing.T) {
	both(t, func(t *testing.T, isolation sandbox.Isolation) {
		p := newPool(t, isolated(isolation))
		must(t, p, "echo", request{})
		began := time.Now()
		err := p.Call(t.Context(), sandbox.Task{Op: "spin", Request: request{}, Wall: 300 * time.Millisecond}, nil)
		if !errors.Is(err, sandbox.ErrTimeout) {
			t.Fatalf("error %v", err)
		}
		if took := time.Since(began); took > 5*time.Second {
			t.Fatalf("killed after %v", took)
		}
		if out := must(t, p, "echo", request{}); out.Calls != 1 {
			t.Fatalf("after a kill: %+v", out)
		}
	})
}

func TestObedientHandlerSurvivesItsTimeout(t *testing.T) {
	p := newPool(t, nil)
	err := p.Call(t.Context(), sandbox.Task{Op: "sleep", Request: request{N: 60000}, Wall: 100 * time.Millisecond}, nil)
	if !errors.Is(err, sandbox.ErrTimeout) {
		t.Fatalf("error %v", err)
	}
	if out := must(t, p, "echo", request{}); out.Calls != 2 {
		t.Fatalf("a child that stopped when asked was killed: %+v", out)
	}
}

func TestCPUTimeIsBounded(t *testing.T) {
	p := newPool(t, func(c *sandbox.Config) { c.Limits.CPU = 300 * time.Millisecond })
	_, err := do(t, p, "burn", request{})
	var f *sandbox.Failure
	if !errors.As(err, &f) || f.Cause != sandbox.ErrTimeout || !strings.Contains(f.Detail, "CPU") {
		t.Fatalf("error %v", err)
	}
}

func TestMemoryHogIsKilled(t *testing.T) {
	both(t, func(t *testing.T, isolation sandbox.Isolation) {
		p := newPool(t, func(c *sandbox.Config) { c.Isolation, c.Limits.Memory = isolation, 200<<20 })
		for _, chunk := range []int{1, 64, 4000} { // creeping, striding, and one leap past RLIMIT_DATA
			_, err := do(t, p, "hog", request{N: chunk})
			if !errors.Is(err, sandbox.ErrMemory) {
				t.Fatalf("%d MiB at a time: %v", chunk, err)
			}
			t.Log(err)
		}
		must(t, p, "echo", request{})
		if peak := p.Stats().Peak; peak > 1200<<20 {
			t.Errorf("peak %d MiB", peak>>20)
		}
	})
}

func TestForkBombIsKilled(t *testing.T) {
	both(t, func(t *testing.T, isolation sandbox.Isolation) {
		p := newPool(t, func(c *sandbox.Config) { c.Isolation, c.Limits.Processes = isolation, 8 })
		tag := "98765.2222"
		if _, err := do(t, p, "breed", request{Text: tag, N: 12}); !errors.Is(err, sandbox.ErrProcesses) {
			t.Fatalf("error %v", err)
		}
		eventually(t, "brood gone", func() bool { return !sleeping(tag) })
	})
}

func TestCrashesAreReported(t *testing.T) {
	both(t, func(t *testing.T, isolation sandbox.Isolation) {
		p := newPool(t, isolated(isolation))
		for _, c := range []struct {
			op     string
			n      int
			output string
		}{
			{"exit", 7, "last words"}, {"exit", 0, "last words"}, {"panic", 0, "broken invariant"}, {"nil", 0, "nil pointer"},
			{"signal", int(syscall.SIGKILL), ""}, {"signal", int(syscall.SIGSEGV), ""}, {"signal", int(syscall.SIGABRT), ""},
		} {
			_, err := do(t, p, c.op, request{N: c.n})
			var f *sandbox.Failure
			if !errors.As(err, &f) || f.Cause != sandbox.ErrCrashed || f.Detail == "" {
				t.Fatalf("%s %d: %v", c.op, c.n, err)
			}
			if !strings.Contains(f.Output, c.output) {
				t.Errorf("%s %d: output %q lacks %q", c.op, c.n, f.Output, c.output)
			}
			if out := must(t, p, "echo", request{}); out.Calls != 1 {
				t.Fatalf("%s: the crashed child was used again: %+v", c.op, out)
			}
		}
	})
}

func TestErrorsKeepTheirType(t *testing.T) {
	p := newPool(t, nil)
	_, err := do(t, p, "refuse", request{})
	r, ok := document.AsRefusal(err)
	if !ok || r.Code != document.CodeEncrypted || r.Message != "文件有密码。" || r.Detail != "password needed" {
		t.Fatalf("refusal %#v of %v", r, err)
	}
	_, err = do(t, p, "fail", request{})
	var remote *sandbox.RemoteError
	if !errors.As(err, &remote) || remote.Message != "ordinary failure" {
		t.Fatalf("error %v", err)
	}
	if out := must(t, p, "echo", request{}); out.Calls != 3 {
		t.Fatalf("an ordinary error cost a child: %+v", out)
	}
}

func TestNoiseNeitherBlocksNorGrows(t *testing.T) {
	p := newPool(t, nil)
	must(t, p, "noise", request{N: 50_000})
	must(t, p, "echo", request{})
}

func TestHugeReplyIsRefused(t *testing.T) {
	p := newPool(t, func(c *sandbox.Config) { c.Limits.Reply = 1 << 20 })
	var text string
	if err := p.Call(t.Context(), sandbox.Task{Op: "babble", Request: request{N: 1 << 19}}, &text); err != nil || len(text) != 1<<19 {
		t.Fatalf("allowed reply: %d bytes, %v", len(text), err)
	}
	_, err := do(t, p, "babble", request{N: 2 << 20})
	if !errors.Is(err, sandbox.ErrReplyTooLarge) {
		t.Fatalf("error %v", err)
	}
	_, err = do(t, p, "garbage", request{})
	if !errors.Is(err, sandbox.ErrProtocol) {
		t.Fatalf("error %v", err)
	}
	must(t, p, "echo", request{})
}

func TestForgedReplyIsNotTaken(t *testing.T) {
	p := newPool(t, nil)
	must(t, p, "forge", request{})
	time.Sleep(200 * time.Millisecond)
	if out := must(t, p, "echo", request{Text: "true"}); out.Text != "true" || out.Calls != 1 {
		t.Fatalf("reply %+v", out)
	}
}

func TestStartFailures(t *testing.T) {
	p := newPool(t, func(c *sandbox.Config) { c.Kind = "broken" })
	_, err := do(t, p, "echo", request{})
	if !errors.Is(err, sandbox.ErrStart) || !strings.Contains(err.Error(), "no model") {
		t.Fatalf("error %v", err)
	}
	p = newPool(t, func(c *sandbox.Config) { c.Kind, c.Limits.Start = "slow", 200*time.Millisecond })
	if _, err := do(t, p, "echo", request{}); !errors.Is(err, sandbox.ErrStart) {
		t.Fatalf("error %v", err)
	}
	p = newPool(t, func(c *sandbox.Config) { c.Kind = "unheard" })
	if _, err := do(t, p, "echo", request{}); !errors.Is(err, sandbox.ErrStart) {
		t.Fatalf("error %v", err)
	}
}

func TestCancelKillsAndFreesTheSlot(t *testing.T) {
	p := newPool(t, nil)
	must(t, p, "echo", request{})
	reason := errors.New("lease lost")
	ctx, cancel := context.WithCancelCause(t.Context())
	time.AfterFunc(100*time.Millisecond, func() { cancel(reason) })
	began := time.Now()
	err := p.Call(ctx, sandbox.Task{Op: "spin", Request: request{}}, nil)
	if !errors.Is(err, reason) || time.Since(began) > 5*time.Second {
		t.Fatalf("error %v after %v", err, time.Since(began))
	}
	must(t, p, "echo", request{})
}

func TestWaitingCallsObeyTheirContext(t *testing.T) {
	p := newPool(t, nil)
	must(t, p, "echo", request{})
	busy := make(chan error, 1)
	go func() {
		busy <- p.Call(t.Context(), sandbox.Task{Op: "sleep", Request: request{N: 500}}, nil)
	}()
	eventually(t, "busy", func() bool { return p.Stats().Busy == 1 })
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	err := p.Call(ctx, sandbox.Task{Op: "echo", Request: request{}}, nil)
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Fatalf("error %v", err)
	}
	if err := <-busy; err != nil {
		t.Fatal(err)
	}
	must(t, p, "echo", request{})
}

func TestConcurrentCalls(t *testing.T) {
	p := newPool(t, func(c *sandbox.Config) { c.Children = 2 })
	var wg sync.WaitGroup
	for i := range 40 {
		wg.Go(func() {
			text := strings.Repeat("x", i)
			var out answer
			err := p.Call(t.Context(), sandbox.Task{Op: "echo", Request: request{Text: text}}, &out)
			if err != nil || out.Text != text {
				t.Errorf("call %d: %q, %v", i, out.Text, err)
			}
		})
	}
	wg.Wait()
	if s := p.Stats(); s.Started != 2 || s.Calls != 40 || s.Busy != 0 {
		t.Fatalf("stats %+v", s)
	}
}

func TestCloseWaitsAndRefuses(t *testing.T) {
	p, err := sandbox.NewPool(t.Context(), sandbox.Config{Kind: "test", Children: 1, Scratch: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	running := make(chan error, 1)
	go func() {
		running <- p.Call(t.Context(), sandbox.Task{Op: "sleep", Request: request{N: 300}}, nil)
	}()
	eventually(t, "busy", func() bool { return p.Stats().Busy == 1 })
	waiting := make(chan error, 1)
	go func() { waiting <- p.Call(t.Context(), sandbox.Task{Op: "echo", Request: request{}}, nil) }()
	time.Sleep(50 * time.Millisecond)
	if err := p.Close(); err != nil {
		t.Fatal(err)
	}
	if err := <-running; err != nil {
		t.Fatalf("running call: %v", err)
	}
	if err := <-waiting; !errors.Is(err, sandbox.ErrClosed) {
		t.Fatalf("waiting call: %v", err)
	}
	if _, err := do(t, p, "echo", request{}); !errors.Is(err, sandbox.ErrClosed) {
		t.Fatalf("late call: %v", err)
	}
}

func TestNetworkIsRefused(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	both(t, func(t *testing.T, isolation sandbox.Isolation) {
		p := newPool(t, isolated(isolation))
		_, err := do(t, p, "dial", request{Text: l.Addr().String()})
		if err == nil || !strings.Contains(err.Error(), "not permitted") {
			t.Fatalf("dial: %v", err)
		}
	})
}

func TestGrandchildrenAreKilled(t *testing.T) {
	both(t, func(t *testing.T, isolation sandbox.Isolation) {
		for _, op := range []string{"exit", "spin"} {
			p := newPool(t, isolated(isolation))
			tag := "98765.4321"
			must(t, p, "spawn", request{Text: tag})
			eventually(t, "grandchild up", func() bool { return sleeping(tag) })
			_ = p.Call(t.Context(), sandbox.Task{Op: op, Request: request{}, Wall: 100 * time.Millisecond}, nil)
			eventually(t, "grandchild gone after "+op, func() bool { return !sleeping(tag) })
		}
	})
}

func sleeping(tag string) bool { return len(sleepers(tag)) > 0 }

// sleepers finds running "sleep tag" processes.
func sleepers(tag string) []int {
	var out []int
	files, _ := filepath.Glob("/proc/[0-9]*/cmdline")
	for _, f := range files {
		if b, err := os.ReadFile(f); err == nil && string(b) == "sleep\x00"+tag+"\x00" {
			if pid, err := strconv.Atoi(filepath.Base(filepath.Dir(f))); err == nil {
				out = append(out, pid)
			}
		}
	}
	return out
}

func TestParentDeathKillsChildren(t *testing.T) {
	both(t, func(t *testing.T, isolation sandbox.Isolation) {
		exe, err := os.Executable()
		if err != nil {
			t.Fatal(err)
		}
		tag := "98765.1234"
		cmd := exec.Command(exe)
		cmd.Env = append(os.Environ(), nestedParent+"="+t.TempDir(), "SANDBOX_TEST_ISOLATION="+string(isolation), "SANDBOX_TEST_TAG="+tag)
		cmd.Stderr = os.Stderr
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		eventually(t, "grandchild up", func() bool { return sleeping(tag) })
		if err := cmd.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		_ = cmd.Wait()
		eventually(t, "child gone", func() bool { return !running("sandbox\x00test\x00", cmd.Env[len(cmd.Env)-1]) })
		if isolation == sandbox.IsolationRequired {
			eventually(t, "grandchild gone", func() bool { return !sleeping(tag) })
		}
		for _, pid := range sleepers(tag) { // without a PID namespace nobody is left to kill them
			_ = syscall.Kill(pid, syscall.SIGKILL)
		}
	})
}

// running finds a child by its arguments and a variable of its environment.
func running(args, variable string) bool {
	dirs, _ := filepath.Glob("/proc/[0-9]*")
	for _, d := range dirs {
		line, _ := os.ReadFile(d + "/cmdline")
		env, _ := os.ReadFile(d + "/environ")
		if strings.HasSuffix(string(line), args) && strings.Contains(string(env), variable) {
			return true
		}
	}
	return false
}

// beParent starts a child with a grandchild, then has the child spin for ever.
func beParent(dir string) {
	p, err := sandbox.NewPool(context.Background(), sandbox.Config{
		Kind: "test", Children: 1, Scratch: dir, Isolation: sandbox.Isolation(os.Getenv("SANDBOX_TEST_ISOLATION")),
		Env: []string{"SANDBOX_TEST_TAG=" + os.Getenv("SANDBOX_TEST_TAG")}, Limits: sandbox.Limits{Wall: time.Hour},
	})
	if err != nil {
		panic(err)
	}
	for _, op := range []string{"spawn", "spin"} {
		if err := p.Call(context.Background(), sandbox.Task{Op: op, Request: request{Text: os.Getenv("SANDBOX_TEST_TAG")}}, nil); err != nil {
			panic(err)
		}
	}
}

func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for deadline := time.Now().Add(10 * time.Second); time.Now().Before(deadline); time.Sleep(10 * time.Millisecond) {
		if ok() {
			return
		}
	}
	t.Fatalf("not within 10 s: %s", what)
}
