package sandbox

import (
	"strings"
	"sync"
)

// excerptSize is how much of a child's output is kept from each end.
const excerptSize = 4 << 10

// excerpt is a writer that never blocks or grows: it keeps the beginning, where
// C libraries complain first, and the end, where Go prints why it died.
type excerpt struct {
	mu      sync.Mutex
	head    []byte
	tail    []byte
	skipped int64
}

func (e *excerpt) Write(p []byte) (int, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	n := len(p)
	if room := excerptSize - len(e.head); room > 0 {
		take := min(room, len(p))
		e.head = append(e.head, p[:take]...)
		p = p[take:]
	}
	e.tail = append(e.tail, p...)
	if over := len(e.tail) - excerptSize; over > 0 {
		e.skipped += int64(over)
		e.tail = append(e.tail[:0], e.tail[over:]...)
	}
	return n, nil
}

// reset forgets everything, so that an excerpt belongs to one call.
func (e *excerpt) reset() {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.head, e.tail, e.skipped = nil, nil, 0
}

func (e *excerpt) String() string {
	e.mu.Lock()
	defer e.mu.Unlock()
	gap := ""
	if e.skipped > 0 {
		gap = "\n[…]\n"
	}
	return strings.ToValidUTF8(string(e.head)+gap+string(e.tail), "\uFFFD")
}
