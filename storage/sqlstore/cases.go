package sqlstore

import (
	"context"
	"fmt"
	"math"
	"time"

	"onewindow/approval"
	"onewindow/approval/notice"
	"onewindow/storage"
)

var (
	_ storage.Cases   = (*Store)(nil)
	_ storage.Cursors = (*Store)(nil)
)

// never sorts behind every moment.
const never = math.MaxInt64

// ApplyCase does everything of a change, or nothing. The records in it get their
// new versions only when all of it took place.
func (s *Store) ApplyCase(ctx context.Context, c storage.CaseChange) error {
	var after caseAfter
	err := s.write(ctx, func(ctx context.Context, t *tx) (err error) {
		after, err = t.applyCase(ctx, c)
		return err
	})
	if err != nil {
		return fmt.Errorf("change case: %w", err)
	}
	if c.Case != nil {
		*c.Case = after.kase
	}
	for i, w := range c.Items {
		*w.Item = after.items[i]
	}
	return nil
}

// caseAfter is what a change leaves.
type caseAfter struct {
	kase  approval.Case
	items []approval.CaseItem
}

func (t *tx) applyCase(ctx context.Context, c storage.CaseChange) (after caseAfter, err error) {
	if c.Key != "" {
		first, err := t.useKey(ctx, keyUse{scope: "case", actor: c.Actor, key: c.Key, ref: c.Key})
		if err != nil {
			return after, err
		}
		if first != "" {
			return after, storage.ErrDone
		}
	}
	if c.Case != nil {
		if after.kase, err = t.keepCase(ctx, *c.Case); err != nil {
			return after, err
		}
	}
	for _, w := range c.Items {
		item, err := t.keepItem(ctx, w)
		if err != nil {
			return after, err
		}
		after.items = append(after.items, item)
	}
	if err := t.applyFilings(ctx, c); err != nil {
		return after, err
	}
	for _, r := range c.Rely {
		if _, err := t.rely(ctx, r, c.Day); err != nil {
			return after, err
		}
	}
	if err := t.issueCaseNotices(ctx, c.Notices, after.kase); err != nil {
		return after, err
	}
	for _, e := range c.Events {
		t.announce(e)
	}
	for _, e := range c.Audit {
		t.record(e)
	}
	return after, nil
}

// issueCaseNotices issues the notices of a change. Those of a case that is only
// now made get its number.
func (t *tx) issueCaseNotices(ctx context.Context, drafts []notice.Notice, k approval.Case) error {
	for i := range drafts {
		if drafts[i].CaseNumber == "" && drafts[i].Case == k.ID {
			drafts[i].CaseNumber = k.Number
		}
	}
	_, err := t.issueNotices(ctx, drafts)
	return err
}

// keepCase makes or changes a case.
func (t *tx) keepCase(ctx context.Context, k approval.Case) (approval.Case, error) {
	if k.Version > 0 {
		return t.changeCase(ctx, k)
	}
	var err error
	if k.Number, err = t.caseNumber(ctx, k.Division, k.Created); err != nil {
		return k, err
	}
	k.Version = 1
	data, err := encode(k)
	if err != nil {
		return k, err
	}
	err = t.insert(ctx, `INSERT INTO cases (id, number, code, project, division, stage, channel, hall, applicant, submitted, version, data)`,
		[][]any{{k.ID, k.Number, k.Code, clean(k.Project), k.Division, k.Stage, k.Channel, clean(k.Hall), clean(k.Applicant), bit(k.Submitted), k.Version, clean(data)}}, "")
	return k, wrap("insert case", err)
}

func (t *tx) changeCase(ctx context.Context, k approval.Case) (approval.Case, error) {
	k.Version++
	data, err := encode(k)
	if err != nil {
		return k, err
	}
	n, err := t.exec(ctx, `UPDATE cases SET channel = $3, hall = $4, applicant = $5, submitted = $6, version = version + 1, data = $7
		WHERE id = $1 AND version = $2`, k.ID, k.Version-1, k.Channel, clean(k.Hall), clean(k.Applicant), bit(k.Submitted), clean(data))
	return k, unstale(n, err)
}

