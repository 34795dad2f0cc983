package casework

import (
	"context"
	"fmt"

	"onewindow/document"
)

// Discard takes a scan off a tray that was made by mistake or is scanned again
// (issue 6): at any time before it is a result or stands in a case, recognized or
// not. The bytes stay where the law keeps them; the document is cancelled. Whether
// it stands in a case is for the caller to ask. Errors: ErrIllegal.
func (d *Desk) Discard(ctx context.Context, id document.ID, by, reason string) (document.Document, error) {
	doc, err := d.Records.Document(ctx, id)
	if err != nil {
		return doc, err
	}
	if doc.Publication != nil {
		return doc, fmt.Errorf("discard a published result: %w", ErrIllegal)
	}
	return d.end(ctx, id, by, reason, document.StateCancelled, "document.discard",
		document.StateReceived, document.StateInspecting, document.StateReading, document.StateClassified,
		document.StateNeedsReview, document.StateFailed, document.StateRefused, document.StateDone)
}
