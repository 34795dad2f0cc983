package main

import (
	"io/fs"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"onewindow/internal/sample"
)

// TestG8_ServiceKeepsNothingDerived: of a paper with a marking the service keeps
// the original and nothing else: no derived blob, no local copy, no word in a log.
func TestG8_ServiceKeepsNothingDerived(t *testing.T) {
	s := startService(t)
	d := sample.Make("secret-copy-number", sample.NewProject(4), 4)
	d.Pages = append([]sample.Page{{Width: 210, Height: 297}}, d.Pages...) // the marking stands on page 2
	body, err := studio(t).Scan(d, sample.ScanOptions{DPI: 200})
	if err != nil {
		t.Fatal(err)
	}
	id := s.post("材料.pdf", body, map[string]string{"confirm": "true"})
	if got := s.rest(id); got.State != "quarantined" || len(got.Fields) != 0 || got.Classification.Code != "" {
		t.Fatalf("document %+v", got)
	}
	s.until(20*time.Second, "erased", func() bool { return len(filesIn(t, filepath.Join(s.dir, "blobs", "derived"))) == 0 })
	if n := len(filesIn(t, filepath.Join(s.dir, "blobs", "originals"))); n != 1 {
		t.Errorf("%d originals, want 1", n)
	}
	s.until(20*time.Second, "without a local copy", func() bool {
		for _, info := range filesIn(t, filepath.Join(s.dir, "scratch")) {
			if info.Size() == int64(len(body)) {
				return false
			}
		}
		return true
	})
	for _, words := range []string{"秘密", "批复", "示例工程"} {
		if strings.Contains(s.output.String(), words) {
			t.Errorf("the log quotes %q:\n%s", words, s.output.String())
		}
	}
}

func filesIn(t *testing.T, dir string) map[string]fs.FileInfo {
	t.Helper()
	out := map[string]fs.FileInfo{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return nil // scratch folders come and go
		}
		if info, err := d.Info(); err == nil {
			out[path] = info
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}
