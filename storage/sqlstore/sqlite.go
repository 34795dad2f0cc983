package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/pressly/goose/v3"
	sqlitedriver "modernc.org/sqlite"
	sqlitecode "modernc.org/sqlite/lib"
)

func sqlite(path string) (dialect, error) {
	if path == "" || strings.HasPrefix(path, ":memory:") {
		return dialect{}, fmt.Errorf("%w: a file is needed", ErrBadDSN)
	}
	abs, err := filepath.Abs(path)
	if err != nil {
		return dialect{}, fmt.Errorf("locate database: %w", err)
	}
	return dialect{
		name: "sqlite", goose: goose.DialectSQLite3, path: abs,
		clock:     "CAST(unixepoch('subsec') * 1000 AS INTEGER)",
		token:     "''",
		open:      func(o Options) (*sql.DB, *sql.DB, error) { return openSQLite(abs, o) },
		lock:      lockFile,
		schema:    func(text string) string { return strings.ReplaceAll(text, ` COLLATE "C"`, "") },
		transient: transientSQLite,
		refused:   func(error) bool { return true }, // a library call has no lost answers
		unique:    uniqueSQLite,
		full:      func(err error) bool { code, ok := sqliteErr(err); return ok && code&0xff == sqlitecode.SQLITE_FULL },
		settle:    func(context.Context, *sql.DB, string) (bool, error) { return false, nil },
		snapshot:  &sql.TxOptions{ReadOnly: true},
		tables:    `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'`,
	}, nil
}

func openSQLite(path string, o Options) (*sql.DB, *sql.DB, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
		return nil, nil, fmt.Errorf("make database folder: %w", err)
	}
	if err := makePrivate(path); err != nil {
		return nil, nil, err
	}
	writer, err := sqliteDB(path, url.Values{"_txlock": {"immediate"}})
	if err != nil {
		return nil, nil, err
	}
	writer.SetMaxOpenConns(1)
	reader, err := sqliteDB(path, url.Values{"_pragma": {"query_only(1)"}})
	if err != nil {
		return nil, nil, err
	}
	if o.MaxConns == 0 {
		o.MaxConns = 4
	}
	reader.SetMaxOpenConns(o.MaxConns)
	reader.SetMaxIdleConns(o.MaxConns)
	// WAL is a property of the file; the writer sets it before a reader, which
	// may not write, opens.
	if err := writer.Ping(); err != nil {
		return nil, nil, errors.Join(fmt.Errorf("open database: %w", err), writer.Close())
	}
	return writer, reader, nil
}

// makePrivate creates the file before SQLite does, which would let everybody on
// the machine read personal data. The files beside it take over its mode.
func makePrivate(path string) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return fmt.Errorf("create database: %w", err)
	}
	return f.Close()
}

func sqliteDB(path string, extra url.Values) (*sql.DB, error) {
	q := url.Values{"_pragma": {"busy_timeout(5000)", "journal_mode(WAL)", "synchronous(FULL)",
		"foreign_keys(1)", "journal_size_limit(67108864)"}, "_dqs": {"0"}}
	for k, v := range extra {
		q[k] = append(q[k], v...)
	}
	// A URI, so that a "?" or "%" in the path is not taken for options.
	u := url.URL{Scheme: "file", OmitHost: true, Path: path, RawQuery: q.Encode()}
	c, err := sqlitedriver.NewConnector(u.String())
	if err != nil {
		return nil, fmt.Errorf("open database: %w", err)
	}
	return sql.OpenDB(c), nil
}

func sqliteErr(err error) (code int, ok bool) {
	var e *sqlitedriver.Error
	if !errors.As(err, &e) {
		return 0, false
	}
	return e.Code(), true
}

func transientSQLite(err error) bool {
	code, ok := sqliteErr(err)
	primary := code & 0xff
	return ok && (primary == sqlitecode.SQLITE_BUSY || primary == sqlitecode.SQLITE_LOCKED)
}

func uniqueSQLite(err error) bool {
	code, ok := sqliteErr(err)
	return ok && (code == sqlitecode.SQLITE_CONSTRAINT_UNIQUE || code == sqlitecode.SQLITE_CONSTRAINT_PRIMARYKEY)
}

// lockFile locks a file beside the database. SQLite's own lock would not do: it
// is released between two migrations.
func lockFile(ctx context.Context, s *Store) (func() error, error) {
	f, err := os.OpenFile(s.dialect.path+".lock", os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open lock file: %w", err)
	}
	for {
		err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
		if err == nil {
			return f.Close, nil // closing lets go
		}
		if !errors.Is(err, syscall.EWOULDBLOCK) {
			return nil, errors.Join(fmt.Errorf("lock file: %w", err), f.Close())
		}
		if err := sleep(ctx, 20*time.Millisecond); err != nil {
			return nil, errors.Join(fmt.Errorf("wait for lock: %w", err), f.Close())
		}
	}
}
