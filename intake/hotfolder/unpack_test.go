package hotfolder

import (
	"archive/zip"
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/encoding/simplifiedchinese"

	"onewindow/document"
	"onewindow/storage"
)

// zipped packs files, given as name, body, name, body.
func zipped(t *testing.T, files ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for i := 0; i < len(files); i += 2 {
		w, err := z.CreateHeader(&zip.FileHeader{Name: files[i], Method: zip.Deflate, NonUTF8: true})
		if err == nil {
			_, err = io.WriteString(w, files[i+1])
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestHotFolder_ArchiveIsADocumentForEachFile, whatever wrote their names; the
// archive and each file have an outcome.
func TestHotFolder_ArchiveIsADocumentForEachFile(t *testing.T) {
	c := newCounter(t)
	gbk, err := simplifiedchinese.GBK.NewEncoder().String("材料/规划许可证.pdf")
	if err != nil {
		t.Fatal(err)
	}
	c.drop("大厅/3/BJ1/批次.zip", zipped(t, gbk, string(pdf("one")), "survey-report/勘察.pdf", string(pdf("two")), "../../逃.pdf", string(pdf("three")),
		"__MACOSX/._a.pdf", "x", "again/勘察.pdf", string(pdf("two"))))
	docs := map[string]document.Document{}
	for _, d := range c.arrive(4) {
		docs[d.Filename+" "+d.Origin.Material] = d
	}
	for name, body := range map[string]string{"规划许可证.pdf ": "one", "勘察.pdf survey-report": "two", "逃.pdf ": "three"} {
		d := docs[name]
		if d.Original != document.DigestOf(pdf(body)) || d.Origin.Case != "BJ1" || d.Origin.Hall != "大厅" || d.Origin.Window != "3" {
			t.Errorf("%s is %+v", name, d)
		}
	}
	archive := c.entry("大厅/3/BJ1/批次.zip")
	if archive.Outcome != storage.OutcomeUnpacked || archive.Reason != "拆出 5 个文件，收取 4 个，忽略 1 个" {
		t.Errorf("the archive is %+v", archive)
	}
	one := c.entry("大厅/3/BJ1/批次.zip!/材料/规划许可证.pdf")
	if one.Outcome != storage.OutcomeReceived || one.Receipt == "" || one.Parent != archive.ID || one.Hall != "大厅" {
		t.Errorf("its first file is %+v", one)
	}
	if hidden := c.entry("大厅/3/BJ1/批次.zip!/__MACOSX/._a.pdf"); hidden.Outcome != storage.OutcomeIgnored {
		t.Errorf("a hidden file is %+v", hidden)
	}
	if done := c.in("done"); len(done) != 1 || !strings.HasSuffix(done[0], "__批次.zip") {
		t.Errorf("the original lies at %v", c.files())
	}
	// The same batch again is nothing new.
	c.drop("大厅/3/BJ1/批次.zip", zipped(t, gbk, string(pdf("one"))))
	c.until("it is known", func() bool { return len(c.in("done")) == 2 })
	if again := c.ledger()["大厅/3/BJ1/批次.zip!/材料/规划许可证.pdf"]; len(again) != 2 || again[1].Outcome != storage.OutcomeDuplicate || again[1].Receipt != one.Receipt {
		t.Errorf("again it is %+v", again)
	}
	c.arrive(4)
}

// TestHotFolder_BadFileInAnArchiveHarmsNoOther, and a bad archive says why.
func TestHotFolder_BadFileInAnArchiveHarmsNoOther(t *testing.T) {
	c := newCounter(t)
	c.door.MaxBytes = 1000
	c.drop("w/1/a.zip", zipped(t, "好.pdf", string(pdf("good")), "大.pdf", string(pdf(strings.Repeat("x", 2000)))))
	c.drop("w/1/空.zip", zipped(t, "folder/", ""))
	bomb := zipped(t, "b", strings.Repeat("\x00", 70<<20))
	c.drop("w/1/弹.zip", bomb)
	c.drop("w/1/坏.zip", append([]byte("PK\x03\x04 not an archive at all "), "PK\x05\x06"+strings.Repeat("\x01", 18)...))
	c.watcher.Patience = 200 * time.Millisecond
	c.until("all have an outcome", func() bool {
		n, err := c.records.CountArrivals(t.Context(), nil)
		return err == nil && n[storage.OutcomeWaiting] == 0 && n[storage.OutcomeUnpacked] == 1 && n[storage.OutcomeRefused] == 4
	})
	for path, code := range map[string]string{"w/1/a.zip!/大.pdf": "too_large", "w/1/空.zip": "empty", "w/1/弹.zip": "too_large", "w/1/坏.zip": "corrupt"} {
		if a := c.entry(path); a.Outcome != storage.OutcomeRefused || a.Code != code || a.Reason == "" {
			t.Errorf("%s is %+v", path, a)
		}
	}
	if docs := c.documents(); len(docs) != 1 || docs[0].Filename != "好.pdf" {
		t.Errorf("received %+v", docs)
	}
	// Three archives, and the large file by itself: each with its reason.
	if q := c.in("quarantine"); len(q) != 8 {
		t.Errorf("quarantine holds %v", q)
	}
}

// TestHotFolder_AFileOfAnArchiveIsRetriedSingly once the limit allows it, as what it
// was in the archive; the others stay as they are.
func TestHotFolder_AFileOfAnArchiveIsRetriedSingly(t *testing.T) {
	c := newCounter(t)
	c.door.MaxBytes = 1000
	big := pdf(strings.Repeat("x", 2000))
	c.drop("大厅/3/BJ1/批次.zip", zipped(t, "好.pdf", string(pdf("good")), "survey-report/大.pdf", string(big)))
	inside := "大厅/3/BJ1/批次.zip!/survey-report/大.pdf"
	c.until("refused", func() bool { l := c.ledger()[inside]; return len(l) == 1 && l[0].Outcome == storage.OutcomeRefused })
	refused := c.entry(inside)
	if !refused.MayRetry() || refused.Code != "too_large" {
		t.Fatalf("in the archive it is %+v", refused)
	}
	c.door.MaxBytes = 0
	if err := c.records.AskRetry(t.Context(), refused.ID, "clerk"); err != nil {
		t.Fatal(err)
	}
	c.until("received", func() bool { return c.entry(inside).Outcome == storage.OutcomeReceived })
	got := c.entry(inside)
	doc, err := c.records.Document(t.Context(), got.Document)
	if err != nil || doc.Original != document.DigestOf(big) || doc.Filename != "大.pdf" || doc.Origin.Material != "survey-report" ||
		doc.Origin.Case != "BJ1" || doc.Origin.Hall != "大厅" || doc.Origin.Window != "3" {
		t.Errorf("it became %+v, %v", doc, err)
	}
	if got.ID != refused.ID || got.Parent != refused.Parent || got.Hall != "大厅" {
		t.Errorf("its line is %+v", got)
	}
	if n := len(c.documents()); n != 2 {
		t.Errorf("%d documents", n)
	}
	if q := c.in("quarantine"); len(q) != 0 {
		t.Errorf("quarantine holds %v", q)
	}
}

// TestHotFolder_LargeFileOfAnArchiveIsHeldOnceThroughInterruptions.
func TestHotFolder_LargeFileOfAnArchiveIsHeldOnceThroughInterruptions(t *testing.T) {
	c := newCounter(t)
	c.door.MaxBytes = 1000
	n := 0
	c.watcher.Receiver = &hook{Receiver: c.door, beforeAdmit: func() error {
		if n++; n < 3 {
			return errors.New("database is away")
		}
		return nil
	}}
	c.drop("w/1/a.zip", zipped(t, "大.pdf", string(pdf(strings.Repeat("x", 2000))), "好.pdf", string(pdf("good"))))
	c.arrive(1)
	c.until("unpacked", func() bool { return c.entry("w/1/a.zip").Outcome == storage.OutcomeUnpacked })
	if q := c.in("quarantine"); len(q) != 2 || n < 3 {
		t.Errorf("after %d tries quarantine holds %v", n, q)
	}
}

// TestHotFolder_ArchiveInterruptedIsUnpackedOnce.
func TestHotFolder_ArchiveInterruptedIsUnpackedOnce(t *testing.T) {
	c := newCounter(t)
	n := 0
	c.watcher.Receiver = &hook{Receiver: c.door, beforeAdmit: func() error {
		if n++; n == 3 {
			return errors.New("database is away")
		}
		return nil
	}}
	c.drop("w/1/a.zip", zipped(t, "1.pdf", string(pdf("1")), "2.pdf", string(pdf("2")), "3.pdf", string(pdf("3")), "4.pdf", string(pdf("4"))))
	c.arrive(4)
	for _, name := range []string{"1", "2", "3", "4"} {
		if a := c.entry("w/1/a.zip!/" + name + ".pdf"); a.Outcome != storage.OutcomeReceived {
			t.Errorf("%s is %+v", name, a)
		}
	}
	if a := c.entry("w/1/a.zip"); a.Reason != "拆出 4 个文件，收取 4 个" {
		t.Errorf("the archive is %+v", a)
	}
}
