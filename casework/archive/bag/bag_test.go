package bag

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

var day = time.Date(2026, 11, 23, 2, 0, 0, 0, time.UTC)

// packed is a small bag.
func packed(t testing.TB) []byte {
	t.Helper()
	var b bytes.Buffer
	w := NewWriter(&b, "430100202611230001", day)
	for path, text := range map[string]string{"originals/a.pdf": "one", "delivered/b.pdf": "two", "metadata/case.json": "{}"} {
		if _, err := w.Add(path, strings.NewReader(text)); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close([][2]string{{"External-Identifier", "430100202611230001\nforged: line"}}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func checked(t testing.TB, b []byte) (Report, error) {
	t.Helper()
	return VerifyZIP(context.Background(), bytes.NewReader(b), int64(len(b)))
}

func TestBag_WholeOneIsSound(t *testing.T) {
	r, err := checked(t, packed(t))
	if err != nil || !r.Sound() || r.Files != 3 || r.Bytes != 8 || r.Root != "430100202611230001" {
		t.Errorf("%+v %v", r, err)
	}
	if r.Info["External-Identifier"] != "430100202611230001 forged: line" || r.Info["forged"] != "" || r.Info["Payload-Oxum"] != "8.3" || r.Info["Bagging-Date"] != "2026-11-23" {
		t.Errorf("info %v", r.Info)
	}
}

// TestBag_OtherToolsAgree unpacks it and lets sha256sum check both manifests.
func TestBag_OtherToolsAgree(t *testing.T) {
	dir := unpack(t, packed(t))
	sums := func() ([]byte, error) {
		cmd := exec.Command("sha256sum", "--strict", "-c", "manifest-sha256.txt", "tagmanifest-sha256.txt")
		cmd.Dir = dir
		return cmd.CombinedOutput()
	}
	if out, err := sums(); err != nil || strings.Count(string(out), ": OK") != 6 {
		t.Errorf("%s %v", out, err)
	}
	if err := os.WriteFile(filepath.Join(dir, "data/originals/a.pdf"), []byte("One"), 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := sums(); err == nil {
		t.Errorf("a changed file passes: %s", out)
	}
	r, err := VerifyFile(t.Context(), dir)
	if err != nil || !slices.Equal(r.Problems, []Problem{{"data/originals/a.pdf", Changed}}) {
		t.Errorf("%+v %v", r, err)
	}
}

func unpack(t *testing.T, b []byte) string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := os.CopyFS(dir, z); err != nil {
		t.Fatal(err)
	}
	return filepath.Join(dir, "430100202611230001")
}

// rezip writes a bag again with changes: "" takes a file away.
func rezip(t *testing.T, b []byte, changes map[string]string) []byte {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	put := func(name string, r io.Reader) {
		f, err := w.Create(name)
		if err == nil {
			_, err = io.Copy(f, r)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	for _, f := range z.File {
		_, inside, _ := strings.Cut(f.Name, "/")
		if _, changed := changes[inside]; changed {
			continue
		}
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		put(f.Name, r)
		r.Close()
	}
	for name, text := range changes {
		switch {
		case strings.HasPrefix(name, "!"):
			put(name[1:], strings.NewReader(text))
		case text != "":
			put("430100202611230001/"+name, strings.NewReader(text))
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestBag_EveryChangeIsFound(t *testing.T) {
	whole := packed(t)
	for name, c := range map[string]struct {
		changes map[string]string
		want    Problem
	}{
		"changed":             {map[string]string{"data/delivered/b.pdf": "TWO"}, Problem{"data/delivered/b.pdf", Changed}},
		"missing":             {map[string]string{"data/delivered/b.pdf": ""}, Problem{"data/delivered/b.pdf", Missing}},
		"extra":               {map[string]string{"data/delivered/c.pdf": "three"}, Problem{"data/delivered/c.pdf", Extra}},
		"extra beside":        {map[string]string{"note.txt": "x"}, Problem{"note.txt", Extra}},
		"manifest":            {map[string]string{"manifest-sha256.txt": strings.Repeat("0", 64) + "  data/originals/a.pdf\n"}, Problem{"manifest-sha256.txt", Changed}},
		"info":                {map[string]string{"bag-info.txt": "Payload-Oxum: 9.3\n"}, Problem{"bag-info.txt", Changed}},
		"leaves the folder":   {map[string]string{"!../../etc/passwd": "x"}, Problem{"../../etc/passwd", Unsafe}},
		"absolute":            {map[string]string{"!/etc/passwd": "x"}, Problem{"/etc/passwd", Unsafe}},
		"twice":               {map[string]string{"!430100202611230001/data/originals/a.pdf": "other"}, Problem{"430100202611230001/data/originals/a.pdf", Unsafe}},
		"of another platform": {map[string]string{`!430100202611230001\data\x`: "x"}, Problem{`430100202611230001\data\x`, Unsafe}},
	} {
		r, err := checked(t, rezip(t, whole, c.changes))
		if err != nil || !slices.Contains(r.Problems, c.want) {
			t.Errorf("%s: %+v %v, want %v", name, r.Problems, err, c.want)
		}
	}
}

func TestBag_WhatIsNoneIsSaid(t *testing.T) {
	whole := packed(t)
	for name, b := range map[string][]byte{"empty": {}, "text": []byte("no zip"), "cut": whole[:len(whole)-30],
		"no declaration": rezip(t, whole, map[string]string{"bagit.txt": ""}), "other declaration": rezip(t, whole, map[string]string{"bagit.txt": "hello"}),
		"no manifest":      rezip(t, whole, map[string]string{"manifest-sha256.txt": ""}),
		"unreadable":       rezip(t, whole, map[string]string{"manifest-sha256.txt": "abc data/x\n"}),
		"path that leaves": rezip(t, whole, map[string]string{"manifest-sha256.txt": strings.Repeat("0", 64) + "  ../x\n"})} {
		if r, err := checked(t, b); !errors.Is(err, ErrNoBag) {
			t.Errorf("%s: %+v %v", name, r, err)
		}
	}
	if _, err := VerifyFile(t.Context(), filepath.Join(t.TempDir(), "none")); err == nil {
		t.Error("a file that is not there is no trouble")
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := VerifyZIP(ctx, bytes.NewReader(whole), int64(len(whole))); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

func TestBag_WriterRefusesPathsThatDoNotTravel(t *testing.T) {
	w := NewWriter(io.Discard, "x", day)
	for _, path := range []string{"../a", "/a", "a//b", "a\nb", `a\b`, "a:b", ""} {
		if _, err := w.Add(path, strings.NewReader("x")); err == nil {
			t.Errorf("%q was taken", path)
		}
	}
	_, _ = w.Add("a", strings.NewReader("x"))
	if _, err := w.Add("a", strings.NewReader("y")); err == nil {
		t.Error("a path was taken twice")
	}
}

// TestBag_BombsAreRefused unpacks a thousand times its size, and is left off.
func TestBag_BombsAreRefused(t *testing.T) {
	var b bytes.Buffer
	w := NewWriter(&b, "bomb", day)
	if _, err := w.Add("zeros", io.LimitReader(zeros{}, 512<<20)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(nil); err != nil {
		t.Fatal(err)
	}
	if r, err := checked(t, b.Bytes()); !errors.Is(err, ErrNoBag) {
		t.Errorf("%d bytes were unpacked: %+v %v", b.Len(), r, err)
	}
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

func FuzzVerifyZIP(f *testing.F) {
	f.Add(packed(f))
	f.Add([]byte("PK\x05\x06"))
	f.Fuzz(func(t *testing.T, b []byte) {
		r, err := checked(t, b)
		if err == nil && r.Sound() && r.Root == "" {
			t.Error("sound, and no bag")
		}
	})
}

func FuzzParseManifest(f *testing.F) {
	f.Add([]byte(strings.Repeat("0", 64) + "  data/a\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		sums, err := parseManifest(b)
		if err != nil {
			return
		}
		again, err := parseManifest([]byte(manifest(sums)))
		if err != nil || len(again) != len(sums) {
			t.Errorf("%v becomes %v: %v", sums, again, err)
		}
	})
}
