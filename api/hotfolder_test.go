package api_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"onewindow/access"
	"onewindow/storage"
)

// dropped puts a file into the ledger that its watcher refused.
func (h *house) dropped(t *testing.T, hall, path, token string) string {
	t.Helper()
	a := storage.Arrival{Inbox: "inbox", Path: path, Hall: hall, Window: "1", Outcome: storage.OutcomeWaiting, Code: "writing", Reason: "文件还在变化"}
	ids, err := h.records.NoteArrivals(t.Context(), []storage.Arrival{a})
	if err != nil {
		t.Fatal(err)
	}
	a.ID = ids[0]
	if token == "" {
		return a.ID
	}
	if err = h.records.ClaimArrival(t.Context(), a, token); err == nil {
		_, err = h.records.SettleArrival(t.Context(), token, storage.ArrivalOutcome{Outcome: storage.OutcomeRefused, Code: "too_large", Reason: "文件超过 200 MB。", Held: "大.pdf"})
	}
	if err != nil {
		t.Fatal(err)
	}
	return a.ID
}

type hotFolder struct {
	Counts map[string]int `json:"counts"`
	Next   string         `json:"next"`
	Files  []struct {
		ID, Path, Outcome, Code, Reason string
		RetryBy                         string `json:"retry_by"`
		MayRetry                        bool   `json:"may_retry"`
	} `json:"files"`
}

func (h *house) hotFolder(t *testing.T, as, query string) (out hotFolder) {
	t.Helper()
	r := h.get(as, "/v1/hot-folder/files"+query)
	if r.status != http.StatusOK {
		t.Fatalf("%d %s", r.status, r.body)
	}
	if err := json.Unmarshal([]byte(r.body), &out); err != nil {
		t.Fatal(err)
	}
	return out
}

// TestHotFolder_ClerkSeesTheHallsLedgerAndRetriesWithOneCall.
func TestHotFolder_ClerkSeesTheHallsLedgerAndRetriesWithOneCall(t *testing.T) {
	h := openHouse(t)
	own, waits := h.dropped(t, "changsha", "changsha/1/大.pdf", "t1"), h.dropped(t, "changsha", "changsha/1/新.pdf", "")
	other := h.dropped(t, "yueyang", "yueyang/1/大.pdf", "t2")
	list := h.hotFolder(t, "clerk", "")
	if len(list.Files) != 2 || list.Counts["refused"] != 1 || list.Counts["waiting"] != 1 || list.Files[0].ID != waits || list.Files[1].Reason != "文件超过 200 MB。" || !list.Files[1].MayRetry || list.Files[0].MayRetry {
		t.Errorf("a clerk sees %+v", list)
	}
	if all := h.hotFolder(t, "admin", "?outcome=refused&limit=1"); len(all.Files) != 1 || all.Files[0].ID != other || all.Next != other || all.Counts["refused"] != 2 {
		t.Errorf("the administrator sees %+v", all)
	}
	for path, want := range map[string]int{other: http.StatusNotFound, "arr_none": http.StatusNotFound, waits: http.StatusConflict, own: http.StatusOK} {
		if r := h.do(h.request("clerk", http.MethodPost, "/v1/hot-folder/files/"+path+"/retry", nil)); r.status != want {
			t.Errorf("retry of %s: %d %s, want %d", path, r.status, r.body, want)
		}
	}
	if again := h.do(h.request("clerk", http.MethodPost, "/v1/hot-folder/files/"+own+"/retry", nil)); again.status != http.StatusConflict {
		t.Errorf("a second retry: %d", again.status)
	}
	if got := h.hotFolder(t, "clerk", "?outcome=refused"); got.Files[0].RetryBy != "clerk" || got.Files[0].MayRetry {
		t.Errorf("asked for a retry: %+v", got.Files[0])
	}
	if r := h.get("clerk", "/v1/hot-folder/files?outcome=lost"); r.status != http.StatusUnprocessableEntity {
		t.Errorf("an outcome that does not exist: %d", r.status)
	}
}

// TestG8_LedgerHidesTheNameOfWhatIsClassified.
func TestG8_LedgerHidesTheNameOfWhatIsClassified(t *testing.T) {
	h := openHouse(t)
	h.dropped(t, "changsha", "changsha/1/某工程.pdf", "t1")
	doc := storage.ArrivalOutcome{Outcome: storage.OutcomeReceived, Code: storage.CodeScreened, Document: "doc_X", Receipt: "SJ1"}
	if _, err := h.records.SettleArrival(t.Context(), "t1", doc); err != nil {
		t.Fatal(err)
	}
	for _, as := range []string{"clerk", "admin"} {
		if got := h.hotFolder(t, as, "").Files[0].Path; got != "changsha/1/（涉密待查）" {
			t.Errorf("%s reads %q", as, got)
		}
	}
}

// TestPages_HotFolderIsRetriedFromItsPage.
func TestPages_HotFolderIsRetriedFromItsPage(t *testing.T) {
	h := openHouse(t)
	id := h.dropped(t, "changsha", "changsha/1/<b>大.pdf", "t1")
	clerk := h.browse(t, access.NewAccount{Name: "c", Roles: []access.Role{access.Clerk}, Hall: "changsha"})
	other := h.browse(t, access.NewAccount{Name: "o", Roles: []access.Role{access.Clerk}, Hall: "yueyang"})
	body := clerk.see("/hot-folder?outcome=refused", http.StatusOK)
	for _, want := range []string{"changsha/1/&lt;b&gt;大.pdf", "文件超过 200 MB。", "/hot-folder/" + id + "/retry", "拒收"} {
		if !strings.Contains(body, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	if strings.Contains(other.see("/hot-folder", http.StatusOK), "大.pdf") {
		t.Error("another hall's files are shown")
	}
	other.submit("/hot-folder/"+id+"/retry", nil, http.StatusNotFound)
	clerk.submit("/hot-folder/"+id+"/retry", nil, http.StatusSeeOther)
	if a, err := h.records.Arrival(t.Context(), id); err != nil || a.RetryBy != "c" {
		t.Errorf("%+v %v", a, err)
	}
}
