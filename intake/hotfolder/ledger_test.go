package hotfolder

import (
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"onewindow/document"
	"onewindow/storage"
)

// ledger is all arrivals by path, oldest first.
func (c *counter) ledger() map[string][]storage.Arrival {
	c.t.Helper()
	all, err := c.records.ListArrivals(c.t.Context(), storage.ArrivalQuery{Limit: 500})
	if err != nil {
		c.t.Fatal(err)
	}
	out := map[string][]storage.Arrival{}
	for _, a := range slices.Backward(all) {
		out[a.Path] = append(out[a.Path], a)
	}
	return out
}

// entry is the one arrival of a path.
func (c *counter) entry(path string) storage.Arrival {
	c.t.Helper()
	found := c.ledger()[path]
	if len(found) != 1 {
		c.t.Fatalf("%s has %d arrivals: %+v", path, len(found), found)
	}
	return found[0]
}

// TestHotFolder_EveryPathHasOneOutcome in a run in which people drop all sorts of
// things and watchers are killed at any moment.
func TestHotFolder_EveryPathHasOneOutcome(t *testing.T) {
	c := newCounter(t)
	want := map[string][]storage.Outcome{} // by path, one for each time it is dropped
	expect := func(path string, o storage.Outcome) { want[path] = append(want[path], o) }
	watchers := []*exec.Cmd{c.process(""), c.process("")}
	defer func() { kill(watchers[0]); kill(watchers[1]) }()
	for i := range 48 {
		path := fmt.Sprintf("大厅/%d/%d.pdf", i%3, i)
		switch i % 8 {
		case 0, 1, 2:
			c.drop(path, pdf(path))
			expect(path, storage.OutcomeReceived)
		case 3: // the same bytes twice in one folder; who comes first is open
			copied := strings.TrimSuffix(path, ".pdf") + " 副本.pdf"
			c.drop(path, pdf(path))
			c.drop(copied, pdf(path))
			expect(path, "one of two")
			expect(copied, "one of two")
		case 4:
			c.drop(path, nil)
			expect(path, storage.OutcomeQuarantined)
		case 5:
			path = fmt.Sprintf("大厅/%d/.%d.pdf", i%3, i)
			c.drop(path, pdf(path))
			expect(path, storage.OutcomeIgnored)
		case 6:
			if err := errors.Join(os.Symlink("/etc/passwd", filepath.Join(c.inbox, path)), syscall.Mkfifo(filepath.Join(c.inbox, path+".p"), 0o600)); err != nil {
				t.Fatal(err)
			}
			expect(path, storage.OutcomeIgnored)
			expect(path+".p", storage.OutcomeIgnored)
		case 7:
			c.drop(fmt.Sprintf("@eaDir/%d.pdf", i), pdf("of the file server"))
			k := rand.IntN(2)
			time.Sleep(time.Duration(50+rand.IntN(250)) * time.Millisecond)
			kill(watchers[k])
			watchers[k] = c.process("")
		}
	}
	expect("@eaDir", storage.OutcomeIgnored)
	c.eventually("nothing waits and all is out of the way", func() bool {
		n, err := c.records.CountArrivals(t.Context(), nil)
		if err != nil {
			t.Fatal(err)
		}
		return n[storage.OutcomeWaiting] == 0 && n[storage.OutcomeQuarantined] == 6 && n[storage.OutcomeReceived] == 24
	})
	c.compare(want)
}

// eventually waits until something is so, while other processes watch.
func (c *counter) eventually(what string, ok func() bool) {
	c.t.Helper()
	for end := time.Now().Add(60 * time.Second); !ok(); time.Sleep(50 * time.Millisecond) {
		if time.Now().After(end) {
			c.t.Fatalf("not so after 60 s: %s; the inbox holds %v, the ledger %+v", what, c.files(), c.ledger())
		}
	}
}

// compare compares the ledger with what was dropped.
func (c *counter) compare(want map[string][]storage.Outcome) {
	c.t.Helper()
	got := c.ledger()
	receipts := map[document.Receipt]int{}
	for path, arrivals := range got {
		if len(arrivals) != len(want[path]) {
			c.t.Errorf("%s was dropped %d times and has %d arrivals: %+v", path, len(want[path]), len(arrivals), arrivals)
			continue
		}
		for i, a := range arrivals {
			if w := want[path][i]; w == "one of two" && (a.Outcome == storage.OutcomeReceived || a.Outcome == storage.OutcomeDuplicate) {
				want[path][i] = a.Outcome
			} else if a.Outcome != w {
				c.t.Errorf("%s is %s, want %s: %+v", path, a.Outcome, w, a)
			}
			if a.Outcome == storage.OutcomeReceived {
				receipts[a.Receipt]++
			} else if a.Reason == "" {
				c.t.Errorf("%s is %s without a reason", path, a.Outcome)
			}
		}
	}
	for path := range want {
		if len(got[path]) == 0 {
			c.t.Errorf("the ledger does not know %s", path)
		}
	}
	for _, d := range c.documents() {
		if n := receipts[d.Receipt]; n != 1 && d.State != document.StateRefused {
			c.t.Errorf("receipt %s of %s was given to %d arrivals", d.Receipt, d.Filename, n)
		}
	}
}

