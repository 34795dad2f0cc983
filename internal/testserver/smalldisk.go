package testserver

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

// ErrNoSmallDisk is returned where neither root nor an ordinary user may mount
// a file system in a namespace of its own, as in tightly closed containers.
var ErrNoSmallDisk = errors.New("may not mount a small file system")

// SmallDisk is a tmpfs with little room, for tests of a full disk.
type SmallDisk struct {
	// Folder is its top. The mount exists only in the namespace of a child
	// process and is reached through /proc, so nothing stays mounted when the
	// test binary is killed. Do not resolve it with readlink or EvalSymlinks.
	Folder string
	cmd    *exec.Cmd
	pipe   io.WriteCloser
}

const smallDiskScript = `trap '' HUP INT TERM
mount -t tmpfs -o "size=$1,mode=0777" onewindow "$2" || exit 1
echo mounted
read -r word`

// StartSmallDisk mounts a file system of size bytes; the caller calls Stop.
// Errors: ErrNoSmallDisk.
func StartSmallDisk(size int64) (*SmallDisk, error) {
	point, err := os.MkdirTemp("", "onewindow-disk-")
	if err != nil {
		return nil, fmt.Errorf("make mount point: %w", err)
	}
	var tried error
	for _, flags := range []uintptr{syscall.CLONE_NEWNS, syscall.CLONE_NEWNS | syscall.CLONE_NEWUSER} {
		disk, err := mountIn(flags, size, point)
		if err == nil {
			return disk, nil
		}
		tried = errors.Join(tried, err)
	}
	_ = os.Remove(point)
	return nil, fmt.Errorf("%w: %w", ErrNoSmallDisk, tried)
}

// mountIn starts a shell in new namespaces that mounts and then holds the mount
// for as long as the pipe to it is open.
func mountIn(flags uintptr, size int64, point string) (*SmallDisk, error) {
	cmd := exec.Command("/bin/sh", "-c", smallDiskScript, "disk", strconv.FormatInt(size, 10), point)
	cmd.SysProcAttr = &syscall.SysProcAttr{Cloneflags: flags, Setpgid: true}
	if flags&syscall.CLONE_NEWUSER != 0 {
		cmd.SysProcAttr.UidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getuid(), Size: 1}}
		cmd.SysProcAttr.GidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getgid(), Size: 1}}
	} else {
		cmd.SysProcAttr.Unshareflags = syscall.CLONE_NEWNS // makes Go mark the tree private first
	}
	pipe, err := cmd.StdinPipe()
	if err != nil {
		return nil, fmt.Errorf("open pipe: %w", err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, fmt.Errorf("open pipe: %w", err)
	}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("start in namespace: %w", err)
	}
	disk := &SmallDisk{cmd: cmd, pipe: pipe,
		Folder: filepath.Join("/proc", strconv.Itoa(cmd.Process.Pid), "root", point)}
	if line, err := bufio.NewReader(out).ReadString('\n'); strings.TrimSpace(line) != "mounted" {
		disk.release()
		return nil, fmt.Errorf("mount: %q, %w", line, err)
	}
	return disk, nil
}

func (d *SmallDisk) release() {
	_ = d.pipe.Close()
	_ = d.cmd.Wait()
}

// Stop unmounts the file system; what is on it is lost.
func (d *SmallDisk) Stop() error {
	d.release()
	_, point, _ := strings.Cut(d.Folder, "/root")
	if err := os.Remove(point); err != nil {
		return fmt.Errorf("remove mount point: %w", err)
	}
	return nil
}

// DiskOf mounts a file system of size bytes for the test and returns its folder.
func DiskOf(t TB, size int64) string {
	t.Helper()
	disk, err := StartSmallDisk(size)
	if err != nil {
		t.Fatalf("testserver: %v", err)
	}
	t.Cleanup(func() {
		if err := disk.Stop(); err != nil {
			t.Logf("testserver: %v", err)
		}
	})
	return disk.Folder
}
