package sqlstore

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"

	"onewindow/storage"
)

// record queues an audit entry for the end of the transaction.
func (t *tx) record(e storage.AuditEntry) { t.trail = append(t.trail, e) }

// writeTrail chains the queued entries to the last row. The counter row keeps
// how many rows there are and the last hash, so that a removed tail shows.
func (t *tx) writeTrail(ctx context.Context) error {
	if len(t.trail) == 0 {
		return nil
	}
	last, prev, at, err := t.advance(ctx, "audit", len(t.trail))
	if err != nil {
		return err
	}
	rows := make([][]any, len(t.trail))
	for i, e := range t.trail {
		row := auditLine{At: at, Actor: clean(e.Actor), Action: clean(e.Action), Object: clean(e.Object)}
		if row.Detail, err = encodeMap(e.Detail); err != nil {
			return err
		}
		hash, err := row.hash(prev)
		if err != nil {
			return err
		}
		seq := last - int64(len(t.trail)-1-i)
		rows[i] = []any{seq, row.At, row.Actor, row.Action, row.Object, row.Detail, prev, hash}
		prev = hash
	}
	if err := t.insert(ctx, "INSERT INTO audit (seq, at, actor, action, object, detail, prev, hash)", rows, ""); err != nil {
		return fmt.Errorf("insert audit: %w", err)
	}
	if _, err := t.exec(ctx, "UPDATE counters SET hash = $1 WHERE name = 'audit'", prev); err != nil {
		return fmt.Errorf("keep audit head: %w", err)
	}
	return nil
}

// auditLine is the canonical form of an audit row: this struct as JSON without
// HTML escapes, fields in this order, Detail as the JSON text kept. The number
// is not part of it: a row's place is told by its link to the row before.
type auditLine struct {
	At     int64  `json:"at"` // ms since 1970, UTC
	Actor  string `json:"actor"`
	Action string `json:"action"`
	Object string `json:"object"`
	Detail string `json:"detail"`
}

// hash is the hex SHA-256 over the previous hash in hex, a line feed, and the
// canonical form.
func (l auditLine) hash(prev string) (string, error) {
	text, err := encode(l)
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256([]byte(prev + "\n" + text))
	return hex.EncodeToString(sum[:]), nil
}

// Record appends entries outside any other change: reads, logins.
func (s *Store) Record(ctx context.Context, entries ...storage.AuditEntry) error {
	if len(entries) == 0 {
		return nil
	}
	err := s.write(ctx, func(_ context.Context, t *tx) error {
		t.trail = append(t.trail, entries...)
		return nil
	})
	if err != nil {
		return fmt.Errorf("record audit: %w", err)
	}
	return nil
}

// AuditTrail returns rows about an object, or all when it is "", after a
// sequence number, oldest first; limit 0 means 100, at most 1000.
func (s *Store) AuditTrail(ctx context.Context, object string, after int64, limit int) (out []storage.AuditRow, err error) {
	query, args := "SELECT "+auditColumns+" FROM audit WHERE seq > $1 ORDER BY seq LIMIT $2", []any{after, bounded(limit, 100, 1000)}
	if object != "" {
		query = "SELECT " + auditColumns + " FROM audit WHERE seq > $1 AND object = $3 ORDER BY seq LIMIT $2"
		args = append(args, object)
	}
	err = s.read(ctx, func(q querier) error {
		out, err = collect(ctx, q, scanAudit, query, args...)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list audit: %w", err)
	}
	return out, nil
}

// AuditOf returns the rows of one action about these objects.
func (s *Store) AuditOf(ctx context.Context, action string, objects []string) (out []storage.AuditRow, err error) {
	for some := range slices.Chunk(objects, insertBatch) {
		var w conditions
		among(&w, "object", some)
		w.add(false, "action = ?", action)
		err := s.read(ctx, func(q querier) error {
			rows, err := collect(ctx, q, scanAudit, "SELECT "+auditColumns+" FROM audit"+w.text()+" ORDER BY seq", w.args...)
			out = append(out, rows...)
			return err
		})
		if err != nil {
			return nil, wrap("list audit of objects", err)
		}
	}
	slices.SortFunc(out, func(a, b storage.AuditRow) int { return cmp.Compare(a.Seq, b.Seq) })
	return out, nil
}

const auditColumns = "seq, at, actor, action, object, detail, prev, hash"

// keptLine is a row as it is kept.
type keptLine struct {
	auditLine
	seq        int64
	prev, hash string
}

func scanLine(r scanner) (l keptLine, err error) {
	err = r.Scan(&l.seq, &l.At, &l.Actor, &l.Action, &l.Object, &l.Detail, &l.prev, &l.hash)
	return l, err
}

func scanAudit(r scanner) (storage.AuditRow, error) {
	l, err := scanLine(r)
	if err != nil {
		return storage.AuditRow{}, err
	}
	row := storage.AuditRow{Seq: l.seq, At: timeOf(l.At), Prev: l.prev, Hash: l.hash,
		AuditEntry: storage.AuditEntry{Actor: l.Actor, Action: l.Action, Object: l.Object}}
	return row, decode(l.Detail, &row.Detail)
}
