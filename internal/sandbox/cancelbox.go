package sandbox

import (
	"context"
	"sync"
)

// cancelBox holds the cancel function of the call being worked on, if any.
type cancelBox struct {
	mu sync.Mutex
	fn context.CancelFunc
}

func (b *cancelBox) set(fn context.CancelFunc) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.fn = fn
}

func (b *cancelBox) cancel() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.fn != nil {
		b.fn()
	}
}
