package sqlstore

import (
	"context"
	"fmt"
	"iter"

	"onewindow/approval"
	"onewindow/document"
	"onewindow/storage"
)

// References yields every blob that a record relies on; the same blob may come
// more than once. A pushed certificate is delivered from the originals (W9).
func (s *Store) References(ctx context.Context) iter.Seq2[storage.Reference, error] {
	return func(yield func(storage.Reference, error) bool) {
		rows, err := s.reader.QueryContext(ctx, `
			SELECT 'originals', original FROM documents
			UNION SELECT 'derived', digest FROM artifacts
			UNION SELECT 'originals', original FROM results
			UNION SELECT CASE mode WHEN '`+string(approval.ModePushed)+`' THEN 'originals' ELSE 'derived' END, delivered FROM results
			UNION SELECT 'derived', digest FROM copies`)
		if err != nil {
			yield(storage.Reference{}, fmt.Errorf("list references: %w", err))
			return
		}
		defer rows.Close()
		for rows.Next() {
			var class, text string
			if err := rows.Scan(&class, &text); err != nil {
				yield(storage.Reference{}, fmt.Errorf("read reference: %w", err))
				return
			}
			digest, err := document.ParseDigest(text)
			if !yield(storage.Reference{Class: storage.Class(class), Digest: digest}, err) {
				return
			}
		}
		if err := rows.Err(); err != nil {
			yield(storage.Reference{}, fmt.Errorf("list references: %w", err))
		}
	}
}
