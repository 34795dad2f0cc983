package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
)

func postgres() dialect {
	return dialect{
		name: "postgres", goose: goose.DialectPostgres,
		clock:      "CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)",
		token:      "CAST(pg_current_xact_id() AS TEXT)",
		skipLocked: "FOR UPDATE SKIP LOCKED",
		hold:       "SELECT pg_advisory_xact_lock(hashtextextended($1, 0))",
		open:       openPostgres,
		lock:       lockSession,
		schema:     func(text string) string { return text },
		transient:  transientPostgres,
		refused:    func(err error) bool { var e *pgconn.PgError; return errors.As(err, &e) },
		unique:     func(err error) bool { return pgCode(err) == "23505" },
		full:       func(err error) bool { return pgCode(err) == "53100" },
		settle:     settlePostgres,
		snapshot:   &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true},
		tables:     `SELECT tablename FROM pg_tables WHERE schemaname = current_schema()`,
	}
}

func openPostgres(o Options) (*sql.DB, *sql.DB, error) {
	cfg, err := pgx.ParseConfig(o.DSN)
	if err != nil {
		return nil, nil, fmt.Errorf("%w: %w", ErrBadDSN, err)
	}
	if cfg.ConnectTimeout == 0 {
		cfg.ConnectTimeout = 5 * time.Second
	}
	for name, value := range postgresDefaults() {
		if cfg.RuntimeParams[name] == "" {
			cfg.RuntimeParams[name] = value
		}
	}
	db := stdlib.OpenDB(*cfg)
	if o.MaxConns == 0 {
		o.MaxConns = 16
	}
	db.SetMaxOpenConns(o.MaxConns)
	db.SetMaxIdleConns(o.MaxConns)
	db.SetConnMaxIdleTime(5 * time.Minute)
	return db, db, nil
}

// postgresDefaults are session settings that the address may override.
func postgresDefaults() map[string]string {
	return map[string]string{
		"application_name": "onewindow",
		// A receipt promises that nothing is lost, whatever the server's default is.
		"synchronous_commit": "on",
		// A client that hangs inside a transaction must not keep its row locks.
		"idle_in_transaction_session_timeout": "300000",
	}
}

func pgCode(err error) string {
	var e *pgconn.PgError
	if errors.As(err, &e) {
		return e.Code
	}
	return ""
}

// transientPostgres knows conflicts between transactions, a server that comes
// or goes, and lost connections.
func transientPostgres(err error) bool {
	if code := pgCode(err); code != "" {
		return strings.HasPrefix(code, "08") || slices.Contains([]string{
			"40001", "40P01", "55P03", "57P01", "57P02", "57P03", "53300", "25P03"}, code)
	}
	return lostConnection(err)
}

func lostConnection(err error) bool {
	var network net.Error
	var connect *pgconn.ConnectError
	return errors.As(err, &network) || errors.As(err, &connect) || errors.Is(err, io.EOF) ||
		errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, net.ErrClosed) ||
		pgconn.SafeToRetry(err)
}

// settlePostgres asks the server what became of a transaction whose commit got
// no answer. While it is still running its locks are held too, so it waits.
func settlePostgres(ctx context.Context, db *sql.DB, token string) (bool, error) {
	for {
		var status sql.NullString
		err := db.QueryRowContext(ctx, "SELECT pg_xact_status(CAST($1 AS xid8))", token).Scan(&status)
		switch {
		case err == nil && status.String == "committed":
			return true, nil
		case err == nil && status.String == "aborted":
			return false, nil
		case err == nil && !status.Valid:
			return false, errors.New("transaction is too old to tell")
		case err != nil && !transientPostgres(err):
			return false, err
		}
		if err := sleep(ctx, 50*time.Millisecond); err != nil {
			return false, err
		}
	}
}

// migrationLock is the key of the advisory lock, "onewin" in ASCII.
const migrationLock = 0x6f6e6577696e

// lockSession takes an advisory lock on a connection of its own, so that it is
// gone when this process is.
func lockSession(ctx context.Context, s *Store) (func() error, error) {
	conn, err := s.writer.Conn(ctx)
	if err != nil {
		return nil, fmt.Errorf("connect for lock: %w", err)
	}
	if _, err := conn.ExecContext(ctx, "SELECT pg_advisory_lock($1)", int64(migrationLock)); err != nil {
		return nil, errors.Join(fmt.Errorf("take lock: %w", err), conn.Close())
	}
	return func() error {
		_, err := conn.ExecContext(context.WithoutCancel(ctx), "SELECT pg_advisory_unlock($1)", int64(migrationLock))
		return errors.Join(err, conn.Close())
	}, nil
}
