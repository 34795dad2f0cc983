package cases

import (
	"context"

	"onewindow/approval"
	"onewindow/approval/progress"
	"onewindow/document"
	"onewindow/storage"
)

// NeededBy reports whether a document stands in an entry that an item asks for
// which handles lets through: units see the materials of their items, and no
// others (V2.2). What is in quarantine or destroyed is needed by nobody (G.8).
func (o *Office) NeededBy(ctx context.Context, d document.Document, handles func(approval.CaseItem) bool) (bool, error) {
	if d.State == document.StateQuarantined || d.State == document.StatePurged {
		return false, nil
	}
	filings, err := o.Records.FilingsOfDocument(ctx, string(d.ID))
	if err != nil {
		return false, err
	}
	for _, f := range filings {
		items, err := o.Records.ListCaseItems(ctx, storage.ItemQuery{Case: f.Case, Limit: 500})
		if err != nil {
			return false, err
		}
		for _, it := range items {
			if it.State != progress.Returned && handles(it) && o.Asks(it, f.Material) {
				return true, nil
			}
		}
	}
	return false, nil
}
