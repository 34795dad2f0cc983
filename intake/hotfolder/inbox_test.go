package hotfolder

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"onewindow/document"
	"onewindow/intake"
	"onewindow/storage"
	"onewindow/storage/filestore"
	"onewindow/storage/sqlstore"
)

// counter is an inbox on a real folder, with a real door behind it.
type counter struct {
	t       *testing.T
	inbox   string
	dsn     string
	blobDir string
	records *sqlstore.Store
	door    *intake.Receiver
	watcher *Watcher
}

// deaf is a bell that nobody hears: these tests are about the door.
type deaf struct{}

func (deaf) Ring(context.Context, []storage.Task) error { return nil }

func newCounter(t *testing.T) *counter {
	t.Helper()
	return newCounterOn(t, "sqlite:"+t.TempDir()+"/records.db")
}

func newCounterOn(t *testing.T, dsn string) *counter {
	t.Helper()
	c := &counter{t: t, inbox: filepath.Join(t.TempDir(), "收件箱"), dsn: dsn, blobDir: t.TempDir()}
	if err := os.MkdirAll(c.inbox, 0o755); err != nil {
		t.Fatal(err)
	}
	var err error
	if c.records, c.door, err = openDoor(c.dsn, c.blobDir); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.records.Close() })
	c.watcher = c.newWatcher()
	return c
}

func openDoor(dsn, blobDir string) (*sqlstore.Store, *intake.Receiver, error) {
	records, err := sqlstore.Open(context.Background(), sqlstore.Options{DSN: dsn})
	if err != nil {
		return nil, nil, err
	}
	blobs, err := filestore.Open(blobDir, filestore.Options{})
	return records, &intake.Receiver{Blobs: blobs, Records: records, Bell: deaf{}, Log: slog.New(slog.DiscardHandler)}, err
}

func (c *counter) newWatcher() *Watcher {
	w := &Watcher{Inbox: c.inbox, Receiver: c.door, Documents: c.records, Ledger: c.records, Log: slog.New(slog.DiscardHandler),
		Quiet: 50 * time.Millisecond, Every: 20 * time.Millisecond, Patience: time.Minute,
		Binder: Binder{Division: "430100", KnownMaterial: func(code string) bool { return code == "survey-report" },
			KnownType: func(code string) bool { return code == "rd-eia-reply" }}}
	if err := w.Prepare(); err != nil {
		c.t.Fatal(err)
	}
	return w
}

// pdf is a whole file of its own content.
func pdf(content string) []byte { return []byte("%PDF-1.7\n" + content + "\nstartxref\n0\n%%EOF\n") }

// drop puts a file into the inbox, as a scanner does.
func (c *counter) drop(path string, body []byte) string {
	c.t.Helper()
	path = filepath.Join(c.inbox, path)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		c.t.Fatal(err)
	}
	if err := os.WriteFile(path, body, 0o644); err != nil {
		c.t.Fatal(err)
	}
	return path
}

// pass searches now and then for a while.
func (c *counter) pass(d time.Duration) {
	c.t.Helper()
	for end := time.Now().Add(d); time.Now().Before(end); time.Sleep(15 * time.Millisecond) {
		if err := c.watcher.Pass(c.t.Context()); err != nil {
			c.t.Fatal(err)
		}
	}
}

// until searches until something is so.
func (c *counter) until(what string, ok func() bool) {
	c.t.Helper()
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end); time.Sleep(15 * time.Millisecond) {
		if err := c.watcher.Pass(c.t.Context()); err != nil {
			c.t.Fatal(err)
		}
		if ok() {
			return
		}
	}
	c.t.Fatalf("not so after 20 s: %s; the inbox holds %v, documents %+v", what, c.files(), c.documents())
}

func (c *counter) documents() []document.Document {
	c.t.Helper()
	all, err := c.records.ListDocuments(context.Background(), storage.DocumentQuery{Limit: 500})
	if err != nil {
		c.t.Fatal(err)
	}
	slices.Reverse(all)
	return all
}

func (c *counter) arrive(n int) []document.Document {
	c.t.Helper()
	c.until(fmt.Sprint(n, " documents"), func() bool { return len(c.documents()) >= n })
	c.pass(100 * time.Millisecond) // no more come after
	all := c.documents()
	if len(all) != n {
		c.t.Fatalf("%d documents, want %d", len(all), n)
	}
	return all
}

// end moves a document to a state, as the pipeline would.
func (c *counter) end(id document.ID, state document.State, refusal *document.Refusal) {
	c.t.Helper()
	_, _, err := c.records.Apply(context.Background(), id, 0, storage.Change{
		Patch: storage.DocumentPatch{State: &state, Refusal: refusal}, CancelTasks: true})
	if err != nil {
		c.t.Fatal(err)
	}
}

// files lists everything below the inbox.
func (c *counter) files() []string {
	c.t.Helper()
	var out []string
	err := filepath.WalkDir(c.inbox, func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			path, _ = filepath.Rel(c.inbox, path)
			out = append(out, path)
		}
		return nil
	})
	if err != nil {
		c.t.Fatal(err)
	}
	return out
}

func (c *counter) in(folder string) []string {
	c.t.Helper()
	return slices.DeleteFunc(c.files(), func(f string) bool { return !strings.HasPrefix(f, House+"/"+folder+"/") })
}

