package filestore_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"onewindow/document"
	"onewindow/internal/testserver"
	"onewindow/storage"
	"onewindow/storage/filestore"
	"onewindow/storage/storagetest"
)

func TestBlobs(t *testing.T) {
	storagetest.RunBlobs(t, storagetest.BlobDriver{
		Open:  func(t *testing.T) storagetest.Place { return placeIn(t, t.TempDir()) },
		Small: smallPlace,
	})
}

func placeIn(t *testing.T, root string) storagetest.Place {
	t.Helper()
	s, err := filestore.Open(root, filestore.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return storagetest.Place{
		Blobs: s,
		Damage: func(t *testing.T, class storage.Class, d document.Digest, how func([]byte) []byte) {
			damage(t, root, class, d, how)
		},
		Abandon:   func(t *testing.T) { abandon(t, root) },
		Leftovers: func(t *testing.T) []string { return strangers(t, root) },
	}
}

// smallPlace is a store on a file system of 8 MiB. Where none can be mounted,
// no file may become larger than 8 MiB, which a driver must treat the same.
func smallPlace(t *testing.T) storagetest.SmallPlace {
	const room = 8 << 20
	small := storagetest.SmallPlace{Fits: 2 << 20, Beyond: 16 << 20}
	disk, err := testserver.StartSmallDisk(room)
	if errors.Is(err, testserver.ErrNoSmallDisk) {
		t.Logf("limiting the file size instead: %v", err)
		limitFileSize(t, room)
		small.Place = placeIn(t, t.TempDir())
		return small
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := disk.Stop(); err != nil {
			t.Error(err)
		}
	})
	small.Place = placeIn(t, filepath.Join(disk.Folder, "blobs"))
	return small
}

func pathOf(root string, class storage.Class, d document.Digest) string {
	return filepath.Join(root, string(class), d.Hex()[:2], d.Hex())
}

func damage(t *testing.T, root string, class storage.Class, d document.Digest, how func([]byte) []byte) {
	t.Helper()
	path := pathOf(root, class, d)
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(path, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, how(b), 0o600); err != nil {
		t.Fatal(err)
	}
}

// strangers lists every file that is not a blob in its place.
func strangers(t *testing.T, root string) []string {
	t.Helper()
	var out []string
	err := filepath.Walk(root, func(path string, st os.FileInfo, err error) error {
		if err != nil || st.IsDir() {
			return err
		}
		d, err := document.ParseDigest(st.Name())
		class := storage.Class(filepath.Base(filepath.Dir(filepath.Dir(path))))
		if err != nil || path != pathOf(root, class, d) {
			out = append(out, path)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}
