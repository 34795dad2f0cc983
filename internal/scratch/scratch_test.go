package scratch_test

import (
	"os"
	"path/filepath"
	"testing"

	"onewindow/internal/scratch"
)

// TestScratch_ClearsWhatKilledProcessesLeft and nothing else: neither what lives,
// nor other folders, nor one that is about to get its lock.
func TestScratch_ClearsWhatKilledProcessesLeft(t *testing.T) {
	parent := t.TempDir()
	living, err := scratch.Open(parent, "onewindow-desk-")
	if err != nil {
		t.Fatal(err)
	}
	dead, other, fresh := filepath.Join(parent, "onewindow-copy-dead"), filepath.Join(parent, "other"), filepath.Join(parent, "onewindow-copy-fresh")
	for _, dir := range []string{dead, other, fresh} {
		if err := os.MkdirAll(dir, 0o700); err != nil {
			t.Fatal(err)
		}
		for _, name := range []string{".lock", "copy"} {
			if dir == fresh && name == ".lock" {
				continue
			}
			if err := os.WriteFile(filepath.Join(dir, name), []byte("x"), 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := scratch.Clear(parent, "onewindow-"); err != nil {
		t.Fatal(err)
	}
	if exists(dead) || !exists(other) || !exists(fresh) || !exists(living.Path) {
		t.Errorf("dead %v, other %v, fresh %v, living %v", exists(dead), exists(other), exists(fresh), exists(living.Path))
	}
	if err := living.Close(); err != nil || exists(living.Path) {
		t.Errorf("closed: %v, still there %v", err, exists(living.Path))
	}
}

func TestScratch_AFolderThatIsNotThereIsSaid(t *testing.T) {
	gone := filepath.Join(t.TempDir(), "gone")
	if _, err := scratch.Open(gone, "x-"); err == nil {
		t.Error("opened in a folder that is not there")
	}
	if err := scratch.Clear(gone, "x-"); err == nil {
		t.Error("cleared a folder that is not there")
	}
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}
