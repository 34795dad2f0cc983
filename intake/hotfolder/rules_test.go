package hotfolder

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"onewindow/document"
	"onewindow/internal/testserver"
	"onewindow/storage"
	"onewindow/storage/filestore"
)

// TestHotFolder_IgnoresWhatIsNoDocument, and never waits at a pipe or follows a
// link out of the inbox.
func TestHotFolder_IgnoresWhatIsNoDocument(t *testing.T) {
	c := newCounter(t)
	for _, name := range []string{".hidden.pdf", "~$合同.docx", "Thumbs.db", "desktop.ini", "a.tmp", "a.pdf.part", "a.crdownload",
		"a.filepart", ".sync/a.pdf", "@eaDir/a.pdf", "#recycle/a.pdf", "hall/.Trash-0/a.pdf"} {
		c.drop(name, pdf(name))
	}
	outside := filepath.Join(t.TempDir(), "secret.pdf")
	if err := os.WriteFile(outside, pdf("outside"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(os.Symlink(outside, filepath.Join(c.inbox, "link.pdf")), os.Symlink(filepath.Dir(outside), filepath.Join(c.inbox, "folder")),
		syscall.Mkfifo(filepath.Join(c.inbox, "pipe.pdf"), 0o600), os.Mkdir(filepath.Join(c.inbox, "folder.pdf"), 0o755)); err != nil {
		t.Fatal(err)
	}
	before := c.files()
	c.pass(300 * time.Millisecond)
	if n := len(c.documents()); n != 0 {
		t.Errorf("%d documents: %+v", n, c.documents())
	}
	if after := c.files(); len(after) != len(before) {
		t.Errorf("the inbox held %v, now %v", before, after)
	}
	c.drop("真的.pdf", pdf("real"))
	c.arrive(1)
}

// TestHotFolder_NothingOpensALinkOrAPipe that was put in a file's place at the
// last moment.
func TestHotFolder_NothingOpensALinkOrAPipe(t *testing.T) {
	dir := t.TempDir()
	link, pipe := filepath.Join(dir, "link"), filepath.Join(dir, "pipe")
	if err := errors.Join(os.Symlink("/etc/passwd", link), syscall.Mkfifo(pipe, 0o600)); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{link, pipe, dir} {
		if f, err := openRegular(path); err == nil {
			f.Close()
			t.Errorf("%s was opened", filepath.Base(path))
		}
	}
}

// TestHotFolder_SameBytesAgainAreADuplicate: no second document, and the file does
// not stay in the inbox either. Elsewhere the same bytes belong to something else.
func TestHotFolder_SameBytesAgainAreADuplicate(t *testing.T) {
	c := newCounter(t)
	c.drop("hall/w1/a.pdf", pdf("same"))
	first := c.arrive(1)[0]
	c.end(first.ID, document.StateDone, nil)
	c.drop("hall/w1/a.pdf", pdf("same"))
	c.drop("hall/w1/copy of a.pdf", pdf("same"))
	c.until("both are archived", func() bool { return len(c.in("done")) == 3 })
	if n := len(c.documents()); n != 1 {
		t.Errorf("%d documents, want 1", n)
	}
	c.drop("hall/w2/a.pdf", pdf("same"))
	c.arrive(2)
}

// TestHotFolder_WhatCouldNotBeUsedMayBeTriedAgain by dropping it again, as often
// as people like.
func TestHotFolder_WhatCouldNotBeUsedMayBeTriedAgain(t *testing.T) {
	c := newCounter(t)
	for n, state := range []document.State{document.StateRefused, document.StateFailed, document.StateRejected} {
		c.drop("hall/w1/a.pdf", pdf("damaged"))
		doc := c.arrive(n + 1)[n]
		c.end(doc.ID, state, document.Refuse(document.CodeCorrupt, "文件已损坏，请重新扫描。", "test"))
		c.until("it is out of the way", func() bool { return len(c.in("received")) == 0 })
	}
	if q := c.in("quarantine"); len(q) != 4 { // two files, two reasons; what a person rejected is done
		t.Errorf("quarantine holds %v", q)
	}
	c.drop("hall/w1/a.pdf", pdf("mended"))
	if doc := c.arrive(4)[3]; doc.Original != document.DigestOf(pdf("mended")) {
		t.Error("the mended file was not taken")
	}
}

// TestHotFolder_QuarantineSaysWhy, in a file beside the file.
func TestHotFolder_QuarantineSaysWhy(t *testing.T) {
	c := newCounter(t)
	c.door.MaxBytes = 100
	c.drop("w/太大.pdf", pdf(strings.Repeat("x", 200))) // refused at the door
	c.drop("w/加密.pdf", pdf("locked"))                 // refused by the pipeline
	doc := c.arrive(1)[0]
	c.end(doc.ID, document.StateRefused, document.Refuse(document.CodeEncrypted, "文件设有打开密码。请去掉密码后重新上传。", "test"))
	c.until("both in quarantine", func() bool { return len(c.in("quarantine")) == 4 })
	for file, words := range map[string][]string{
		"太大.pdf":                         {"文件超过", "代码：too_large", "重新放入"},
		string(doc.Receipt) + "__加密.pdf": {"打开密码", "代码：encrypted", "重新放入"},
	} {
		reason, err := os.ReadFile(c.watcher.house("quarantine", file+".原因.txt"))
		for _, w := range words {
			if err != nil || !strings.Contains(string(reason), w) {
				t.Errorf("%s: %q is not in %q, %v", file, w, reason, err)
			}
		}
		if _, err := os.Stat(c.watcher.house("quarantine", file)); err != nil {
			t.Error(err)
		}
	}
	if left := c.in("claimed"); len(left) != 0 {
		t.Errorf("claims are left: %v", left)
	}
}

// TestG8_HotFolderKeepsNoCopy of a file that turns out to be classified.
func TestG8_HotFolderKeepsNoCopy(t *testing.T) {
	c := newCounter(t)
	c.drop("w/a.pdf", pdf("marked"))
	c.end(c.arrive(1)[0].ID, document.StateQuarantined, nil)
	c.until("no copy is left", func() bool { return len(c.files()) == 0 })
	c.drop("w/a.pdf", pdf("marked"))
	c.until("a second copy goes too", func() bool { return len(c.files()) == 0 })
	if n := len(c.documents()); n != 1 {
		t.Errorf("%d documents", n)
	}
	for _, a := range c.ledger()["w/a.pdf"] {
		if a.Code != storage.CodeScreened || a.Reason != "" {
			t.Errorf("the ledger says %+v", a)
		}
	}
}

// TestHotFolder_FullDiskWaits: nothing is lost, people see their files, and work
// goes on when there is room.
func TestHotFolder_FullDiskWaits(t *testing.T) {
	c := newCounter(t)
	disk := testserver.DiskOf(t, 2<<20)
	blobs, err := filestore.Open(filepath.Join(disk, "blobs"), filestore.Options{})
	if err != nil {
		t.Fatal(err)
	}
	c.door.Blobs = blobs
	ballast := filepath.Join(disk, "ballast")
	if err := os.WriteFile(ballast, make([]byte, 1<<20), 0o600); err != nil {
		t.Fatal(err)
	}
	for i := range 4 {
		c.drop(fmt.Sprintf("w/%d.pdf", i), pdf(strings.Repeat(fmt.Sprint(i), 600_000)))
	}
	c.pass(400 * time.Millisecond)
	taken := len(c.documents())
	if taken > 1 {
		t.Fatalf("%d files of 600 KB found room", taken)
	}
	visible := 0
	for _, f := range c.files() {
		if strings.HasPrefix(f, "w/") {
			visible++
		}
	}
	if visible == 0 {
		t.Errorf("no file is where people see it: %v", c.files())
	}
	if err := os.Remove(ballast); err != nil {
		t.Fatal(err)
	}
	c.until("two more found room", func() bool { return len(c.documents()) == 3 })
	if full, err := blobs.Put(t.Context(), storage.Originals, strings.NewReader(strings.Repeat("y", 900_000)), storage.PutOptions{}); !errors.Is(err, storage.ErrFull) {
		t.Errorf("the disk is not full: %+v %v", full, err)
	}
}

// TestHotFolder_StoreAwayPutsOff: the file is not sent again and again, and is
// one document in the end.
func TestHotFolder_StoreAwayPutsOff(t *testing.T) {
	c := newCounter(t)
	away := true
	h := &hook{Receiver: c.door, beforeAdmit: func() error {
		if away {
			return errors.New("database is away")
		}
		return nil
	}}
	c.watcher.Receiver = h
	for i := range 5 {
		c.drop(fmt.Sprintf("w/%d.pdf", i), pdf(fmt.Sprint(i)))
	}
	c.pass(600 * time.Millisecond)
	if n := len(c.documents()); n != 0 {
		t.Fatalf("%d documents", n)
	}
	if h.kept > 30 {
		t.Errorf("files were sent %d times in 0.6 s", h.kept)
	}
	away = false
	c.arrive(5)
}

// TestHotFolder_OneBadFileStopsNobody: a file that somebody still writes to,
// although it looked whole and at rest, waits alone until it is whole.
func TestHotFolder_OneBadFileStopsNobody(t *testing.T) {
	c := newCounter(t)
	f, err := os.OpenFile(c.drop("w/0.pdf", pdf("grows")), os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	growing := true
	h := &hook{Receiver: c.door, afterKeep: func(name string) {
		if growing && name == "0.pdf" {
			_, _ = f.Write(pdf("one more page"))
		}
	}}
	c.watcher.Receiver = h
	c.until("the growing file was tried", func() bool { return h.kept > 1 })
	c.drop("w/1.pdf", pdf("another"))
	if doc := c.arrive(1)[0]; doc.Filename != "1.pdf" {
		t.Fatalf("%s was received while somebody wrote to it", doc.Filename)
	}
	growing = false
	doc := c.arrive(2)[1]
	held, err := filepath.Glob(c.watcher.house("received", string(doc.ID)+"__*__0.pdf"))
	if err != nil || len(held) != 1 {
		t.Fatalf("the inbox holds %v, %v", c.files(), err)
	}
	whole, err := os.ReadFile(held[0])
	if err != nil || document.DigestOf(whole) != doc.Original {
		t.Errorf("other bytes were received than those that are kept: %v", err)
	}
}
