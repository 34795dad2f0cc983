package hotfolder

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"onewindow/document"
	"onewindow/internal/testserver"
	"onewindow/storage"
)

// watcherVariable makes a process of the test binary a watcher.
const watcherVariable = "ONEWINDOW_TEST_WATCHER"

// orders are what a watcher process is told.
type orders struct {
	Inbox, DSN, Blobs string
	DieAt             string // where it kills itself: "before keep", "after keep", "after admit", "" nowhere
}

func TestMain(m *testing.M) {
	if text := os.Getenv(watcherVariable); text != "" {
		if err := watchAsTold(text); err != nil {
			fmt.Fprintln(os.Stderr, "watcher:", err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

func watchAsTold(text string) error {
	var o orders
	if err := json.Unmarshal([]byte(text), &o); err != nil {
		return err
	}
	records, door, err := openDoor(o.DSN, o.Blobs)
	if err != nil {
		return err
	}
	defer records.Close()
	die := func(here string) {
		if o.DieAt == here {
			_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
		}
	}
	h := &hook{Receiver: door, beforeKeep: func() error { die("before keep"); return nil },
		afterKeep: func(string) { die("after keep") }, afterAdmit: func() { die("after admit") }}
	w := &Watcher{Inbox: o.Inbox, Receiver: h, Documents: records, Ledger: records, Log: slog.New(slog.DiscardHandler),
		Quiet: 50 * time.Millisecond, Every: 20 * time.Millisecond, Patience: time.Second, absent: 5 * time.Second}
	return w.Run(context.Background())
}

// process starts a watcher on the counter's inbox.
func (c *counter) process(dieAt string) *exec.Cmd {
	c.t.Helper()
	text, err := json.Marshal(orders{Inbox: c.inbox, DSN: c.dsn, Blobs: c.blobDir, DieAt: dieAt})
	if err != nil {
		c.t.Fatal(err)
	}
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), watcherVariable+"="+string(text))
	cmd.Stderr = os.Stderr
	if err := cmd.Start(); err != nil {
		c.t.Fatal(err)
	}
	return cmd
}

func kill(cmd *exec.Cmd) {
	_ = cmd.Process.Kill()
	_ = cmd.Wait()
}

// TestHotFolder_KilledAnywhereGivesOneDocument: the next watcher finds what the
// dead one left.
func TestHotFolder_KilledAnywhereGivesOneDocument(t *testing.T) {
	for _, point := range []string{"before keep", "after keep", "after admit"} {
		t.Run(point, func(t *testing.T) {
			c := newCounter(t)
			c.drop("hall/w1/扫描件.pdf", pdf(point))
			cmd := c.process(point)
			if err := cmd.Wait(); err == nil || !strings.Contains(err.Error(), "killed") {
				t.Fatalf("the watcher ended: %v", err)
			}
			if left := c.in("claimed"); len(left) != 2 {
				t.Fatalf("the dead watcher left %v", c.files())
			}
			doc := c.arrive(1)[0]
			if doc.Filename != "扫描件.pdf" || doc.Origin.Window != "w1" || doc.Original != document.DigestOf(pdf(point)) {
				t.Errorf("document %+v", doc)
			}
			if got := c.files(); len(got) != 1 || !strings.HasPrefix(got[0], House+"/received/") {
				t.Errorf("the inbox holds %v", got)
			}
		})
	}
}

// TestHotFolder_FindsEveryHalfDoneClaim that a crash can leave on disk.
func TestHotFolder_FindsEveryHalfDoneClaim(t *testing.T) {
	c := newCounter(t)
	old := time.Now().Add(-2 * orphanAge)
	dir := func(token string) string {
		d := c.watcher.house("claimed", token)
		if err := os.Mkdir(d, 0o770); err != nil {
			t.Fatal(err)
		}
		return d
	}
	file := func(dir, name string, body []byte) {
		if err := os.WriteFile(filepath.Join(dir, name), body, 0o660); err != nil {
			t.Fatal(err)
		}
	}
	empty, noted, moved, torn, fresh := dir("EMPTY"), dir("NOTED"), dir("MOVED"), dir("TORN"), dir("FRESH")
	note := []byte(`{"token":"x","from":"hall/w9/原名.pdf","name":"原名.pdf","at":"2026-01-01T00:00:00Z"}`)
	file(noted, claimFile, note)    // killed before the file moved
	file(moved, claimFile, note)    // killed after the file moved
	file(moved, heldFile, pdf("m")) //
	file(torn, claimFile, []byte(`{"tok`))
	file(torn, heldFile, pdf("t")) // the disk lost the note, not the file
	for _, d := range []string{empty, noted} {
		if err := os.Chtimes(d, old, old); err != nil {
			t.Fatal(err)
		}
	}
	names := map[string]bool{}
	for _, doc := range c.arrive(2) {
		names[doc.Filename+" "+doc.Origin.Window] = true
	}
	if !names["原名.pdf w9"] || !names["TORN "] {
		t.Errorf("received %v", names)
	}
	if !exists(fresh) || exists(empty) || exists(noted) || exists(moved) || exists(torn) {
		t.Errorf("claims left: %v", c.in("claimed"))
	}
}

// TestHotFolder_TwoWatchersShareAFolder: each file is one document, also while
// both are killed now and then.
func TestHotFolder_TwoWatchersShareAFolder(t *testing.T) {
	for name, dsn := range map[string]func(t *testing.T) string{
		"SQLite":     func(t *testing.T) string { return "sqlite:" + t.TempDir() + "/records.db" },
		"PostgreSQL": func(t *testing.T) string { return testserver.Postgres(t) },
	} {
		t.Run(name, func(t *testing.T) { twoWatchers(t, newCounterOn(t, dsn(t))) })
	}
}

func twoWatchers(t *testing.T, c *counter) {
	const n = 40
	watchers := []*exec.Cmd{c.process(""), c.process("")}
	defer func() { kill(watchers[0]); kill(watchers[1]) }()
	for i := range n {
		c.drop(fmt.Sprintf("hall/w%d/%d.pdf", i%3, i), pdf(fmt.Sprint("file ", i)))
		if i%8 == 7 {
			time.Sleep(time.Duration(100+rand.IntN(200)) * time.Millisecond)
			k := rand.IntN(2)
			kill(watchers[k])
			watchers[k] = c.process("")
		}
	}
	for end := time.Now().Add(60 * time.Second); len(c.in("received")) < n; time.Sleep(50 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("%d of %d received; the inbox holds %v", len(c.in("received")), n, c.files())
		}
	}
	seen := map[string]int{}
	for _, doc := range c.documents() {
		seen[doc.Filename]++
	}
	for i := range n {
		if name := fmt.Sprintf("%d.pdf", i); seen[name] != 1 {
			t.Errorf("%s is %d documents", name, seen[name])
		}
	}
	// The ledger has one line for each file, and each line its receipt.
	counts, err := c.records.CountArrivals(t.Context(), nil)
	if err != nil || counts[storage.OutcomeReceived] != n || len(counts) != 1 {
		t.Errorf("the ledger counts %v (%v), want %d received", counts, err, n)
	}
	for _, f := range c.files() { // a note without a file may be left; it goes after a minute
		if !strings.HasPrefix(f, House+"/received/") && filepath.Base(f) != claimFile {
			t.Errorf("left behind: %s", f)
		}
	}
}

// TestHotFolder_AClaimBeingWorkedOnIsLeftAlone by the other watchers.
func TestHotFolder_AClaimBeingWorkedOnIsLeftAlone(t *testing.T) {
	c := newCounter(t)
	other := c.newWatcher()
	other.Quiet = c.watcher.Quiet
	begun, end := make(chan struct{}), make(chan struct{})
	c.watcher.Receiver = &hook{Receiver: c.door, beforeKeep: func() error { close(begun); <-end; return nil }}
	c.drop("w/a.pdf", pdf("a"))
	go func() {
		for range 100 {
			_ = c.watcher.Pass(context.Background())
			time.Sleep(10 * time.Millisecond)
		}
	}()
	<-begun
	h := &hook{Receiver: c.door}
	other.Receiver = h
	for range 10 {
		if err := other.Pass(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if h.kept != 0 {
		t.Errorf("the other watcher received a file that was being received")
	}
	close(end)
	for stop := time.Now().Add(10 * time.Second); len(c.in("received")) != 1; time.Sleep(10 * time.Millisecond) {
		if time.Now().After(stop) {
			t.Fatalf("the inbox holds %v", c.files())
		}
	}
}
