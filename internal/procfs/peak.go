package procfs

import (
	"os"
	"strconv"
	"time"
)

// lookEvery is the time between two looks; the kernel's own high-water mark of
// each process misses nothing in between.
const lookEvery = 5 * time.Millisecond

// Peak is the most memory seen, in bytes.
type Peak struct {
	Largest int64 // of any single process, by the kernel's high-water mark
	Sum     int64 // of all processes together, as sampled
}

// WatchDescendants samples the descendants of pid until the returned function is
// called.
func WatchDescendants(pid int) (stop func() Peak) {
	end, done := make(chan struct{}), make(chan Peak)
	go func() {
		var p Peak
		tick := time.NewTicker(lookEvery)
		defer tick.Stop()
		for {
			family := Family(pid)
			p.look(family[0], family[1:])
			select {
			case <-end:
				done <- p
				return
			case <-tick.C:
			}
		}
	}()
	return func() Peak { close(end); return <-done }
}

// look takes the memory of processes. One that was forked and has not yet become
// another program is still a copy of its parent, memory and all: it is left out.
func (p *Peak) look(parent int, pids []int) {
	own, _ := commandLine(parent)
	var sum int64
	for _, pid := range pids {
		line, err := commandLine(pid)
		if err != nil || line == own {
			continue
		}
		m := MemoryOf(pid)
		sum += m.Resident
		p.Largest = max(p.Largest, m.Peak)
	}
	p.Sum = max(p.Sum, sum)
}

func commandLine(pid int) (string, error) {
	b, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/cmdline")
	return string(b), err
}
