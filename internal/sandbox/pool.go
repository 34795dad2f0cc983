package sandbox

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"time"
)

// Pool keeps children of one kind and hands calls to them, first come, first
// served. Safe for concurrent use.
type Pool struct {
	cfg        Config
	bubblewrap string
	status     Status
	home       *home
	life       context.Context // of spares being started
	end        context.CancelFunc

	mu      sync.Mutex
	free    []*slot      // least recently used first
	waiting []chan *slot // longest waiting first
	closed  bool
	warming bool // a spare child is being started
	stats   Stats
	gone    sync.WaitGroup // children being dismissed
}

// slot is the right to run one child; worker is nil until it is needed.
type slot struct {
	worker *worker
}

// Stats counts what a Pool did.
type Stats struct {
	Started  int64 `json:"started"`  // children
	Calls    int64 `json:"calls"`    // answered or failed
	Timeouts int64 `json:"timeouts"` // calls
	Memory   int64 `json:"memory"`   // calls killed for memory
	Crashes  int64 `json:"crashes"`  // calls
	Recycled int64 `json:"recycled"` // children retired for age or size
	Running  int   `json:"running"`  // children now
	Busy     int   `json:"busy"`     // calls now
	Peak     int64 `json:"peak"`     // bytes resident of one child, highest seen
}

// NewPool checks the configuration and starts the children to keep, if any, in
// the background.
func NewPool(ctx context.Context, cfg Config) (*Pool, error) {
	cfg, err := cfg.prepare()
	if err != nil {
		return nil, err
	}
	bubblewrap, status, err := cfg.bubblewrap(ctx)
	if err != nil {
		return nil, fmt.Errorf("isolate %s: %w", cfg.Kind, err)
	}
	home, err := newHome(cfg.Scratch)
	if err != nil {
		return nil, err
	}
	p := &Pool{cfg: cfg, bubblewrap: bubblewrap, status: status, home: home}
	p.life, p.end = context.WithCancel(context.Background())
	for range cfg.Children {
		p.free = append(p.free, &slot{})
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.replenish()
	return p, nil
}

// Status tells what holds the children back.
func (p *Pool) Status() Status { return p.status }

// Stats returns the counts so far.
func (p *Pool) Stats() Stats {
	p.mu.Lock()
	defer p.mu.Unlock()
	s := p.stats
	s.Busy = p.cfg.Children - len(p.free)
	return s
}

// Call runs a task in a child and decodes its reply into reply, which may be nil.
// It waits for a free child as long as ctx allows; the time limit of the task
// starts when it has one. Errors: *document.Refusal and *RemoteError from the
// handler, *Failure about the child, ErrOutput, ErrClosed, the cause of ctx.
func (p *Pool) Call(ctx context.Context, task Task, reply any) error {
	request, err := json.Marshal(task.Request)
	if err != nil {
		return fmt.Errorf("encode %s request: %w", task.Op, err)
	}
	s, err := p.acquire(ctx, task.Key)
	if err != nil {
		return err
	}
	defer p.release(s)
	if err := p.ready(ctx, s); err != nil {
		return err
	}
	body, err := s.worker.do(ctx, task, request)
	p.count(s.worker, err)
	if err != nil {
		return err
	}
	if reply == nil {
		return nil
	}
	if err := json.Unmarshal(body, reply); err != nil {
		s.worker.retired = true
		return fmt.Errorf("decode %s reply: %w: %w", task.Op, ErrProtocol, err)
	}
	return nil
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

// ready makes sure that the slot has a living child.
func (p *Pool) ready(ctx context.Context, s *slot) error {
	if s.worker != nil {
		if s.worker.alive() {
			return nil
		}
		p.drop(s)
	}
	w, err := startWorker(ctx, &p.cfg, p.home.dir, p.bubblewrap)
	if err != nil {
		return fmt.Errorf("start %s child: %w", p.cfg.Kind, err)
	}
	s.worker = w
	p.mu.Lock()
	p.stats.Started++
	p.stats.Running++
	p.mu.Unlock()
	return nil
}

// drop destroys the child of a slot.
func (p *Pool) drop(s *slot) {
	s.worker.destroy()
	s.worker = nil
	p.mu.Lock()
	p.stats.Running--
	p.mu.Unlock()
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

func (p *Pool) count(w *worker, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.stats.Calls++
	p.stats.Peak = max(p.stats.Peak, w.peak)
	switch {
	case errors.Is(err, ErrTimeout):
		p.stats.Timeouts++
	case errors.Is(err, ErrMemory):
		p.stats.Memory++
	case errors.Is(err, ErrCrashed):
		p.stats.Crashes++
	}
}

// Forget retires idle children that served key last, so that neither their
// memory nor their scratch folder holds anything of that file.
func (p *Pool) Forget(key string) {
	p.mu.Lock()
	var going []<-chan struct{}
	for _, s := range p.free {
		if s.worker != nil && s.worker.key == key {
			going = append(going, p.dismiss(s))
		}
	}
	p.replenish()
	p.mu.Unlock()
	for _, gone := range going {
		<-gone
	}
}

// Close lets running calls finish, refuses new ones and ends all children.
// Callers who cannot wait cancel the calls' contexts.
func (p *Pool) Close() error {
	p.end()
	p.mu.Lock()
	p.closed = true
	for _, turn := range p.waiting {
		close(turn)
	}
	p.waiting = nil
	for _, s := range p.free {
		p.dismiss(s)
	}
	p.mu.Unlock()
	p.awaitFree()
	p.gone.Wait()
	return p.home.close()
}

// awaitFree waits for running calls.
func (p *Pool) awaitFree() {
	const look = 10 * time.Millisecond
	for {
		p.mu.Lock()
		free := len(p.free) == p.cfg.Children
		p.mu.Unlock()
		if free {
			return
		}
		time.Sleep(look)
	}
}
