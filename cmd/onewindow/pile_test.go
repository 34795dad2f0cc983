package main

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"onewindow/internal/sample"
)

// TestPile_WithoutSheetsIsTakenApartByWhatThePagesSay scans three papers in one go,
// with no sheet between them, in the hall's folder.
func TestPile_WithoutSheetsIsTakenApartByWhatThePagesSay(t *testing.T) {
	s := startService(t)
	project := sample.NewProject(1)
	var docs []sample.Document
	kinds := []string{"rd-business-licence", "commitment-letter", "power-of-attorney"}
	for _, kind := range kinds {
		docs = append(docs, sample.Make(kind, project, 1))
	}
	body := scanOf(t, sample.Bind(true, docs...), sample.ScanOptions{})
	inbox := filepath.Join(s.dir, "inbox", "changsha", "3")
	if err := os.MkdirAll(inbox, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(inbox, "一摞.pdf"), body, 0o644); err != nil {
		t.Fatal(err)
	}
	whole := s.splitWhole(2 * time.Minute)
	if said := s.saidOf(whole, "split"); !strings.Contains(said, "3 份材料") || !strings.Contains(said, "营业执照") {
		t.Errorf("people are told %q", said)
	}
	s.checkParts(whole, []int{1, 3, 5}, []string{"business-licence", "commitment-letter", "power-of-attorney"}, "rd-business-licence")
}

// TestPile_SentOnlineIsShownToAPersonWhoSplitsIt: an applicant's file is not taken
// apart behind their back.
func TestPile_SentOnlineIsShownToAPersonWhoSplitsIt(t *testing.T) {
	s := startService(t)
	project := sample.NewProject(1)
	applicant, clerk := s.person("wang", "applicant"), s.person("li", "clerk", "--hall", "changsha")
	applicant.does("POST", "/v1/projects", map[string]any{"code": project.Code, "name": project.Name, "type": "SOC", "division": "430100", "builder": project.Builder.Name})
	body := scanOf(t, sample.Bind(false, sample.Make("commitment-letter", project, 1), sample.Make("power-of-attorney", project, 1)), sample.ScanOptions{})
	id := applicant.sends("材料.pdf", body, map[string]string{"project": project.Code, "as": "material"})
	if d := s.rest(id); d.State != "needs_review" {
		t.Fatalf("two papers in one file passed: %+v", d)
	}
	if said := s.saidOf(id, "several"); !strings.Contains(said, "第2页起是授权委托书") {
		t.Errorf("people are told %q", said)
	}
	split := "/v1/documents/" + id + "/split"
	for body, want := range map[string]int{`{"starts":[]}`: 422, `{"starts":[1]}`: 422, `{"starts":[3]}`: 422, `{"starts":[2,2]}`: 422} {
		if got := clerk.statusOf("POST", split, body); got != want {
			t.Errorf("%s is answered %d, want %d", body, got, want)
		}
	}
	if got := applicant.statusOf("POST", split, `{"starts":[2]}`); got != http.StatusForbidden {
		t.Errorf("the applicant is answered %d", got)
	}
	clerk.does("POST", split, map[string]any{"starts": []int{2}})
	s.until(time.Minute, "taken apart", func() bool { return s.document(id).State == "split" })
	s.checkParts(id, []int{1, 2}, []string{"commitment-letter", "power-of-attorney"})
	if got := clerk.statusOf("POST", split, `{"starts":[2]}`); got != http.StatusConflict {
		t.Errorf("a second time is answered %d", got)
	}
}

// splitWhole waits for a file that was taken apart.
func (s *service) splitWhole(limit time.Duration) (id string) {
	s.t.Helper()
	s.until(limit, "taken apart", func() bool {
		var list struct{ Documents []struct{ ID, State string } }
		s.ask("GET", "/v1/documents?state=split", "", &list)
		if len(list.Documents) > 0 {
			id = list.Documents[0].ID
		}
		return id != ""
	})
	return id
}

func (s *service) saidOf(id, code string) string {
	s.t.Helper()
	for _, f := range s.view(id).Findings {
		if f.Code == code {
			return f.Message
		}
	}
	return ""
}

// checkParts looks at where parts begin and what they were recognized as; also are
// other names that will do.
func (s *service) checkParts(whole string, first []int, codes []string, also ...string) {
	s.t.Helper()
	var at []int
	for i, p := range s.parts(whole) {
		at = append(at, p.Origin.Batch.First)
		d := s.rest(p.ID)
		if i < len(codes) && d.Classification.Code != codes[i] && !slices.Contains(also, d.Classification.Code) {
			s.t.Errorf("part %d is %q, want %s", i+1, d.Classification.Code, codes[i])
		}
	}
	if fmt.Sprint(at) != fmt.Sprint(first) {
		s.t.Errorf("parts begin at %v, want %v", at, first)
	}
}
