package api_test

import (
	"archive/zip"
	"bytes"
	"errors"
	"net/http"
	"strings"
	"testing"

	"onewindow/document"
	"onewindow/internal/sample"
	"onewindow/storage"
)

// classified is a scan whose first page bears a secrecy marking.
func classified(t *testing.T) string {
	t.Helper()
	return scan(t, sample.Make(sample.Classified()[0], project, 7))
}

// quarantine sends a classified paper and lets it be found.
func quarantine(t *testing.T, h *house, as string) document.ID {
	t.Helper()
	id := h.send(as, classified(t))
	h.work()
	h.inState(id, document.StateQuarantined)
	return id
}

func TestG8_QuarantineIsHiddenFromAllButTheSecurityOfficer(t *testing.T) {
	h := openHouse(t)
	id := quarantine(t, h, "applicant")
	path := "/v1/documents/" + string(id)
	listed := func(who string) bool {
		var list struct{ Documents []struct{ ID string } }
		h.get(who, "/v1/documents?state=quarantined").want(http.StatusOK).into(&list)
		return len(list.Documents) == 1
	}
	for who, sees := range map[string]bool{"security": true, "admin": true, "applicant": true,
		"clerk": false, "reviewer": false, "planner": false, "lead": false, "archivist": false, "system": false, "stranger": false} {
		want := http.StatusNotFound
		if sees {
			want = http.StatusOK
		}
		r := h.get(who, path).want(want)
		if listed(who) != sees {
			t.Errorf("%s has it in the list: %v", who, !sees)
		}
		if strings.Contains(string(r.body), "机密") || strings.Contains(string(r.body), "evidence\":[\"") {
			t.Errorf("%s reads words of it: %s", who, r.body)
		}
		if who == "admin" && strings.Contains(string(r.body), "扫描件") {
			t.Error("the administrator reads its name")
		}
		for _, sub := range []string{"/original"} {
			got := h.get(who, path+sub)
			if (who == "security") != (got.status == http.StatusOK) {
				t.Errorf("%s%s answers %d", who, sub, got.status)
			}
		}
	}
	var pages struct{ Pages []any }
	if h.get("security", path+"/pages").want(http.StatusOK).into(&pages); len(pages.Pages) != 0 {
		t.Error("text of a classified document was kept")
	}
	if n := h.audits(string(id), "document.original.read"); n != 1 {
		t.Errorf("the officer's look is %d times in the trail", n)
	}
	for _, action := range []string{"confirm", "retry", "reprocess", "cancel"} {
		if r := h.ask("admin", "POST", path+"/"+action, map[string]any{"reason": "x"}); r.status == http.StatusOK {
			t.Errorf("%s moved a quarantined document", action)
		}
	}
	h.inState(id, document.StateQuarantined)
}

func TestG8_SecurityOfficerReleasesWithReason(t *testing.T) {
	h := openHouse(t)
	id := quarantine(t, h, "clerk")
	path := "/v1/documents/" + string(id) + "/release"
	h.ask("admin", "POST", path, map[string]any{"reason": "x"}).want(http.StatusForbidden)
	h.ask("security", "POST", path, map[string]any{"reason": ""}).want(http.StatusUnprocessableEntity)
	h.ask("security", "POST", path, map[string]any{"reason": "  "}).want(http.StatusUnprocessableEntity)
	h.ask("security", "POST", path, map[string]any{"reason": "经核实为公开文件的样张"}).want(http.StatusOK)
	h.work() // screened again, and let through
	d := h.document(id)
	if d.State == document.StateQuarantined || !d.State.Final() && d.State != document.StateNeedsReview {
		t.Fatalf("released document is %s", d.State)
	}
	if d.Origin.Released != "security" || d.Generation != 2 || h.audits(string(id), "document.release") != 1 {
		t.Errorf("released by %q, generation %d", d.Origin.Released, d.Generation)
	}
	told := false
	for _, f := range d.Findings {
		told = told || f.Code == "secrecy_released"
	}
	if !told {
		t.Errorf("reviewers are not told: %+v", d.Findings)
	}
	h.get("clerk", "/v1/documents/"+string(id)).want(http.StatusOK)
	h.ask("security", "POST", path, map[string]any{"reason": "again"}).want(http.StatusConflict)
}

