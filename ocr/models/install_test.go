// Package models_test checks the installation of the reading models.
package models_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"onewindow/internal/resources"
)

var installed = []string{
	"models/ch_PP-OCRv4_det_infer.onnx", "models/ch_PP-OCRv4_rec_infer.onnx",
	"models/ch_ppocr_mobile_v2.0_cls_infer.onnx", "models/ppocr_keys_v1.txt", "lib/libonnxruntime.so",
}

// share copies what `make build` installed into a folder of its own.
func share(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for _, file := range installed {
		path, err := resources.Path(file)
		if err != nil {
			t.Fatal(err)
		}
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		to := filepath.Join(dir, filepath.FromSlash(file))
		if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(to, b, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// run runs the script with npm replaced by a program that fails: nothing may be
// downloaded, or everything must stay as it was when a download fails.
func run(t *testing.T, dir string) error {
	t.Helper()
	bin := t.TempDir()
	if err := os.WriteFile(filepath.Join(bin, "npm"), []byte("#!/bin/sh\nexit 7\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("./install.sh", dir)
	cmd.Env = append(os.Environ(), "PATH="+bin+":"+os.Getenv("PATH"))
	return cmd.Run()
}

func TestInstalledModelsAreKept(t *testing.T) {
	dir := share(t)
	file := filepath.Join(dir, installed[0])
	long := time.Now().Add(-time.Hour)
	if err := os.Chtimes(file, long, long); err != nil {
		t.Fatal(err)
	}
	if err := run(t, dir); err != nil {
		t.Fatalf("install over an installation: %v", err)
	}
	if info, err := os.Stat(file); err != nil || !info.ModTime().Before(time.Now().Add(-time.Minute)) {
		t.Errorf("the file was written again: %v", err)
	}
	if _, err := os.Stat(filepath.Join(dir, "models/NOTICE")); err != nil {
		t.Errorf("licence notice: %v", err)
	}
}

func TestDamagedModelsAreNotAccepted(t *testing.T) {
	dir := share(t)
	file := filepath.Join(dir, installed[1])
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	b[len(b)/2] ^= 1
	if err := os.WriteFile(file, b, 0o644); err != nil {
		t.Fatal(err)
	}
	if err := run(t, dir); err == nil {
		t.Error("a damaged model passed for installed")
	}
	if left, _ := filepath.Glob(filepath.Join(dir, ".install.*")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

// The lock file must work with any registry: no addresses of downloads.
func TestLockNamesNoRegistry(t *testing.T) {
	b, err := os.ReadFile("package-lock.json")
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(b, []byte(`"resolved"`)) {
		t.Error("package-lock.json holds download addresses")
	}
	if !strings.Contains(string(b), `"integrity"`) {
		t.Error("package-lock.json holds no checksums")
	}
}
