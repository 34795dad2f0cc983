package sandbox

import (
	"fmt"
	"os"
	"time"

	"golang.org/x/sys/unix"
)

// Limits bound one child. Zero fields mean the default of DefaultLimits.
type Limits struct {
	Memory    int64         `json:"memory"`     // bytes resident, the child and its descendants together
	Wall      time.Duration `json:"wall"`       // per call, unless the Task says otherwise
	CPU       time.Duration `json:"cpu"`        // CPU time per call, all threads; 0: four times Wall
	Start     time.Duration `json:"start"`      // until the handler is built
	Grace     time.Duration `json:"grace"`      // between asking to stop and killing
	FileSize  int64         `json:"file_size"`  // bytes of one file written
	OpenFiles int           `json:"open_files"` // file descriptors
	Processes int           `json:"processes"`  // the child and its descendants; bubblewrap takes two
	Reply     int           `json:"reply"`      // bytes of one reply
	Threads   int           `json:"threads"`    // GOMAXPROCS of the child
}

// DefaultLimits suit a parser of office documents.
func DefaultLimits() Limits {
	return Limits{
		Memory: 1 << 30, Wall: 60 * time.Second, Start: 60 * time.Second, Grace: 300 * time.Millisecond,
		FileSize: 4 << 30, OpenFiles: 256, Processes: 32, Reply: 32 << 20, Threads: 2,
	}
}

func (l Limits) withDefaults() Limits {
	d := DefaultLimits()
	setDefault(&l.Memory, d.Memory)
	setDefault(&l.Wall, d.Wall)
	setDefault(&l.CPU, 4*l.Wall)
	setDefault(&l.Start, d.Start)
	setDefault(&l.Grace, d.Grace)
	setDefault(&l.FileSize, d.FileSize)
	setDefault(&l.OpenFiles, d.OpenFiles)
	setDefault(&l.Processes, d.Processes)
	setDefault(&l.Reply, d.Reply)
	setDefault(&l.Threads, d.Threads)
	return l
}

func setDefault[T comparable](field *T, value T) {
	var zero T
	if *field == zero {
		*field = value
	}
}

// dataSlack is what Go, C libraries and code caches map privately without
// touching it; RLIMIT_DATA counts it, resident size does not.
const dataSlack = 1 << 30

// lifetimeCPU bounds a child whose parent stopped looking. It is far above what
// a recycled child uses; the limit per call is enforced by the parent.
const lifetimeCPU = 24 * time.Hour

// apply limits the calling process, soft and hard, before any foreign byte is read.
func (l Limits) apply() error {
	for _, r := range []struct {
		name     string
		resource int
		value    uint64
	}{
		{"core", unix.RLIMIT_CORE, 0},
		{"fsize", unix.RLIMIT_FSIZE, uint64(l.FileSize)},
		{"nofile", unix.RLIMIT_NOFILE, uint64(l.OpenFiles)},
		{"cpu", unix.RLIMIT_CPU, uint64(lifetimeCPU / time.Second)},
		{"data", unix.RLIMIT_DATA, uint64(2*l.Memory + dataSlack)},
	} {
		if err := lower(r.resource, r.value); err != nil {
			return fmt.Errorf("set rlimit %s: %w", r.name, err)
		}
	}
	// Best effort: the file is absent in some containers, and the limits above stand.
	_ = os.WriteFile("/proc/self/oom_score_adj", []byte("1000"), 0)
	return nil
}

// lower sets a limit that is never above the one inherited.
func lower(resource int, value uint64) error {
	var have unix.Rlimit
	if err := unix.Getrlimit(resource, &have); err != nil {
		return err
	}
	value = min(value, have.Max)
	return unix.Setrlimit(resource, &unix.Rlimit{Cur: value, Max: value})
}
