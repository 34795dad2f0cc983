// Package sqlstore keeps records in SQLite or PostgreSQL. One SQL text serves
// both; a dialect supplies the few differences. SQL rows are the truth of the
// whole house: every change, its events and its audit entries are one
// transaction (design section 3).
//
// SQLite runs with one writing connection, because it has one writer at a time
// anyway and waiting in our own queue is fairer than SQLITE_BUSY, and a few
// reading ones, which WAL lets run beside the writer. PostgreSQL runs READ
// COMMITTED with row locks, always taken in the order document, tasks, project,
// result, reliances, event counter, audit counter; so that nobody deadlocks,
// and so that event numbers are without gaps and in commit order.
package sqlstore

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/oklog/ulid/v2"

	"onewindow/storage"
)

// Options say where the records are. Only DSN is required.
type Options struct {
	// DSN is "postgres://…", "sqlite:PATH" or a bare path.
	DSN string
	// MaxConns bounds PostgreSQL's connections or SQLite's readers; default 16 or 4.
	MaxConns int
	// Patience is how long a change is tried again while the database is busy or
	// away; default 10 s.
	Patience time.Duration
	// KeepSchema opens without migrating, for programs that only look. Opening
	// fails when the schema is not the one this program knows.
	KeepSchema bool
	// UnsafeNoFence lets Finish and Fail ignore lost claims. It exists for the
	// control run of the chaos test, which must show the duplicates that the
	// fence prevents. Never set it otherwise.
	UnsafeNoFence bool
}

// Store keeps all records. It is safe for concurrent use.
type Store struct {
	writer   *sql.DB
	reader   *sql.DB // the same as writer on PostgreSQL
	dialect  dialect
	unfenced bool
	ids      idSource

	patience       time.Duration // for trying again
	commitPatience time.Duration // for a commit and its outcome
}

// The store keeps what every part of the house needs.
var (
	_ storage.Work      = (*Store)(nil)
	_ storage.Queue     = (*Store)(nil)
	_ storage.Requeuer  = (*Store)(nil)
	_ storage.Documents = (*Store)(nil)
	_ storage.Audit     = (*Store)(nil)
	_ storage.Results   = (*Store)(nil)
	_ storage.Reliances = (*Store)(nil)
	_ storage.Events    = (*Store)(nil)
)

// Open opens the records, creating and migrating the schema as needed. Several
// processes may open at once: a lock lets one of them migrate.
func Open(ctx context.Context, opts Options) (*Store, error) {
	s, err := connect(opts)
	if err != nil {
		return nil, err
	}
	if err := s.prepare(ctx, opts); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

func connect(opts Options) (*Store, error) {
	d, err := dialectOf(opts.DSN)
	if err != nil {
		return nil, err
	}
	writer, reader, err := d.open(opts)
	if err != nil {
		return nil, err
	}
	if opts.Patience == 0 {
		opts.Patience = 10 * time.Second
	}
	return &Store{writer: writer, reader: reader, dialect: d, unfenced: opts.UnsafeNoFence, ids: newIDSource(),
		patience: opts.Patience, commitPatience: commitPatience}, nil
}

func (s *Store) prepare(ctx context.Context, opts Options) error {
	if err := s.retry(ctx, func() error { return s.Ping(ctx) }); err != nil {
		return fmt.Errorf("reach database: %w", err)
	}
	if opts.KeepSchema {
		return s.checkSchema(ctx)
	}
	return s.migrate(ctx, latest)
}

// Ping checks that the database answers.
func (s *Store) Ping(ctx context.Context) error {
	var one int
	return s.reader.QueryRowContext(ctx, "SELECT 1").Scan(&one)
}

// Close closes all connections; on SQLite it folds the write-ahead log back.
func (s *Store) Close() error {
	err := s.reader.Close()
	if s.writer != s.reader {
		err = errors.Join(err, s.writer.Close())
	}
	return err
}

// idSource makes IDs that sort by time, also within one millisecond.
type idSource struct {
	mu      *sync.Mutex
	entropy *ulid.MonotonicEntropy
}

func newIDSource() idSource {
	return idSource{mu: new(sync.Mutex), entropy: ulid.Monotonic(rand.Reader, 0)}
}

// next returns prefix and a ULID of the given millisecond.
func (i idSource) next(prefix string, ms int64) (string, error) {
	i.mu.Lock()
	defer i.mu.Unlock()
	id, err := ulid.New(uint64(ms), i.entropy)
	if err != nil {
		return "", fmt.Errorf("make id: %w", err)
	}
	return prefix + id.String(), nil
}
