package pipeline_test

import (
	"context"
	"testing"

	"onewindow/document"
	"onewindow/pipeline"
	"onewindow/storage"
)

func (h *house) hits(query string) int {
	h.t.Helper()
	hits, _, err := h.records.SearchDocuments(context.Background(), storage.SearchQuery{Text: query}, func(document.Document) bool { return true })
	if err != nil {
		h.t.Fatal(err)
	}
	return len(hits)
}

// TestSearch_PagesAreFoundAsTheyAreRead and again after the index was made anew
// from what is kept.
func TestSearch_PagesAreFoundAsTheyAreRead(t *testing.T) {
	h := newHouse(t)
	h.room.read = func(_ context.Context, _ string, n int) (document.Page, error) {
		if n == 3 {
			return page(n, "第三页的桥梁结构"), nil
		}
		return page(n, "附图目录甲乙丙"), nil
	}
	h.start(2)
	id := h.receive(3, document.Origin{})
	h.state(id, document.StateDone, limit)
	if n := h.hits("桥梁"); n != 1 {
		t.Fatalf("%d hits after reading", n)
	}
	doc := h.document(id)
	if err := h.records.IndexDocument(t.Context(), id, doc.Generation, nil); err != nil {
		t.Fatal(err)
	}
	if n := h.hits("桥梁"); n != 0 {
		t.Fatalf("%d hits without an index", n)
	}
	n, err := pipeline.Reindex(t.Context(), h.records, h.blobs)
	if err != nil || n != 1 || h.hits("桥梁") != 1 {
		t.Errorf("indexed %d, %v; %d hits", n, err, h.hits("桥梁"))
	}
}

// TestG8_ClassifiedPagesAreNotIndexed, nor pages read before the marking was.
func TestG8_ClassifiedPagesAreNotIndexed(t *testing.T) {
	for _, marked := range []int{1, 3} {
		h := newHouse(t)
		h.secretAt(marked)
		h.start(2)
		id := h.receive(4, document.Origin{})
		h.state(id, document.StateQuarantined, limit)
		waitDone(h, id, document.StepErase)
		if n, err := pipeline.Reindex(t.Context(), h.records, h.blobs); n != 0 || err != nil {
			t.Errorf("indexed %d, %v", n, err)
		}
		counts, err := h.records.Counts(t.Context())
		if err != nil || counts["page_texts"] != 0 || counts["page_tokens"] != 0 {
			t.Errorf("page %d: %v, %d texts and %d tokens", marked, err, counts["page_texts"], counts["page_tokens"])
		}
	}
}
