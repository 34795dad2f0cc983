package sandbox

import (
	"context"
	"time"
)

// slot is the right to run one child; worker is nil until it is needed.
type slot struct {
	worker *worker
}

// acquire takes a slot: the one that served key last, else one that runs, else any.
func (p *Pool) acquire(ctx context.Context, key string) (*slot, error) {
	if err := ctx.Err(); err != nil {
		return nil, context.Cause(ctx)
	}
	p.mu.Lock()
	if p.closed {
		p.mu.Unlock()
		return nil, ErrClosed
	}
	if len(p.free) > 0 {
		s := p.pick(key)
		p.mu.Unlock()
		return s, nil
	}
	turn := make(chan *slot, 1)
	p.waiting = append(p.waiting, turn)
	p.mu.Unlock()
	select {
	case s, ok := <-turn:
		if !ok {
			return nil, ErrClosed
		}
		return s, nil
	case <-ctx.Done():
		p.leave(turn)
		return nil, context.Cause(ctx)
	}
}

// pick removes the best free slot. The caller holds mu.
func (p *Pool) pick(key string) *slot {
	best, score := 0, -1
	for i, s := range p.free {
		if n := fitness(s, key); n >= score {
			best, score = i, n
		}
	}
	s := p.free[best]
	p.free = append(p.free[:best], p.free[best+1:]...)
	if s.worker != nil && s.worker.idle != nil {
		s.worker.idle.Stop()
	}
	return s
}

func fitness(s *slot, key string) int {
	switch {
	case s.worker == nil:
		return 0
	case key != "" && s.worker.key == key:
		return 2
	}
	return 1
}

// leave gives up waiting; a slot that was handed over meanwhile is passed on.
func (p *Pool) leave(turn chan *slot) {
	p.mu.Lock()
	for i, w := range p.waiting {
		if w == turn {
			p.waiting = append(p.waiting[:i], p.waiting[i+1:]...)
			p.mu.Unlock()
			return
		}
	}
	p.mu.Unlock()
	if s, ok := <-turn; ok {
		p.release(s)
	}
}

// release puts a slot back, without its child if that is worn or gone.
func (p *Pool) release(s *slot) {
	p.tidy(s)
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		p.free = append(p.free, s)
		p.dismiss(s)
		return
	}
	if len(p.waiting) > 0 {
		turn := p.waiting[0]
		p.waiting = p.waiting[1:]
		turn <- s
		return
	}
	p.free = append(p.free, s)
	p.expire(s)
	p.replenish()
}

func (p *Pool) tidy(s *slot) {
	w := s.worker
	if w == nil {
		return
	}
	if w.retired || w.room.clean() != nil {
		p.drop(s)
		return
	}
	if w.worn() {
		p.mu.Lock()
		p.stats.Recycled++
		p.dismiss(s)
		p.mu.Unlock()
	}
}

// expire lets an idle child go after a while. The caller holds mu.
func (p *Pool) expire(s *slot) {
	w := s.worker
	if w == nil || w.spare || p.cfg.Idle < 0 {
		return
	}
	w.idle = time.AfterFunc(p.cfg.Idle, func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		for _, f := range p.free {
			if f == s && s.worker == w {
				p.dismiss(s)
				p.replenish()
				return
			}
		}
	})
}

// dismiss takes the child out of a slot and lets it close; the channel is closed
// when it is gone. The caller holds mu.
func (p *Pool) dismiss(s *slot) <-chan struct{} {
	gone := make(chan struct{})
	w := s.worker
	if w == nil {
		close(gone)
		return gone
	}
	s.worker = nil
	p.stats.Running--
	p.gone.Add(1)
	go func() {
		defer p.gone.Done()
		defer close(gone)
		w.dismiss()
	}()
	return gone
}