// unstale turns "no row touched" into a stale version.
func unstale(n int64, err error) error {
	if err == nil && n == 0 {
		return storage.ErrStale
	}
	return err
}

// caseNumber is the next 办件编号: BJ, division, day, four digits, without gaps.
func (t *tx) caseNumber(ctx context.Context, division string, at time.Time) (string, error) {
	day := at.In(shanghai).Format("20060102")
	var n int64
	err := t.QueryRowContext(ctx, `INSERT INTO case_days (division, day, issued) VALUES ($1, $2, 1)
		ON CONFLICT (division, day) DO UPDATE SET issued = case_days.issued + 1 RETURNING issued`, division, day).Scan(&n)
	if err != nil {
		return "", fmt.Errorf("number case: %w", err)
	}
	return fmt.Sprintf("BJ%s%s%04d", division, day, n), nil
}

// keepItem makes or changes an item.
func (t *tx) keepItem(ctx context.Context, w storage.ItemWrite) (approval.CaseItem, error) {
	item := *w.Item
	item.Version++
	data, err := encode(item)
	if err != nil {
		return item, err
	}
	due := int64(never)
	if !item.Due.IsZero() {
		due = msOf(item.Due)
	}
	if item.Version == 1 {
		err = t.insert(ctx, `INSERT INTO case_items (id, case_id, project, item, stage, unit, division, channel, state, open, due_at, version, data)`,
			[][]any{{item.ID, item.Case, clean(item.Project), item.Item, item.Stage, item.Unit, item.Division, item.Channel,
				item.State, bit(!item.State.Ended()), due, item.Version, clean(data)}}, "")
		return item, wrap("insert case item", err)
	}
	n, err := t.exec(ctx, `UPDATE case_items SET state = $3, open = $4, due_at = $5, unit = $6, version = version + 1, data = $7
		WHERE id = $1 AND version = $2 AND state = $8`,
		item.ID, item.Version-1, item.State, bit(!item.State.Ended()), due, item.Unit, clean(data), w.From)
	return item, unstale(n, err)
}

// applyFilings changes the checklist.
func (t *tx) applyFilings(ctx context.Context, c storage.CaseChange) error {
	for _, id := range c.Remove {
		if _, err := t.exec(ctx, "UPDATE filings SET removed = $2 WHERE id = $1 AND removed = 0", id, t.now); err != nil {
			return fmt.Errorf("remove filing: %w", err)
		}
	}
	for _, f := range c.File {
		data, err := encode(f)
		if err != nil {
			return err
		}
		err = t.insert(ctx, "INSERT INTO filings (id, case_id, material, document, result, data)",
			[][]any{{f.ID, f.Case, f.Material, f.Document, f.Result, clean(data)}}, " ON CONFLICT DO NOTHING")
		if err != nil {
			return fmt.Errorf("insert filing: %w", err)
		}
	}
	return nil
}

// Cursor returns how far a follower has come.
func (s *Store) Cursor(ctx context.Context, name string) (seq int64, err error) {
	err = s.read(ctx, func(q querier) error {
		err := q.QueryRowContext(ctx, "SELECT seq FROM cursors WHERE name = $1", name).Scan(&seq)
		if isNoRows(err) {
			seq, err = 0, nil
		}
		return err
	})
	return seq, wrap("read cursor", err)
}

// MoveCursor moves a follower on.
func (s *Store) MoveCursor(ctx context.Context, name string, from, to int64) error {
	err := s.write(ctx, func(ctx context.Context, t *tx) error {
		if from == 0 {
			return unstale(t.exec(ctx, `INSERT INTO cursors (name, seq) VALUES ($1, $2)
				ON CONFLICT (name) DO UPDATE SET seq = excluded.seq WHERE cursors.seq = 0`, name, to))
		}
		return unstale(t.exec(ctx, "UPDATE cursors SET seq = $3 WHERE name = $1 AND seq = $2", name, from, to))
	})
	return wrap("move cursor", err)
}
