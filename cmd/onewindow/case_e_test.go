package main

import (
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"onewindow/internal/sample"
)

// TestCaseE_MarkedPaperBesideWordsOfSecrecy plays case E through the real pipeline:
// an applicant sends a letter marked 机密★10年 and a promise that speaks of 商业秘密.
// The first is held, kept from everybody but the security officer, and answered
// with a notice that gives nothing away; the second is filed and the case goes on.
func TestCaseE_MarkedPaperBesideWordsOfSecrecy(t *testing.T) {
	s := startService(t)
	applicant, reform := s.person("wang", "applicant"), s.person("zhao", "reviewer", "--unit", "reform")
	security := s.person("qin", "security")
	project := sample.NewProject(1)
	applicant.does("POST", "/v1/projects", map[string]any{"code": project.Code, "name": project.Name, "type": "SOC", "division": "430100", "builder": "湖南栾屿置业有限公司"})
	kase := applicant.does("POST", "/v1/cases", map[string]any{"project": project.Code, "stage": "S1", "items": []string{"HN-S1-01"}})
	id, number := kase["id"].(string), kase["number"].(string)
	origin := map[string]string{"project": project.Code, "case": number}

	marked, _ := scan(t, "secret-reply", sample.ScanOptions{})
	held := applicant.sends("批复.pdf", marked, origin)
	harmless, _ := scan(t, "open-commercial-secret", sample.ScanOptions{})
	promise := applicant.sends("保密承诺.pdf", harmless, map[string]string{"project": project.Code, "case": number, "material": "commitment-letter"})
	for _, kind := range []string{"filing-info-form", "rd-business-licence"} {
		body, _ := scan(t, kind, sample.ScanOptions{})
		applicant.sends(kind+".pdf", body, origin)
	}
	if got := s.rest(held); got.State != "quarantined" || got.Classification.Code != "" || len(got.Fields) != 0 {
		t.Fatalf("the marked paper is %+v", got)
	}
	if got := s.rest(promise); got.State == "quarantined" {
		t.Fatalf("words in running text were taken for a marking: %+v", got)
	}
	s.until(90*time.Second, "filed to the checklist", func() bool {
		return applicant.does("GET", "/v1/cases/"+id+"/checklist", nil)["complete"] == true
	})
	for _, e := range applicant.does("GET", "/v1/cases/"+id+"/checklist", nil)["entries"].([]any) {
		for _, f := range e.(map[string]any)["filings"].([]any) {
			if f.(map[string]any)["document_id"] == held {
				t.Errorf("the marked paper stands in the checklist: %v", f)
			}
		}
	}

	// The notice reaches the sender by itself, and its PDF gives nothing away.
	var notice map[string]any
	s.until(30*time.Second, "told", func() bool {
		notice = first(applicant.does("GET", "/v1/notices?kind=classified_notice", nil)["notices"])
		return notice["id"] != nil
	})
	text := applicant.paper(notice["id"].(string))
	for _, want := range []string{"涉密资料线下办理告知", "可能涉及国家秘密", "请勿再通过互联网上传", "线下办理"} {
		if !strings.Contains(text, want) {
			t.Errorf("the notice does not say %q:\n%s", want, text)
		}
	}
	for _, not := range []string{"机密", "批复.pdf", project.Name, project.Code, "示例工程"} {
		if strings.Contains(text, not) {
			t.Errorf("the notice says %q:\n%s", not, text)
		}
	}

	item := first(applicant.does("POST", "/v1/cases/"+id+"/submit", map[string]any{})["case_items"])["id"].(string)
	reform.does("POST", "/v1/case-items/"+item+"/accept", map[string]any{})
	for _, path := range []string{"/v1/documents/" + held, "/v1/documents/" + held + "/pages", "/v1/documents/" + held + "/original"} {
		if status := reform.status("GET", path); status != http.StatusNotFound && status != http.StatusForbidden {
			t.Errorf("the unit gets %d for %s", status, path)
		}
	}
	if status := security.status("GET", "/v1/documents/"+held); status != http.StatusOK {
		t.Errorf("the security officer gets %d", status)
	}
	for _, words := range []string{"示例工程", "机密★10年"} {
		if strings.Contains(s.output.String(), words) {
			t.Errorf("the log quotes %q", words)
		}
	}

	// A project declared classified takes nothing online.
	other := sample.NewProject(2)
	applicant.does("POST", "/v1/projects", map[string]any{"code": other.Code, "name": other.Name, "type": "SOC", "division": "430100", "builder": "湖南栾屿置业有限公司", "classified": true})
	if status := applicant.statusOf("POST", "/v1/cases", `{"project":"`+other.Code+`","stage":"S1","items":["HN-S1-01"]}`); status != http.StatusForbidden {
		t.Errorf("a classified project's application is answered %d", status)
	}
}

// paper is the text of a notice's PDF, without spaces.
func (p person) paper(id string) string {
	p.t.Helper()
	own := *p.service
	own.token = p.token
	resp := own.ask("GET", "/v1/notices/"+id+"/file", "", nil)
	pdf, err := io.ReadAll(resp.Body)
	if err != nil {
		p.t.Fatal(err)
	}
	path := filepath.Join(p.t.TempDir(), "n.pdf")
	if err := os.WriteFile(path, pdf, 0o600); err != nil {
		p.t.Fatal(err)
	}
	out, err := exec.Command("pdftotext", "-raw", path, "-").Output()
	if err != nil {
		p.t.Fatalf("notice is no PDF (%s): %v", resp.Status, err)
	}
	return strings.Join(strings.Fields(string(out)), "")
}

func (p person) status(method, path string) int { return p.statusOf(method, path, "") }

func (p person) statusOf(method, path, body string) int {
	p.t.Helper()
	own := *p.service
	own.token = p.token
	var out map[string]any
	return own.ask(method, path, body, &out).StatusCode
}
