package sandbox_test

import (
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"onewindow/internal/sandbox"
)

func write(t *testing.T, path, text string) string {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func read(t *testing.T, path string) string {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestFilesTravel(t *testing.T) {
	both(t, func(t *testing.T, isolation sandbox.Isolation) {
		p := newPool(t, isolated(isolation))
		dir := t.TempDir()
		original := write(t, filepath.Join(dir, "原件.pdf"), "content ")
		task := sandbox.Task{Op: "copy", Request: request{Text: "more"},
			In: map[string]string{"original": original}, Out: map[string]string{"copy": filepath.Join(dir, "out")}}
		var first, second, third answer
		if err := p.Call(t.Context(), task, &first); err != nil {
			t.Fatal(err)
		}
		if got := read(t, filepath.Join(dir, "out")); got != "content more" {
			t.Fatalf("output %q", got)
		}
		if err := p.Call(t.Context(), task, &second); err != nil || second.Text != first.Text {
			t.Fatalf("the same file moved from %s to %s (%v)", first.Text, second.Text, err)
		}
		if err := os.Remove(original); err != nil {
			t.Fatal(err)
		}
		write(t, original, "other ")
		if err := p.Call(t.Context(), task, &third); err != nil || third.Text == first.Text {
			t.Fatalf("another file at the same path kept %s (%v)", first.Text, err)
		}
		if got := read(t, filepath.Join(dir, "out")); got != "other more" {
			t.Fatalf("output %q", got)
		}
	})
}

func TestInputOnAnotherFileSystemIsCopied(t *testing.T) {
	other, err := os.MkdirTemp("/dev/shm", "sandbox-test-")
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(other)
	p := newPool(t, nil)
	task := sandbox.Task{Op: "copy", Request: request{}, In: map[string]string{"original": write(t, filepath.Join(other, "a"), "from afar")},
		Out: map[string]string{"copy": filepath.Join(other, "b")}}
	if err := p.Call(t.Context(), task, nil); err != nil {
		t.Fatal(err)
	}
	if got := read(t, filepath.Join(other, "b")); got != "from afar" {
		t.Fatalf("output %q", got)
	}
}

func TestOriginalCannotBeWritten(t *testing.T) {
	both(t, func(t *testing.T, isolation sandbox.Isolation) {
		p := newPool(t, isolated(isolation))
		original := write(t, filepath.Join(t.TempDir(), "a"), "content")
		err := p.Call(t.Context(), sandbox.Task{Op: "deface", Request: request{}, In: map[string]string{"original": original}}, nil)
		if err == nil || !strings.Contains(err.Error(), "read-only") && !strings.Contains(err.Error(), "permission denied") {
			t.Fatalf("error %v", err)
		}
		if got := read(t, original); got != "content" {
			t.Fatalf("original is %q", got)
		}
	})
}

func TestHostFilesAreOutOfReach(t *testing.T) {
	both(t, func(t *testing.T, isolation sandbox.Isolation) {
		secret := write(t, filepath.Join(t.TempDir(), "secret"), "password")
		p := newPool(t, isolated(isolation))
		for _, path := range []string{secret, "/etc/passwd", "/proc/" + strconv.Itoa(os.Getpid()) + "/environ"} {
			if out, err := do(t, p, "read", request{Text: path}); err == nil {
				t.Errorf("%s is readable: %.20q", path, out.Text)
			}
		}
	})
}

func TestParentCannotBeSignalled(t *testing.T) {
	both(t, func(t *testing.T, isolation sandbox.Isolation) {
		p := newPool(t, isolated(isolation))
		if _, err := do(t, p, "kill", request{N: os.Getpid()}); err == nil {
			t.Fatal("a child may signal its parent")
		}
	})
}

func TestFoldersOfTheConfigAreWithinReach(t *testing.T) {
	both(t, func(t *testing.T, isolation sandbox.Isolation) {
		models, cache := t.TempDir(), t.TempDir()
		file := write(t, filepath.Join(models, "model"), "weights")
		p := newPool(t, func(c *sandbox.Config) {
			c.Isolation, c.ReadOnly, c.Writable = isolation, []string{models}, []string{cache}
		})
		if out := must(t, p, "read", request{Text: file}); out.Text != "weights" {
			t.Fatalf("read %q", out.Text)
		}
		must(t, p, "write", request{Text: filepath.Join(cache, "code")})
		if _, err := do(t, p, "write", request{Text: filepath.Join(models, "poison")}); err == nil {
			t.Fatal("a read-only folder was written")
		}
	})
}

func TestOutputMustBeAPlainFile(t *testing.T) {
	p := newPool(t, isolated(sandbox.IsolationOff))
	secret := write(t, filepath.Join(t.TempDir(), "secret"), "password")
	dst := filepath.Join(t.TempDir(), "out")
	for op, text := range map[string]string{"link": secret, "echo": ""} {
		err := p.Call(t.Context(), sandbox.Task{Op: op, Request: request{Text: text}, Out: map[string]string{"copy": dst}}, nil)
		if !errors.Is(err, sandbox.ErrOutput) {
			t.Errorf("%s: %v", op, err)
		}
		if _, err := os.Lstat(dst); err == nil {
			t.Errorf("%s: an output appeared", op)
		}
	}
}

func TestOutputSizeIsBounded(t *testing.T) {
	p := newPool(t, func(c *sandbox.Config) { c.Limits.FileSize = 1 << 20 })
	dst := filepath.Join(t.TempDir(), "out")
	err := p.Call(t.Context(), sandbox.Task{Op: "fill", Request: request{N: 2 << 20}, Out: map[string]string{"copy": dst}}, nil)
	if err == nil {
		t.Fatal("a file beyond the limit was written")
	}
	if _, err := os.Stat(dst); err == nil {
		t.Fatal("an output appeared")
	}
}

func TestSecretsOfTheParentStayThere(t *testing.T) {
	t.Setenv("ONEWINDOW_S3_SECRET", "hush")
	p := newPool(t, func(c *sandbox.Config) { c.Env = []string{"EXTRA=1"} })
	env := must(t, p, "env", request{}).Text
	if strings.Contains(env, "hush") {
		t.Fatal("a secret reached the child")
	}
	for _, want := range []string{"OMP_THREAD_LIMIT=1", "EXTRA=1", "GOMEMLIMIT="} {
		if !strings.Contains(env, want) {
			t.Errorf("environment lacks %s", want)
		}
	}
	if strings.Contains(env, "ONEWINDOW_SANDBOX_CHILD") {
		t.Error("what a child starts would take itself for a child")
	}
}

func TestLeftoversOfADeadProcessAreSwept(t *testing.T) {
	dir := t.TempDir()
	dead, fresh := filepath.Join(dir, "sandbox-dead"), filepath.Join(dir, "sandbox-fresh")
	for _, d := range []string{dead, fresh} {
		if err := os.MkdirAll(filepath.Join(d, "page-1", "in"), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	old := time.Now().Add(-time.Hour)
	if err := os.Chtimes(dead, old, old); err != nil {
		t.Fatal(err)
	}
	living, err := sandbox.NewPool(t.Context(), sandbox.Config{Kind: "test", Scratch: dir})
	if err != nil {
		t.Fatal(err)
	}
	homes, _ := filepath.Glob(filepath.Join(dir, "sandbox-[0-9]*"))
	if len(homes) != 1 {
		t.Fatalf("homes %v", homes)
	}
	if err := os.Chtimes(homes[0], old, old); err != nil {
		t.Fatal(err)
	}
	next, err := sandbox.NewPool(t.Context(), sandbox.Config{Kind: "test", Scratch: dir})
	if err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]bool{dead: false, fresh: true, homes[0]: true} {
		if _, err := os.Stat(path); (err == nil) != want {
			t.Errorf("%s kept: %v, want %v", filepath.Base(path), err == nil, want)
		}
	}
	for _, p := range []*sandbox.Pool{living, next} {
		if err := p.Close(); err != nil {
			t.Error(err)
		}
	}
}

func TestForgetLeavesNothingOfTheFile(t *testing.T) {
	scratch := t.TempDir()
	p := newPool(t, func(c *sandbox.Config) { c.Scratch = scratch })
	task := sandbox.Task{Op: "copy", Key: "a", Request: request{}, In: map[string]string{"original": write(t, filepath.Join(t.TempDir(), "a"), "secret text")}}
	if err := p.Call(t.Context(), task, nil); err != nil {
		t.Fatal(err)
	}
	staged := func() int {
		files, _ := filepath.Glob(filepath.Join(scratch, "sandbox-*", "*", "in", "*"))
		return len(files)
	}
	if staged() != 1 {
		t.Fatal("nothing is staged; the test proves nothing")
	}
	p.Forget("another")
	if staged() != 1 {
		t.Error("another file's child was dismissed")
	}
	p.Forget("a")
	if staged() != 0 {
		t.Error("the file is still in scratch")
	}
}