// TestHotFolder_LedgerTellsWhy of everything that is no document.
func TestHotFolder_LedgerTellsWhy(t *testing.T) {
	c := newCounter(t)
	for _, name := range []string{"w/.hidden.pdf", "w/~$合同.docx", "w/Thumbs.db", "w/a.pdf.part", "w/.Trash-0/a.pdf", "w/half.pdf"} {
		c.drop(name, []byte("%PDF-1.7 and no end"))
	}
	if err := errors.Join(os.Symlink("/etc", filepath.Join(c.inbox, "w/link")), syscall.Mkfifo(filepath.Join(c.inbox, "w/pipe.pdf"), 0o600)); err != nil {
		t.Fatal(err)
	}
	c.until("the half-written is known as such", func() bool { return len(c.ledger()) > 7 && c.entry("w/half.pdf").Code == "incomplete" })
	got := map[string]string{}
	for path := range c.ledger() {
		a := c.entry(path)
		got[path] = string(a.Outcome) + " " + a.Code
	}
	want := map[string]string{"w/.hidden.pdf": "ignored hidden", "w/~$合同.docx": "ignored temporary", "w/Thumbs.db": "ignored system",
		"w/a.pdf.part": "ignored temporary", "w/.Trash-0": "ignored system_folder", "w/link": "ignored link", "w/pipe.pdf": "ignored special",
		"w/half.pdf": "waiting incomplete"}
	if !maps.Equal(got, want) {
		t.Errorf("the ledger says %v", got)
	}
}

// TestHotFolder_DuplicateNamesItsReceipt, and a changed file is no duplicate.
func TestHotFolder_DuplicateNamesItsReceipt(t *testing.T) {
	c := newCounter(t)
	c.drop("大厅/1/a.pdf", pdf("same"))
	first := c.arrive(1)[0]
	c.drop("大厅/1/b.pdf", pdf("same"))
	c.until("the second is known", func() bool {
		return len(c.ledger()["大厅/1/b.pdf"]) == 1 && c.entry("大厅/1/b.pdf").Outcome != storage.OutcomeWaiting
	})
	if b := c.entry("大厅/1/b.pdf"); b.Outcome != storage.OutcomeDuplicate || b.Receipt != first.Receipt || b.Document != first.ID || b.Hall != "大厅" || b.Window != "1" {
		t.Errorf("the duplicate is %+v", b)
	}
	c.drop("大厅/1/a.pdf", pdf("saved again"))
	docs := c.arrive(2)
	if a := c.ledger()["大厅/1/a.pdf"]; len(a) != 2 || a[0].Receipt != first.Receipt || a[1].Outcome != storage.OutcomeReceived || a[1].Receipt != docs[1].Receipt {
		t.Errorf("a file saved again is %+v", a)
	}
}

// TestHotFolder_OneCallRetries what lies in quarantine, whatever refused it.
func TestHotFolder_OneCallRetries(t *testing.T) {
	c := newCounter(t)
	c.door.MaxBytes = 100
	c.drop("w/1/太大.pdf", pdf(strings.Repeat("x", 200)))
	c.drop("w/1/失败.pdf", pdf("fails"))
	doc := c.arrive(1)[0]
	c.end(doc.ID, document.StateFailed, document.Refuse(document.CodeTimeout, "处理超时。", "test"))
	c.until("both in quarantine", func() bool { return len(c.in("quarantine")) == 4 })
	large, failed := c.entry("w/1/太大.pdf"), c.entry("w/1/失败.pdf")
	if large.Outcome != storage.OutcomeRefused || large.Code != "too_large" || large.Receipt != "" || !large.MayRetry() {
		t.Errorf("refused at the door: %+v", large)
	}
	if failed.Outcome != storage.OutcomeQuarantined || failed.Code != "timeout" || failed.Receipt != doc.Receipt || !failed.MayRetry() {
		t.Errorf("failed in the pipeline: %+v", failed)
	}
	c.door.MaxBytes = 0
	if err := errors.Join(c.records.AskRetry(t.Context(), large.ID, "clerk"), c.records.AskRetry(t.Context(), failed.ID, "clerk")); err != nil {
		t.Fatal(err)
	}
	c.arrive(3)
	for _, was := range []storage.Arrival{large, failed} {
		if now := c.entry(was.Path); now.Outcome != storage.OutcomeReceived || now.ID != was.ID || now.Receipt == was.Receipt || now.Hall != "w" {
			t.Errorf("retried: %+v", now)
		}
	}
	if q := c.in("quarantine"); len(q) != 0 {
		t.Errorf("quarantine still holds %v", q)
	}
}

// TestHotFolder_WhatPeopleTookAwayIsTold: from the inbox, and from quarantine.
func TestHotFolder_WhatPeopleTookAwayIsTold(t *testing.T) {
	c := newCounter(t)
	c.watcher.absent = 100 * time.Millisecond
	path := c.drop("w/half.pdf", []byte("%PDF-1.7 and no end"))
	c.until("it is known", func() bool { return len(c.ledger()) == 1 })
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	c.until("it is told", func() bool { return c.entry("w/half.pdf").Outcome == storage.OutcomeRemoved })

	c.drop("w/a.pdf", pdf("a"))
	c.end(c.arrive(1)[0].ID, document.StateRefused, document.Refuse(document.CodeCorrupt, "损坏。", "test"))
	c.until("it is in quarantine", func() bool { return len(c.in("quarantine")) == 2 })
	for _, f := range c.in("quarantine") {
		if err := os.Remove(filepath.Join(c.inbox, f)); err != nil {
			t.Fatal(err)
		}
	}
	if err := c.records.AskRetry(t.Context(), c.entry("w/a.pdf").ID, "clerk"); err != nil {
		t.Fatal(err)
	}
	c.until("the retry ends", func() bool { return c.entry("w/a.pdf").Outcome == storage.OutcomeRemoved })
}
