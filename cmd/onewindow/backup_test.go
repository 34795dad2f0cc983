package main

import (
	"archive/tar"
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"onewindow/document"
	"onewindow/internal/config"
	"onewindow/internal/sample"
	"onewindow/storage"
)

// TestBackupOfARunningServiceRestoresEverything compares every record and every
// blob of the backup with what was restored from it.
func TestBackupOfARunningServiceRestoresEverything(t *testing.T) {
	s := startService(t)
	body, _ := scan(t, "rd-land-use-permit", sample.ScanOptions{})
	id := s.post("用地规划许可证.pdf", body, map[string]string{"confirm": "true"})
	s.rest(id)
	later := s.post("later.pdf", append(body, '\n'), nil) // in work while the backup runs
	file := filepath.Join(t.TempDir(), "backup.tar")
	s.run("backup", file)

	other := &service{t: t, dir: t.TempDir(), addr: freeAddr(t)}
	other.run("restore", file)
	again := filepath.Join(t.TempDir(), "again.tar")
	other.run("backup", again)
	first, second := entries(t, file), entries(t, again)
	for name, b := range first {
		if name == recordsEntry {
			if got, want := rowsOf(second[name]), rowsOf(b); got != want {
				t.Errorf("records differ after the restore:\n%s\n---\n%s", want, got)
			}
			continue
		}
		if !bytes.Equal(second[name], b) {
			t.Errorf("%s differs after the restore", name)
		}
	}
	if len(first) < 4 || len(first) != len(second) {
		t.Errorf("%d entries were backed up, %d restored", len(first), len(second))
	}
	other.run("audit", "verify")
	other.run("verify", "--blobs")
	other.goesOnWith(later)
}

// goesOnWith starts a service on restored data: what was in work goes on.
func (s *service) goesOnWith(id string) {
	s.t.Helper()
	s.args = []string{"serve", "--data-dir", s.dir, "--listen", s.addr}
	s.start()
	s.t.Cleanup(s.kill)
	s.token = strings.TrimSpace(string(s.run("token", "--account", "admin")))
	if d := s.rest(id); d.State != "done" && d.State != "needs_review" {
		s.t.Errorf("restored work ended %s", d.State)
	}
}

func entries(t *testing.T, file string) map[string][]byte {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	all := map[string][]byte{}
	r := tar.NewReader(f)
	for {
		h, err := r.Next()
		if err != nil {
			return all
		}
		var b bytes.Buffer
		if _, err := b.ReadFrom(r); err != nil {
			t.Fatal(err)
		}
		all[h.Name] = b.Bytes()
	}
}

// rowsOf leaves out the first and last line, which tell the time and digest of
// the export itself.
func rowsOf(b []byte) string {
	lines := strings.Split(strings.TrimSpace(string(b)), "\n")
	if len(lines) < 3 {
		return ""
	}
	return strings.Join(lines[1:len(lines)-1], "\n")
}

func TestVerifyFindsDamageAndOrphans(t *testing.T) {
	cfg := config.Default()
	cfg.DataDir, cfg.Workers = t.TempDir(), 1
	h, err := openRecords(context.Background(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	defer h.Close()
	info, err := h.blobs.Put(context.Background(), storage.Originals, strings.NewReader("原件"), storage.PutOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := h.records.Register(context.Background(), storage.NewDocument{Original: info.Digest, Size: info.Size}); err != nil {
		t.Fatal(err)
	}
	if _, err := h.blobs.Put(context.Background(), storage.Derived, strings.NewReader("无主"), storage.PutOptions{}); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := h.verifyBlobs(context.Background(), &out); err != nil {
		t.Errorf("sound store: %v\n%s", err, out.String())
	}
	path := findBlob(t, cfg.DataDir, info.Digest)
	if err := os.Chmod(path, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte("坏的"), 0o600); err != nil {
		t.Fatal(err)
	}
	out.Reset()
	if err := h.verifyBlobs(context.Background(), &out); err == nil || !strings.Contains(out.String(), "damaged") {
		t.Errorf("damage was not found: %v\n%s", err, out.String())
	}
}

func findBlob(t *testing.T, dir string, d document.Digest) string {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(dir, "blobs", "originals", "*", d.Hex()))
	if err != nil || len(found) != 1 {
		t.Fatalf("find blob: %v %v", found, err)
	}
	return found[0]
}

// TestSecondStartIsQuick measures nothing: it only fails when a start takes so
// long that a person would think it hangs.
func TestSecondStartIsQuick(t *testing.T) {
	s := startService(t)
	s.kill()
	began := time.Now()
	s.start()
	t.Logf("second start was ready after %s", time.Since(began).Round(time.Millisecond))
}
