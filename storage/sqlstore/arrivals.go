package sqlstore

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"time"

	"onewindow/storage"
)

var (
	_ storage.Arrivals    = (*Store)(nil)
	_ storage.ArrivalList = (*Store)(nil)
)

const arrivalColumns = "id, inbox, path, hall, window_no, parent, outcome, code, reason, document, receipt, held, size, first_seen, changed, retry_by"

func scanArrival(r scanner) (storage.Arrival, error) {
	var a storage.Arrival
	var first, changed int64
	err := r.Scan(&a.ID, &a.Inbox, &a.Path, &a.Hall, &a.Window, &a.Parent, &a.Outcome, &a.Code, &a.Reason, &a.Document, &a.Receipt,
		&a.Held, &a.Size, &first, &changed, &a.RetryBy)
	a.FirstSeen, a.Changed = timeOf(first), timeOf(changed)
	return a, err
}

// placeOf tells paths apart by their bytes.
func placeOf(a storage.Arrival) string {
	sum := sha256.Sum256([]byte(a.Inbox + "\x00" + a.Path))
	return hex.EncodeToString(sum[:])
}

// showPath makes bytes that are no UTF-8 readable, instead of all alike.
func showPath(path string) string {
	var b strings.Builder
	for i, r := range path {
		if r == '\uFFFD' && !strings.HasPrefix(path[i:], "\uFFFD") {
			fmt.Fprintf(&b, "\\x%02x", path[i])
		} else {
			b.WriteRune(r)
		}
	}
	return clean(b.String())
}

// open is the condition of arrivals_open.
const openArrival = "token = '' AND outcome IN ('waiting', 'ignored')"

// NoteArrivals notes paths that lie in a folder now.
func (s *Store) NoteArrivals(ctx context.Context, seen []storage.Arrival) (ids []string, err error) {
	err = s.write(ctx, func(ctx context.Context, t *tx) error {
		ids = make([]string, 0, len(seen))
		for i, a := range seen {
			if i == 0 || a.Inbox != seen[i-1].Inbox {
				if err := t.hold(ctx, ledgerOf(a)); err != nil {
					return err
				}
			}
			id, err := t.noteArrival(ctx, a)
			if err != nil {
				return err
			}
			ids = append(ids, id)
		}
		return nil
	})
	return ids, wrap("note arrivals", err)
}

// ledgerOf is what notes and claims of a folder take turns at: a claim that was made
// between looking for it and noting the file would leave the file noted twice.
func ledgerOf(a storage.Arrival) string { return "arrivals " + a.Inbox }

// justClaimed is how long after its claim a watcher may still note a file that it
// saw before: a search through a large share takes its time.
const justClaimed = 3 * time.Minute

func (t *tx) noteArrival(ctx context.Context, a storage.Arrival) (string, error) {
	claimed, err := collect(ctx, t, scanName, "SELECT id FROM arrivals WHERE place = $1 AND mark = $2 AND mark <> '' AND token <> '' AND changed > $3",
		placeOf(a), a.Mark, t.now-justClaimed.Milliseconds())
	if err != nil {
		return "", err
	}
	if len(claimed) > 0 {
		return claimed[0], nil
	}
	id, err := t.s.ids.next("arr_", t.now)
	if err != nil {
		return "", err
	}
	return one(ctx, t, scanName, `INSERT INTO arrivals (id, inbox, place, path, hall, window_no, outcome, code, reason, size, first_seen, last_seen, changed, mark)
		VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$11,$11,$12)
		ON CONFLICT (place) WHERE `+openArrival+` DO UPDATE SET last_seen = excluded.last_seen, outcome = excluded.outcome,
			code = excluded.code, reason = excluded.reason, size = excluded.size, mark = excluded.mark,
			changed = CASE WHEN arrivals.outcome = excluded.outcome THEN arrivals.changed ELSE excluded.changed END
		RETURNING id`,
		id, a.Inbox, placeOf(a), showPath(a.Path), clean(a.Hall), clean(a.Window), a.Outcome, a.Code, clean(a.Reason), a.Size, t.now, a.Mark)
}

