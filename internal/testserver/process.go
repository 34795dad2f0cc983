package testserver

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// program is how a server is run.
type program struct {
	path string
	args []string
	env  []string            // added to a minimal environment
	dir  string              // its temporary folder; removed at the end
	cred *syscall.Credential // nil: as ourselves
	// stop asks the server to end at once and cleanly; SIGKILL follows.
	stop syscall.Signal
	// ready returns nil once the server answers.
	ready func(ctx context.Context) error
}

// process is a running server and its guard.
type process struct {
	program
	cmd   *exec.Cmd
	guard *guard
}

// start runs the program in its own process group and waits until it is ready.
func (p program) start() (*process, error) {
	log, err := os.OpenFile(p.logFile(), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open server log: %w", err)
	}
	defer log.Close()
	cmd := exec.Command(p.path, p.args...)
	cmd.Dir = p.dir
	cmd.Stdout, cmd.Stderr = log, log // files, so that no goroutine copies
	cmd.Env = append([]string{"PATH=" + os.Getenv("PATH"), "HOME=" + p.dir, "LC_ALL=C.UTF-8", "TZ=UTC"}, p.env...)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Credential: p.cred}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("start %s: %w", filepath.Base(p.path), err)
	}
	run := &process{program: p, cmd: cmd}
	if run.guard, err = startGuard(cmd.Process.Pid, p.stop, p.dir); err != nil {
		run.kill()
		return nil, err
	}
	if err := run.awaitReady(); err != nil {
		tail := run.logTail()
		run.kill()
		return nil, fmt.Errorf("start %s: %w; its log ends:\n%s", filepath.Base(p.path), err, tail)
	}
	return run, nil
}

// revive starts a program that ran before. What a killed server left behind may
// still hold its memory or port for a moment (the children of PostgreSQL notice
// the death of their parent by themselves), so one that ends at once is tried again.
func (p program) revive() (*process, error) {
	ctx, cancel := startContext()
	defer cancel()
	for {
		run, err := p.start()
		if !errors.Is(err, errExited) {
			return run, err
		}
		select {
		case <-ctx.Done():
			return nil, err
		case <-time.After(pollEvery):
		}
	}
}

var errExited = errors.New("server exited")

func (p *process) awaitReady() error {
	ctx, cancel := startContext()
	defer cancel()
	for {
		if p.exited() {
			return errExited
		}
		probe, stop := context.WithTimeout(ctx, 2*time.Second)
		err := p.ready(probe)
		stop()
		if err == nil {
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("not ready in %v: %w", startTimeout, err)
		case <-time.After(pollEvery):
		}
	}
}

// exited peeks whether the server has ended, without collecting its status: a
// waiting goroutine would show up in the leak checks of tests.
func (p *process) exited() bool {
	var info unix.Siginfo
	err := unix.Waitid(unix.P_PID, p.cmd.Process.Pid, &info, unix.WEXITED|unix.WNOHANG|unix.WNOWAIT, nil)
	return err != nil || info.Signo != 0
}

// signal sends to the whole process group.
func (p *process) signal(s syscall.Signal) error {
	if err := syscall.Kill(-p.cmd.Process.Pid, s); err != nil {
		return fmt.Errorf("signal %s: %w", filepath.Base(p.path), err)
	}
	return nil
}

// pause freezes the server and returns once its last thread has stopped: until
// then a thread may still answer a call.
func (p *process) pause() error {
	if err := p.signal(syscall.SIGSTOP); err != nil {
		return err
	}
	if err := unix.Waitid(unix.P_PID, p.cmd.Process.Pid, nil, unix.WSTOPPED|unix.WEXITED|unix.WNOWAIT, nil); err != nil {
		return fmt.Errorf("wait for %s to freeze: %w", filepath.Base(p.path), err)
	}
	return nil
}

// end stops the server cleanly, or by force after a short grace.
func (p *process) end() {
	_ = p.signal(syscall.SIGCONT) // a paused server cannot hear the next signal
	_ = p.signal(p.stop)
	for range 250 {
		if p.exited() {
			break
		}
		time.Sleep(pollEvery)
	}
	p.kill()
}

// kill ends the server at once, as a crash would.
func (p *process) kill() {
	_ = p.signal(syscall.SIGKILL)
	_ = p.cmd.Wait() // its status is "killed"; nothing to learn
	if p.guard != nil {
		p.guard.release()
	}
}

func (p program) logFile() string { return filepath.Join(p.dir, "server.log") }

// logTail returns the last lines the server wrote.
func (p program) logTail() string {
	b, err := os.ReadFile(p.logFile())
	if err != nil {
		return err.Error()
	}
	lines := strings.Split(strings.TrimSpace(string(b)), "\n")
	return strings.Join(lines[max(0, len(lines)-25):], "\n")
}
