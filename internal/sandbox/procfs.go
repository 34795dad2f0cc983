package sandbox

import (
	"bytes"
	"os"
	"strconv"
	"time"

	"golang.org/x/sys/unix"

	"onewindow/internal/procfs"
)

// residentSize is the memory of a process in bytes; ok is false when it is gone.
func residentSize(pid int) (size int64, ok bool) {
	b, err := readProc(strconv.Itoa(pid) + "/statm")
	if err != nil {
		return 0, false
	}
	fields := bytes.Fields(b)
	if len(fields) < 2 {
		return 0, false
	}
	pages, _ := strconv.ParseInt(string(fields[1]), 10, 64)
	return pages * int64(os.Getpagesize()), true
}

// lastPID is the number of the process or thread started last on this machine,
// or in this container; 0 when the system does not tell.
func lastPID() int {
	b, err := readProc("loadavg")
	if err != nil {
		return 0
	}
	fields := bytes.Fields(b)
	if len(fields) == 0 {
		return 0
	}
	n, _ := strconv.Atoi(string(fields[len(fields)-1]))
	return n
}

// readProc reads a short file below /proc. os.ReadFile makes five calls of the
// system for it; children are looked at twenty times a second.
func readProc(name string) ([]byte, error) {
	fd, err := unix.Open("/proc/"+name, unix.O_RDONLY|unix.O_CLOEXEC, 0)
	if err != nil {
		return nil, err
	}
	defer unix.Close(fd)
	b := make([]byte, 1024)
	n, err := unix.Read(fd, b)
	return b[:max(n, 0)], err
}

// Fields of /proc/<pid>/stat counted after the command's closing bracket, which
// is the only safe place to start: the command may hold spaces and brackets.
const (
	statSession = 3
	statUser    = 11
	statSystem  = 12
)

func statFields(pid int) [][]byte {
	b, err := readProc(strconv.Itoa(pid) + "/stat")
	if err != nil {
		return nil
	}
	end := bytes.LastIndexByte(b, ')')
	if end < 0 {
		return nil
	}
	fields := bytes.Fields(b[end+1:])
	if len(fields) <= statSystem {
		return nil
	}
	return fields
}

func cpuTime(pid int) time.Duration {
	fields := statFields(pid)
	if fields == nil {
		return 0
	}
	user, _ := strconv.ParseInt(string(fields[statUser]), 10, 64)
	system, _ := strconv.ParseInt(string(fields[statSystem]), 10, 64)
	return time.Duration(user+system) * procfs.ClockTick
}

// session returns the processes whose session leader is pid. Unlike the process
// group it cannot be left without setsid, which children may not call.
func session(pid int) []int {
	entries, err := os.ReadDir("/proc")
	if err != nil {
		return nil
	}
	want := strconv.Itoa(pid)
	var out []int
	for _, e := range entries {
		p, err := strconv.Atoi(e.Name())
		if err != nil {
			continue
		}
		if f := statFields(p); f != nil && string(f[statSession]) == want {
			out = append(out, p)
		}
	}
	return out
}

// killSession kills pid's process group, then whatever of its session moved to
// another group. Repeated, because a fork may slip between reading and killing.
func killSession(pid int) {
	const rounds = 3
	_ = unix.Kill(-pid, unix.SIGKILL)
	for range rounds {
		left := session(pid)
		if len(left) == 0 {
			return
		}
		for _, p := range left {
			_ = unix.Kill(p, unix.SIGKILL)
		}
	}
}
