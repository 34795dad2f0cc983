package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"github.com/pressly/goose/v3"
)

// dialect is what differs between the databases.
type dialect struct {
	name  string
	goose goose.Dialect
	path  string // SQLite's file
	// clock is the database's clock in milliseconds since 1970.
	clock string
	// token is an expression that names the running transaction, so that its
	// outcome can be asked for when the connection died during commit; "" when
	// commits cannot be ambiguous.
	token string
	// skipLocked lets sweepers pass by each other's rows.
	skipLocked string
	// hold makes transactions that name the same thing ($1) follow each other; ""
	// where all that write do.
	hold string
	// open returns the pools for writing and reading.
	open func(Options) (writer, reader *sql.DB, err error)
	// lock keeps other processes from migrating until unlock is called.
	lock func(ctx context.Context, s *Store) (unlock func() error, err error)
	// schema turns the shared migration text into this database's.
	schema func(string) string
	// transient reports whether trying the whole transaction again may help.
	transient func(error) bool
	// refused reports whether the database itself answered with this error, so
	// that the outcome of a commit is known.
	refused func(error) bool
	// unique reports a violated unique constraint.
	unique func(error) bool
	// full reports that there is no room left; nothing was stored.
	full func(error) bool
	// settle finds out whether the transaction with this token was committed.
	settle func(ctx context.Context, db *sql.DB, token string) (committed bool, err error)
	// snapshot are the options of a transaction that sees one moment.
	snapshot *sql.TxOptions
	// tables lists the names of all tables.
	tables string
}

// ErrBadDSN is returned for an address that names no database.
var ErrBadDSN = errors.New("bad database address")

func dialectOf(dsn string) (dialect, error) {
	scheme, rest, found := strings.Cut(dsn, ":")
	switch {
	case dsn == "":
		return dialect{}, fmt.Errorf("%w: empty", ErrBadDSN)
	case found && (scheme == "postgres" || scheme == "postgresql"):
		return postgres(), nil
	case found && scheme == "sqlite":
		return sqlite(strings.TrimPrefix(rest, "//"))
	case strings.Contains(dsn, "://"):
		return dialect{}, fmt.Errorf("%w: scheme %q; want postgres:// or sqlite:PATH", ErrBadDSN, scheme)
	}
	return sqlite(dsn)
}