// ClaimArrival binds an arrival to the claim of its file.
func (s *Store) ClaimArrival(ctx context.Context, a storage.Arrival, token string) error {
	err := s.write(ctx, func(ctx context.Context, t *tx) error {
		if err := t.hold(ctx, ledgerOf(a)); err != nil {
			return err
		}
		known, err := collect(ctx, t, scanName, "SELECT id FROM arrivals WHERE token = $1", token)
		if err != nil || len(known) > 0 {
			return err
		}
		n, err := t.exec(ctx, `UPDATE arrivals SET token = $2, outcome = $3, code = 'taking', reason = '', held = '', retry_by = '', changed = $4
			WHERE id = $1 AND token = ''`, clean(a.ID), token, storage.OutcomeWaiting, t.now)
		if err != nil || n > 0 {
			return err
		}
		id, err := t.s.ids.next("arr_", t.now)
		if err != nil {
			return err
		}
		_, err = t.exec(ctx, `INSERT INTO arrivals (id, inbox, place, path, hall, window_no, parent, token, outcome, code, size, first_seen, last_seen, changed, mark)
			VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,'taking',$10,$11,$11,$11,$12)`,
			id, a.Inbox, placeOf(a), showPath(a.Path), clean(a.Hall), clean(a.Window), clean(a.Parent), token, storage.OutcomeWaiting, a.Size, t.now, a.Mark)
		return err
	})
	return wrap("claim arrival", err)
}

// SettleArrival says what became of a claim's file.
func (s *Store) SettleArrival(ctx context.Context, token string, o storage.ArrivalOutcome) (string, error) {
	if token == "" {
		return o.Held, nil
	}
	held, err := s.settleArrival(ctx, token, o)
	if err != nil && o.Outcome == storage.OutcomeReceived && s.dialect.unique(err) {
		o.Outcome = storage.OutcomeDuplicate // another watcher was faster
		held, err = s.settleArrival(ctx, token, o)
	}
	return held, wrap("settle arrival", err)
}

func (s *Store) settleArrival(ctx context.Context, token string, o storage.ArrivalOutcome) (held string, err error) {
	err = s.write(ctx, func(ctx context.Context, t *tx) error {
		held = o.Held
		outcome, err := t.ownOutcome(ctx, token, o)
		if err != nil {
			return err
		}
		code, reason := o.Code, o.Reason
		if outcome == storage.OutcomeDuplicate && code == "" {
			code, reason = storage.CodeDuplicate, storage.ReasonDuplicate
		}
		names, err := collect(ctx, t, scanName, `UPDATE arrivals SET outcome = $2, code = $3, reason = $4, document = $5, receipt = $6, changed = $8,
				held = CASE WHEN held <> '' AND outcome = $2 AND $9 = 0 THEN held ELSE $7 END
			WHERE token = $1 RETURNING held`,
			token, string(outcome), code, clean(reason), string(o.Document), string(o.Receipt), clean(o.Held), t.now, bit(o.Fresh))
		if len(names) > 0 {
			held = names[0]
		}
		return err
	})
	return held, err
}

// ownOutcome tells the arrival that a receipt belongs to from its duplicates.
func (t *tx) ownOutcome(ctx context.Context, token string, o storage.ArrivalOutcome) (storage.Outcome, error) {
	if o.Outcome != storage.OutcomeReceived && o.Outcome != storage.OutcomeDuplicate {
		return o.Outcome, nil
	}
	owner, err := collect(ctx, t, scanName, "SELECT token FROM arrivals WHERE document = $1 AND outcome = 'received'", string(o.Document))
	if err != nil || len(owner) == 0 {
		return o.Outcome, err
	}
	if owner[0] == token { // settled before, by a process that ended
		return storage.OutcomeReceived, nil
	}
	return storage.OutcomeDuplicate, nil
}

// shadow is how far a note may lag behind the claim of the file it saw.
const shadow = 10 * time.Second

// EndAbsent ends arrivals that nobody sees any more.
func (s *Store) EndAbsent(ctx context.Context, inbox string, unseen time.Duration) error {
	err := s.write(ctx, func(ctx context.Context, t *tx) error {
		// First what is another's shadow: noted at the very moment of its claim.
		_, err := t.exec(ctx, `DELETE FROM arrivals WHERE inbox = $1 AND token = '' AND outcome = 'waiting' AND last_seen < $2
			AND first_seen = last_seen AND EXISTS (SELECT 1 FROM arrivals o WHERE o.place = arrivals.place AND o.token <> ''
				AND o.first_seen <= arrivals.first_seen AND o.changed > arrivals.first_seen - $3)`,
			inbox, t.now-unseen.Milliseconds(), shadow.Milliseconds())
		if err != nil {
			return err
		}
		_, err = t.exec(ctx, `UPDATE arrivals SET outcome = 'removed', code = 'removed', reason = $4, changed = $3
			WHERE inbox = $1 AND token = '' AND outcome = 'waiting' AND last_seen < $2`,
			inbox, t.now-unseen.Milliseconds(), t.now, "收取之前已被移走或改名")
		return err
	})
	return wrap("end absent arrivals", err)
}

