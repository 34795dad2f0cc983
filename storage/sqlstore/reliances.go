package sqlstore

import (
	"context"
	"errors"
	"fmt"

	"onewindow/approval"
	"onewindow/storage"
)

// Rely records a reliance on a result that is usable on day (YYYY-MM-DD); the
// same (result, item, case) twice is once, and the first is returned.
func (s *Store) Rely(ctx context.Context, r approval.Reliance, day string) (out approval.Reliance, err error) {
	err = s.write(ctx, func(ctx context.Context, t *tx) error {
		out, err = t.rely(ctx, r, day)
		return err
	})
	if err != nil {
		return approval.Reliance{}, fmt.Errorf("rely on result: %w", err)
	}
	return out, nil
}

func (t *tx) rely(ctx context.Context, r approval.Reliance, day string) (approval.Reliance, error) {
	// The lock keeps the result from ending between the check and the reliance:
	// nobody who relied on it may be missed by the flag.
	of, err := one(ctx, t, scanResult, "UPDATE results SET status = status WHERE id = $1 RETURNING "+resultColumns, r.Result)
	if err != nil {
		return r, err
	}
	kept, err := one(ctx, t, scanReliance, "SELECT "+relianceColumns+` FROM reliances
		WHERE result = $1 AND item = $2 AND case_number = $3`, r.Result, clean(r.Item), clean(r.Case))
	if err == nil || !errors.Is(err, storage.ErrNotFound) {
		return kept, err
	}
	if ok, why := of.UsableOn(day); !ok {
		return r, fmt.Errorf("result is %s: %w", why, storage.ErrConflict)
	}
	return t.insertReliance(ctx, r, of)
}

func (t *tx) insertReliance(ctx context.Context, r approval.Reliance, of approval.Result) (approval.Reliance, error) {
	id, err := t.s.ids.next("rel_", t.now)
	if err != nil {
		return r, err
	}
	r.ID, r.Version, r.At, r.Flag, r.FlagAt = id, of.Version, timeOf(t.now), "", nil
	if r.Project == "" {
		r.Project = of.Project
	}
	err = t.insert(ctx, "INSERT INTO reliances (id, result, version, project, item, material, case_number, actor, at)",
		[][]any{{r.ID, r.Result, r.Version, clean(r.Project), clean(r.Item), clean(r.Material), clean(r.Case), clean(r.By), t.now}}, "")
	if err != nil {
		return r, fmt.Errorf("insert reliance: %w", err)
	}
	t.announceReliance(approval.EventRelied, r, of, nil)
	t.record(storage.AuditEntry{Actor: actorOf(r.By), Action: "basis.rely", Object: r.Result,
		Detail: map[string]string{"reliance": r.ID, "item": r.Item, "case": r.Case, "project": r.Project}})
	return r, nil
}

// ReliancesOn lists who relied on a result version, oldest first.
func (s *Store) ReliancesOn(ctx context.Context, result string) ([]approval.Reliance, error) {
	return s.reliances(ctx, "result = $1", result)
}

// ReliancesOf lists what an item of a project relied on, oldest first; an empty
// item means all items.
func (s *Store) ReliancesOf(ctx context.Context, project, item string) ([]approval.Reliance, error) {
	if item == "" {
		return s.reliances(ctx, "project = $1", project)
	}
	return s.reliances(ctx, "project = $1 AND item = $2", project, item)
}

func (s *Store) reliances(ctx context.Context, condition string, args ...any) (out []approval.Reliance, err error) {
	err = s.read(ctx, func(q querier) error {
		out, err = collect(ctx, q, scanReliance, "SELECT "+relianceColumns+" FROM reliances WHERE "+condition+" ORDER BY id", args...)
		return err
	})
	return out, wrap("list reliances", err)
}

// Project returns what is known of a project.
func (s *Store) Project(ctx context.Context, code string) (p approval.Project, err error) {
	err = s.read(ctx, func(q querier) error {
		p, err = one(ctx, q, scanProject, "SELECT code, name, builder, created FROM projects WHERE code = $1", code)
		return err
	})
	return p, wrap("read project", err)
}
