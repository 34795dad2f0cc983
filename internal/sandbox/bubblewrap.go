package sandbox

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"time"
)

// Isolation says what to do about bubblewrap.
type Isolation string

// The choices of isolation.
const (
	IsolationAuto     Isolation = ""         // bubblewrap where it works
	IsolationRequired Isolation = "required" // refuse to start without it
	IsolationOff      Isolation = "off"      // the other guards only
)

// Status says what holds children back on this machine, for doctor.
type Status struct {
	Bubblewrap bool   `json:"bubblewrap"`
	Seccomp    bool   `json:"seccomp"`
	Landlock   int    `json:"landlock"`         // version of the kernel's interface, 0 without one
	Reason     string `json:"reason,omitempty"` // why bubblewrap is not used
}

// ErrNoBubblewrap is returned where bubblewrap is required and does not work.
var ErrNoBubblewrap = errors.New("bubblewrap does not work here")

// systemFolders are what dynamic linking, fonts and local time need.
var systemFolders = []string{
	"/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/etc/ld.so.cache", "/etc/ld.so.conf", "/etc/ld.so.conf.d",
	"/etc/alternatives", "/etc/fonts", "/etc/localtime", "/var/cache/fontconfig",
}

// insideRoot is where a child under bubblewrap finds its scratch folder. It is
// not below /tmp, and host paths stay unknown to the child.
const insideRoot = "/scratch"

// bubblewrapArgs are everything before the program. A folder of the room stands
// for /tmp, so that C libraries that insist on it fill a disk and not memory. It
// is not emptied between calls: mount points may lie in it.
func bubblewrapArgs(exe string, readOnly, writable []string, room *scratch) []string {
	args := []string{"--unshare-all", "--die-with-parent", "--cap-drop", "ALL", "--hostname", "sandbox"}
	for _, dir := range systemFolders {
		args = append(args, "--ro-bind-try", dir, dir)
	}
	args = append(args, "--proc", "/proc", "--dev", "/dev")
	if room != nil {
		args = append(args, "--bind", room.system, "/tmp")
	}
	for _, dir := range readOnly {
		args = append(args, "--ro-bind", dir, dir)
	}
	for _, dir := range writable {
		args = append(args, "--bind", dir, dir)
	}
	args = append(args, "--ro-bind", exe, exe)
	if room != nil {
		in := room.inside
		args = append(args, "--ro-bind", room.in, in.in, "--bind", room.out, in.out, "--bind", room.tmp, in.tmp, "--chdir", in.tmp)
	}
	return append(args, "--")
}

// guards are those that need no probing.
func guards() Status {
	return Status{Seccomp: auditArch != 0, Landlock: landlockVersion()}
}

// probeTime is ample for starting a process twice.
const probeTime = 10 * time.Second

// Probe finds out what works on this machine by starting a child that returns at
// once. The calling program must run Main first, like any user of a Pool.
func Probe(ctx context.Context) Status {
	s := guards()
	if err := probeBubblewrap(ctx); err != nil {
		s.Reason = err.Error()
		return s
	}
	s.Bubblewrap = true
	return s
}

func probeBubblewrap(ctx context.Context) error {
	path, err := exec.LookPath("bwrap")
	if err != nil {
		return fmt.Errorf("find bwrap (apt-get install bubblewrap): %w", err)
	}
	exe, err := os.Executable()
	if err != nil {
		return fmt.Errorf("find own binary: %w", err)
	}
	ctx, cancel := context.WithTimeout(ctx, probeTime)
	defer cancel()
	cmd := exec.CommandContext(ctx, path, append(bubblewrapArgs(exe, nil, nil, nil), exe)...)
	cmd.Env = []string{markerVariable + "=" + probeKind}
	var out excerpt
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("run bwrap: %w: %s", err, strings.TrimSpace(out.String()))
	}
	return nil
}
