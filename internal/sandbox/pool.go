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
	if task.Fresh && s.worker != nil && !s.worker.spare {
		p.mu.Lock()
		p.dismiss(s)
		p.mu.Unlock()
	}
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