// RetriesWanted lists what a person wants to be tried again.
func (s *Store) RetriesWanted(ctx context.Context, inbox string) (out []storage.Arrival, err error) {
	err = s.read(ctx, func(q querier) error {
		out, err = collect(ctx, q, scanArrival, "SELECT "+arrivalColumns+" FROM arrivals WHERE inbox = $1 AND retry_by <> '' ORDER BY id", inbox)
		return err
	})
	return out, wrap("list retries", err)
}

// ofHalls is a condition on the halls, with its parameters from $n on.
func ofHalls(halls []string, n int) (string, []any) {
	if halls == nil {
		return "1 = 1", nil
	}
	marks, args := make([]string, len(halls)), make([]any, len(halls))
	for i, h := range halls {
		marks[i], args[i] = fmt.Sprintf("$%d", n+i), clean(h)
	}
	if len(marks) == 0 {
		return "1 = 0", nil
	}
	return "hall IN (" + strings.Join(marks, ", ") + ")", args
}

// ListArrivals pages through arrivals, newest first.
func (s *Store) ListArrivals(ctx context.Context, q storage.ArrivalQuery) (out []storage.Arrival, err error) {
	where, args := ofHalls(q.Halls, 1)
	if q.Outcome != "" {
		args = append(args, string(q.Outcome))
		where += fmt.Sprintf(" AND outcome = $%d", len(args))
	}
	if q.Before != "" {
		args = append(args, clean(q.Before))
		where += fmt.Sprintf(" AND id < $%d", len(args))
	}
	query := fmt.Sprintf("SELECT %s FROM arrivals WHERE %s ORDER BY id DESC LIMIT %d", arrivalColumns, where, bounded(q.Limit, 50, 500))
	err = s.read(ctx, func(r querier) error {
		out, err = collect(ctx, r, scanArrival, query, args...)
		return err
	})
	return out, wrap("list arrivals", err)
}

// CountArrivals counts arrivals by outcome.
func (s *Store) CountArrivals(ctx context.Context, halls []string) (map[storage.Outcome]int, error) {
	where, args := ofHalls(halls, 1)
	return s.countOutcomes(ctx, "count arrivals", "SELECT outcome, COUNT(*) FROM arrivals WHERE "+where+" GROUP BY outcome", args...)
}

func (s *Store) countOutcomes(ctx context.Context, doing, query string, args ...any) (map[storage.Outcome]int, error) {
	type row struct {
		outcome storage.Outcome
		n       int
	}
	var rows []row
	err := s.read(ctx, func(q querier) (err error) {
		rows, err = collect(ctx, q, func(r scanner) (x row, err error) { return x, r.Scan(&x.outcome, &x.n) }, query, args...)
		return err
	})
	out := map[storage.Outcome]int{}
	for _, r := range rows {
		out[r.outcome] = r.n
	}
	return out, wrap(doing, err)
}

// Arrival returns one. Errors: storage.ErrNotFound.
func (s *Store) Arrival(ctx context.Context, id string) (a storage.Arrival, err error) {
	err = s.read(ctx, func(q querier) error {
		a, err = one(ctx, q, scanArrival, "SELECT "+arrivalColumns+" FROM arrivals WHERE id = $1", clean(id))
		return err
	})
	return a, wrap("find arrival", err)
}

// AskRetry asks the folder's watcher to take a quarantined file in again.
// Errors: storage.ErrNotFound, storage.ErrConflict.
func (s *Store) AskRetry(ctx context.Context, id, by string) error {
	err := s.write(ctx, func(ctx context.Context, t *tx) error {
		// Without its token the arrival can be claimed anew; what the old claim's
		// file became is not asked any more.
		n, err := t.exec(ctx, "UPDATE arrivals SET retry_by = $2, token = '' WHERE id = $1 AND held <> '' AND retry_by = ''", clean(id), clean(by))
		if err != nil {
			return err
		}
		if n == 0 {
			if _, err := one(ctx, t, scanArrival, "SELECT "+arrivalColumns+" FROM arrivals WHERE id = $1", clean(id)); err != nil {
				return err
			}
			return storage.ErrConflict
		}
		t.record(storage.AuditEntry{Actor: by, Action: "hotfolder.retry", Object: id})
		return nil
	})
	return wrap("ask retry", err)
}
