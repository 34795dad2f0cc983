package sandbox

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"sync"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// process is a started child, seen from outside.
type process struct {
	cmd    *exec.Cmd
	pid    int // also its session and process group
	socket *os.File
	output *excerpt

	drained chan struct{} // closed after the last byte of output
	done    chan struct{} // closed after the process was reaped

	mu     sync.Mutex // guards reaped
	reaped bool       // pid may belong to somebody else
}

// passedVariables are what a child may know of the parent's environment: no secrets.
var passedVariables = []string{
	"PATH", "LANG", "LC_ALL", "TZ", "LD_LIBRARY_PATH", "TESSDATA_PREFIX", "ONEWINDOW_SHARE", "ONEWINDOW_FONT", "GOCOVERDIR",
}

// childEnvironment is everything a child sees. OMP_THREAD_LIMIT must be set
// before the process starts: Tesseract is five times slower without.
func childEnvironment(cfg *Config, room *scratch) []string {
	env := []string{
		markerVariable + "=" + cfg.Kind, "OMP_THREAD_LIMIT=1",
		"HOME=" + room.inside.tmp, "TMPDIR=" + room.inside.tmp,
		"GOMEMLIMIT=" + strconv.FormatInt(cfg.Limits.Memory*3/4, 10),
		"GOMAXPROCS=" + strconv.Itoa(cfg.Limits.Threads),
	}
	for _, name := range passedVariables {
		if v, ok := os.LookupEnv(name); ok {
			env = append(env, name+"="+v)
		}
	}
	return append(env, cfg.Env...)
}

// startProcess starts a child of cfg in room; bubblewrap is the path of bwrap or "".
func startProcess(cfg *Config, room *scratch, bubblewrap string) (*process, error) {
	exe, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("find own binary: %w", err)
	}
	name, args := exe, []string{"sandbox", cfg.Kind} // the words are for people reading ps
	if bubblewrap != "" {
		args = append(bubblewrapArgs(exe, cfg.ReadOnly, cfg.Writable, room), exe, "sandbox", cfg.Kind)
		name = bubblewrap
	}
	cmd := exec.Command(name, args...)
	cmd.Dir = room.tmp
	allowed, err := json.Marshal(visible(cfg, exe, room))
	if err != nil {
		return nil, fmt.Errorf("encode paths: %w", err)
	}
	cmd.Env = append(childEnvironment(cfg, room), pathsVariable+"="+string(allowed))
	// A session of its own: no terminal to inject into, no Ctrl-C from it, and
	// one number by which to kill everything.
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Pdeathsig: syscall.SIGKILL}
	return launch(cmd)
}

// launch starts cmd with a socket on protocolFD and drained output.
func launch(cmd *exec.Cmd) (*process, error) {
	fds, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC|unix.SOCK_NONBLOCK, 0)
	if err != nil {
		return nil, fmt.Errorf("make socket: %w", err)
	}
	ours, theirs := os.NewFile(uintptr(fds[0]), "child"), os.NewFile(uintptr(fds[1]), "parent")
	defer theirs.Close()
	outRead, outWrite, err := os.Pipe()
	if err != nil {
		return nil, fmt.Errorf("make output pipe: %w", closeAfter(err, ours))
	}
	defer outWrite.Close()
	cmd.ExtraFiles = []*os.File{theirs}
	cmd.Stdout, cmd.Stderr = outWrite, outWrite
	p := &process{cmd: cmd, socket: ours, output: &excerpt{}, drained: make(chan struct{}), done: make(chan struct{})}
	started := make(chan error)
	go p.live(started)
	if err := <-started; err != nil {
		return nil, fmt.Errorf("start child: %w", closeAfter(err, ours, outRead))
	}
	go func() {
		defer close(p.drained)
		_, _ = io.Copy(p.output, outRead) // ends when the last writer is gone
		_ = outRead.Close()
	}()
	return p, nil
}

// live starts and reaps the child on one thread, which Pdeathsig is bound to.
func (p *process) live(started chan<- error) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	err := p.cmd.Start()
	if err == nil {
		p.pid = p.cmd.Process.Pid
	}
	started <- err
	if err != nil {
		return
	}
	awaitExit(p.pid)
	p.mu.Lock()
	defer p.mu.Unlock()
	killSession(p.pid) // what it started does not outlive it
	_ = p.cmd.Wait()   // how it ended is in cmd.ProcessState
	p.reaped = true
	close(p.done)
}

// awaitExit returns when the process has ended but leaves it a zombie, so that
// its number stays its own until its session was killed.
func awaitExit(pid int) {
	for {
		err := unix.Waitid(unix.P_PID, pid, nil, unix.WEXITED|unix.WNOWAIT, nil)
		if !errors.Is(err, unix.EINTR) {
			return
		}
	}
}

// kill ends the child and everything it started, and waits until it is reaped.
func (p *process) kill() {
	p.mu.Lock()
	if !p.reaped {
		killSession(p.pid)
	}
	p.mu.Unlock()
	<-p.done
	_ = p.socket.Close()
}

// drainWait is how long the last words of a dead child are waited for.
const drainWait = 200 * time.Millisecond

// ending says how a process that is done ended, e.g. "exit status 2", and its
// last words.
func (p *process) ending() (status, output string) {
	select {
	case <-p.drained:
	case <-time.After(drainWait):
	}
	status = p.cmd.ProcessState.String()
	if code := p.cmd.ProcessState.ExitCode(); code > signalBase { // bubblewrap's way to report a signal
		status += " (" + unix.SignalName(syscall.Signal(code-signalBase)) + ")"
	}
	return status, p.output.String()
}

// signalBase is what shells and bubblewrap add to a signal's number.
const signalBase = 128

func closeAfter(err error, files ...*os.File) error {
	for _, f := range files {
		_ = f.Close()
	}
	return err
}
