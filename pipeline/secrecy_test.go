package pipeline_test

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"strings"
	"testing"
	"time"

	"onewindow/document"
	"onewindow/storage"
)

// secretAt gives the page of that number a marking of secrecy.
func (h *house) secretAt(marked int) {
	h.room.read = func(_ context.Context, _ string, n int) (document.Page, error) {
		time.Sleep(2 * time.Millisecond)
		if n == marked {
			return page(n, "机密★10年", "关于某工程的批复"), nil
		}
		return page(n, "附图目录甲乙丙"), nil
	}
}

// TestG8_NothingDerivedStays: neither records nor stores nor scratch folders keep
// anything of a file with a marking, on whichever page it stands and whatever
// other pages are being read meanwhile.
func TestG8_NothingDerivedStays(t *testing.T) {
	for _, marked := range []int{1, 2, 9} {
		h := newHouse(t)
		h.secretAt(marked)
		stop := h.start(4)
		id := h.receive(12, document.Origin{Confirm: true})
		h.state(id, document.StateQuarantined, limit)
		waitDone(h, id, document.StepErase)
		stop() // hands that were reading other pages have ended
		doc := h.document(id)
		if doc.State != document.StateQuarantined || doc.Fields != nil || doc.Classification.Recognized() || len(doc.Findings) != 0 || doc.Publication != nil {
			t.Errorf("page %d: document %+v", marked, doc)
		}
		if n := len(h.artifacts(id, 1)); n != 0 {
			t.Errorf("page %d: %d artifacts are recorded", marked, n)
		}
		if n := h.derived(); n != 0 {
			t.Errorf("page %d: %d derived blobs are stored", marked, n)
		}
		if _, err := h.blobs.Stat(t.Context(), storage.Originals, doc.Original); err != nil {
			t.Errorf("page %d: original: %v", marked, err)
		}
		h.noWord(id, "机密", "批复", "附图")
	}
}

// noWord checks that no event and no audit row quotes a document.
func (h *house) noWord(id document.ID, words ...string) {
	h.t.Helper()
	trail, err := h.records.AuditTrail(context.Background(), string(id), 0, 100)
	if err != nil {
		h.t.Fatal(err)
	}
	told, err := json.Marshal([]any{h.events(id), trail, h.document(id)})
	if err != nil {
		h.t.Fatal(err)
	}
	for _, w := range words {
		if bytes.Contains(told, []byte(w)) {
			h.t.Errorf("%q of a classified document is told: %s", w, told)
		}
	}
}

// TestG8_LocalCopiesGo: the room forgets the file, and the desk drops it.
func TestG8_LocalCopiesGo(t *testing.T) {
	h := newHouse(t)
	h.secretAt(1)
	h.start(1)
	id := h.receive(1, document.Origin{})
	h.state(id, document.StateQuarantined, limit)
	waitDone(h, id, document.StepErase)
	h.room.mu.Lock()
	defer h.room.mu.Unlock()
	if len(h.room.forgot) != 1 {
		t.Fatalf("the room was told to forget %v", h.room.forgot)
	}
	if _, err := os.Stat(h.room.forgot[0]); !os.IsNotExist(err) {
		t.Errorf("the local copy is still there: %v", err)
	}
}

// TestG8_OtherDocumentsKeepTheirs: what looks alike in another file is not
// erased with it.
func TestG8_OtherDocumentsKeepTheirs(t *testing.T) {
	h := newHouse(t)
	h.room.read = func(_ context.Context, file string, n int) (document.Page, error) {
		if n == 3 && strings.HasSuffix(file, "file 2") {
			return page(n, "秘密★5年"), nil
		}
		return page(n, "同样的内容"), nil
	}
	h.start(2)
	open, secret := h.receive(3, document.Origin{}), h.receive(3, document.Origin{})
	if doc := h.rest(secret); doc.State != document.StateQuarantined {
		t.Fatalf("the marked file ended %s", doc.State)
	}
	if doc := h.rest(open); doc.State != document.StateDone {
		t.Fatalf("the open file ended %s", doc.State)
	}
	waitDone(h, secret, document.StepErase)
	for _, a := range h.artifacts(open, 1) {
		if _, err := h.blobs.Stat(t.Context(), storage.Derived, a.Digest); err != nil {
			t.Errorf("%s of the open file: %v", a.Kind, err)
		}
	}
}

// TestG8_OpenPapersPass, also those that speak of secrets, and those that the
// security officer released.
func TestG8_OpenPapersPass(t *testing.T) {
	h := newHouse(t)
	h.room.read = func(_ context.Context, file string, n int) (document.Page, error) {
		if strings.HasSuffix(file, "file 2") {
			return page(n, "机密★10年"), nil
		}
		return page(n, "承诺书", "严格保守建设单位的商业秘密，不泄露国家秘密。"), nil
	}
	h.start(1)
	for _, id := range []document.ID{h.receive(1, document.Origin{}), h.receive(1, document.Origin{Released: "security"})} {
		if doc := h.rest(id); doc.State != document.StateDone {
			t.Errorf("%s ended %s: %+v", id, doc.State, doc.Findings)
		}
	}
}

// TestG8_WeakEngineHidesNoMarking: a city that reads with the weaker engine must not
// miss a marking that the stronger one sees, on any page.
func TestG8_WeakEngineHidesNoMarking(t *testing.T) {
	for _, marked := range []int{0, 1, 2} {
		h := newHouse(t)
		h.config.Engine, h.config.Screener = "weak", "strong"
		h.room.readBy = func(engine string, n int) (document.Page, bool) {
			if n == marked && engine == "strong" {
				return page(n, "机密★10年", "关于某工程的批复"), true
			}
			return page(n, "施工许可证"), true
		}
		h.start(2)
		doc := h.rest(h.receive(2, document.Origin{Role: document.RoleMaterial}))
		if got := doc.State == document.StateQuarantined; got != (marked > 0) {
			t.Errorf("marked on page %d: %s", marked, doc.State)
		}
		if marked == 0 && h.derived() == 0 {
			t.Error("an open paper left nothing")
		}
	}
}
