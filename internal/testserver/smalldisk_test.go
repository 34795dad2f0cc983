package testserver

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

func TestSmallDiskIsSmallAndPrivate(t *testing.T) {
	dir := DiskOf(t, 1<<20)
	if err := os.WriteFile(filepath.Join(dir, "fits"), make([]byte, 512<<10), 0o600); err != nil {
		t.Fatal(err)
	}
	err := os.WriteFile(filepath.Join(dir, "does not"), make([]byte, 1<<20), 0o600)
	if !errors.Is(err, syscall.ENOSPC) {
		t.Fatalf("got %v, want no space", err)
	}
	mounts, err := os.ReadFile("/proc/self/mountinfo")
	if err != nil {
		t.Fatal(err)
	}
	if _, point, _ := strings.Cut(dir, "/root"); strings.Contains(string(mounts), point) {
		t.Fatal("the mount leaked into the test's own namespace")
	}
}
