package sandbox

import (
	"context"
	"encoding/json"
)

// replenish starts a spare child if fewer than Config.Keep run, one at a time:
// its release looks again. The caller holds mu.
func (p *Pool) replenish() {
	if p.closed || p.warming || p.stats.Running >= min(p.cfg.Keep, p.cfg.Children) {
		return
	}
	s := p.takeEmpty()
	if s == nil {
		return
	}
	p.warming = true
	go p.warm(s)
}

// takeEmpty removes a free slot without a child, nil if there is none. The
// caller holds mu.
func (p *Pool) takeEmpty() *slot {
	for i, s := range p.free {
		if s.worker == nil {
			p.free = append(p.free[:i], p.free[i+1:]...)
			return s
		}
	}
	return nil
}

// warm starts a child in an empty slot and has it do the Warm task. A failure is
// left to the next call to report: it starts a child for itself.
func (p *Pool) warm(s *slot) {
	err := p.ready(p.life, s)
	if err == nil && p.cfg.Warm.Op != "" {
		err = p.rehearse(p.life, s.worker)
	}
	if err == nil {
		s.worker.spare = true
	}
	p.mu.Lock()
	p.warming = false
	if err != nil {
		p.cfg.Keep = 0 // do not try for ever what does not work
	}
	p.mu.Unlock()
	p.release(s)
}

func (p *Pool) rehearse(ctx context.Context, w *worker) error {
	request, err := json.Marshal(p.cfg.Warm.Request)
	if err == nil {
		_, err = w.do(ctx, p.cfg.Warm, request)
	}
	if err != nil {
		w.retired = true
	}
	return err
}
