package sandbox

import (
	"time"

	"onewindow/internal/procfs"
)

// usage is what a child and its descendants use at one moment.
type usage struct {
	resident  int64 // bytes
	processes int
}

// observer looks at a child and its descendants, for one goroutine at a time.
type observer struct {
	root int
	last int // lastPID before the family was looked for
	pids []int
}

// family returns the child and its descendants. They are looked for again only
// when anything at all was started meanwhile: it means reading a file for each
// thread. Some may have ended.
func (o *observer) family() []int {
	last := lastPID()
	if last == 0 || last != o.last {
		o.pids, o.last = procfs.Family(o.root), last
	}
	return o.pids
}

// measure sums over the family. Processes that ended count as nothing.
func (o *observer) measure() usage {
	var u usage
	for _, p := range o.family() {
		if size, alive := residentSize(p); alive {
			u.processes++
			u.resident += size
		}
	}
	return u
}

// cpu is the CPU time of the family so far.
func (o *observer) cpu() time.Duration {
	var sum time.Duration
	for _, p := range o.family() {
		sum += cpuTime(p)
	}
	return sum
}
