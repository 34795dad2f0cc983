package webhooks

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/oklog/ulid/v2"

	"onewindow/approval"
	"onewindow/storage"
)

// Sender makes the calls of all subscriptions. Any number of processes may run
// one: a lease in the records lets one of them send for a subscription.
type Sender struct {
	Records storage.Webhooks
	Client  *http.Client
	Log     *slog.Logger
	Now     func() time.Time
	// Every is how often it looks for something to send; default 1 s.
	Every time.Duration
	// FirstPause is how long after the first failure it tries again; it doubles
	// up to LongestPause. Defaults 5 s and 1 h.
	FirstPause, LongestPause time.Duration
	// Tries is how often it calls before a delivery is dead; default 16, with the
	// pauses above about half a day.
	Tries int
	// Observe is told of every call: "delivered", "failed" or "dead".
	Observe func(outcome string, took time.Duration)

	owner string
	mu    sync.Mutex
	busy  map[string]bool
}

const (
	lease = 2 * time.Minute // longer than a call, its note and their pauses
	batch = 50
)

func (s *Sender) defaults() {
	s.owner, s.busy = "sender_"+ulid.Make().String(), map[string]bool{}
	if s.Every == 0 {
		s.Every = time.Second
	}
	if s.FirstPause == 0 {
		s.FirstPause = 5 * time.Second
	}
	if s.LongestPause == 0 {
		s.LongestPause = time.Hour
	}
	if s.Tries == 0 {
		s.Tries = 16
	}
	if s.Observe == nil {
		s.Observe = func(string, time.Duration) {}
	}
}

// Run sends until ctx ends.
func (s *Sender) Run(ctx context.Context) error {
	s.defaults()
	var wg sync.WaitGroup
	defer wg.Wait()
	tick := time.NewTicker(s.Every)
	defer tick.Stop()
	for {
		hooks, err := s.Records.ListWebhooks(ctx)
		if err != nil && ctx.Err() == nil {
			s.Log.Warn("list webhooks", "error", err)
		}
		for _, w := range hooks {
			if w.Active && s.begin(w.ID) {
				wg.Go(func() { defer s.end(w.ID); s.serve(ctx, w) })
			}
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

// begin keeps a slow receiver from holding up the others, and from being called
// twice at once.
func (s *Sender) begin(id string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.busy[id] {
		return false
	}
	s.busy[id] = true
	return true
}

func (s *Sender) end(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.busy, id)
}

// serve sends what is due for one subscription.
func (s *Sender) serve(ctx context.Context, w storage.Webhook) {
	err := s.round(ctx, w)
	switch {
	case err == nil, ctx.Err() != nil, errors.Is(err, storage.ErrNoWork), errors.Is(err, storage.ErrFenced), errors.Is(err, storage.ErrNotFound):
	default:
		s.Log.Warn("send webhooks", "webhook", w.ID, "error", err)
	}
}

func (s *Sender) round(ctx context.Context, w storage.Webhook) error {
	if err := s.Records.LeaseWebhook(ctx, w.ID, s.owner, lease); err != nil {
		return err
	}
	for more := true; more; {
		var err error
		if more, err = s.Records.FanOut(ctx, w.ID, s.owner, func(e approval.Event) bool { return Wants(w, e) }); err != nil {
			return err
		}
	}
	for {
		due, err := s.Records.DueDeliveries(ctx, w.ID, batch)
		if err != nil || len(due) == 0 {
			return err
		}
		for _, d := range due {
			reached, err := s.try(ctx, w, d)
			if err != nil || !reached {
				return err
			}
		}
	}
}

// try makes one call and notes what became of it. reached tells that somebody
// answered at all: when nobody does, the other lines need not be tried now.
func (s *Sender) try(ctx context.Context, w storage.Webhook, d storage.Delivery) (reached bool, err error) {
	if err := s.Records.LeaseWebhook(ctx, w.ID, s.owner, lease); err != nil {
		return false, err
	}
	began := s.Now()
	status, failure := s.call(ctx, w, d.Event)
	if ctx.Err() != nil {
		return false, ctx.Err() // nobody's fault: no try is counted
	}
	o := storage.DeliveryOutcome{Webhook: w.ID, Seq: d.Event.Seq, State: storage.DeliveryDone, Status: status}
	outcome := "delivered"
	if failure != nil {
		o.State, o.Retry, o.Problem = storage.DeliveryDue, s.pause(d.Attempt), explain(status, failure)
		outcome = "failed"
		if d.Attempt+1 >= s.Tries {
			o.State, outcome = storage.DeliveryDead, "dead"
		}
	}
	s.Observe(outcome, s.Now().Sub(began))
	return status != 0, s.Records.SettleDelivery(ctx, s.owner, o)
}

// pause is how long to wait after a failed try, attempt counting those before.
func (s *Sender) pause(attempt int) time.Duration {
	p := s.FirstPause
	for range attempt {
		if p = 2 * p; p >= s.LongestPause {
			return s.LongestPause
		}
	}
	return p
}

// Wants reports whether a subscription is told of an event.
func Wants(w storage.Webhook, e approval.Event) bool {
	if w.Unit != "" && !e.Concerns(w.Unit) {
		return false
	}
	for _, t := range w.Types {
		family, all := strings.CutSuffix(t, "*")
		if t == e.Type || all && strings.HasPrefix(e.Type, family) {
			return true
		}
	}
	return false
}
