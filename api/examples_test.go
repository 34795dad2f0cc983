package api_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var shellBlock = regexp.MustCompile("(?s)```sh\n(.*?)```")

// TestDocs_ExamplesRun runs every shell example of docs/api.md, in order, against
// a running service. A line "# => text" says what the answer must hold.
func TestDocs_ExamplesRun(t *testing.T) {
	h := openHouse(t)
	page, err := os.ReadFile("../docs/api.md")
	if err != nil {
		t.Fatal(err)
	}
	blocks := shellBlock.FindAllSubmatch(page, -1)
	if len(blocks) < 6 {
		t.Fatalf("%d examples", len(blocks))
	}
	var script strings.Builder
	script.WriteString("set -euo pipefail\n")
	for i, b := range blocks {
		fmt.Fprintf(&script, "echo '@@@ %d'\n%s\n", i, strings.ReplaceAll(string(b[1]), "http://127.0.0.1:8080", h.http.URL))
	}
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "permit.pdf"), []byte("%PDF-1.7\n% example\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("bash", "-c", script.String())
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "TOKEN="+h.token("admin"))
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	answers := strings.Split(string(out), "@@@ ")[1:]
	for i, b := range blocks {
		expected := 0
		for line := range strings.SplitSeq(string(b[1]), "\n") {
			want, ok := strings.CutPrefix(strings.TrimSpace(line), "# => ")
			if !ok {
				continue
			}
			if expected++; !strings.Contains(answers[i], want) {
				t.Errorf("example %d does not answer %s:\n%s", i, want, answers[i])
			}
		}
		if expected == 0 {
			t.Errorf("example %d promises nothing:\n%s", i, b[1])
		}
	}
}
