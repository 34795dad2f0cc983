package intake_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
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

// door is a Receiver on real stores, with a bell that the test listens to.
type door struct {
	*intake.Receiver
	records *sqlstore.Store
	blobs   storage.Blobs
	bell    *bell
}

type bell struct {
	mu    sync.Mutex
	rung  []storage.Task
	sleep time.Duration
	err   error
}

func (b *bell) Ring(ctx context.Context, tasks []storage.Task) error {
	select {
	case <-time.After(b.sleep):
	case <-ctx.Done():
		return ctx.Err()
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.rung = append(b.rung, tasks...)
	return b.err
}

func newDoor(t *testing.T) *door {
	t.Helper()
	records, err := sqlstore.Open(t.Context(), sqlstore.Options{DSN: "sqlite:" + t.TempDir() + "/records.db"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { records.Close() })
	blobs, err := filestore.Open(t.TempDir(), filestore.Options{})
	if err != nil {
		t.Fatal(err)
	}
	d := &door{records: records, blobs: blobs, bell: &bell{}}
	d.Receiver = &intake.Receiver{Blobs: blobs, Records: records, Bell: d.bell, Log: slog.New(slog.DiscardHandler)}
	return d
}

func (d *door) originals(t *testing.T) int {
	t.Helper()
	n := 0
	if err := d.blobs.List(t.Context(), storage.Originals, func(storage.BlobInfo) error { n++; return nil }); err != nil {
		t.Fatal(err)
	}
	return n
}

func (d *door) documents(t *testing.T) int {
	t.Helper()
	all, err := d.records.ListDocuments(t.Context(), storage.DocumentQuery{})
	if err != nil {
		t.Fatal(err)
	}
	return len(all)
}

func file(body string) intake.Submission {
	return intake.Submission{Body: strings.NewReader(body), Filename: "扫描件.pdf", Origin: document.Origin{By: "tester", Lane: document.LaneCounter}}
}

// TestReceipt_MeansTheBytesAreDurable and somebody was told.
func TestReceipt_MeansTheBytesAreDurable(t *testing.T) {
	d := newDoor(t)
	r, err := d.Receive(t.Context(), file("a scan"))
	if err != nil || r.Number == "" || r.Again || r.Size != 6 || r.Digest != document.DigestOf([]byte("a scan")) {
		t.Fatalf("receipt %+v, %v", r, err)
	}
	if n, err := storage.Reread(t.Context(), d.blobs, storage.Originals, r.Digest); err != nil || n != 6 {
		t.Errorf("%d bytes, %v", n, err)
	}
	if len(d.bell.rung) != 1 || d.bell.rung[0].Document != r.Document || d.bell.rung[0].Lane != document.LaneCounter {
		t.Errorf("rung for %+v", d.bell.rung)
	}
}

// TestReceipt_IsGivenWithoutABell: a Redis that is away, or hangs, or a sender who
// does not wait, takes no receipt away; the sweeper rings later.
func TestReceipt_IsGivenWithoutABell(t *testing.T) {
	for name, b := range map[string]*bell{"away": {err: errors.New("connection refused")}, "hangs": {sleep: time.Minute}} {
		d := newDoor(t)
		d.Bell = b
		start := time.Now()
		r, err := d.Receive(t.Context(), file("a scan"))
		if err != nil || r.Number == "" {
			t.Errorf("%s: receipt %+v, %v", name, r, err)
		}
		if took := time.Since(start); took > 5*time.Second {
			t.Errorf("%s: the receipt took %s", name, took)
		}
		waiting, err := d.records.Waiting(t.Context(), document.LaneCounter, 0, 10)
		if err != nil || len(waiting) != 1 {
			t.Errorf("%s: %d tasks wait, %v", name, len(waiting), err)
		}
	}
}

// TestReceive_SameKeyIsOnce, also from ten senders at one moment; another sender
// may use the same key; other bytes under it are refused.
func TestReceive_SameKeyIsOnce(t *testing.T) {
	d := newDoor(t)
	ids := make([]document.ID, 10)
	var wg sync.WaitGroup
	for i := range ids {
		wg.Add(1)
		go func() {
			defer wg.Done()
			s := file("a scan")
			s.IdempotencyKey = "k"
			r, err := d.Receive(context.Background(), s)
			if err != nil {
				t.Error(err)
			}
			ids[i] = r.Document
		}()
	}
	wg.Wait()
	for _, id := range ids {
		if id != ids[0] {
			t.Errorf("documents %s and %s", id, ids[0])
		}
	}
	other := file("a scan")
	other.IdempotencyKey, other.Origin.By = "k", "somebody else"
	if r, err := d.Receive(t.Context(), other); err != nil || r.Again || r.Document == ids[0] {
		t.Errorf("another sender got %+v, %v", r, err)
	}
	wrong := file("another scan")
	wrong.IdempotencyKey = "k"
	if _, err := d.Receive(t.Context(), wrong); !errors.Is(err, storage.ErrConflict) {
		t.Errorf("other bytes under the same key: %v", err)
	}
	if n := d.documents(t); n != 2 {
		t.Errorf("%d documents, want 2", n)
	}
}

// endless never ends; broken ends in an error.
type endless struct{}

func (endless) Read(p []byte) (int, error) { return len(p), nil }

type broken struct{ n int }

func (b *broken) Read(p []byte) (int, error) {
	if b.n--; b.n < 0 {
		return 0, errors.New("line is dead")
	}
	return copy(p, "some bytes"), nil
}

// TestReceive_LeavesNothingBehind when a file does not arrive as promised.
func TestReceive_LeavesNothingBehind(t *testing.T) {
	d := newDoor(t)
	d.MaxBytes = 1000
	tooLarge := func(err error) bool {
		r, ok := document.AsRefusal(err)
		return ok && r.Code == document.CodeTooLarge && strings.Contains(r.Message, "上传")
	}
	is := func(want error) func(error) bool { return func(err error) bool { return errors.Is(err, want) } }
	for name, c := range map[string]struct {
		s  intake.Submission
		ok func(error) bool
	}{
		"too large, as promised":  {intake.Submission{Body: strings.NewReader("x"), Size: 1001}, tooLarge},
		"too large, without word": {intake.Submission{Body: endless{}}, tooLarge},
		"too large by a byte":     {intake.Submission{Body: bytes.NewReader(make([]byte, 1001))}, tooLarge},
		"shorter than promised":   {intake.Submission{Body: strings.NewReader("x"), Size: 2}, is(storage.ErrMismatch)},
		"other than promised":     {intake.Submission{Body: strings.NewReader("x"), Digest: document.DigestOf([]byte("y"))}, is(storage.ErrMismatch)},
		"broken off":              {intake.Submission{Body: &broken{3}}, func(err error) bool { return err != nil && strings.Contains(err.Error(), "line is dead") }},
	} {
		if r, err := d.Receive(t.Context(), c.s); !c.ok(err) || r.Number != "" {
			t.Errorf("%s: receipt %+v, %v", name, r, err)
		}
	}
	if n, docs := d.originals(t), d.documents(t); n != 0 || docs != 0 {
		t.Errorf("%d originals and %d documents are left", n, docs)
	}
	exact := intake.Submission{Body: bytes.NewReader(make([]byte, 1000))}
	if _, err := d.Receive(t.Context(), exact); err != nil {
		t.Errorf("a file of the largest size: %v", err)
	}
}

// TestReceive_EmptyFileGetsAReceiptAndAReason, and no work.
func TestReceive_EmptyFileGetsAReceiptAndAReason(t *testing.T) {
	d := newDoor(t)
	r, err := d.Receive(t.Context(), file(""))
	if err != nil || r.Number == "" || r.Refused == nil || r.Refused.Code != document.CodeEmpty {
		t.Fatalf("receipt %+v, %v", r, err)
	}
	if doc, err := d.records.Document(t.Context(), r.Document); err != nil || doc.State != document.StateRefused || doc.Refusal == nil {
		t.Errorf("document %+v, %v", doc, err)
	}
	if len(d.bell.rung) != 0 {
		t.Errorf("rung for %+v", d.bell.rung)
	}
}

// liar says that bytes are stored, and gives back others.
type liar struct{ storage.Blobs }

func (l liar) Open(ctx context.Context, class storage.Class, d document.Digest) (storage.BlobReader, error) {
	r, err := l.Blobs.Open(ctx, class, d)
	if err != nil {
		return nil, err
	}
	bad := struct {
		io.Reader
		io.Seeker
		io.Closer
	}{io.MultiReader(strings.NewReader("XX"), r), r, r}
	return storage.NewCheckedReader(ctx, bad, r.Info()), nil
}

// TestReceive_ReadsBackBeforeTheReceipt: a store that keeps other bytes than it
// was given gets no receipt out.
func TestReceive_ReadsBackBeforeTheReceipt(t *testing.T) {
	d := newDoor(t)
	d.Blobs = liar{d.blobs}
	if r, err := d.Receive(t.Context(), file("a scan")); !errors.Is(err, storage.ErrDamaged) || r.Number != "" {
		t.Errorf("receipt %+v, %v", r, err)
	}
	if n := d.documents(t); n != 0 {
		t.Errorf("%d documents", n)
	}
}

// TestReceive_NamesAreForDisplayOnly.
func TestReceive_NamesAreForDisplayOnly(t *testing.T) {
	d := newDoor(t)
	long := strings.Repeat("长", 100) + ".pdf"
	for sent, want := range map[string]string{
		"扫描件.pdf": "扫描件.pdf", `C:\扫描\件.pdf`: "件.pdf", "../../etc/passwd": "passwd", "/": "", "..": "", "": "",
		"a\x00b\n.pdf": "ab.pdf", "\xff\xfe.pdf": ".pdf", "exe\u202efdp.pdf": "exefdp.pdf", " 件 .pdf ": "件 .pdf",
		long: strings.Repeat("长", 83) + ".pdf",
	} {
		s := file("a scan " + sent)
		s.Filename = sent
		r, err := d.Receive(t.Context(), s)
		if err != nil {
			t.Fatal(err)
		}
		doc, err := d.records.Document(t.Context(), r.Document)
		if err != nil || doc.Filename != want {
			t.Errorf("%q is kept as %q, want %q, %v", sent, doc.Filename, want, err)
		}
	}
}

// TestReceive_Concurrent: many files at once, each its own document and number.
func TestReceive_Concurrent(t *testing.T) {
	d := newDoor(t)
	var mu sync.Mutex
	numbers := map[document.Receipt]bool{}
	var wg sync.WaitGroup
	for i := range 40 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			r, err := d.Receive(context.Background(), file(fmt.Sprint("scan ", i%10)))
			mu.Lock()
			defer mu.Unlock()
			if err != nil || numbers[r.Number] {
				t.Errorf("receipt %+v, %v", r, err)
			}
			numbers[r.Number] = true
		}()
	}
	wg.Wait()
	if d.documents(t) != 40 || d.originals(t) != 10 {
		t.Errorf("%d documents of %d originals", d.documents(t), d.originals(t))
	}
}
