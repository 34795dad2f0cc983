package sqlstore

import (
	"context"
	"database/sql"
	"fmt"
	"iter"

	"onewindow/document"
	"onewindow/storage"
)

// References yields every blob that a record relies on; the same blob may come
// more than once. It does not hold them in memory.
func (s *Store) References(ctx context.Context) iter.Seq2[storage.Reference, error] {
	return func(yield func(storage.Reference, error) bool) {
		more := s.eachReference(ctx, `SELECT 'originals', original FROM documents WHERE state <> 'purged'
			UNION SELECT 'derived', digest FROM artifacts UNION SELECT 'derived', digest FROM copies
			UNION SELECT 'derived', file FROM notices WHERE file <> ''`, scanReference, yield)
		if more {
			s.eachReference(ctx, "SELECT "+resultColumns+" FROM results", scanResultReferences, yield)
		}
	}
}

// eachReference reports whether the reader wants more.
func (s *Store) eachReference(ctx context.Context, query string, scan func(*sql.Rows) ([]storage.Reference, error), yield func(storage.Reference, error) bool) bool {
	rows, err := s.reader.QueryContext(ctx, query)
	if err != nil {
		return yield(storage.Reference{}, fmt.Errorf("list references: %w", err))
	}
	defer rows.Close()
	for rows.Next() {
		refs, err := scan(rows)
		if err != nil {
			return yield(storage.Reference{}, fmt.Errorf("read reference: %w", err))
		}
		for _, ref := range refs {
			if !yield(ref, nil) {
				return false
			}
		}
	}
	if err := rows.Err(); err != nil {
		return yield(storage.Reference{}, fmt.Errorf("list references: %w", err))
	}
	return true
}

func scanReference(rows *sql.Rows) ([]storage.Reference, error) {
	var class, text string
	if err := rows.Scan(&class, &text); err != nil {
		return nil, err
	}
	digest, err := document.ParseDigest(text)
	return []storage.Reference{{Class: storage.Class(class), Digest: digest}}, err
}

// scanResultReferences gives the original and the delivered file; an
// e-certificate is delivered from the originals (W9).
func scanResultReferences(rows *sql.Rows) ([]storage.Reference, error) {
	r, err := scanResult(rows)
	if err != nil {
		return nil, err
	}
	class := storage.Derived
	if r.DeliversOriginal() {
		class = storage.Originals
	}
	return []storage.Reference{{Class: storage.Originals, Digest: r.Original}, {Class: class, Digest: r.Delivered}}, nil
}
