package sqlstore

import (
	"context"
	"fmt"
	"strings"

	"onewindow/storage"
)

var _ storage.Registers = (*Store)(nil)

// ApplyEntries does everything of a change, or nothing.
func (s *Store) ApplyEntries(ctx context.Context, c storage.RegisterChange) error {
	var after []storage.Entry
	err := s.write(ctx, func(ctx context.Context, t *tx) (err error) {
		after, err = t.applyEntries(ctx, c)
		return err
	})
	if err != nil {
		return fmt.Errorf("change register: %w", err)
	}
	for i, e := range c.Entries {
		*e = after[i]
	}
	return nil
}

func (t *tx) applyEntries(ctx context.Context, c storage.RegisterChange) ([]storage.Entry, error) {
	if c.Key != "" {
		first, err := t.useKey(ctx, keyUse{scope: "register", actor: c.Actor, key: c.Key, ref: c.Key})
		if err != nil {
			return nil, err
		}
		if first != "" {
			return nil, storage.ErrDone
		}
	}
	after := make([]storage.Entry, len(c.Entries))
	for i, e := range c.Entries {
		var err error
		if after[i], err = t.keepEntry(ctx, *e); err != nil {
			return nil, err
		}
	}
	if _, err := t.issueNotices(ctx, c.Notices); err != nil {
		return nil, err
	}
	for _, e := range c.Events {
		t.announce(e)
	}
	for _, e := range c.Audit {
		t.record(e)
	}
	return after, nil
}

// keepEntry makes or changes an entry.
func (t *tx) keepEntry(ctx context.Context, e storage.Entry) (storage.Entry, error) {
	due := int64(never)
	if !e.Due.IsZero() {
		due = msOf(e.Due)
	}
	e.Version++
	if e.Version > 1 {
		n, err := t.exec(ctx, `UPDATE register_entries SET state = $3, open = $4, unit = $5, due_at = $6, owner = $7, version = version + 1, body = $8,
			division = $9, hall = $10 WHERE id = $1 AND version = $2`, e.ID, e.Version-1, e.State, bit(e.Open), e.Unit, due, clean(e.Owner), clean(string(e.Body)),
			e.Division, clean(e.Hall))
		return e, unstale(n, err)
	}
	if e.Prefix != "" {
		// A series of their own: notices must not find their numbers taken.
		var err error
		if e.Number, err = t.noticeNumber(ctx, "register:"+e.Division, e.Prefix, e.Created); err != nil {
			return e, err
		}
	}
	n, err := t.exec(ctx, `INSERT INTO register_entries (id, register, number, state, open, division, unit, hall, project, case_id, parent, owner, due_at, created, version, body)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16) ON CONFLICT DO NOTHING`,
		e.ID, e.Register, e.Number, e.State, bit(e.Open), e.Division, e.Unit, clean(e.Hall), clean(e.Project), e.Case, e.Parent,
		clean(e.Owner), due, msOf(e.Created), e.Version, clean(string(e.Body)))
	if err == nil && n == 0 {
		err = storage.ErrConflict
	}
	return e, wrap("insert entry", err)
}

const entryColumns = "id, register, number, state, open, division, unit, hall, project, case_id, parent, owner, due_at, created, version, body"

// Entry returns one entry by ID or number.
func (s *Store) Entry(ctx context.Context, register, idOrNumber string) (e storage.Entry, err error) {
	column := "number"
	if strings.Contains(idOrNumber, "_") {
		column = "id"
	}
	err = s.read(ctx, func(q querier) error {
		e, err = one(ctx, q, scanEntry, "SELECT "+entryColumns+" FROM register_entries WHERE register = $1 AND "+column+" = $2", register, clean(idOrNumber))
		return err
	})
	return e, wrap("read entry", err)
}

// ListEntries returns a page of entries.
func (s *Store) ListEntries(ctx context.Context, q storage.EntryQuery) (out []storage.Entry, err error) {
	var w conditions
	w.add(q.Register == "", "register = ?", q.Register)
	w.add(q.Division == "", "division = ?", q.Division)
	w.add(q.Unit == "", "unit = ?", q.Unit)
	w.add(q.Hall == "", "hall = ?", q.Hall)
	w.add(q.Project == "", "project = ?", q.Project)
	w.add(q.Case == "", "case_id = ?", q.Case)
	w.add(q.Parent == "", "parent = ?", q.Parent)
	w.add(q.Owner == "", "owner = ?", q.Owner)
	w.add(!q.Open, "open = 1")
	w.add(q.DueBefore.IsZero(), "due_at < ?", msOf(q.DueBefore))
	w.add(q.Before == "", "id < ?", q.Before)
	if len(q.States) > 0 {
		args := make([]any, len(q.States))
		for i, state := range q.States {
			args[i] = state
		}
		w.add(false, "state IN ("+strings.TrimSuffix(strings.Repeat("?, ", len(args)), ", ")+")", args...)
	}
	order := "id DESC"
	if q.Urgent {
		order = "due_at, id"
	}
	err = s.read(ctx, func(r querier) error {
		out, err = collect(ctx, r, scanEntry, fmt.Sprintf("SELECT %s FROM register_entries%s ORDER BY %s LIMIT %d",
			entryColumns, w.text(), order, bounded(q.Limit, 50, 500)), w.args...)
		return err
	})
	return out, wrap("list entries", err)
}

func scanEntry(row scanner) (e storage.Entry, err error) {
	var open, due, created int64
	var body string
	err = row.Scan(&e.ID, &e.Register, &e.Number, &e.State, &open, &e.Division, &e.Unit, &e.Hall, &e.Project, &e.Case, &e.Parent,
		&e.Owner, &due, &created, &e.Version, &body)
	e.Open, e.Created, e.Body = open == 1, timeOf(created), []byte(body)
	if due != never {
		e.Due = timeOf(due)
	}
	return e, err
}