func TestG8_PurgeDestroysTheBytesAndLeavesACertificate(t *testing.T) {
	h := openHouse(t)
	id, twin := quarantine(t, h, "applicant"), quarantine(t, h, "stranger") // the same bytes, sent twice
	d := h.document(id)
	path := "/v1/documents/" + string(id)
	h.ask("admin", "POST", path+"/purge", map[string]any{"reason": "x"}).want(http.StatusForbidden)
	h.ask("security", "POST", path+"/purge", map[string]any{"reason": " "}).want(http.StatusUnprocessableEntity)
	h.ask("security", "POST", path+"/purge", map[string]any{"reason": "涉密，按规定销毁"}).want(http.StatusOK)
	if _, err := h.blobs.Stat(t.Context(), storage.Originals, d.Original); !errors.Is(err, storage.ErrNotFound) {
		t.Errorf("the bytes are still there: %v", err)
	}
	for _, doc := range []document.ID{id, twin} {
		h.inState(doc, document.StatePurged)
		if h.audits(string(doc), "document.purge") != 1 {
			t.Errorf("no certificate for %s", doc)
		}
	}
	certificate := false
	for _, row := range auditText(t, h) {
		if strings.Contains(row, "security document.purge "+string(id)) {
			certificate = strings.Contains(row, d.Original.String()) && strings.Contains(row, "涉密，按规定销毁") && strings.Contains(row, "destroyed_at=")
		}
	}
	if !certificate {
		t.Error("the certificate does not say who destroyed what, why and when")
	}
	h.ask("security", "POST", path+"/purge", map[string]any{"reason": "x"}).want(http.StatusConflict)
	h.ask("security", "POST", path+"/release", map[string]any{"reason": "x"}).want(http.StatusConflict)
	h.do(h.request("admin", "POST", path+"/reprocess", nil)).want(http.StatusConflict)
	h.get("security", path+"/original").want(http.StatusForbidden)
	for ref, err := range h.records.References(t.Context()) {
		if err != nil || ref.Digest == d.Original {
			t.Errorf("a fixity check would miss %s, %v", ref.Digest, err)
		}
	}
}

// archived puts files of these names and contents into a ZIP.
func archived(t *testing.T, files ...string) string {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for i := 0; i < len(files); i += 2 {
		w, err := z.Create(files[i])
		if err == nil {
			_, err = w.Write([]byte(files[i+1]))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestG8_PurgeOfAPartDestroysTheWholeAndSparesTheOthers(t *testing.T) {
	for name, released := range map[string]bool{"the whole in quarantine": false, "the whole released before": true} {
		t.Run(name, func(t *testing.T) {
			h := openHouse(t)
			open := scan(t, sample.Make(sample.Materials()[0], project, 3))
			whole := h.send("applicant", archived(t, "涉密.pdf", classified(t), "公开.pdf", open))
			h.work()
			h.inState(whole, document.StateQuarantined)
			if released {
				h.ask("security", "POST", "/v1/documents/"+string(whole)+"/release", map[string]any{"reason": "只有一份涉密"}).want(http.StatusOK)
				h.work()
				h.inState(whole, document.StateSplit)
			}
			parts, err := h.records.PartsOf(t.Context(), whole)
			if err != nil || len(parts) != 2 {
				t.Fatalf("parts %+v, %v", parts, err)
			}
			for _, p := range parts {
				if secret := p.Origin.Batch.Entry == "涉密.pdf"; secret {
					h.ask("security", "POST", "/v1/documents/"+string(p.ID)+"/purge", map[string]any{"reason": "涉密"}).want(http.StatusOK)
				}
			}
			for _, id := range []document.ID{whole, parts[0].ID, parts[1].ID} {
				d := h.document(id)
				_, err := h.blobs.Stat(t.Context(), storage.Originals, d.Original)
				spared := d.Filename == "公开.pdf"
				if spared != (err == nil) || spared != (d.State != document.StatePurged) || !spared != (h.audits(string(id), "document.purge") == 1) {
					t.Errorf("%s is %s, its bytes: %v", d.Filename, d.State, err)
				}
			}
		})
	}
}

func TestG8_PurgeSparesBytesInUse(t *testing.T) {
	h := openHouse(t)
	id := quarantine(t, h, "applicant")
	h.send("stranger", classified(t)) // the same bytes, still on their way
	h.ask("security", "POST", "/v1/documents/"+string(id)+"/purge", map[string]any{"reason": "x"}).want(http.StatusConflict)
	if _, err := h.blobs.Stat(t.Context(), storage.Originals, h.document(id).Original); err != nil {
		t.Errorf("the bytes went: %v", err)
	}
	h.inState(id, document.StateQuarantined)
}
