package sqlstore

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"testing/fstest"

	"github.com/pressly/goose/v3"
)

//go:embed migrations/*.sql
var migrationFiles embed.FS

// latest asks for the newest schema.
const latest = int64(-1)

// ErrSchema is returned when the database's schema is not the one this program knows.
var ErrSchema = errors.New("wrong schema version")

// Schema is the version of a database's schema and the newest this program knows.
type Schema struct {
	Version int64
	Newest  int64
}

// Schema returns the schema's versions.
func (s *Store) Schema(ctx context.Context) (Schema, error) {
	p, err := s.provider()
	if err != nil {
		return Schema{}, err
	}
	now, newest, err := p.GetVersions(ctx)
	if err != nil {
		return Schema{}, fmt.Errorf("read schema version: %w", err)
	}
	return Schema{Version: now, Newest: newest}, nil
}

func (s *Store) checkSchema(ctx context.Context) error {
	v, err := s.Schema(ctx)
	if err != nil {
		return err
	}
	if v.Version > v.Newest {
		return s.checkNewer(ctx, v)
	}
	if v.Version < v.Newest {
		return fmt.Errorf("%w: database has %d, this program %d", ErrSchema, v.Version, v.Newest)
	}
	return nil
}

// checkNewer refuses a schema that a newer program made, unless that said that
// this one may go on beside it.
func (s *Store) checkNewer(ctx context.Context, v Schema) error {
	ok, err := mayUse(ctx, s.writer, v.Newest)
	if err != nil {
		return err
	}
	if !ok {
		return fmt.Errorf("%w: database has %d, this program only knows %d", ErrSchema, v.Version, v.Newest)
	}
	return nil
}

// migrate brings the schema up to a version while holding the lock. A schema
// newer than this program is refused, unless its maker declared that this program
// may go on beside it: an older program must not write to what it misunderstands.
func (s *Store) migrate(ctx context.Context, to int64) (err error) {
	unlock, err := s.dialect.lock(ctx, s)
	if err != nil {
		return fmt.Errorf("lock schema: %w", err)
	}
	defer func() { err = errors.Join(err, unlock()) }()
	p, err := s.provider()
	if err != nil {
		return err
	}
	now, newest, err := p.GetVersions(ctx)
	if err != nil {
		return fmt.Errorf("read schema version: %w", err)
	}
	if now > newest {
		return s.checkNewer(ctx, Schema{Version: now, Newest: newest})
	}
	if to == latest {
		to = newest
	}
	if _, err := p.UpTo(ctx, to); err != nil {
		return fmt.Errorf("migrate schema: %w", err)
	}
	if now >= casesSince && now < movesSince && to >= movesSince {
		if err := s.countOldMoves(ctx); err != nil {
			return fmt.Errorf("count old moves: %w", err)
		}
	}
	if to < compatibleSince {
		return nil
	}
	return s.declare(ctx)
}

func (s *Store) provider() (*goose.Provider, error) {
	files, err := s.migrations()
	if err != nil {
		return nil, fmt.Errorf("load migrations: %w", err)
	}
	// Out of order: migrations land in the order in which work is finished, so a
	// lower number may come after a higher one.
	p, err := goose.NewProvider(s.dialect.goose, s.writer, files, goose.WithDisableGlobalRegistry(true), goose.WithAllowOutofOrder(true))
	if err != nil {
		return nil, fmt.Errorf("load migrations: %w", err)
	}
	return p, nil
}

// migrations returns the files in this database's dialect.
func (s *Store) migrations() (fs.FS, error) {
	out := fstest.MapFS{}
	names, err := fs.Glob(migrationFiles, "migrations/*.sql")
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		text, err := migrationFiles.ReadFile(name)
		if err != nil {
			return nil, err
		}
		out[strings.TrimPrefix(name, "migrations/")] = &fstest.MapFile{Data: []byte(s.dialect.schema(string(text))), Mode: 0o444}
	}
	return out, nil
}
