package storage

import (
	"context"

	"onewindow/document"
)

// Part is a document that was taken out of another: pages of a batch, or a file of
// an archive. New.Origin.Batch says which. Making the same part again makes none.
type Part struct {
	New NewDocument
}

// Companion is a change to another document in the same transaction, left out
// where that is in one of the states already.
type Companion struct {
	Document document.ID
	Unless   []document.State
	Change   Change
}

// Parts lists what batches were taken apart into.
type Parts interface {
	// PartsOf returns the documents that were taken out of another, in order of
	// pages; of an archive, in the order they were made.
	PartsOf(ctx context.Context, batch document.ID) ([]document.Document, error)
}
