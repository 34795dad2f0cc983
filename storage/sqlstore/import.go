package sqlstore

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"slices"
	"strings"
)

// Errors of Import.
var (
	// ErrNotEmpty: records are never written over.
	ErrNotEmpty = errors.New("store is not empty")
	// ErrSnapshot: the snapshot is damaged, cut short, or not one.
	ErrSnapshot = errors.New("bad snapshot")
)

// Import fills an empty store with a snapshot, in one transaction: all of it or
// nothing. Damage is found by the snapshot's digest before the commit. A
// snapshot of an earlier schema is filled into that schema and then migrated.
// Errors: ErrNotEmpty, ErrSnapshot, ErrSchema.
func (s *Store) Import(ctx context.Context, r io.Reader) error {
	return wrap("import records", s.importFrom(ctx, r))
}

func (s *Store) importFrom(ctx context.Context, r io.Reader) error {
	im := &importer{in: bufio.NewReaderSize(r, 1<<16), sum: sha256.New()}
	of, err := im.head()
	if err != nil {
		return err
	}
	v, err := s.Schema(ctx)
	if err != nil {
		return err
	}
	switch {
	case of > v.Newest || of < 1:
		return fmt.Errorf("%w: snapshot has %d, this program only knows %d", ErrSchema, of, v.Newest)
	case of == v.Version:
		return s.fill(ctx, im)
	}
	if err := s.rebuild(ctx, of); err != nil {
		return fmt.Errorf("go back to schema %d: %w", of, err)
	}
	err = s.fill(ctx, im)
	return errors.Join(err, s.migrate(context.WithoutCancel(ctx), latest))
}

// fill runs once: the snapshot cannot be read again.
func (s *Store) fill(ctx context.Context, im *importer) error {
	return s.writeOnce(ctx, func(ctx context.Context, t *tx) error {
		present, err := t.checkEmpty(ctx)
		if err != nil {
			return err
		}
		if slices.Contains(present, "counters") {
			if _, err := t.exec(ctx, "DELETE FROM counters"); err != nil {
				return fmt.Errorf("clear counters: %w", err)
			}
		}
		im.t = t
		return im.all(ctx)
	})
}

// checkEmpty lets only a store pass that holds nothing but fresh counters, and
// returns which of our tables its schema has.
func (t *tx) checkEmpty(ctx context.Context) ([]string, error) {
	var present []string
	names, err := collect(ctx, t, scanName, t.s.dialect.tables)
	if err != nil {
		return nil, err
	}
	for _, table := range tables() {
		if !slices.Contains(names, table.name) {
			continue
		}
		present = append(present, table.name)
		query := "SELECT COUNT(*) FROM " + table.name
		if table.name == "counters" {
			query += " WHERE value <> 0"
		}
		var n int64
		if err := t.QueryRowContext(ctx, query).Scan(&n); err != nil {
			return nil, fmt.Errorf("look into %s: %w", table.name, err)
		}
		if n > 0 {
			return nil, fmt.Errorf("table %s: %w", table.name, ErrNotEmpty)
		}
	}
	return present, nil
}

func scanName(r scanner) (name string, err error) {
	err = r.Scan(&name)
	return name, err
}