// TestHotFolder_ScanIsTakenOnceAndArchived walks a file through the folders.
func TestHotFolder_ScanIsTakenOnceAndArchived(t *testing.T) {
	c := newCounter(t)
	c.drop("政务大厅/3号窗口/施工许可证.pdf", pdf("a"))
	doc := c.arrive(1)[0]
	if doc.Filename != "施工许可证.pdf" || doc.Origin.Hall != "政务大厅" || doc.Origin.Window != "3号窗口" ||
		doc.Origin.Channel != document.ChannelPhysical || doc.Origin.Lane != document.LaneCounter || doc.Origin.Division != "430100" {
		t.Errorf("document %+v", doc)
	}
	if doc.Original != document.DigestOf(pdf("a")) {
		t.Error("other bytes were received")
	}
	kept := regexp.MustCompile(`^` + regexp.QuoteMeta(House+"/received/"+string(doc.ID)) + `__[A-Z2-7]{26}__施工许可证\.pdf$`) // document, claim, name
	if got := c.files(); len(got) != 1 || !kept.MatchString(got[0]) {
		t.Errorf("the inbox holds %v", got)
	}
	c.end(doc.ID, document.StateDone, nil)
	c.pass(30 * time.Millisecond)
	want := fmt.Sprintf("%s/done/%s/%s__施工许可证.pdf", House, time.Now().In(shanghai).Format("20060102"), doc.Receipt)
	if got := c.files(); len(got) != 1 || got[0] != want {
		t.Errorf("the inbox holds %v, want %s", got, want)
	}
	if _, err := os.Stat(filepath.Join(c.inbox, "政务大厅/3号窗口")); err != nil {
		t.Errorf("the window's folder is gone: %v", err)
	}
}

// TestHotFolder_HalfWrittenIsLeftAlone until it is whole, in every format.
func TestHotFolder_HalfWrittenIsLeftAlone(t *testing.T) {
	c := newCounter(t)
	all := wholes(t)
	for name, whole := range all {
		c.drop("窗口/"+name, whole[:len(whole)*2/3])
	}
	c.pass(400 * time.Millisecond)
	if n := len(c.documents()); n != 0 {
		t.Fatalf("%d half-written files were taken", n)
	}
	if n := len(c.files()); n != len(all) {
		t.Fatalf("%d of %d files are where the scanners write", n, len(all))
	}
	for name, whole := range all {
		f, err := os.OpenFile(filepath.Join(c.inbox, "窗口", name), os.O_APPEND|os.O_WRONLY, 0)
		if err == nil {
			_, err = f.Write(whole[len(whole)*2/3:])
			err = errors.Join(err, f.Close())
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	for _, doc := range c.arrive(len(all)) {
		if doc.Original != document.DigestOf(all[doc.Filename]) {
			t.Errorf("%s was taken before it was whole", doc.Filename)
		}
	}
}

// TestHotFolder_WaitsForQuiet: a file that looks whole at every moment is taken
// only when nobody has written to it for the quiet period.
func TestHotFolder_WaitsForQuiet(t *testing.T) {
	c := newCounter(t)
	c.watcher.Quiet = 800 * time.Millisecond
	body := pdf("page 1")
	path := c.drop("scan.pdf", body)
	for page := range 12 {
		c.pass(60 * time.Millisecond)
		body = append(body, pdf(fmt.Sprint("page ", page+2))...)
		if err := os.WriteFile(path, body, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if n := len(c.documents()); n != 0 {
		t.Fatal("taken while the scanner was writing")
	}
	if doc := c.arrive(1)[0]; doc.Original != document.DigestOf(body) {
		t.Error("other bytes were received")
	}
}

// TestHotFolder_PatienceEnds: what stays incomplete is taken in the end, to be
// refused with a reason, instead of lying there without a word.
func TestHotFolder_PatienceEnds(t *testing.T) {
	c := newCounter(t)
	c.watcher.Patience = 1500 * time.Millisecond
	c.drop("cut.pdf", []byte("%PDF-1.7 and no end"))
	c.drop("empty.pdf", nil)
	c.pass(150 * time.Millisecond)
	if n := len(c.documents()); n != 0 {
		t.Fatal("taken too early")
	}
	c.arrive(2)
	c.until("the empty one is in quarantine", func() bool { return len(c.in("quarantine")) == 2 })
}

// hook is the door with something that happens in it.
type hook struct {
	*intake.Receiver
	mu          sync.Mutex
	beforeKeep  func() error
	afterKeep   func(name string)
	beforeAdmit func() error
	afterAdmit  func()
	kept        int
}

func (h *hook) Keep(ctx context.Context, s intake.Submission) (storage.BlobInfo, error) {
	h.mu.Lock()
	h.kept++
	h.mu.Unlock()
	if h.beforeKeep != nil {
		if err := h.beforeKeep(); err != nil {
			return storage.BlobInfo{}, err
		}
	}
	info, err := h.Receiver.Keep(ctx, s)
	if h.afterKeep != nil {
		h.afterKeep(s.Filename)
	}
	return info, err
}

func (h *hook) Admit(ctx context.Context, info storage.BlobInfo, s intake.Submission) (intake.Receipt, error) {
	if h.beforeAdmit != nil {
		if err := h.beforeAdmit(); err != nil {
			return intake.Receipt{}, err
		}
	}
	r, err := h.Receiver.Admit(ctx, info, s)
	if h.afterAdmit != nil {
		h.afterAdmit()
	}
	return r, err
}
