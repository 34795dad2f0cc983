package api

import (
	"context"
	"strings"

	"onewindow/document"
	"onewindow/intake"
	"onewindow/storage"
)

// mostEarlier is how many earlier receipts of the same bytes are named.
const mostEarlier = 5

// already adds to a receipt where the same bytes were received before, as far as
// the sender may see those documents: what others sent is not told, not even that
// there is something. The new document stands all the same: one permit is a
// material of several cases.
func (s *Server) already(ctx context.Context, r *intake.Receipt) {
	asker := who(ctx)
	q := storage.DocumentQuery{Original: r.Digest, Before: r.Document, Limit: mostEarlier}
	if asker.MembersOnly() {
		q.By = asker.Account
	}
	docs, _, err := s.Desk.ListDocuments(ctx, q, func(d document.Document) bool { return asker.Sees(d, s.Desk.UnitOf(d)) })
	if err != nil { // the bytes are received, whatever this says
		s.Log.Warn("look for the same bytes", "document", r.Document, "error", err)
		return
	}
	var numbers []string
	for _, d := range docs {
		r.Already = append(r.Already, intake.Earlier{Number: d.Receipt, Document: d.ID, ReceivedAt: d.ReceivedAt})
		numbers = append(numbers, string(d.Receipt))
	}
	if len(numbers) > 0 {
		r.Note = "内容相同的文件先前已收件，收件编号 " + strings.Join(numbers, "、") + "；本次另行收件"
	}
}
