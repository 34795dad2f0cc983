// Package procfs reads what processes used from /proc: CPU time and memory of a
// program together with everything it started.
package procfs

import (
	"bytes"
	"fmt"
	"os"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// ClockTick is USER_HZ, which is 100 on every Linux that Go runs on.
const ClockTick = 10 * time.Millisecond

// Family returns pid and its living descendants, parents first.
func Family(pid int) []int {
	pids := []int{pid}
	for i := 0; i < len(pids); i++ {
		pids = append(pids, children(pids[i])...)
	}
	return pids
}

// children reads the children of all threads of pid. It costs a few file reads,
// where a scan of /proc would cost hundreds.
func children(pid int) []int {
	dir := "/proc/" + strconv.Itoa(pid) + "/task"
	threads, err := os.ReadDir(dir)
	if err != nil {
		return nil // it has ended
	}
	var out []int
	for _, t := range threads {
		list, err := os.ReadFile(dir + "/" + t.Name() + "/children")
		if err != nil {
			continue
		}
		for _, f := range bytes.Fields(list) {
			if n, err := strconv.Atoi(string(f)); err == nil {
				out = append(out, n)
			}
		}
	}
	return out
}

// Spent is CPU time.
type Spent struct {
	Own      time.Duration // of the process itself
	Children time.Duration // of its descendants, living and ended
}

// Total is the sum.
func (s Spent) Total() time.Duration { return s.Own + s.Children }

// Sub returns what was spent since earlier.
func (s Spent) Sub(earlier Spent) Spent {
	return Spent{Own: s.Own - earlier.Own, Children: s.Children - earlier.Children}
}

// CPU returns what pid and its descendants have spent so far. A descendant that
// ends counts for whoever waits for it.
func CPU(pid int) (Spent, error) {
	own, ended, err := cpuOf(pid)
	if err != nil {
		return Spent{}, err
	}
	s := Spent{Own: own, Children: ended}
	for _, p := range Family(pid)[1:] {
		if own, ended, err := cpuOf(p); err == nil {
			s.Children += own + ended
		}
	}
	return s, nil
}

// Fields of /proc/<pid>/stat counted after the command's closing bracket.
const (
	fieldUtime  = 11
	fieldCstime = 14
)

func cpuOf(pid int) (own, ended time.Duration, err error) {
	b, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
	if err != nil {
		return 0, 0, fmt.Errorf("read process times: %w", err)
	}
	_, rest, _ := strings.Cut(string(b), ") ")
	fields := strings.Fields(rest)
	if len(fields) <= fieldCstime {
		return 0, 0, fmt.Errorf("read process times of %d: %d fields", pid, len(fields))
	}
	var ticks [4]int64
	for i := range ticks {
		if ticks[i], err = strconv.ParseInt(fields[fieldUtime+i], 10, 64); err != nil {
			return 0, 0, fmt.Errorf("read process times: %w", err)
		}
	}
	return time.Duration(ticks[0]+ticks[1]) * ClockTick, time.Duration(ticks[2]+ticks[3]) * ClockTick, nil
}

// Self returns the CPU time of this process without its children.
func Self() (time.Duration, error) {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0, fmt.Errorf("read own times: %w", err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano()), nil
}

// Memory is the memory of one process in bytes.
type Memory struct {
	Resident, Peak int64 // VmRSS and VmHWM
}

// MemoryOf reads the memory of a process; zero when it has ended.
func MemoryOf(pid int) Memory {
	b, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/status")
	if err != nil {
		return Memory{}
	}
	return Memory{Resident: kilobytes(b, "VmRSS:"), Peak: kilobytes(b, "VmHWM:")}
}

func kilobytes(status []byte, key string) int64 {
	_, rest, found := bytes.Cut(status, []byte(key))
	if !found {
		return 0
	}
	value, _, _ := bytes.Cut(rest, []byte("kB"))
	n, err := strconv.ParseInt(strings.TrimSpace(string(value)), 10, 64)
	if err != nil {
		return 0
	}
	return n << 10
}
