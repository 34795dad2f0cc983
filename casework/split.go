package casework

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"onewindow/document"
	"onewindow/storage"
)

// Split takes a file apart where a person says that other papers begin: pages in
// order, after the first. The parts are documents of their own; the file stays as it
// came. Whether it stands in a case is for the caller to ask. Errors: ErrIllegal for
// a result or a file that is at work, *Invalid.
func (d *Desk) Split(ctx context.Context, id document.ID, starts []int, by string) (document.Document, error) {
	doc, err := d.Records.Document(ctx, id)
	if err != nil {
		return doc, err
	}
	if doc.Publication != nil || !in(doc.State, document.StateNeedsReview, document.StateDone) {
		return doc, fmt.Errorf("split in state %s: %w", doc.State, ErrIllegal)
	}
	if text := wrongStarts(starts, doc.Pages); text != "" {
		return doc, &Invalid{Fields: map[string]string{"starts": text}}
	}
	origin := doc.Origin
	origin.Starts = starts
	return d.anew(ctx, doc, origin, storage.AuditEntry{Actor: by, Action: "document.split", Object: string(id),
		Detail: map[string]string{"starts": strings.Trim(fmt.Sprint(starts), "[]")}})
}

func wrongStarts(starts []int, pages int) string {
	switch {
	case pages < 2:
		return "只有一页，不能拆分"
	case len(starts) == 0:
		return "请写明从第几页起是另一份材料"
	case pages == 2 && (len(starts) != 1 || starts[0] != 2):
		return "只有两页，只能从第 2 页拆开"
	case !slices.IsSorted(starts) || slices.Min(starts) < 2 || slices.Max(starts) > pages || len(slices.Compact(slices.Clone(starts))) != len(starts):
		return fmt.Sprintf("页码应从小到大、不重复，在 2 到 %d 之间", pages)
	}
	return ""
}
