package supervision

import (
	"context"

	"onewindow/approval"
	"onewindow/casework/consultation"
	"onewindow/casework/register"
	"onewindow/storage"
)

// Consultations is what was asked through one of the two windows in a period, by
// the moment of asking (V1.3, P1.1).
type Consultations struct {
	Channel  approval.Channel `json:"channel"`
	Asked    int              `json:"asked"`
	AtOnce   int              `json:"answered_at_once"` // at the counter, without a unit
	Answered int              `json:"answered"`         // by then, those at once among them
	Late     int              `json:"late"`             // answered or open, beyond their two working days
}

// Consultations counts questions of both windows in the same way; both are listed
// also when nobody asked.
func (o *Office) Consultations(ctx context.Context, d *register.Desk, q storage.MoveQuery) ([]Consultations, error) {
	asked, err := register.All[consultation.Consultation](ctx, d, storage.EntryQuery{Register: consultation.Register, Division: q.Division, Unit: q.Unit, Hall: q.Hall})
	if err != nil {
		return nil, err
	}
	out := []Consultations{{Channel: approval.ChannelVirtual}, {Channel: approval.ChannelPhysical}}
	for _, r := range asked {
		if !inPeriod(q, r.Created) {
			continue
		}
		for i := range out {
			if out[i].Channel == r.Body.Channel {
				out[i].add(r, d)
			}
		}
	}
	return out, nil
}

func (c *Consultations) add(r consultation.Record, d *register.Desk) {
	c.Asked++
	if r.State == consultation.Answered {
		c.Answered++
		if r.Body.Clock == nil {
			c.AtOnce++
		}
	}
	if r.Body.Late || r.Open && !r.Due.IsZero() && d.Moment().After(r.Due) {
		c.Late++
	}
}
