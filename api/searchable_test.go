package api_test

import (
	"context"
	"net/http"
	"os"
	"testing"

	"onewindow/document"
	"onewindow/ocr"
)

// copier writes searchable copies that say whose they are.
type copier struct{}

func (copier) LayText(_ context.Context, _ string, _ []document.Page, id, _, out string, _ ocr.OpenOptions) error {
	return os.WriteFile(out, []byte("%PDF copy of "+id), 0o600)
}

// TestW7_SearchableCopyIsAsRestrictedAsTheOriginal since it shows the same, unmarked.
func TestW7_SearchableCopyIsAsRestrictedAsTheOriginal(t *testing.T) {
	h := openHouse(t)
	h.worker.TextLayer = copier{}
	id := h.send("clerk", scan(t, paper("rd-construction-permit")))
	path := "/v1/documents/" + string(id) + "/searchable"
	h.get("clerk", path).want(http.StatusNotFound) // not made yet
	h.work()
	for who, want := range map[string]int{"clerk": http.StatusOK, "reviewer": http.StatusOK, "planner": http.StatusNotFound, "stranger": http.StatusNotFound} {
		r := h.get(who, path).want(want)
		if want == http.StatusOK && (string(r.body) != "%PDF copy of "+string(id)+"/1" || r.header.Get("Content-Type") != "application/pdf") {
			t.Errorf("%s got %q as %s", who, r.body, r.header.Get("Content-Type"))
		}
	}
	if n := h.audits(string(id), "document.searchable.read"); n != 2 {
		t.Errorf("%d of 2 reads are in the trail", n)
	}
	h.get("clerk", "/v1/documents/"+string(id)+"/original").want(http.StatusOK)
}
