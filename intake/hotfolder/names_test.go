package hotfolder

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"onewindow/document"
	"onewindow/internal/sample"
)

// TestHotFolder_PathTellsWhatAFileBelongsTo.
func TestHotFolder_PathTellsWhatAFileBelongsTo(t *testing.T) {
	b := newCounter(t).watcher.Binder
	project := sample.NewProject(1).Code
	base := document.Origin{Channel: document.ChannelPhysical, Lane: document.LaneCounter, Door: "hotfolder", By: "hotfolder", Division: "430100"}
	for path, change := range map[string]func(*document.Origin){
		"a.pdf":                 func(*document.Origin) {},
		"长沙市政务大厅/a.pdf":         func(o *document.Origin) { o.Hall = "长沙市政务大厅" },
		"h/3号/a.pdf":            func(o *document.Origin) { o.Hall, o.Window = "h", "3号" },
		"h/w/BJ2026-1/a.pdf":    func(o *document.Origin) { o.Hall, o.Window, o.Case = "h", "w", "BJ2026-1" },
		"h/w/" + project + "/a": func(o *document.Origin) { o.Hall, o.Window, o.Project = "h", "w", project },
		"h/w/BJ1/survey-report/a.pdf": func(o *document.Origin) {
			o.Hall, o.Window, o.Case, o.Material, o.Role = "h", "w", "BJ1", "survey-report", document.RoleMaterial
		},
		"h/w/" + project + "/rd-eia-reply/a.pdf": func(o *document.Origin) {
			o.Hall, o.Window, o.Project, o.Role = "h", "w", project, document.RoleResult
		},
	} {
		want := base
		change(&want)
		if got := b.Bind(path); !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %+v, want %+v", path, got, want)
		}
	}
}

// TestHotFolder_FolderOfACaseThatDoesNotExist is kept as the folder's name; a case
// that does gives its project.
func TestHotFolder_FolderOfACaseThatDoesNotExist(t *testing.T) {
	away := errors.New("database is away")
	b := Binder{Case: func(_ context.Context, number string) (string, bool, error) {
		switch number {
		case "SL1":
			return "project", true, nil
		case "SL2":
			return "", false, away
		}
		return "", false, nil
	}}
	for path, want := range map[string][3]string{
		"h/w/SL1/a.pdf":  {"SL1", "project", ""},
		"h/w/SL 1/a.pdf": {"", "", "SL 1"},
		"h/w/a.pdf":      {},
	} {
		o, err := b.Place(t.Context(), path)
		if got := [3]string{o.Case, o.Project, o.Folder}; got != want || err != nil {
			t.Errorf("%s: %q %v, want %q", path, got, err, want)
		}
	}
	if _, err := b.Place(t.Context(), "h/w/SL2/a.pdf"); !errors.Is(err, away) {
		t.Errorf("nobody knows whether the case exists, and the file is placed: %v", err)
	}
}

// TestHotFolder_AnyNameWorks: Chinese, long, with bytes that are no UTF-8, or like
// the names we use ourselves.
func TestHotFolder_AnyNameWorks(t *testing.T) {
	c := newCounter(t)
	names := []string{"建设工程规划许可证（副本）〔2026〕1号.pdf", strings.Repeat("长", 83) + ".pdf", strings.Repeat("x", 251) + ".pdf",
		"\xcd\xbc\xd6\xbd.pdf", "claim.json", "file", "a__b__c.pdf", "名 字 有 空 格.pdf", "-rf.pdf", "a\nb.pdf", "没有扩展名"}
	for i, name := range names {
		c.drop("w/"+name, pdf(name+string(rune('a'+i))))
	}
	docs := c.arrive(len(names))
	for _, doc := range docs {
		if !utf8.ValidString(doc.Filename) {
			t.Errorf("%q is kept", doc.Filename)
		}
		c.end(doc.ID, document.StateRefused, document.Refuse(document.CodeCorrupt, "损坏。", "test"))
	}
	c.until("all are in quarantine with their reasons", func() bool { return len(c.in("quarantine")) == 2*len(names) })
	if left := len(c.files()); left != 2*len(names) {
		t.Errorf("the inbox holds %v", c.files())
	}
}

// TestHotFolder_FilesFromBeforeTheStart are taken by the same rules.
func TestHotFolder_FilesFromBeforeTheStart(t *testing.T) {
	c := newCounter(t)
	whole := c.drop("w/whole.pdf", pdf("whole"))
	c.drop("w/half.pdf", []byte("%PDF-1.7 half"))
	old := time.Now().Add(-time.Hour)
	if err := os.Chtimes(whole, old, old); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	w := c.newWatcher()
	w.Quiet = 300 * time.Millisecond
	start := time.Now()
	go func() { ended <- w.Run(ctx) }()
	for len(c.documents()) == 0 {
		time.Sleep(10 * time.Millisecond)
	}
	if took := time.Since(start); took < w.Quiet {
		t.Errorf("taken after %s, without having been watched at rest", took)
	}
	time.Sleep(w.Quiet)
	if docs := c.documents(); len(docs) != 1 || docs[0].Filename != "whole.pdf" {
		t.Errorf("%+v", docs)
	}
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

// TestHotFolder_EventsShortenTheWait: a file is found at once and taken as soon as
// it has rested, not at the next search.
func TestHotFolder_EventsShortenTheWait(t *testing.T) {
	c := newCounter(t)
	ctx, stop := context.WithCancel(t.Context())
	w := c.newWatcher()
	w.Every, w.Quiet = time.Hour, 100*time.Millisecond
	ended := make(chan error, 1)
	go func() { ended <- w.Run(ctx) }()
	time.Sleep(300 * time.Millisecond) // the first search is over
	c.drop("new folder/w/a.pdf", pdf("a"))
	for end := time.Now().Add(15 * time.Second); len(c.documents()) == 0; time.Sleep(10 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("an event is needed, the next search is an hour away")
		}
	}
	stop()
	<-ended
}

// TestHotFolder_RecordsFromBefore: after a restore of older records a file whose
// document is unknown is not lost without a word.
func TestHotFolder_RecordsFromBefore(t *testing.T) {
	c := newCounter(t)
	if err := os.WriteFile(c.watcher.house("received", "doc_UNKNOWN__a.pdf"), pdf("a"), 0o600); err != nil {
		t.Fatal(err)
	}
	c.drop("w/b.pdf", pdf("b"))
	c.arrive(1)
	if q := c.in("quarantine"); len(q) != 2 || !strings.HasSuffix(q[0], "a.pdf") || filepath.Base(q[1]) != filepath.Base(q[0])+".原因.txt" {
		t.Errorf("quarantine holds %v", q)
	}
}

// TestHotFolder_TellsOfTroubleOnce, and again when it comes back.
func TestHotFolder_TellsOfTroubleOnce(t *testing.T) {
	var said strings.Builder
	w := &Watcher{Log: slog.New(slog.NewTextHandler(&said, nil))}
	w.defaults()
	for _, err := range []error{os.ErrClosed, os.ErrClosed, nil, nil, os.ErrClosed} {
		w.complain("search", err)
	}
	if n := strings.Count(said.String(), "msg=search"); n != 2 {
		t.Errorf("told %d times:\n%s", n, said.String())
	}
}
