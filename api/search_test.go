package api_test

import (
	"net/http"
	"net/url"
	"testing"

	"onewindow/document"
	"onewindow/storage"
)

type searchReply struct {
	Hits []struct {
		Document struct {
			ID   document.ID
			Type string
		}
		Page    int
		Snippet struct {
			Text  string
			Marks [][2]int
		}
	}
	More bool
}

func (h *house) search(as, query string) (out searchReply) {
	h.t.Helper()
	h.get(as, "/v1/search?q="+url.QueryEscape(query)).want(http.StatusOK).into(&out)
	return out
}

// TestW7_SearchShowsOnlyWhatMayBeSeen: what stands in a document is found by
// those who may open it, with the place marked, and by nobody else.
func TestW7_SearchShowsOnlyWhatMayBeSeen(t *testing.T) {
	h := openHouse(t)
	id := h.send("clerk", scan(t, paper("rd-construction-permit")))
	h.work()
	for who, want := range map[string]int{"clerk": 1, "reviewer": 1, "planner": 0, "stranger": 0, "applicant": 0} {
		got := h.search(who, "施工许可证")
		if len(got.Hits) != want {
			t.Errorf("%s: %d hits, want %d", who, len(got.Hits), want)
		}
		if want == 1 && (got.Hits[0].Document.ID != id || got.Hits[0].Document.Type != "rd-construction-permit") {
			t.Errorf("%s found %+v", who, got.Hits[0])
		}
	}
	hit := h.search("clerk", "施工许可证").Hits[0]
	if rs := []rune(hit.Snippet.Text); len(hit.Snippet.Marks) == 0 || string(rs[hit.Snippet.Marks[0][0]:hit.Snippet.Marks[0][1]]) != "施工许可证" {
		t.Errorf("snippet %+v", hit.Snippet)
	}
	if n := h.audits(string(id), "document.search"); n != 1 { // the reviewer's; who sent it is not noted
		t.Errorf("%d searches by others are in the trail", n)
	}
	h.get("clerk", "/v1/search").want(http.StatusUnprocessableEntity)
}

// TestG8_SearchFindsNothingClassified, neither by what stands in the file nor by
// its name, whoever asks.
func TestG8_SearchFindsNothingClassified(t *testing.T) {
	h := openHouse(t)
	id := h.send("clerk", scan(t, paper("rd-construction-permit")))
	h.work()
	doc := h.document(id)
	state := document.StateQuarantined
	if _, _, err := h.records.Apply(t.Context(), id, 0, storage.Change{CancelTasks: true, Patch: storage.DocumentPatch{State: &state}}); err != nil {
		t.Fatal(err)
	}
	for _, who := range []string{"clerk", "reviewer", "admin"} {
		for _, query := range []string{"施工许可证", string(doc.Receipt), doc.Filename} {
			if got := h.search(who, query); len(got.Hits) != 0 {
				t.Errorf("%s finds %+v by %q", who, got.Hits, query)
			}
		}
	}
}
