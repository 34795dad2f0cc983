package sqlstore

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"

	"onewindow/document"
	"onewindow/storage"
)

var _ storage.Parts = (*Store)(nil)

// errNoBatch is a mistake of a caller.
var errNoBatch = errors.New("part without a batch")

// takeApart registers the parts of a document that are not there yet, and returns
// their first tasks.
func (t *tx) takeApart(ctx context.Context, parts []storage.Part) ([]storage.Task, error) {
	var ready []storage.Task
	for _, p := range parts {
		b := p.New.Origin.Batch
		if b == nil {
			return nil, fmt.Errorf("take apart: %w", errNoBatch)
		}
		key := []any{b.Document, b.First, b.Last, entryKey(b.Entry)}
		var there int
		err := t.QueryRowContext(ctx, `SELECT COUNT(*) FROM document_parts
			WHERE batch = $1 AND first_page = $2 AND last_page = $3 AND entry = $4`, key...).Scan(&there)
		if err != nil {
			return nil, fmt.Errorf("look for part: %w", err)
		}
		if there > 0 {
			continue
		}
		doc, _, err := t.register(ctx, p.New)
		if err != nil {
			return nil, err
		}
		err = t.insert(ctx, "INSERT INTO document_parts (batch, first_page, last_page, entry, document)", [][]any{append(key, doc.ID)}, "")
		if err != nil {
			return nil, fmt.Errorf("keep part: %w", err)
		}
		if doc.State == document.StateReceived {
			ready = append(ready, storage.Task{Lane: doc.Origin.Lane, State: storage.TaskReady, TaskKey: storage.TaskKey{
				Document: doc.ID, Generation: doc.Generation, Step: document.StepInspect}})
		}
	}
	return ready, nil
}

// entryKey tells names in an archive apart; they may be long.
func entryKey(name string) string {
	if name == "" {
		return ""
	}
	sum := sha256.Sum256([]byte(name))
	return hex.EncodeToString(sum[:])
}

// accompany changes other documents together with this one.
func (t *tx) accompany(ctx context.Context, others []storage.Companion) ([]storage.Task, error) {
	var ready []storage.Task
	for _, c := range others {
		doc, err := t.lockDocument(ctx, c.Document)
		if err != nil {
			return nil, err
		}
		if slices.Contains(c.Unless, doc.State) {
			continue
		}
		_, more, err := t.apply(ctx, doc, storage.TaskKey{}, c.Change)
		if err != nil {
			return nil, err
		}
		ready = append(ready, more...)
	}
	return ready, nil
}

// PartsOf returns the documents that were taken out of another.
func (s *Store) PartsOf(ctx context.Context, batch document.ID) (out []document.Document, err error) {
	err = s.read(ctx, func(q querier) error {
		out, err = collect(ctx, q, scanDocument, "SELECT "+documentColumns+` FROM documents WHERE id IN
			(SELECT document FROM document_parts WHERE batch = $1) ORDER BY id`, batch)
		return err
	})
	slices.SortStableFunc(out, func(a, b document.Document) int {
		if a.Origin.Batch == nil || b.Origin.Batch == nil {
			return 0
		}
		return a.Origin.Batch.First - b.Origin.Batch.First
	})
	return out, wrap("list parts", err)
}
