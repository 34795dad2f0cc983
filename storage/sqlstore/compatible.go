package sqlstore

import (
	"context"
	"database/sql"
	"fmt"
)

// oldestProgram is the newest migration known to the oldest program that works
// beside this one on one database, while a fleet is upgraded process by process.
// Migrations behind it only add: tables, indexes, columns with a default (a test
// reads them). Whoever must change or drop what is there moves this up first, and
// does it one release later.
const oldestProgram = 40

// compatibleSince is the migration that made the table programs look into.
const compatibleSince = 70

// declare writes down who may work with the schema. The caller holds the lock.
func (s *Store) declare(ctx context.Context) error {
	_, err := s.writer.ExecContext(ctx, "UPDATE schema_compatibility SET oldest_program = $1 WHERE oldest_program < $1", oldestProgram)
	if err != nil {
		return fmt.Errorf("declare compatibility: %w", err)
	}
	return nil
}

// mayUse reports whether a program that knows migrations up to newest may work
// with a schema that has more: the newer program that made it says so.
func mayUse(ctx context.Context, db *sql.DB, newest int64) (bool, error) {
	var oldest int64
	if err := db.QueryRowContext(ctx, "SELECT oldest_program FROM schema_compatibility").Scan(&oldest); err != nil {
		return false, fmt.Errorf("read compatibility: %w", err)
	}
	return oldest <= newest, nil
}
