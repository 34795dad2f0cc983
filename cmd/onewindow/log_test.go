package main

import (
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"onewindow/internal/sample"
)

// numbersOfPeople are ID numbers and credit codes, wherever they stand.
var numbersOfPeople = regexp.MustCompile(`\b[1-9][0-9]{16}[0-9Xx]\b|\b91[0-9]{6}[0-9A-Z]{10}\b`)

// TestG8_LogOfAWholeRunQuotesNoDocument runs the service at its most talkative
// through what goes well and what goes wrong, and looks in its log for anything that
// stands on the papers, for ID numbers, names of files and passwords.
func TestG8_LogOfAWholeRunQuotesNoDocument(t *testing.T) {
	s := startService(t, "--log-format", "json", "--log-level", "debug")
	project := sample.NewProject(3)
	var onPaper []string
	for i, kind := range []string{"legal-rep-id", "rd-business-licence", "rd-construction-permit"} {
		d := sample.Make(kind, project, uint64(i+1))
		body, err := studio(t).Scan(d, sample.ScanOptions{DPI: 200})
		if err != nil {
			t.Fatal(err)
		}
		for _, v := range d.Truth.Fields {
			onPaper = append(onPaper, v)
		}
		role := "material"
		if strings.HasPrefix(kind, "rd-construction") {
			role = "result"
		}
		s.rest(s.post("欧阳某某-"+kind+".pdf", body, map[string]string{"as": role, "project": project.Code}))
		if i == 0 { // and through the hot folder, whose watcher says what it takes
			path := filepath.Join(s.dir, "inbox", "changsha", "3", "欧阳某某扫描.pdf")
			if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, body, 0o644); err != nil {
				t.Fatal(err)
			}
			s.until(60*time.Second, "received", func() bool { return strings.Contains(s.output.String(), `"file received"`) })
		}
	}
	s.rest(s.post("欧阳某某-坏.pdf", []byte("%PDF-1.4\n430105199001011234\n"), nil)) // refused, with a reason
	s.ask("GET", "/v1/search?q=430105199001011234", "", nil)
	s.ask("GET", "/v1/documents/doc_430105199001011234", "", nil)
	if resp := s.ask("POST", "/v1/sessions", `{"account":"admin","password":"first-login-wrong"}`, nil); resp.StatusCode < http.StatusBadRequest {
		t.Errorf("a wrong password answered %d", resp.StatusCode)
	}
	s.kill()
	said := s.output.String()
	for line := range strings.Lines(said) {
		if !strings.HasPrefix(line, "{") {
			continue // the welcome
		}
		if !json.Valid([]byte(line)) {
			t.Errorf("no JSON: %s", line)
		}
	}
	for _, words := range []string{`"document":"doc_`, `"file received"`, `"step failed"`} {
		if !strings.Contains(said, words) {
			t.Fatalf("the log does not say %s: %s", words, said)
		}
	}
	if len(onPaper) < 20 {
		t.Fatalf("the papers have %d values", len(onPaper))
	}
	for _, words := range append(onPaper, "欧阳某某", "first-login-wrong", s.token) {
		if utf8.RuneCountInString(words) > 2 && strings.Contains(said, words) {
			t.Errorf("the log quotes %q", words)
		}
	}
	for line := range strings.Lines(said) {
		if found := numbersOfPeople.FindString(line); found != "" {
			t.Errorf("the log has %s: %s", found, line)
		}
	}
}
