package live

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
)

// process is a running onewindow with its log.
type process struct {
	cmd *exec.Cmd
	log *os.File
}

// start runs the program in a group of its own, so that its children go with it.
func start(o Options, args ...string) (*process, error) {
	log, err := os.Create(filepath.Join(o.Dir, args[0]+".log"))
	if err != nil {
		return nil, fmt.Errorf("create log: %w", err)
	}
	p := &process{cmd: exec.Command(o.Binary, args...), log: log}
	p.cmd.Stdout, p.cmd.Stderr, p.cmd.Env = log, log, append(os.Environ(), o.Env...)
	p.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := p.cmd.Start(); err != nil {
		return nil, errors.Join(fmt.Errorf("start %s: %w", args[0], err), log.Close())
	}
	return p, nil
}

// said is the end of what the process logged.
func (p *process) said() string {
	b, err := os.ReadFile(p.log.Name())
	if err != nil {
		return err.Error()
	}
	return strings.TrimSpace(string(b[max(0, len(b)-2000):]))
}

// Stop ends the process at once, with whatever it was doing.
func (p *process) Stop() error {
	_ = syscall.Kill(-p.cmd.Process.Pid, syscall.SIGKILL)
	_ = p.cmd.Wait() // its status is "killed"
	return p.log.Close()
}

// Worker is a running `onewindow worker`.
type Worker struct{ *process }

// StartWorker starts a process that only works on steps. It is ready when it
// takes the first one.
func StartWorker(o Options) (*Worker, error) {
	p, err := start(o, "worker", "--data-dir", o.Dir, "--workers", fmt.Sprint(o.Workers), "--log-level", "warn")
	if err != nil {
		return nil, err
	}
	return &Worker{p}, nil
}
