package sqlstore

import (
	"context"
	"database/sql"
	"fmt"

	"onewindow/storage"
)

// The ways in which an audit row can be wrong.
const (
	problemChanged   = "changed"   // a row is not what was written
	problemMissing   = "missing"   // a row is gone
	problemReordered = "reordered" // rows changed places
	problemInserted  = "inserted"  // a row was put in
)

// VerifyAudit walks the chain as it is at this moment and returns the first
// break, if any. It holds one row at a time.
func (s *Store) VerifyAudit(ctx context.Context) (v storage.AuditVerdict, err error) {
	err = s.retry(ctx, func() error {
		return s.at(ctx, func(q querier) error {
			v, err = verifyAudit(ctx, q)
			return err
		})
	})
	if err != nil {
		return v, fmt.Errorf("verify audit: %w", err)
	}
	return v, nil
}

// at runs fn on one moment of the database.
func (s *Store) at(ctx context.Context, fn func(q querier) error) error {
	t, err := s.reader.BeginTx(ctx, s.dialect.snapshot)
	if err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	defer func() { _ = t.Rollback() }() // nothing was written
	return fn(t)
}

func verifyAudit(ctx context.Context, q querier) (storage.AuditVerdict, error) {
	var w walk
	err := q.QueryRowContext(ctx, "SELECT value, hash FROM counters WHERE name = 'audit'").Scan(&w.count, &w.head)
	if err != nil {
		return storage.AuditVerdict{}, err
	}
	rows, err := q.QueryContext(ctx, "SELECT "+auditColumns+" FROM audit ORDER BY seq")
	if err != nil {
		return storage.AuditVerdict{}, err
	}
	if err := w.all(rows); err != nil {
		return storage.AuditVerdict{}, err
	}
	if w.verdict.Problem == problemReordered {
		err = w.explain(ctx, q)
	}
	return w.verdict, err
}

// walk checks each row against the one before, and the last against the head.
type walk struct {
	count   int64 // rows there should be
	head    string
	prev    string // hash of the row before
	linked  string // what the bad row gives as the hash of the row before
	verdict storage.AuditVerdict
}

func (w *walk) all(rows *sql.Rows) error {
	defer rows.Close()
	for rows.Next() {
		line, err := scanLine(rows)
		if err != nil {
			return err
		}
		w.verdict.Rows++
		problem, err := w.problem(line)
		if err != nil {
			return err
		}
		if problem != "" {
			w.verdict.BadSeq, w.verdict.Problem, w.linked = line.seq, problem, line.prev
			return nil
		}
		w.prev = line.hash
	}
	w.end()
	return rows.Err()
}

// problem judges one row: its number against its place, its hash, its link.
func (w *walk) problem(line keptLine) (string, error) {
	want, err := line.auditLine.hash(line.prev)
	switch place := w.verdict.Rows; {
	case err != nil:
		return "", err
	case line.seq > w.count || line.seq < place:
		return problemInserted, nil
	case line.seq > place:
		return problemMissing, nil
	case line.hash != want:
		return problemChanged, nil
	case line.prev != w.prev:
		return problemReordered, nil
	}
	return "", nil
}

func (w *walk) end() {
	switch {
	case w.verdict.Rows < w.count:
		w.verdict.BadSeq, w.verdict.Problem = w.verdict.Rows+1, problemMissing
	case w.prev != w.head:
		w.verdict.BadSeq, w.verdict.Problem = w.count, problemChanged
	default:
		w.verdict.Intact = true
	}
}

// explain tells a row out of its place from one that was put in, whose link another
// row has too, and from one whose predecessor was taken out, or rewritten together
// with its hash: then no row has the hash the link names.
func (w *walk) explain(ctx context.Context, q querier) error {
	var rows, linked, twins int64
	err := q.QueryRowContext(ctx, "SELECT COUNT(*), COUNT(CASE WHEN hash = $1 THEN 1 END), COUNT(CASE WHEN prev = $1 THEN 1 END) FROM audit", w.linked).
		Scan(&rows, &linked, &twins)
	if err != nil {
		return err
	}
	switch {
	case rows > w.count, twins > 1:
		w.verdict.Problem = problemInserted
	case linked > 0 || w.linked == "":
	case rows < w.count:
		w.verdict.Problem = problemMissing
	default:
		w.verdict.BadSeq, w.verdict.Problem = w.verdict.BadSeq-1, problemChanged
	}
	return nil
}
