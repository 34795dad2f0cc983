package sqlstore

import (
	"context"
	"fmt"
	"sort"
	"strings"

	"onewindow/document"
	"onewindow/internal/fulltext"
	"onewindow/storage"
)

// maxPageText bounds what is indexed of one page, in bytes: far beyond any real
// page, and no file can fill the index alone.
const maxPageText = 400_000

// reindex follows a change of a document in its transaction: whatever may no
// longer be found is taken out, and what was read is put in.
func (t *tx) reindex(ctx context.Context, before, after document.Document, c storage.Change) error {
	gone := withheld(after.State)
	if gone || c.NewGeneration || c.DropArtifacts {
		if err := t.dropIndex(ctx, after.ID); err != nil || gone {
			return err
		}
		before = document.Document{}
	}
	texts := c.Texts
	if card := cardOf(after); card != cardOf(before) {
		texts = append([]storage.PageText{{Page: 0, Text: card}}, texts...)
	}
	for _, p := range texts {
		if err := t.indexPage(ctx, after.ID, p); err != nil {
			return err
		}
	}
	return nil
}

// withheld: nothing of what stands in the document may be found.
func withheld(s document.State) bool {
	return s == document.StateQuarantined || s == document.StatePurged
}

// cardOf is what can be searched for of a document besides its pages.
func cardOf(d document.Document) string {
	if d.ID == "" {
		return ""
	}
	parts := []string{d.Filename, string(d.Receipt), d.Classification.Name, d.Origin.Project, d.Origin.Case}
	keys := make([]string, 0, len(d.Fields))
	for key := range d.Fields {
		keys = append(keys, string(key))
	}
	sort.Strings(keys)
	for _, key := range keys {
		parts = append(parts, d.Fields[key].Value)
	}
	return strings.Join(parts, "\n")
}

func (t *tx) indexPage(ctx context.Context, id document.ID, p storage.PageText) error {
	if _, err := t.exec(ctx, "DELETE FROM page_tokens WHERE document = $1 AND page = $2", id, p.Page); err != nil {
		return fmt.Errorf("empty index of page: %w", err)
	}
	body := clean(p.Text)
	if len(body) > maxPageText {
		body = strings.ToValidUTF8(body[:maxPageText], "")
	}
	_, err := t.exec(ctx, `INSERT INTO page_texts (document, page, body) VALUES ($1, $2, $3)
		ON CONFLICT (document, page) DO UPDATE SET body = excluded.body`, id, p.Page, body)
	if err != nil {
		return fmt.Errorf("keep text of page: %w", err)
	}
	var rows [][]any
	for _, token := range fulltext.Tokens(body) {
		rows = append(rows, []any{token, id, p.Page})
	}
	return wrap("index page", t.insert(ctx, "INSERT INTO page_tokens (token, document, page)", rows, ""))
}

func (t *tx) dropIndex(ctx context.Context, id document.ID) error {
	for _, name := range []string{"page_tokens", "page_texts"} {
		if _, err := t.exec(ctx, "DELETE FROM "+name+" WHERE document = $1", id); err != nil {
			return fmt.Errorf("empty index: %w", err)
		}
	}
	return nil
}

// IndexDocument writes the index of a document that was read before.
func (s *Store) IndexDocument(ctx context.Context, id document.ID, generation int, texts []storage.PageText) error {
	err := s.write(ctx, func(ctx context.Context, t *tx) error {
		// Locks the row without counting a change: nobody's view of it is stale.
		doc, err := one(ctx, t, scanDocument, "UPDATE documents SET version = version WHERE id = $1 RETURNING "+documentColumns, id)
		if err != nil {
			return err
		}
		if doc.Generation != generation || withheld(doc.State) {
			return storage.ErrConflict
		}
		if err := t.dropIndex(ctx, id); err != nil {
			return err
		}
		return t.reindex(ctx, document.Document{}, doc, storage.Change{Texts: texts})
	})
	return wrap("index document", err)
}