// rebuild makes the schema of an empty store anew, at an earlier version. Should
// this process die meanwhile, the next Open migrates what is there.
func (s *Store) rebuild(ctx context.Context, version int64) error {
	err := s.writeOnce(ctx, func(ctx context.Context, t *tx) error {
		present, err := t.checkEmpty(ctx)
		if err != nil {
			return err
		}
		slices.Reverse(present) // those first that refer to others
		for _, name := range append(present, bookkeeping()...) {
			if _, err := t.exec(ctx, "DROP TABLE IF EXISTS "+name); err != nil {
				return fmt.Errorf("drop %s: %w", name, err)
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	return s.migrate(ctx, version)
}

// importRows bounds the rows of one INSERT.
const importRows = 200

type importer struct {
	t     *tx
	in    *bufio.Reader
	sum   hash.Hash
	rows  int64
	table snapshotTable
	batch [][]any
}

func (im *importer) all(ctx context.Context) error {
	for {
		sum := im.sum.Sum(nil)
		line, err := im.line()
		if err != nil {
			return err
		}
		if line[0] == '[' {
			if err := im.row(ctx, line); err != nil {
				return err
			}
			continue
		}
		if err := im.flush(ctx); err != nil {
			return err
		}
		if end, err := im.mark(line, sum); end || err != nil {
			return err
		}
	}
}

// line returns the next line; one that is not whole is damage.
func (im *importer) line() ([]byte, error) {
	line, err := im.in.ReadBytes('\n')
	if errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("%w: cut short", ErrSnapshot)
	}
	if err != nil {
		return nil, err
	}
	im.sum.Write(line)
	if len(bytes.TrimSpace(line)) == 0 {
		return nil, fmt.Errorf("%w: empty line", ErrSnapshot)
	}
	return line, nil
}

// head returns the version of the schema that the rows are from.
func (im *importer) head() (schema int64, err error) {
	line, err := im.line()
	if err != nil {
		return 0, err
	}
	var h snapshotHead
	if err := json.Unmarshal(line, &h); err != nil || h.Format != snapshotFormat {
		return 0, fmt.Errorf("%w: no head", ErrSnapshot)
	}
	return h.Schema, nil
}

// mark reads the start of a table or the end; sum is of everything before it.
func (im *importer) mark(line, sum []byte) (end bool, err error) {
	var m struct {
		snapshotTable
		snapshotEnd
	}
	if err := json.Unmarshal(line, &m); err != nil {
		return false, fmt.Errorf("%w: %w", ErrSnapshot, err)
	}
	if m.SHA256 != "" {
		if m.SHA256 != hex.EncodeToString(sum) || m.Rows != im.rows {
			return true, fmt.Errorf("%w: digest or number of rows does not fit", ErrSnapshot)
		}
		return true, nil
	}
	if !slices.ContainsFunc(tables(), func(t table) bool { return t.name == m.Table }) || !plainNames(m.Columns) {
		return false, fmt.Errorf("%w: unknown table %q", ErrSnapshot, m.Table)
	}
	im.table = m.snapshotTable
	return false, nil
}

// plainNames keeps anything but names out of the SQL text.
func plainNames(columns []string) bool {
	for _, c := range columns {
		if c == "" || strings.Trim(c, "abcdefghijklmnopqrstuvwxyz0123456789_") != "" {
			return false
		}
	}
	return len(columns) > 0
}

func (im *importer) row(ctx context.Context, line []byte) error {
	d := json.NewDecoder(bytes.NewReader(line))
	d.UseNumber()
	var row []any
	if err := d.Decode(&row); err != nil || len(row) != len(im.table.Columns) {
		return fmt.Errorf("%w: row of %s", ErrSnapshot, im.table.Table)
	}
	for i, v := range row {
		if n, ok := v.(json.Number); ok {
			whole, err := n.Int64()
			if err != nil {
				return fmt.Errorf("%w: row of %s: %w", ErrSnapshot, im.table.Table, err)
			}
			row[i] = whole
		}
	}
	im.rows++
	im.batch = append(im.batch, row)
	if len(im.batch) == importRows {
		return im.flush(ctx)
	}
	return nil
}

func (im *importer) flush(ctx context.Context) error {
	if len(im.batch) == 0 {
		return nil
	}
	head := "INSERT INTO " + im.table.Table + " (" + strings.Join(im.table.Columns, ", ") + ")"
	if err := im.t.insert(ctx, head, im.batch, ""); err != nil {
		return fmt.Errorf("fill %s: %w", im.table.Table, err)
	}
	im.batch = nil
	return nil
}
