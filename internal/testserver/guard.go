package testserver

import (
	"fmt"
	"io"
	"os/exec"
	"strconv"
	"syscall"
)

// guard is a shell that holds the reading end of a pipe. When this process
// dies, for whatever reason, the pipe closes: the guard then ends the server's
// process group and removes its folder. Pdeathsig is not used because it fires
// when the starting thread ends, not the process, and it removes no folder.
type guard struct {
	cmd  *exec.Cmd
	pipe io.WriteCloser
}

const guardScript = `trap '' HUP INT TERM
read -r word
[ "$word" = released ] && exit 0
kill -"$2" -"$1"
n=0
while [ $n -lt 30 ] && kill -0 -"$1"; do sleep 0.1; n=$((n+1)); done
kill -KILL -"$1"
rm -rf -- "$3"`

func startGuard(group int, stop syscall.Signal, dir string) (*guard, error) {
	cmd := exec.Command("/bin/sh", "-c", guardScript, "guard",
		strconv.Itoa(group), strconv.Itoa(int(stop)), dir)
	cmd.Dir = "/"
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // a terminal's ^C must not reach it
	pipe, err := cmd.StdinPipe()
	if err != nil {
		return nil, fmt.Errorf("open guard pipe: %w", err)
	}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("start guard: %w", err)
	}
	return &guard{cmd: cmd, pipe: pipe}, nil
}

// release lets the guard go without touching anything.
func (g *guard) release() {
	_, _ = io.WriteString(g.pipe, "released\n")
	_ = g.pipe.Close()
	_ = g.cmd.Wait()
}
