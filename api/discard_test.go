package api_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"onewindow/access"
	"onewindow/document"
	"onewindow/storage"
)

// TestTray_ScanIsDeletedToBeScannedAgain: recognized or not, by its hall only, and
// never once it is published.
func TestTray_ScanIsDeletedToBeScannedAgain(t *testing.T) {
	h := openHouse(t)
	clerk := h.browse(t, access.NewAccount{Name: "c", Roles: []access.Role{access.Clerk}, Hall: "changsha"})
	unit := h.browse(t, access.NewAccount{Name: "u", Roles: []access.Role{access.Reviewer}, Unit: "housing"})
	doc := h.scanInto(t, "changsha/1/勘察报告.pdf", scan(t, paper("rd-construction-permit")))
	done := document.StateDone
	if _, _, err := h.records.Apply(t.Context(), doc.ID, 0, storage.Change{Patch: storage.DocumentPatch{State: &done}, CancelTasks: true}); err != nil {
		t.Fatal(err)
	}
	path := "/documents/" + string(doc.ID) + "/discard"
	clerk.submit(path, url.Values{"reason": {""}}, http.StatusUnprocessableEntity)
	clerk.submit(path, url.Values{"reason": {"歪了，重新扫描"}}, http.StatusSeeOther)
	if page := clerk.see("/counter", http.StatusOK); strings.Contains(page, "勘察报告.pdf") {
		t.Error("the tray still shows it")
	}
	h.inState(doc.ID, document.StateCancelled)
	if h.audits(string(doc.ID), "document.discard") != 1 {
		t.Error("the trail does not say who deleted it")
	}
	clerk.submit(path, url.Values{"reason": {"再来一次"}}, http.StatusConflict)

	published := h.permit()
	result := h.documentOf(t, published)
	unit.submit("/documents/"+string(result)+"/discard", url.Values{"reason": {"不要了"}}, http.StatusConflict)
	h.inState(result, document.StateDone)
}

// documentOf is the document that a result was published from.
func (h *house) documentOf(t *testing.T, result string) document.ID {
	t.Helper()
	return h.stored(t, result).Document
}
