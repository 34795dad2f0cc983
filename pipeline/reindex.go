package pipeline

import (
	"context"
	"errors"
	"fmt"

	"onewindow/document"
	"onewindow/storage"
)

// SearchRecords are the records that Reindex works on.
type SearchRecords interface {
	storage.Documents
	storage.Search
}

// reindexBatch is how many documents are listed together.
const reindexBatch = 200

// Reindex writes the search index of every document from the pages that were
// kept of it, and returns of how many. Documents that change meanwhile index
// themselves, so it may run beside a working service and be run again.
func Reindex(ctx context.Context, records SearchRecords, blobs storage.Blobs) (done int, err error) {
	var before document.ID
	for {
		docs, err := records.ListDocuments(ctx, storage.DocumentQuery{Before: before, Limit: reindexBatch})
		if err != nil {
			return done, fmt.Errorf("list documents: %w", err)
		}
		for _, doc := range docs {
			indexed, err := reindex(ctx, records, blobs, doc)
			if err != nil {
				return done, fmt.Errorf("index %s: %w", doc.ID, err)
			}
			if indexed {
				done++
			}
		}
		if len(docs) < reindexBatch {
			return done, nil
		}
		before = docs[len(docs)-1].ID
	}
}

// reindex leaves out documents that are withheld, or still on their way: those
// will write their pages themselves, and one read just now must not be lost.
func reindex(ctx context.Context, records SearchRecords, blobs storage.Blobs, doc document.Document) (bool, error) {
	if withheld(doc.State) || !doc.State.Final() && doc.State != document.StateNeedsReview {
		return false, nil
	}
	pages, err := ReadPages(ctx, records, blobs, doc.ID, doc.Generation)
	if err != nil {
		return false, err
	}
	texts := make([]storage.PageText, len(pages))
	for i, p := range pages {
		texts[i] = storage.PageText{Page: p.Number, Text: p.Text()}
	}
	err = records.IndexDocument(ctx, doc.ID, doc.Generation, texts)
	if errors.Is(err, storage.ErrConflict) { // started anew or withheld meanwhile
		return false, nil
	}
	return err == nil, err
}
