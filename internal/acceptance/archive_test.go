package acceptance_test

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"onewindow/approval"
	"onewindow/casework/archive/bag"
	"onewindow/storage/filestore"
)

// TestArchive_CaseIsPackedWholeAndCheckedWithoutOnewindow plays a case to its end
// and opens its package with other tools.
func TestArchive_CaseIsPackedWholeAndCheckedWithoutOnewindow(t *testing.T) {
	w := found(t, "2026-11-23 10:00")
	w.register(map[string]any{"contact": "王某"})
	w.delivered("%PDF-1.7 certificate")
	caseID, id := w.completed(landUse, "rd-land-use-permit", approval.ModePushed)
	choice := w.ask("applicant", "POST", "/v1/case-items/"+id+"/issuance", map[string]any{"mode": "pickup"}).want(http.StatusOK)
	signature := w.upload("clerk", "signature.png", nil)
	shown := collectFor(choice.text("issuance.pickup_code"))
	shown["signature"] = signature
	w.ask("clerk", "POST", "/v1/issuances/"+choice.text("id")+"/collect", shown).want(http.StatusOK)

	for _, other := range []string{"applicant", "clerk", "planner", "supervisor", "admin"} {
		w.ask(other, "GET", "/v1/cases/"+caseID+"/archive", nil).want(http.StatusForbidden)
	}
	k := w.ask("archivist", "GET", "/v1/cases/"+caseID, nil).want(http.StatusOK)
	number := k.text("number")
	pack := w.ask("archivist", "GET", "/v1/cases/"+caseID+"/archive", nil).want(http.StatusOK)
	dir := t.TempDir()
	z, err := zip.NewReader(bytes.NewReader(pack.body), int64(len(pack.body)))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.CopyFS(dir, z); err != nil {
		t.Fatal(err)
	}
	root := filepath.Join(dir, number)
	check := exec.Command("sha256sum", "--strict", "-c", "manifest-sha256.txt", "tagmanifest-sha256.txt")
	check.Dir = root
	if out, err := check.CombinedOutput(); err != nil {
		t.Fatalf("sha256sum: %s %v", out, err)
	}
	if r, err := bag.VerifyFile(t.Context(), root); err != nil || !r.Sound() {
		t.Errorf("%+v %v", r, err)
	}
	// The delivered file and every original are in it, bit by bit.
	b, err := os.ReadFile(filepath.Join(root, "data/delivered/res_"+id+".pdf"))
	if err != nil || string(b) != "%PDF-1.7 certificate" {
		t.Errorf("delivered %q %v", b, err)
	}
	filed := 0
	for _, e := range w.ask("archivist", "GET", "/v1/cases/"+caseID+"/checklist", nil).want(http.StatusOK).at("entries").([]any) {
		for _, f := range e.(map[string]any)["filings"].([]any) {
			filed++
			doc := f.(map[string]any)["document_id"].(string)
			if b, err := os.ReadFile(filepath.Join(root, "data/originals", doc+".pdf")); err != nil || !strings.HasPrefix(string(b), "%PDF-1.7 ") {
				t.Errorf("original %s: %q %v", doc, b, err)
			}
		}
	}
	if _, err := os.Stat(filepath.Join(root, "data/originals", signature+".png")); err != nil || filed < 3 {
		t.Errorf("signature: %v; %d filings", err, filed)
	}
	if list, _ := filepath.Glob(filepath.Join(root, "data/notices/SL*.pdf")); len(list) != 1 {
		t.Errorf("acceptance notices %v", list)
	}
	w.checkMetadata(root, id, choice.text("issuance.pickup_code"))
	w.ask("admin", "GET", "/v1/audit?object="+caseID, nil).want(http.StatusOK).says("case.archive", `"actor":"archivist"`)
}

// checkMetadata reads what the package says of the case.
func (w *town) checkMetadata(root, itemID, code string) {
	w.t.Helper()
	read := func(name string) string {
		b, err := os.ReadFile(filepath.Join(root, "data", name))
		if err != nil {
			w.t.Fatal(err)
		}
		return string(b)
	}
	for name, texts := range map[string][]string{
		"metadata/case.json": {projectCode, `"channel": "virtual"`}, "metadata/project.json": {"湖南星湖置业有限公司"}, "metadata/items.json": {itemID, `"completed_approved"`, `"clocks"`},
		"metadata/results.json": {"地字第430100202610001号"}, "metadata/registers.json": {"issuance", "collected", "430000********0003"},
		"metadata/files.json": {"signature.png", "delivered"}, "metadata/notices.json": {"受理通知书", "送达回证"}, "说明.txt": {"sha256sum --strict -c"},
	} {
		for _, text := range texts {
			if !strings.Contains(read(name), text) {
				w.t.Errorf("%s does not say %q", name, text)
			}
		}
	}
	if strings.Contains(read("metadata/registers.json"), code) {
		w.t.Error("the pick-up code went into the archive")
	}
	last, actions := 0.0, map[string]bool{}
	for _, line := range strings.Split(strings.TrimSpace(read("audit/trail.jsonl")), "\n") {
		var row map[string]any
		if err := json.Unmarshal([]byte(line), &row); err != nil {
			w.t.Fatal(err)
		}
		if seq := row["seq"].(float64); seq <= last || len(row["hash"].(string)) != 64 {
			w.t.Errorf("row out of order or without its hash: %s", line)
		} else {
			last = seq
		}
		actions[row["action"].(string)] = true
	}
	for _, action := range []string{"case.start", "case.submit", "case_item.accept", "case_item.complete", "notice.issue", "issuance.delivered"} {
		if !actions[action] {
			w.t.Errorf("the trail lacks %s: %v", action, actions)
		}
	}
}

func TestArchive_RunningCaseAndLostFilesGiveNoPackage(t *testing.T) {
	w := found(t, "2026-11-23 10:00")
	w.register(nil)
	caseID, items := w.apply("S1", landUse)
	w.ask("archivist", "GET", "/v1/cases/"+caseID+"/archive", nil).want(http.StatusConflict)
	w.ask("archivist", "GET", "/v1/cases/case_none/archive", nil).want(http.StatusNotFound)
	w.act("planner", items[landUse], "refuse", map[string]any{"reasons": []string{"不符合条件"}}).want(http.StatusOK)
	w.ask("archivist", "GET", "/v1/cases/"+caseID+"/archive", nil).want(http.StatusOK)
	empty, err := filestore.Open(filepath.Join(t.TempDir(), "empty"), filestore.Options{})
	if err != nil {
		t.Fatal(err)
	}
	w.server.Archive.Blobs = empty
	req, err := http.NewRequestWithContext(t.Context(), "GET", w.http.URL+"/v1/cases/"+caseID+"/archive", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+w.token("archivist"))
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return // the line was cut before anything was sent
	}
	defer resp.Body.Close()
	var got bytes.Buffer
	_, err = got.ReadFrom(resp.Body)
	if _, zipErr := zip.NewReader(bytes.NewReader(got.Bytes()), int64(got.Len())); err == nil && zipErr == nil {
		t.Error("a package that lacks originals looks whole")
	}
}
