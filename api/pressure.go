package api

import (
	"context"
	"errors"
	"strconv"
	"sync"
	"time"

	"onewindow/access"
	"onewindow/document"
	"onewindow/storage"
)

// crowded is how long the length of the queue is believed.
const crowded = 2 * time.Second

// Pressure turns senders away before anything of theirs is taken, when there is
// more to do already than workers will come to.
type Pressure struct {
	Records interface {
		Depths(ctx context.Context) (map[document.Lane]map[storage.TaskState]int, error)
	}
	Most int // open tasks; 0 is no limit

	mu    sync.Mutex
	asked time.Time
	open  int
}

// check gives errCrowded when the queue is full. A queue that cannot be counted
// turns nobody away: the receipt needs it not.
func (p *Pressure) check(ctx context.Context) error {
	if p == nil || p.Most <= 0 {
		return nil
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if time.Since(p.asked) > crowded {
		depths, err := p.Records.Depths(ctx)
		if err != nil {
			return nil
		}
		p.asked, p.open = time.Now(), 0
		for _, states := range depths {
			p.open += states[storage.TaskReady] + states[storage.TaskClaimed]
		}
	}
	if p.open >= p.Most {
		return errCrowded
	}
	return nil
}

// admit is asked before a file of so many bytes (less than 0 when unknown) is
// taken. back gives the quota back when nothing came of it.
func (s *Server) admit(ctx context.Context, bytes int64) (back func(), err error) {
	if err := s.Pressure.check(ctx); err != nil {
		return nil, err
	}
	return s.spend(ctx, bytes)
}

// spend counts one file of so many bytes (less than 0 when unknown) against its
// sender's day.
func (s *Server) spend(ctx context.Context, bytes int64) (back func(), err error) {
	if s.Quotas == nil {
		return func() {}, nil
	}
	return s.Quotas.Spend(ctx, who(ctx), 1, max(bytes, 0))
}

// weigh counts the bytes of a file whose sender did not say how many they are.
func (s *Server) weigh(ctx context.Context, bytes int64) error {
	if s.Quotas == nil {
		return nil
	}
	_, err := s.Quotas.Spend(ctx, who(ctx), 0, bytes)
	return err
}

// pause is how long an answer asks to wait, in seconds; "" as its status says.
func (s *Server) pause(err error) string {
	var spent *access.Spent
	switch {
	case errors.As(err, &spent):
		return strconv.Itoa(int(spent.Until.Sub(s.Quotas.Now()).Seconds()) + 1)
	case errors.Is(err, errCrowded):
		return "60"
	}
	return ""
}

type usageBody struct {
	Body struct {
		Day    string           `json:"day" doc:"北京时间的日期"`
		Sender access.Allowance `json:"sender" doc:"每个令牌或个人"`
		Unit   access.Allowance `json:"unit" doc:"每个单位"`
		Usage  []storage.Usage  `json:"usage" doc:"当日各令牌、个人、单位已用的"`
	}
}

type usageInput struct {
	Day string `query:"day" doc:"哪一天，如 2026-11-27；不填为今天" pattern:"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"`
}

func (s *Server) usage(ctx context.Context, in *usageInput) (*usageBody, error) {
	out := &usageBody{}
	out.Body.Usage = []storage.Usage{}
	if s.Quotas == nil {
		return out, nil
	}
	out.Body.Day, out.Body.Sender, out.Body.Unit = in.Day, s.Quotas.Sender, s.Quotas.Unit
	if in.Day == "" {
		out.Body.Day = s.Quotas.Day()
	}
	rows, err := s.Quotas.Records.UsageOf(ctx, out.Body.Day, 1000)
	out.Body.Usage = append(out.Body.Usage, rows...)
	return out, err
}
