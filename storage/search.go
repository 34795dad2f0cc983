package storage

import (
	"context"

	"onewindow/document"
	"onewindow/internal/fulltext"
)

// PageText is the text of one page for searching.
type PageText struct {
	Page int
	Text string
}

// SearchQuery asks for documents in which every word of Text stands, on whatever
// page. Empty values do not filter.
type SearchQuery struct {
	Text    string
	By      string // account that sent it
	Project string
	Limit   int // default 20, at most 100
}

// SearchHit is a document with the page on which most was found; page 0 is what
// is known of the document itself: its name, numbers, type and fields.
type SearchHit struct {
	Document document.Document
	Page     int
	Score    int
	Snippet  fulltext.Snippet
}

// Search finds documents by what stands in them. The index is written and
// emptied in the transactions that change documents: nothing read from a
// quarantined or destroyed file is ever found, and what is started anew is found
// again as it is read.
type Search interface {
	// SearchDocuments returns the best hits among those that sees allows, best
	// first, newer before older. more tells that there are others.
	SearchDocuments(ctx context.Context, q SearchQuery, sees func(document.Document) bool) (hits []SearchHit, more bool, err error)
	// IndexDocument writes the index of a document that was read before there was
	// one; texts are all its pages of that generation. Errors: ErrNotFound;
	// ErrConflict when the document was started anew or withheld meanwhile.
	IndexDocument(ctx context.Context, id document.ID, generation int, texts []PageText) error
}
