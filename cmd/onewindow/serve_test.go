package main

import (
	"bytes"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"onewindow/internal/sample"
)

// TestV2_13_ScanBecomesBasisDocument walks the whole way: a scan in the hot
// folder becomes a watermarked result that a later item relies on; revoked, it
// flags who relied on it.
func TestV2_13_ScanBecomesBasisDocument(t *testing.T) {
	s := startService(t)
	body, truth := scan(t, "rd-construction-permit", sample.ScanOptions{})
	project := sample.NewProject(1).Code
	folder := filepath.Join(s.dir, "inbox", "changsha", "w03", project)
	if err := os.MkdirAll(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, "施工许可证.pdf"), body, 0o644); err != nil {
		t.Fatal(err)
	}
	id := ""
	s.until(30*time.Second, "received", func() bool {
		var list struct{ Documents []struct{ ID string } }
		s.ask("GET", "/v1/documents", "", &list)
		if len(list.Documents) == 1 {
			id = list.Documents[0].ID
		}
		return id != ""
	})
	doc := s.rest(id)
	if doc.State == "needs_review" { // a person confirms what was read
		if r := s.ask("POST", "/v1/documents/"+id+"/confirm", `{}`, nil); r.StatusCode != http.StatusOK {
			b, _ := io.ReadAll(r.Body)
			t.Fatalf("confirm answered %d: %s\n%+v", r.StatusCode, b, doc)
		}
		s.until(30*time.Second, "published", func() bool { doc = s.document(id); return doc.State == "done" })
	}
	if doc.State != "done" || doc.Publication == nil {
		t.Fatalf("document is %+v", doc)
	}
	for _, key := range []string{"doc_no", "builder", "construction_unit", "issue_date"} {
		if got, want := doc.Fields[key].Value, truth.Truth.Fields[key]; got != want {
			t.Errorf("%s was read as %q, it is %q", key, got, want)
		}
	}
	s.checkVerification(doc.Publication.Code, "valid")
	s.checkFile(doc.Publication.ResultID)
	s.checkBasis(project, doc.Publication.ResultID, truth.Truth.Fields["doc_no"])
}

func (s *service) checkVerification(code, standing string) {
	s.t.Helper()
	resp, err := http.Get("http://" + s.addr + "/v/" + strings.ToLower(code))
	if err != nil {
		s.t.Fatal(err)
	}
	defer resp.Body.Close()
	page, _ := io.ReadAll(resp.Body)
	if !bytes.Contains(page, []byte(`verify `+standing)) {
		s.t.Errorf("verification page of a %s result does not say so:\n%s", standing, page)
	}
	if bytes.Contains(page, []byte("<img")) {
		s.t.Error("the public page shows an image")
	}
}

func (s *service) checkFile(result string) {
	s.t.Helper()
	resp := s.ask("GET", "/v1/results/"+result+"/file", "", nil)
	whole, _ := io.ReadAll(resp.Body)
	if !bytes.HasPrefix(whole, []byte("%PDF-")) || resp.Header.Get("Repr-Digest") == "" || resp.Header.Get("ETag") == "" {
		s.t.Errorf("delivered file: %d bytes, headers %v", len(whole), resp.Header)
	}
	req, _ := http.NewRequest("GET", "http://"+s.addr+"/v1/results/"+result+"/file", nil)
	req.Header.Set("Authorization", "Bearer "+s.token)
	req.Header.Set("Range", "bytes=5-9")
	part := s.do(req, nil)
	b, _ := io.ReadAll(part.Body)
	if part.StatusCode != http.StatusPartialContent || !bytes.Equal(b, whole[5:10]) {
		s.t.Errorf("range answered %d %q", part.StatusCode, b)
	}
	var trail struct{ Rows []struct{ Action string } }
	s.ask("GET", "/v1/audit?object="+result, "", &trail)
	reads := 0
	for _, r := range trail.Rows {
		if r.Action == "result.file.read" {
			reads++
		}
	}
	if reads != 2 {
		s.t.Errorf("%d of 2 reads are in the audit trail", reads)
	}
}

func (s *service) checkBasis(project, result, number string) {
	s.t.Helper()
	type entry struct {
		Material  string
		Satisfied bool
		Offers    []struct {
			Result  string `json:"result_id"`
			Number  string
			Prefill map[string]string
		}
	}
	find := func() entry {
		var basis struct{ Entries []entry }
		s.ask("GET", "/v1/projects/"+project+"/basis?item=HN-S4-09", "", &basis)
		for _, e := range basis.Entries {
			if e.Material == "construction-permit" {
				return e
			}
		}
		return entry{}
	}
	got := find()
	if !got.Satisfied || got.Offers[0].Result != result || got.Offers[0].Prefill["doc_no"] != number {
		s.t.Fatalf("the permit is not offered as basis: %+v", got)
	}
	if r := s.ask("POST", "/v1/results/"+result+"/reliances", `{"item":"HN-S4-09","material":"construction-permit"}`, nil); r.StatusCode != 200 {
		s.t.Fatalf("rely answered %d", r.StatusCode)
	}
	if r := s.ask("POST", "/v1/results/"+result+"/revoke", `{"reason":"发证有误"}`, nil); r.StatusCode != 200 {
		s.t.Fatalf("revoke answered %d", r.StatusCode)
	}
	if e := find(); e.Satisfied {
		s.t.Error("a revoked result is still offered")
	}
	var list struct{ Reliances []struct{ Flag string } }
	s.ask("GET", "/v1/results/"+result+"/reliances", "", &list)
	if len(list.Reliances) != 1 || list.Reliances[0].Flag != "revoked" {
		s.t.Errorf("dependants were not flagged: %+v", list)
	}
}

// TestChaos_KilledServiceGoesOn kills the whole service, reading children
// included, in the middle of its work.
func TestChaos_KilledServiceGoesOn(t *testing.T) {
	s := startService(t)
	var ids []string
	for i, kind := range []string{"rd-eia-reply", "rd-land-use-permit", "rd-construction-permit"} {
		body, _ := scan(t, kind, sample.ScanOptions{Seed: uint64(i)})
		fields := map[string]string{"confirm": "true", "Idempotency-Key": kind}
		id := s.post(kind+".pdf", body, fields)
		if again := s.post(kind+".pdf", body, fields); again != id {
			t.Errorf("the same upload twice made %s and %s", id, again)
		}
		ids = append(ids, id)
	}
	for range 2 {
		time.Sleep(1500 * time.Millisecond)
		s.kill()
		s.start()
	}
	for _, id := range ids {
		if d := s.rest(id); d.State != "done" {
			t.Errorf("%s ended %s: %+v", id, d.State, d.Error)
		}
	}
	var feed struct {
		Events []struct {
			Type     string
			Document string `json:"document_id"`
			Data     map[string]string
		}
	}
	s.ask("GET", "/v1/events?limit=1000", "", &feed)
	seen := map[string]int{}
	for _, e := range feed.Events {
		if e.Type == "step.done" || e.Type == "result.published" {
			seen[e.Type+e.Document+e.Data["step"]+e.Data["page"]]++
		}
	}
	for what, n := range seen {
		if n != 1 {
			t.Errorf("%s happened %d times", what, n)
		}
	}
	s.run("audit", "verify")
	s.run("verify", "--blobs")
}
