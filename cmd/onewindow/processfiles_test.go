package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"onewindow/internal/sample"
	"onewindow/internal/sample/bad"
)

// TestProcess_SeveralFilesInOrder: a long file, a photo, papers marked and not
// marked as secret, and one that means nothing, in one run.
func TestProcess_SeveralFilesInOrder(t *testing.T) {
	dir, s, p := t.TempDir(), studio(t), sample.NewProject(5)
	long := sample.Make("rd-eia-reply", p, 5)
	pages := long.Pages
	for len(long.Pages) < 30 {
		long.Pages = append(long.Pages, pages...)
	}
	long.Pages = long.Pages[:30]
	permit := sample.Make("rd-land-use-permit", p, 5)
	photo, err := sample.EncodePhoto(s.Image(permit.Pages[0], 200), 6, 85)
	if err != nil {
		t.Fatal(err)
	}
	scanned := func(kind string) []byte {
		b, err := s.Scan(sample.Make(kind, p, 5), sample.ScanOptions{DPI: 200})
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	files := []string{
		put(t, dir, "三十页.pdf", s.PDF(long)),
		put(t, dir, "照片.jpg", photo),
		put(t, dir, "涉密.pdf", scanned("secret-reply")),
		put(t, dir, "商业秘密.pdf", scanned("open-commercial-secret")),
		put(t, dir, "白纸.pdf", s.PDF(sample.Document{Pages: []sample.Page{{Width: 210, Height: 297}}})),
	}
	out := filepath.Join(dir, "out")
	r := runProcess(t, append([]string{"--json", "--confirm", "--out", out}, files...)...).want(t, 0, len(files))
	for i, l := range r.lines {
		if l.File != files[i] {
			t.Errorf("line %d is about %s, want %s", i+1, l.File, files[i])
		}
	}
	t.Run("30 pages", func(t *testing.T) {
		l := r.lines[0]
		checkPages(t, l, 30, "text_layer")
		if l.State != "done" {
			t.Fatalf("state %s: %s", l.State, l.raw["findings"])
		}
		checkStamped(t, l, out, 30)
	})
	t.Run("a photo becomes a PDF", func(t *testing.T) {
		l := r.lines[1]
		if l.State != "done" || l.Media != "image/jpeg" || l.Type == nil || l.Type.Code != permit.Type {
			t.Fatalf("state %s, media type %s, type %+v, findings %s", l.State, l.Media, l.Type, l.raw["findings"])
		}
		checkPages(t, l, 1, "ocr")
		checkStamped(t, l, out, 1)
		if got := l.Fields["doc_no"].Value; got != permit.Truth.Fields["doc_no"] {
			t.Errorf("doc_no %q, truth %q", got, permit.Truth.Fields["doc_no"])
		}
	})
	t.Run("G8 quarantined without a word", func(t *testing.T) {
		l := r.lines[2]
		if l.State != "quarantined" || l.Error != nil || l.Type != nil || len(l.Fields)+len(l.Pages)+len(l.Outputs) != 0 || l.Code != "" {
			t.Errorf("a marked paper: %s", l.text)
		}
		for _, word := range []string{"机密", "示例工程", "批复", "发展和改革"} {
			if strings.Contains(l.text, word) {
				t.Errorf("the line quotes %q: %s", word, l.text)
			}
		}
	})
	t.Run("G8 commercial secrets pass", func(t *testing.T) {
		l := r.lines[3]
		if l.State == "quarantined" || len(l.Pages) == 0 || !strings.Contains(l.Pages[0].Text, "商业秘密") {
			t.Errorf("state %s", l.State)
		}
	})
	t.Run("nothing is recognized", func(t *testing.T) {
		l := r.lines[4]
		if l.State != "needs_review" || l.Type != nil || string(l.raw["type"]) != "null" || len(l.Outputs) != 0 {
			t.Errorf("state %s, type %s", l.State, l.raw["type"])
		}
	})
}

// TestProcess_BadFiles: each comes to an end in bounded time with a code of its
// own and a sentence that says what to do, and names no path.
func TestProcess_BadFiles(t *testing.T) {
	dir := t.TempDir()
	all, err := bad.All(studio(t).PDF(sample.Make("rd-eia-reply", sample.NewProject(2), 2)))
	if err != nil {
		t.Fatal(err)
	}
	var paths []string
	for _, f := range all {
		paths = append(paths, put(t, dir, f.Name, f.Data))
	}
	r := runProcess(t, append([]string{"--json", "--confirm", "--out", filepath.Join(dir, "out")}, paths...)...).want(t, 3, len(all))
	if r.took > 3*time.Minute {
		t.Errorf("all bad files took %s", r.took)
	}
	for i, f := range all {
		l := r.lines[i]
		switch {
		case f.Name == "动画.gif" && l.State == "needs_review": // its first picture is read, and people are told
			if !strings.Contains(string(l.raw["findings"]), "animated") {
				t.Errorf("%s: %s", f, l.text)
			}
		case f.Want == "" && (l.State == "needs_review" || l.State == "done"):
		case f.Want == "" && l.State == "refused" && l.Error != nil: // refused in any way
			checkRefusal(t, f.String(), l, dir)
		case l.State != "refused" || l.Error == nil || l.Error.Code != string(f.Want):
			t.Errorf("%s: %s, want %s: %s", f, l.State, f.Want, l.text)
		default:
			checkRefusal(t, f.String(), l, dir)
		}
	}
}

var (
	chinese = regexp.MustCompile(`^[^。]*\p{Han}{4}.*。$`)
	advice  = regexp.MustCompile(`请|另存|重新|拆分|缩小|去掉|联系`)
)

func checkRefusal(t *testing.T, name string, l line, dir string) {
	t.Helper()
	if m := l.Error.Message; !chinese.MatchString(m) || !advice.MatchString(m) || strings.Contains(m, dir) || strings.Contains(m, "/") {
		t.Errorf("%s: the message is %q", name, m)
	}
	if len(l.Pages)+len(l.Fields)+len(l.Outputs) != 0 || l.Type != nil || l.Code != "" || len(l.SHA256) != 64 {
		t.Errorf("%s: a refused file tells more than its refusal: %s", name, l.text)
	}
}

// TestProcess_Usage: what the caller got wrong is exit code 2, before any work.
func TestProcess_Usage(t *testing.T) {
	dir := t.TempDir()
	text := put(t, dir, "a.txt", []byte("a"))
	for _, args := range [][]string{
		{}, {"--json"}, {filepath.Join(dir, "no such file.pdf")}, {dir}, {text, filepath.Join(dir, "missing.pdf")},
		{"--as", "nothing", text}, {"--no-such-flag", text}, {"--engine", "none", text}, {"--workers", "-1", text},
		{"--item", "HN-S9-99", text}, {"--project", "none", text},
	} {
		r := runProcess(t, args...)
		if r.exit != 2 || r.stdout != "" || r.stderr == "" {
			t.Errorf("process %v: exit %d, said %q and %q", args, r.exit, r.stdout, r.stderr)
		}
	}
}

// TestProcess_InternalFailure: what is our fault is exit code 1.
func TestProcess_InternalFailure(t *testing.T) {
	path := put(t, t.TempDir(), "a.txt", []byte("a"))
	t.Setenv("ONEWINDOW_SHARE", filepath.Join(t.TempDir(), "nothing is installed here"))
	if r := runProcess(t, "--json", path); r.exit != 1 || r.stderr == "" {
		t.Errorf("exit %d, said %q", r.exit, r.stderr)
	}
}

// TestProcess_WordsForPeople is what a terminal shows.
func TestProcess_WordsForPeople(t *testing.T) {
	dir := t.TempDir()
	ok := put(t, dir, "通知.pdf", studio(t).PDF(sample.Make("rd-eia-reply", sample.NewProject(2), 2)))
	empty := put(t, dir, "空.pdf", nil)
	r := runProcess(t, ok, empty)
	for _, words := range []string{ok, empty, "待复核", "无法处理", "类型  ", "原因  文件是空的"} {
		if !strings.Contains(r.stdout, words) {
			t.Errorf("%q is not said:\n%s", words, r.stdout)
		}
	}
	if r.exit != 3 {
		t.Errorf("exit %d", r.exit)
	}
}

// TestProcess_SignalsEndIt: the first in good order, the second at once.
func TestProcess_SignalsEndIt(t *testing.T) {
	dir := t.TempDir()
	path, _ := permit(t, dir)
	for signals := 1; signals <= 2; signals++ {
		cmd := exec.Command(binary, "process", "--json", path, path, path, path)
		tmp := t.TempDir()
		cmd.Env = append(os.Environ(), "TMPDIR="+tmp)
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(1500 * time.Millisecond)
		start := time.Now()
		for range signals {
			_ = cmd.Process.Signal(syscall.SIGINT)
			time.Sleep(50 * time.Millisecond)
		}
		_ = cmd.Wait()
		if took := time.Since(start); took > time.Duration(25/signals)*time.Second {
			t.Errorf("%d signals: it took %s to end", signals, took)
		}
		if code := cmd.ProcessState.ExitCode(); code != 130 {
			t.Errorf("%d signals: exit %d", signals, code)
		}
		if left, _ := os.ReadDir(tmp); signals == 1 && len(left) != 0 {
			t.Errorf("left behind: %v", left)
		}
	}
}
