package main

import (
	"context"
	"time"

	"onewindow/document"
)

// waitForRest waits until nothing more happens to a document by itself.
func (h *house) waitForRest(ctx context.Context, id document.ID, every time.Duration) (document.Document, error) {
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		doc, err := h.records.Document(ctx, id)
		if err != nil || doc.State.Final() || doc.State == document.StateNeedsReview {
			return doc, err
		}
		select {
		case <-ctx.Done():
			return doc, ctx.Err()
		case <-tick.C:
		}
	}
}
