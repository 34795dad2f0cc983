package sqlstore

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"onewindow/approval"
	"onewindow/storage"
)

// ErrUnknownOutcome is returned when the connection died during a commit and the
// database could not be asked whether it took place.
var ErrUnknownOutcome = errors.New("outcome of commit unknown")

// errNotCommitted marks a commit that is known not to have taken place.
var errNotCommitted = errors.New("not committed")

const (
	firstPause   = 10 * time.Millisecond
	longestPause = 500 * time.Millisecond
	// commitPatience bounds a commit and the search for its outcome, which a
	// cancelled caller may not interrupt: that would leave the outcome unknown.
	commitPatience = 30 * time.Second
)

// querier is a database, a transaction, or one of their connections.
type querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// tx is one changing transaction. Events and audit entries are gathered and
// written last, because numbering them takes locks that everybody needs.
type tx struct {
	*sql.Tx
	s      *Store
	now    int64 // the database's clock when the transaction began, ms
	events []approval.Event
	trail  []storage.AuditEntry
}

// write runs fn in a transaction. It is run again, from the start, when the
// transaction did not commit and trying again may help; so fn must set what it
// returns through captured variables anew each time.
func (s *Store) write(ctx context.Context, fn func(ctx context.Context, t *tx) error) error {
	return s.retry(ctx, func() error { return s.writeOnce(ctx, fn) })
}

// retry is the one place where anything is tried again.
func (s *Store) retry(ctx context.Context, once func() error) error {
	deadline := time.Now().Add(s.patience)
	for pause := firstPause; ; pause = min(2*pause, longestPause) {
		err := once()
		if err == nil {
			return nil
		}
		if over := ended(ctx); over != nil {
			return because(over, err)
		}
		if !s.again(err) || time.Now().After(deadline) {
			return s.meaning(err)
		}
		if over := sleep(ctx, pause/2+rand.N(pause)); over != nil {
			return because(over, err)
		}
	}
}

// ended returns why the caller does not want to wait any longer. A driver may
// notice a deadline a moment before the context does.
func ended(ctx context.Context) error {
	if at, ok := ctx.Deadline(); ok && !time.Now().Before(at) {
		return context.DeadlineExceeded
	}
	return ctx.Err()
}

// because makes sure that an error tells of the caller's end: drivers have their
// own words for it.
func because(over, err error) error {
	if errors.Is(err, over) {
		return err
	}
	return fmt.Errorf("%w: %w", over, err)
}

// again reports whether trying again may help and can do no harm.
func (s *Store) again(err error) bool {
	if errors.Is(err, ErrUnknownOutcome) {
		return false
	}
	return errors.Is(err, errNotCommitted) || errors.Is(err, driver.ErrBadConn) || s.dialect.transient(err)
}

// meaning gives an error of the database its name in this house.
func (s *Store) meaning(err error) error {
	if s.dialect.full(err) {
		return fmt.Errorf("%w: %w", storage.ErrFull, err)
	}
	return err
}

func (s *Store) writeOnce(ctx context.Context, fn func(ctx context.Context, t *tx) error) error {
	conn, err := s.writer.Conn(ctx) // waits for its turn no longer than the caller does
	if err != nil {
		return fmt.Errorf("connect: %w", err)
	}
	defer conn.Close()
	hold, cancel := context.WithCancel(context.WithoutCancel(ctx))
	defer cancel()
	raw, err := conn.BeginTx(hold, nil)
	if err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	t := &tx{Tx: raw, s: s}
	token, err := t.run(ctx, fn)
	if err != nil {
		_ = raw.Rollback() // the first error tells more; a dead connection rolls back by itself
		return err
	}
	defer time.AfterFunc(s.commitPatience, cancel).Stop()
	if err := raw.Commit(); err != nil {
		_ = conn.Close() // settle may need the only connection
		return s.settle(hold, token, err)
	}
	return nil
}

func (t *tx) run(ctx context.Context, fn func(ctx context.Context, t *tx) error) (token string, err error) {
	d := t.s.dialect
	err = t.QueryRowContext(ctx, "SELECT "+d.clock+", "+d.token).Scan(&t.now, &token)
	if err != nil {
		return "", fmt.Errorf("read clock: %w", err)
	}
	if err := fn(ctx, t); err != nil {
		return "", err
	}
	if err := t.writeEvents(ctx); err != nil {
		return "", err
	}
	if err := t.writeTrail(ctx); err != nil {
		return "", err
	}
	return token, ctx.Err()
}

// settle turns a failed commit into what really happened.
func (s *Store) settle(ctx context.Context, token string, cause error) error {
	if s.dialect.refused(cause) {
		return fmt.Errorf("commit: %w", cause)
	}
	committed, err := s.dialect.settle(ctx, s.writer, token)
	switch {
	case err != nil:
		return fmt.Errorf("commit: %w: %w: %w", ErrUnknownOutcome, cause, err)
	case committed:
		return nil
	}
	return fmt.Errorf("commit: %w: %w", errNotCommitted, cause)
}

// read runs fn, which only reads, again while the database is busy or away.
func (s *Store) read(ctx context.Context, fn func(q querier) error) error {
	return s.retry(ctx, func() error { return fn(s.reader) })
}

// exec runs a statement and returns how many rows it touched.
func (t *tx) exec(ctx context.Context, query string, args ...any) (int64, error) {
	res, err := t.ExecContext(ctx, query, args...)
	if err != nil {
		return 0, err
	}
	return res.RowsAffected()
}

// hold keeps other transactions that hold the same thing waiting until this one ends.
func (t *tx) hold(ctx context.Context, thing string) error {
	if t.s.dialect.hold == "" {
		return nil
	}
	_, err := t.ExecContext(ctx, t.s.dialect.hold, thing)
	return err
}

// insertBatch bounds the parameters of one statement. SQLite looks each $n up in
// a list, so 8000 of them took ten times as long for each row as 400.
const insertBatch = 400

// insert writes rows of equal width: "INSERT INTO … VALUES " + rows + tail.
func (t *tx) insert(ctx context.Context, head string, rows [][]any, tail string) error {
	for len(rows) > 0 {
		n := min(len(rows), max(1, insertBatch/len(rows[0])))
		query, args := values(rows[:n])
		if _, err := t.ExecContext(ctx, head+" VALUES "+query+tail, args...); err != nil {
			return err
		}
		rows = rows[n:]
	}
	return nil
}

// values writes "($1,$2),($3,$4)" and its arguments.
func values(rows [][]any) (string, []any) {
	var b strings.Builder
	var args []any
	for i, row := range rows {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteByte('(')
		for k := range row {
			if k > 0 {
				b.WriteByte(',')
			}
			fmt.Fprintf(&b, "$%d", len(args)+k+1)
		}
		b.WriteByte(')')
		args = append(args, row...)
	}
	return b.String(), args
}

// scanner is a row being read.
type scanner interface{ Scan(dest ...any) error }

// collect reads all rows of a query.
func collect[T any](ctx context.Context, q querier, scan func(scanner) (T, error), query string, args ...any) ([]T, error) {
	rows, err := q.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []T
	for rows.Next() {
		v, err := scan(rows)
		if err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	return out, rows.Err()
}

// one reads a single row. Errors: storage.ErrNotFound.
func one[T any](ctx context.Context, q querier, scan func(scanner) (T, error), query string, args ...any) (T, error) {
	v, err := scan(q.QueryRowContext(ctx, query, args...))
	if errors.Is(err, sql.ErrNoRows) {
		err = storage.ErrNotFound
	}
	return v, err
}

// sleep waits, or returns the context's error.
func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
