package register

import (
	"context"
	"encoding/json"
	"fmt"

	"onewindow/approval/clock"
	"onewindow/storage"
)

// Ticking is an open entry whose clock runs: what units and halls owe.
type Ticking struct {
	storage.Entry
	Clock clock.Clock
}

// clocked is what the bodies of all registers with a limit have in common.
type clocked struct {
	Clock *clock.Clock `json:"clock"`
}

// Ticking lists the open entries of all registers (or of one) whose clocks run: replies
// to inquiries, answers to consultations and complaints, promises (W2.2). Urgent gives
// the first page by date only, of at most 500.
func (d *Desk) Ticking(ctx context.Context, q storage.EntryQuery) ([]Ticking, error) {
	var all []Ticking
	for q.Open, q.Limit = true, page; ; {
		found, err := d.Records.ListEntries(ctx, q)
		if err != nil {
			return nil, fmt.Errorf("list running entries: %w", err)
		}
		for _, e := range found {
			if e.Due.IsZero() {
				continue
			}
			var body clocked
			if err := json.Unmarshal(e.Body, &body); err != nil {
				return nil, fmt.Errorf("read %s %s: %w", e.Register, e.ID, err)
			}
			if body.Clock != nil && body.Clock.Running() {
				all = append(all, Ticking{e, *body.Clock})
			}
		}
		if len(found) < page || q.Urgent {
			return all, nil
		}
		q.Before = found[len(found)-1].ID
	}
}
