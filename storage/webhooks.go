package storage

import (
	"context"
	"time"

	"onewindow/approval"
)

// Webhook is a subscription: a program that is told of events by calls.
type Webhook struct {
	ID      string    `json:"id"` // "hook_…"
	URL     string    `json:"url"`
	Label   string    `json:"label,omitempty"`
	Secret  string    `json:"-"`              // signs the calls; shown once
	Types   []string  `json:"types"`          // event types; "result.*" is a family, "*" all
	Unit    string    `json:"unit,omitempty"` // what concerns this unit; "" everything
	Active  bool      `json:"active"`
	Created time.Time `json:"created_at"`
	By      string    `json:"by"`
	// Position is the last event that was looked at for it.
	Position int64 `json:"position"`
}

// DeliveryState is where a delivery is. The comment says who moves it on.
type DeliveryState string

// The states of a delivery.
const (
	DeliveryDue  DeliveryState = "due"  // waits for its next try, or for its turn in the line
	DeliveryDone DeliveryState = "done" // final
	DeliveryDead DeliveryState = "dead" // gave up; a person replays it
)

// Delivery is one event on its way to one subscriber.
type Delivery struct {
	Webhook string         `json:"webhook_id"`
	Event   approval.Event `json:"event"`
	Line    string         `json:"line,omitempty"` // what stays in order: the project, else the document or result
	State   DeliveryState  `json:"state"`
	Attempt int            `json:"attempt"` // tries so far
	Due     time.Time      `json:"due_at"`
	Status  int            `json:"status,omitempty"`  // of the last answer; 0 when there was none
	Problem string         `json:"problem,omitempty"` // of the last try, for people
	Ended   time.Time      `json:"ended_at,omitzero"`
}

// DeliveryOutcome is what became of one try.
type DeliveryOutcome struct {
	Webhook string
	Seq     int64
	State   DeliveryState
	Retry   time.Duration // when State is due: from now
	Status  int
	Problem string
}

// Webhooks keeps subscriptions and their deliveries. Changes are written with
// their audit entry.
type Webhooks interface {
	AddWebhook(ctx context.Context, w Webhook) error
	// Webhook returns one subscription. Errors: ErrNotFound.
	Webhook(ctx context.Context, id string) (Webhook, error)
	ListWebhooks(ctx context.Context) ([]Webhook, error)
	// ChangeWebhook replaces URL, label, types, secret and activity. Errors: ErrNotFound.
	ChangeWebhook(ctx context.Context, w Webhook, by string) error
	// RemoveWebhook ends a subscription and forgets its deliveries. Errors: ErrNotFound.
	RemoveWebhook(ctx context.Context, id, by string) error
	// LeaseWebhook makes owner the only sender of a subscription for a while, by
	// the database's clock. Errors: ErrNoWork while somebody else is, ErrNotFound.
	LeaseWebhook(ctx context.Context, id, owner string, lease time.Duration) error
	// FanOut looks at the events after the subscription's position, notes a
	// delivery for each that is wanted and moves the position, in one
	// transaction. more tells that there may be further events. Errors:
	// ErrFenced when owner's lease is lost.
	FanOut(ctx context.Context, id, owner string, wanted func(approval.Event) bool) (more bool, err error)
	// DueDeliveries lists deliveries whose time has come and that stand first in
	// their line, oldest first.
	DueDeliveries(ctx context.Context, id string, limit int) ([]Delivery, error)
	// SettleDelivery records a try. Errors: ErrFenced when owner's lease is lost.
	SettleDelivery(ctx context.Context, owner string, o DeliveryOutcome) error
	// ListDeliveries pages through deliveries in a state ("" for all), newest
	// first, older than before when that is not 0.
	ListDeliveries(ctx context.Context, id string, state DeliveryState, before int64, limit int) ([]Delivery, error)
	// ReplayDelivery makes a dead or done delivery due again with all its tries.
	// Errors: ErrNotFound, ErrConflict when it is due already.
	ReplayDelivery(ctx context.Context, id string, seq int64, by string) error
	// CountDeliveries counts deliveries by state, over all subscriptions.
	CountDeliveries(ctx context.Context) (map[DeliveryState]int, error)
}
