package cases

import (
	"context"
	"errors"
	"fmt"
	"time"

	"onewindow/approval"
	"onewindow/approval/calendar"
	"onewindow/approval/clock"
	"onewindow/storage"
)

// Moved is one running date that another calendar moves.
type Moved struct {
	CaseItem string     `json:"case_item"`
	Number   string     `json:"case_number"`
	Item     string     `json:"item_name"`
	Unit     string     `json:"unit"`
	Division string     `json:"division"`
	Kind     clock.Kind `json:"kind"`
	From     time.Time  `json:"from"`
	To       time.Time  `json:"to"`
}

// Recompute computes what runs anew with the office's calendar and lists what
// moved against the dates that are kept; with apply it keeps the new dates, each
// with its audit row. Dates that have passed stay: what time did is done. Doing it
// again moves nothing more, and several processes may do it.
func (o *Office) Recompute(ctx context.Context, by string, apply bool) ([]Moved, error) {
	var all []approval.CaseItem
	q := storage.ItemQuery{Open: true, Limit: 500}
	for { // read first: keeping a date changes the order of the pages
		page, err := o.Records.ListCaseItems(ctx, q)
		if err != nil {
			return nil, fmt.Errorf("list running items: %w", err)
		}
		all = append(all, page...)
		if len(page) < q.Limit {
			break
		}
		q.After, _ = ParseMark(Mark(page[len(page)-1]))
	}
	out := []Moved{}
	for _, item := range all {
		m, ok := o.moved(item)
		if !ok {
			continue
		}
		if apply {
			err := o.keepDue(ctx, item, m, by)
			if errors.Is(err, storage.ErrStale) {
				continue // it went on meanwhile, with the new calendar
			}
			if err != nil {
				return out, err
			}
		}
		out = append(out, m)
	}
	return out, nil
}

// moved compares the date that is kept with the one of today's calendar.
func (o *Office) moved(item approval.CaseItem) (Moved, bool) {
	fresh := item
	o.refreshDue(&fresh, o.now())
	if item.Due.IsZero() || fresh.Due.Equal(item.Due) || item.Due.Before(o.now()) {
		return Moved{}, false
	}
	return Moved{CaseItem: item.ID, Number: item.Number, Item: o.Catalogue.Name(item.Item), Unit: item.Unit, Division: item.Division,
		Kind: fresh.DueKind, From: item.Due, To: fresh.Due}, true
}

func (o *Office) keepDue(ctx context.Context, item approval.CaseItem, m Moved, by string) error {
	o.refreshDue(&item, o.now())
	detail := map[string]string{"kind": string(m.Kind), "from": stampOf(m.From), "to": stampOf(m.To)}
	return o.Records.ApplyCase(ctx, storage.CaseChange{Items: []storage.ItemWrite{{Item: &item, From: item.State}},
		Audit: []storage.AuditEntry{{Actor: by, Action: "case_item.recompute", Object: item.ID, Detail: detail}}})
}

// Days is a date as lists write it.
func (m Moved) Days() (from, to string) {
	return m.From.In(calendar.Zone).Format("2006-01-02"), m.To.In(calendar.Zone).Format("2006-01-02")
}
