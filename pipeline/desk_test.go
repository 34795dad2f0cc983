package pipeline

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"onewindow/document"
	"onewindow/storage"
	"onewindow/storage/filestore"
)

func deskWith(t *testing.T, bodies ...string) (*desk, *slowBlobs, []document.Digest) {
	t.Helper()
	files, err := filestore.Open(t.TempDir(), filestore.Options{})
	if err != nil {
		t.Fatal(err)
	}
	var digests []document.Digest
	for _, body := range bodies {
		info, err := files.Put(t.Context(), storage.Originals, strings.NewReader(body), storage.PutOptions{})
		if err != nil {
			t.Fatal(err)
		}
		digests = append(digests, info.Digest)
	}
	blobs := &slowBlobs{Blobs: files}
	d, err := newDesk(blobs, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	return d, blobs, digests
}

// slowBlobs counts openings and lets a test hold them up or fail them.
type slowBlobs struct {
	storage.Blobs
	mu     sync.Mutex
	opened int
	fail   error
	hold   chan struct{} // openings wait for it to close
}

func (b *slowBlobs) Open(ctx context.Context, class storage.Class, d document.Digest) (storage.BlobReader, error) {
	b.mu.Lock()
	b.opened++
	fail, hold := b.fail, b.hold
	b.mu.Unlock()
	if hold != nil {
		select {
		case <-hold:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	if fail != nil {
		return nil, fail
	}
	return b.Blobs.Open(ctx, class, d)
}

// TestDesk_PagesShareOneCopy and it stays for the next step.
func TestDesk_PagesShareOneCopy(t *testing.T) {
	d, blobs, digests := deskWith(t, "a scan")
	var wg sync.WaitGroup
	for range 8 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			path, back, err := d.fetch(context.Background(), storage.Originals, digests[0])
			if err != nil {
				t.Error(err)
				return
			}
			defer back()
			if b, err := os.ReadFile(path); err != nil || string(b) != "a scan" {
				t.Errorf("%q %v", b, err)
			}
		}()
	}
	wg.Wait()
	if blobs.opened != 1 {
		t.Errorf("fetched %d times", blobs.opened)
	}
}

// TestDesk_KeepsFewIdleCopies, the last ones used.
func TestDesk_KeepsFewIdleCopies(t *testing.T) {
	bodies := make([]string, idleCopies+4)
	for i := range bodies {
		bodies[i] = strings.Repeat("x", i+1)
	}
	d, _, digests := deskWith(t, bodies...)
	for _, digest := range digests {
		_, back, err := d.fetch(t.Context(), storage.Originals, digest)
		if err != nil {
			t.Fatal(err)
		}
		back()
		back() // giving back twice is once
	}
	left, err := filepath.Glob(d.folder.Path + "/[0-9a-f]*") // without the lock
	if err != nil || len(left) != idleCopies || len(d.held) != idleCopies || len(d.idle) != idleCopies {
		t.Errorf("%d files, %d held, %d idle, %v", len(left), len(d.held), len(d.idle), err)
	}
	d.tidy(d.idle[0])
	if len(d.held) != idleCopies-1 {
		t.Error("an old idle copy stays")
	}
}

// TestDesk_AFailureIsNotKept: the next try fetches again.
func TestDesk_AFailureIsNotKept(t *testing.T) {
	d, blobs, digests := deskWith(t, "a scan")
	blobs.fail = errors.New("store is away")
	if _, _, err := d.fetch(t.Context(), storage.Originals, digests[0]); !errors.Is(err, blobs.fail) {
		t.Fatalf("fetch: %v", err)
	}
	blobs.fail = nil
	if _, _, err := d.fetch(t.Context(), storage.Originals, digests[0]); err != nil {
		t.Errorf("fetch after the store came back: %v", err)
	}
}

// TestDesk_WhoStopsLoadingStopsNobodyElse: a claim that is lost while its file is
// fetched must not fail the others who wait for the same file.
func TestDesk_WhoStopsLoadingStopsNobodyElse(t *testing.T) {
	d, blobs, digests := deskWith(t, "a scan")
	blobs.hold = make(chan struct{})
	first, stop := context.WithCancel(t.Context())
	ended := make(chan error, 2)
	fetch := func(ctx context.Context) {
		_, _, err := d.fetch(ctx, storage.Originals, digests[0])
		ended <- err
	}
	go fetch(first)
	waitFor(t, func() bool { d.mu.Lock(); defer d.mu.Unlock(); return len(d.held) == 1 })
	go fetch(t.Context())
	waitFor(t, func() bool { d.mu.Lock(); defer d.mu.Unlock(); return d.held[digests[0]].users == 2 })
	stop()
	if err := <-ended; !errors.Is(err, context.Canceled) {
		t.Errorf("who stopped got %v", err)
	}
	close(blobs.hold)
	if err := <-ended; err != nil {
		t.Errorf("who waited got %v", err)
	}
}

func waitFor(t *testing.T, ok func() bool) {
	t.Helper()
	for range 2000 {
		if ok() {
			return
		}
		time.Sleep(time.Millisecond)
	}
	t.Fatal("waited too long")
}

// TestDesk_ForgetsAsSoonAsNobodyReads and hands out a fresh copy meanwhile.
func TestDesk_ForgetsAsSoonAsNobodyReads(t *testing.T) {
	d, blobs, digests := deskWith(t, "a scan")
	path, back, err := d.fetch(t.Context(), storage.Originals, digests[0])
	if err != nil {
		t.Fatal(err)
	}
	if got := d.forget(digests[0]); got != path {
		t.Errorf("forgets %q, had %q", got, path)
	}
	if _, err := os.Stat(path); err != nil {
		t.Errorf("a copy in use is gone: %v", err)
	}
	back()
	if _, err := os.Stat(path); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the copy stays: %v", err)
	}
	if _, _, err := d.fetch(t.Context(), storage.Originals, digests[0]); err != nil || blobs.opened != 2 {
		t.Errorf("fetched %d times, %v", blobs.opened, err)
	}
	if d.forget(document.DigestOf([]byte("never seen"))) != "" {
		t.Error("forgot what was never there")
	}
}

// TestDesk_ClearsWhatKilledProcessesLeft and nothing else.
func TestDesk_ClearsWhatKilledProcessesLeft(t *testing.T) {
	parent := t.TempDir()
	living, err := newDesk(nil, parent)
	if err != nil {
		t.Fatal(err)
	}
	defer living.Close()
	dead := filepath.Join(parent, deskPattern+"dead")
	other := filepath.Join(parent, "other")
	for _, dir := range []string{dead, other} {
		if err := os.MkdirAll(dir, 0o700); err != nil {
			t.Fatal(err)
		}
		for _, name := range []string{".lock", "copy"} {
			if err := os.WriteFile(filepath.Join(dir, name), []byte("x"), 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	next, err := newDesk(nil, parent)
	if err != nil {
		t.Fatal(err)
	}
	defer next.Close()
	if exists(dead) || !exists(other) || !exists(living.folder.Path) {
		t.Errorf("dead %v, other %v, living %v", exists(dead), exists(other), exists(living.folder.Path))
	}
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}
