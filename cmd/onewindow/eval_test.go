package main

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"onewindow/internal/sample"
)

// TestEvalTellsRightFromWrong evaluates two files, one of them labelled wrongly.
func TestEvalTellsRightFromWrong(t *testing.T) {
	dir := t.TempDir()
	pdf, doc := born(t, "rd-construction-permit")
	text := make([]string, len(doc.Pages))
	for i, p := range doc.Read(300) {
		text[i] = p.Text()
	}
	var labels strings.Builder
	enc := json.NewEncoder(&labels)
	for name, fields := range map[string]map[string]string{
		"right.pdf": {"doc_no": doc.Truth.Fields["doc_no"]},
		"wrong.pdf": {"doc_no": "430000000000000000"},
	} {
		if err := os.WriteFile(filepath.Join(dir, name), pdf, 0o600); err != nil {
			t.Fatal(err)
		}
		if err := enc.Encode(map[string]any{"file": name, "group": strings.TrimSuffix(name, ".pdf"), "type": doc.Type, "fields": fields, "text": text}); err != nil {
			t.Fatal(err)
		}
	}
	path := filepath.Join(dir, "labels.jsonl")
	if err := os.WriteFile(path, []byte(labels.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	report := filepath.Join(dir, "report")
	out, err := exec.Command(binary, "eval", "--labels", path, "--out", report, "--json").Output()
	if err != nil {
		t.Fatalf("eval: %v\n%s", err, out)
	}
	type tally struct{ Files, Pages, Chars, Missed, Right, Exact, Fields int }
	var got struct {
		Run struct {
			MemoryMB int64 `json:"memory_mb"`
		}
		Groups map[string]tally
		Total  tally
	}
	if err := json.Unmarshal(out, &got); err != nil {
		t.Fatal(err)
	}
	if got.Total.Files != 2 || got.Total.Right != 2 || got.Total.Chars == 0 || 100*got.Total.Missed > got.Total.Chars {
		t.Errorf("total: %+v", got.Total)
	}
	if r, w := got.Groups["right"], got.Groups["wrong"]; r.Exact != 1 || r.Fields != 1 || w.Exact != 0 || w.Fields != 1 {
		t.Errorf("right %+v, wrong %+v", r, w)
	}
	if got.Run.MemoryMB < 10 {
		t.Errorf("largest worker took %d MB", got.Run.MemoryMB)
	}
	page, err := os.ReadFile(filepath.Join(report, "eval.html"))
	if err != nil || !strings.Contains(string(page), "wrong.pdf") || !strings.Contains(string(page), "data:image/jpeg;base64,") {
		t.Errorf("eval.html does not show the wrong file and its page (%v)", err)
	}
}

func TestEvalNamesWhatIsWrongWithItsLabels(t *testing.T) {
	path := filepath.Join(t.TempDir(), "labels.jsonl")
	if err := os.WriteFile(path, []byte(`{"file":"gone.pdf"}`+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{{}, {"--labels", path}, {"--labels", path + ".none"}} {
		cmd := exec.Command(binary, append([]string{"eval"}, args...)...)
		if out, err := cmd.CombinedOutput(); err == nil || cmd.ProcessState.ExitCode() != exitUsage {
			t.Errorf("eval %v ended with %v: %s", args, err, out)
		}
	}
}

func born(t *testing.T, kind string) ([]byte, sample.Document) {
	t.Helper()
	studio, err := sample.OpenStudio()
	if err != nil {
		t.Fatal(err)
	}
	doc := sample.Make(kind, sample.NewProject(5), 5)
	return studio.PDF(doc), doc
}
