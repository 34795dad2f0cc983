package filestore_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"onewindow/storage"
	"onewindow/storage/filestore"
)

// TestG8_InterruptedPurgeIsFinished puts the store where a crash after the
// rename of a Purge leaves it, and checks both ways on.
func TestG8_InterruptedPurgeIsFinished(t *testing.T) {
	for name, finish := range map[string]func(*testing.T, *filestore.Store, storage.BlobInfo) error{
		"by purging again": func(t *testing.T, s *filestore.Store, info storage.BlobInfo) error {
			return s.Purge(t.Context(), info.Digest)
		},
		"by the sweep": func(t *testing.T, s *filestore.Store, _ storage.BlobInfo) error {
			n, err := s.SweepTemporary(t.Context(), -time.Minute)
			if n != 1 {
				t.Errorf("swept %d, want 1", n)
			}
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			root := t.TempDir()
			s, err := filestore.Open(root, filestore.Options{})
			if err != nil {
				t.Fatal(err)
			}
			info, err := s.Put(t.Context(), storage.Originals, strings.NewReader("机密★"), storage.PutOptions{})
			if err != nil {
				t.Fatal(err)
			}
			doomed := filepath.Join(root, "temporary", "purge-"+info.Digest.Hex())
			if err := os.Rename(pathOf(root, storage.Originals, info.Digest), doomed); err != nil {
				t.Fatal(err)
			}
			open, err := os.Open(doomed) // a reader from before sees zeros afterwards
			if err != nil {
				t.Fatal(err)
			}
			defer open.Close()
			if err := finish(t, s, info); err != nil {
				t.Fatal(err)
			}
			if left := strangers(t, root); len(left) > 0 {
				t.Errorf("left behind: %v", left)
			}
			b := make([]byte, info.Size)
			if _, err := open.ReadAt(b, 0); err != nil || strings.Trim(string(b), "\x00") != "" {
				t.Errorf("the bytes were removed but not overwritten: %q, %v", b, err)
			}
		})
	}
}
