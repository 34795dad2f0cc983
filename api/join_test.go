package api_test

import (
	"net/http"
	"testing"

	"onewindow/document"
	"onewindow/intake"
	"onewindow/internal/sample"
	"onewindow/storage"
)

// half is one page of a paper that was scanned in two goes.
func (h *house) half(page int) document.ID {
	h.t.Helper()
	pages := sample.Make("construction-contract", project, 3).Read(150)
	for len(pages) < 2 {
		pages = append(pages, pages[0])
	}
	id := h.send("applicant", pagesFile(h.t, pages[page:page+1]), field("as", "material"), field("project", project.Code))
	h.work()
	return id
}

func (h *house) join(as string, status int, ids ...document.ID) (r intake.Receipt) {
	h.t.Helper()
	got := h.ask(as, "POST", "/v1/documents/join", map[string]any{"documents": ids}).want(status)
	if status == http.StatusCreated {
		got.into(&r)
	}
	return r
}

func TestJoin_TwoScansBecomeOneAndStayAsTheyCame(t *testing.T) {
	h := openHouse(t)
	first, second := h.half(0), h.half(1)
	h.join("clerk", http.StatusUnprocessableEntity, first)
	h.join("clerk", http.StatusUnprocessableEntity, first, first)
	h.join("applicant", http.StatusForbidden, first, second)
	r := h.join("clerk", http.StatusCreated, first, second)
	h.work()
	whole := h.document(r.Document)
	if whole.Pages != 2 || whole.Origin.Project != project.Code || whole.Receipt == "" || len(whole.Origin.Joined) != 2 || whole.Origin.Joined[0] != first {
		t.Errorf("joined into %+v", whole)
	}
	for _, id := range []document.ID{first, second} {
		d := h.inState(id, document.StateCancelled)
		if _, err := h.blobs.Stat(t.Context(), storage.Originals, d.Original); err != nil || d.Origin.JoinedInto != whole.ID || h.audits(string(id), "document.join") != 1 {
			t.Errorf("%s: %+v, %v", id, d.Origin, err)
		}
		h.ask("admin", "POST", "/v1/documents/"+string(id)+"/reprocess", map[string]any{}).want(http.StatusConflict)
	}
	h.join("clerk", http.StatusConflict, first, second) // a double click
	result := h.send("reviewer", scan(t, paper("rd-construction-permit")), field("project", project.Code), field("as", "result"))
	h.work()
	h.join("admin", http.StatusConflict, whole.ID, result)
}

// TestG8_JoinedPagesGoWithTheirSources: what is found to be classified in a joined
// file is classified in the files it was joined from, and destroyed there too.
func TestG8_JoinedPagesGoWithTheirSources(t *testing.T) {
	h := openHouse(t)
	marked := quarantine(t, h, "applicant")
	h.ask("security", "POST", "/v1/documents/"+string(marked)+"/release", map[string]any{"reason": "误判"}).want(http.StatusOK)
	h.work()
	open := h.half(0)
	if d := h.document(marked); d.State != document.StateNeedsReview && d.State != document.StateDone {
		t.Fatalf("the released paper is %s", d.State)
	}
	r := h.join("admin", http.StatusCreated, open, marked)
	h.work()
	for _, id := range []document.ID{r.Document, open, marked} {
		h.inState(id, document.StateQuarantined)
	}
	h.ask("security", "POST", "/v1/documents/"+string(r.Document)+"/purge", map[string]any{"reason": "涉密"}).want(http.StatusOK)
	for _, id := range []document.ID{r.Document, open, marked} {
		d := h.inState(id, document.StatePurged)
		if _, err := h.blobs.Stat(t.Context(), storage.Originals, d.Original); err == nil {
			t.Errorf("the bytes of %s are still there", id)
		}
	}
}
