package sqlstore

import (
	"context"
	"errors"
	"fmt"

	"onewindow/approval"
	"onewindow/storage"
)

// Result returns one version.
func (s *Store) Result(ctx context.Context, id string) (approval.Result, error) {
	return s.result(ctx, "id", id)
}

// ResultByCode finds a version by its verification code.
func (s *Store) ResultByCode(ctx context.Context, code string) (approval.Result, error) {
	if code == "" {
		return approval.Result{}, fmt.Errorf("read result: %w", storage.ErrNotFound)
	}
	return s.result(ctx, "code", code)
}

func (s *Store) result(ctx context.Context, column, value string) (r approval.Result, err error) {
	query := "SELECT " + resultColumns + " FROM results WHERE " + column + " = $1 AND " + column + " <> ''"
	err = s.read(ctx, func(q querier) error {
		r, err = one(ctx, q, scanResult, query, value)
		return err
	})
	return r, wrap("read result", err)
}

// ListResults returns a page of results, newest first.
func (s *Store) ListResults(ctx context.Context, q storage.ResultQuery) (out []approval.Result, err error) {
	var w where
	w.equal("project", q.Project)
	w.equal("type", q.Type)
	w.equal("unit", q.Unit)
	w.equal("number", q.Number)
	w.equal("lineage", q.Lineage)
	w.equal("status", string(q.Status))
	w.below("id", q.Before)
	query := w.page("SELECT "+resultColumns+" FROM results", "id DESC", bounded(q.Limit, 50, 500))
	err = s.read(ctx, func(db querier) error {
		out, err = collect(ctx, db, scanResult, query, w.args...)
		return err
	})
	return out, wrap("list results", err)
}

// EndResult revokes a published version; dependants are flagged and events and
// audit written in the same transaction.
func (s *Store) EndResult(ctx context.Context, end storage.ResultEnd) (r approval.Result, err error) {
	err = s.write(ctx, func(ctx context.Context, t *tx) error {
		r, err = t.revoke(ctx, end)
		return err
	})
	if err != nil {
		return approval.Result{}, fmt.Errorf("revoke result: %w", err)
	}
	return r, nil
}

func (t *tx) revoke(ctx context.Context, end storage.ResultEnd) (approval.Result, error) {
	r, err := t.endResult(ctx, end.ID, approval.StatusRevoked, end.By, end.Reason, "")
	if errors.Is(err, storage.ErrNotFound) {
		var n int
		err = t.QueryRowContext(ctx, "SELECT COUNT(*) FROM results WHERE id = $1", end.ID).Scan(&n)
		switch {
		case err != nil:
			return r, err
		case n == 0:
			return r, storage.ErrNotFound
		}
		return r, fmt.Errorf("not published any more: %w", storage.ErrConflict)
	}
	if err != nil {
		return r, err
	}
	t.announceResult(approval.EventRevoked, r, map[string]string{"reason": end.Reason})
	t.record(storage.AuditEntry{Actor: actorOf(end.By), Action: "result.revoke", Object: r.ID,
		Detail: map[string]string{"reason": end.Reason}})
	return r, t.flag(ctx, r)
}

// PublishResult makes a result that did not come through the pipeline. key makes
// it idempotent per audit.Actor. Errors: ErrConflict when the key was used for
// other bytes or the verification code is taken.
func (s *Store) PublishResult(ctx context.Context, r approval.Result, key string, audit storage.AuditEntry) (res approval.Result, existed bool, err error) {
	err = s.write(ctx, func(ctx context.Context, t *tx) error {
		res, existed, err = t.push(ctx, r, key, audit)
		return err
	})
	if err != nil {
		return approval.Result{}, false, fmt.Errorf("publish result: %w", err)
	}
	return res, existed, nil
}

func (t *tx) push(ctx context.Context, r approval.Result, key string, audit storage.AuditEntry) (approval.Result, bool, error) {
	if r.ID == "" {
		id, err := t.s.ids.next("res_", t.now)
		if err != nil {
			return r, false, err
		}
		r.ID = id
	}
	first, err := t.useKey(ctx, keyUse{"result", audit.Actor, key, r.Original.String(), r.ID})
	if err != nil {
		return r, false, err
	}
	if first == "" {
		first = r.ID
	}
	kept, err := one(ctx, t, scanResult, "SELECT "+resultColumns+" FROM results WHERE id = $1", first)
	if err == nil || !errors.Is(err, storage.ErrNotFound) {
		return kept, true, err
	}
	if r, err = t.publish(ctx, r); err != nil {
		return r, false, err
	}
	if audit.Object == "" {
		audit.Object = r.ID
	}
	t.record(audit)
	return r, false, nil
}
