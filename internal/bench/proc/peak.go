package proc

import "time"

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
			p.look(Family(pid)[1:])
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

func (p *Peak) look(pids []int) {
	var sum int64
	for _, pid := range pids {
		m := MemoryOf(pid)
		sum += m.Resident
		p.Largest = max(p.Largest, m.Peak)
	}
	p.Sum = max(p.Sum, sum)
}
