package filestore_test

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"onewindow/storage"
	"onewindow/storage/filestore"
	"onewindow/storage/storagetest"
)

// BenchmarkPut measures Put beside what a person would type: cp, sync and
// sha256sum of the same file.
func BenchmarkPut(b *testing.B) {
	for _, size := range []int64{200 << 10, 10 << 20, 300 << 20} {
		source := filepath.Join(b.TempDir(), "source")
		f, err := os.Create(source)
		if err != nil {
			b.Fatal(err)
		}
		if _, err := io.Copy(f, storagetest.Content(1, size)); err != nil {
			b.Fatal(err)
		}
		f.Close()
		b.Run(fmt.Sprintf("filestore/%dKB", size>>10), func(b *testing.B) { benchmarkPut(b, source, size) })
		b.Run(fmt.Sprintf("cp+sync+sha256sum/%dKB", size>>10), func(b *testing.B) { benchmarkShell(b, source, size) })
	}
}

func benchmarkPut(b *testing.B, source string, size int64) {
	s, err := filestore.Open(b.TempDir(), filestore.Options{})
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(size)
	for b.Loop() {
		f, err := os.Open(source)
		if err != nil {
			b.Fatal(err)
		}
		info, err := s.Put(context.Background(), storage.Derived, f, storage.PutOptions{})
		if err != nil {
			b.Fatal(err)
		}
		f.Close()
		if err := s.Delete(context.Background(), storage.Derived, info.Digest); err != nil {
			b.Fatal(err)
		}
	}
}

func benchmarkShell(b *testing.B, source string, size int64) {
	target := filepath.Join(b.TempDir(), "target")
	script := `cp "$0" "$1" && sync "$1" && sha256sum "$1" >/dev/null && rm "$1"`
	b.SetBytes(size)
	for b.Loop() {
		if out, err := exec.Command("/bin/sh", "-c", script, source, target).CombinedOutput(); err != nil {
			b.Fatalf("%v: %s", err, out)
		}
	}
}
