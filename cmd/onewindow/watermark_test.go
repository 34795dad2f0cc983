package main

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"onewindow/internal/sample"
)

// TestW3_MarkedPagesReadLikeTheOriginals reads scans and their watermarked
// copies with the whole pipeline: every field the original yields, the copy
// yields, and the text differs by at most one character in a hundred.
func TestW3_MarkedPagesReadLikeTheOriginals(t *testing.T) {
	dir := t.TempDir()
	var files []string
	for _, kind := range []string{"rd-land-use-permit", "rd-eia-reply"} {
		body, _ := scan(t, kind, sample.ScanOptions{})
		path := filepath.Join(dir, kind+".pdf")
		if err := os.WriteFile(path, body, 0o600); err != nil {
			t.Fatal(err)
		}
		files = append(files, path)
	}
	plain := processJSON(t, append([]string{"--confirm", "--out", filepath.Join(dir, "out")}, files...)...)
	var marked []string
	for _, l := range plain {
		if l.Outputs["stamped"] == "" {
			t.Fatalf("%s was not stamped: %s %+v", l.File, l.State, l.Findings)
		}
		marked = append(marked, l.Outputs["stamped"])
	}
	for i, copied := range processJSON(t, append([]string{"--as", "result"}, marked...)...) {
		for key, f := range plain[i].Fields {
			if f.Valid && copied.Fields[key].Value != f.Value {
				t.Errorf("%s: %s is %q on the original and %q on the marked copy", plain[i].Type.Code, key, f.Value, copied.Fields[key].Value)
			}
		}
		for n, page := range plain[i].Pages {
			// The copy's text holds the band's words too, after the page's own.
			lost := missingRunes(page.Text, copied.Pages[n].Text)
			if total := len([]rune(page.Text)); lost*100 > total {
				t.Errorf("%s page %d: %d of %d characters are lost on the marked copy", plain[i].Type.Code, n+1, lost, total)
			}
		}
	}
}

// missingRunes counts the characters of a that b lacks, order left aside.
func missingRunes(a, b string) int {
	have := map[rune]int{}
	for _, r := range b {
		have[r]++
	}
	missing := 0
	for _, r := range a {
		if have[r]--; have[r] < 0 {
			missing++
		}
	}
	return missing
}

// processJSON runs `onewindow process --json` and reads its lines.
func processJSON(t *testing.T, args ...string) []processLine {
	t.Helper()
	cmd := exec.Command(binary, append([]string{"process", "--json"}, args...)...)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("process %v: %v\n%s", args, err, stderr.String())
	}
	var lines []processLine
	dec := json.NewDecoder(bytes.NewReader(out))
	for dec.More() {
		var l processLine
		if err := dec.Decode(&l); err != nil {
			t.Fatal(err)
		}
		lines = append(lines, l)
	}
	return lines
}
