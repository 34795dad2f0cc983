// Package supervision counts how well the windows work (guideline 二（一）3, 三（四）):
// figures live from the moves of items, the same figures counted again from the
// audit trail, what is late and who answers for it, and the assessment of units.
package supervision

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"onewindow/approval/calendar"
	"onewindow/approval/catalogue"
	"onewindow/approval/progress"
	"onewindow/casework/organisation"
	"onewindow/document"
	"onewindow/storage"
)

// Records is what supervision reads and keeps.
type Records interface {
	storage.Supervision
	storage.Settings
	storage.Audit
	storage.Cases
	ListAccounts(ctx context.Context) ([]storage.Account, error)
	ListDocuments(ctx context.Context, q storage.DocumentQuery) ([]document.Document, error)
}

// Office supervises.
type Office struct {
	Records   Records
	Catalogue *catalogue.Catalogue
	// Name is a code in words, of whatever edition had it: figures reach back.
	Name     func(code string) string
	Calendar *calendar.Calendar
	WarnDays int                  // yellow from so many working days left
	Staff    *organisation.Office // the roster; nil: whoever has an account of the unit
	Log      *slog.Logger
	Now      func() time.Time
}

// addUpAfter is how many events pass before moves are added up.
const addUpAfter = 1000

// Run adds up moves now and then until ctx ends, so that figures of months and years
// come as quickly as those of a day.
func (o *Office) Run(ctx context.Context, every time.Duration) error {
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		if err := o.Records.AddUpMoves(ctx, addUpAfter); err != nil && ctx.Err() == nil {
			o.Log.Error("add up moves", "error", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

// Figures are what one line of the dashboard says.
type Figures struct {
	Key  string `json:"key"`  // value of the dimension, "" for all
	Name string `json:"name"` // as people read it

	Received    int `json:"received"`
	Accepted    int `json:"accepted"` // with those by time
	Deemed      int `json:"deemed"`   // 视为受理
	Returned    int `json:"returned"`
	Refused     int `json:"refused"`
	NotRequired int `json:"not_required"`
	Corrected   int `json:"corrected"`
	Overridden  int `json:"further_corrections"` // beyond the one allowed (P3.10)
	Special     int `json:"special_procedures"`
	Completed   int `json:"completed"` // with tolerance too
	Tolerated   int `json:"tolerated"`
	Rejected    int `json:"rejected"`
	Withdrawn   int `json:"withdrawn"`
	Revoked     int `json:"revoked"`
	Late        int `json:"overdue"` // ended after their limit

	Days     int     `json:"workdays"`         // that limits ran, in sum
	Measured int     `json:"ended"`            // items whose limit ended
	Average  float64 `json:"average_workdays"` // 0 when none ended
}

// add counts one kind of move.
func (f *Figures) add(c storage.MoveCount) {
	f.Late += c.Late
	f.Days += c.Used
	f.Measured += c.Measured
	f.Overridden += c.Overridden
	switch c.Action {
	case progress.Submit:
		f.Received += c.Count
	case progress.Accept:
		f.Accepted += c.Count
	case progress.Deem:
		f.Accepted += c.Count
		f.Deemed += c.Count
	case progress.Return:
		f.Returned += c.Count
	case progress.Refuse:
		f.Refused += c.Count
	case progress.DeclareUnneeded:
		f.NotRequired += c.Count
	case progress.Correct:
		f.Corrected += c.Count
	case progress.OpenSpecial:
		f.Special += c.Count
	case progress.Complete:
		f.Completed += c.Count
	case progress.CompleteTolerated:
		f.Completed += c.Count
		f.Tolerated += c.Count
	case progress.Reject:
		f.Rejected += c.Count
	case progress.Withdraw, progress.WithdrawAccepted:
		f.Withdrawn += c.Count
	case progress.Revoke:
		f.Revoked += c.Count
	}
	if f.Measured > 0 {
		f.Average = float64(f.Days) / float64(f.Measured)
	}
}

// Figures counts the moves of a period, live, by one dimension.
func (o *Office) Figures(ctx context.Context, q storage.MoveQuery) ([]Figures, error) {
	counts, err := o.Records.CountMoves(ctx, q)
	if err != nil {
		return nil, err
	}
	return o.lines(q.By, counts), nil
}

func (o *Office) lines(by storage.Dimension, counts []storage.MoveCount) []Figures {
	lines := map[string]*Figures{}
	for _, c := range counts {
		if lines[c.Key] == nil {
			lines[c.Key] = &Figures{Key: c.Key, Name: o.nameOf(by, c.Key)}
		}
		lines[c.Key].add(c)
	}
	out := make([]Figures, 0, len(lines))
	for _, f := range lines {
		out = append(out, *f)
	}
	slices.SortFunc(out, func(a, b Figures) int { return cmp.Compare(a.Key, b.Key) })
	return out
}

// nameOf is a value of a dimension as people read it.
func (o *Office) nameOf(by storage.Dimension, key string) string {
	name := ""
	switch by {
	case storage.ByNothing:
		return "合计"
	case storage.ByDivision:
		d, _, _ := o.Catalogue.Division(key)
		name = d.Name
	case storage.ByUnit, storage.ByStage, storage.ByItem:
		name = o.Name(key)
	case storage.ByChannel:
		name = map[string]string{"virtual": "虚拟窗口", "physical": "实体窗口"}[key]
	case storage.ByOfficer:
		if key == "" {
			name = "（到时自动）"
		}
	}
	return cmp.Or(name, key, "（未记）")
}

// Recount counts the same from the audit trail alone, row by row.
func (o *Office) Recount(ctx context.Context, q storage.MoveQuery) ([]Figures, error) {
	type place struct {
		key    string
		action progress.Action
	}
	sums := map[place]*storage.MoveCount{}
	for after := int64(0); ; {
		rows, err := o.Records.AuditTrail(ctx, "", after, 1000)
		if err != nil {
			return nil, fmt.Errorf("read trail: %w", err)
		}
		for _, r := range rows {
			after = r.Seq
			m, ok := moveOf(r)
			if !ok || !m.within(q) {
				continue
			}
			p := place{m.key(q.By), m.action}
			if sums[p] == nil {
				sums[p] = &storage.MoveCount{Key: p.key, Action: p.action}
			}
			m.count(sums[p])
		}
		if len(rows) < 1000 {
			break
		}
	}
	counts := make([]storage.MoveCount, 0, len(sums))
	for _, c := range sums {
		counts = append(counts, *c)
	}
	return o.lines(q.By, counts), nil
}
