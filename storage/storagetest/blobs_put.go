package storagetest

import (
	"bytes"
	"context"
	"errors"
	"sync"
	"testing"

	"onewindow/document"
	"onewindow/storage"
)

func testPutTwice(t *testing.T, p Place) {
	b := contentBytes(10, 70_000)
	d := put(t, p.Blobs, storage.Originals, b)
	first, err := p.Blobs.Stat(t.Context(), storage.Originals, d)
	if err != nil {
		t.Fatal(err)
	}
	put(t, p.Blobs, storage.Originals, b)
	if again, err := p.Blobs.Stat(t.Context(), storage.Originals, d); err != nil || again != first {
		t.Errorf("after the second put %+v, %v; want %+v", again, err, first)
	}
	if n := len(digests(t, p.Blobs, storage.Originals)); n != 1 {
		t.Errorf("%d blobs, want 1", n)
	}
}

func testClassesApart(t *testing.T, p Place) {
	b := contentBytes(11, 100)
	d := put(t, p.Blobs, storage.Originals, b)
	_, err := p.Blobs.Stat(t.Context(), storage.Derived, d)
	wantError(t, "stat in the other class", err, storage.ErrNotFound)
	put(t, p.Blobs, storage.Derived, b)
	if err := p.Blobs.Delete(t.Context(), storage.Derived, d); err != nil {
		t.Fatal(err)
	}
	if got, err := read(t, p.Blobs, storage.Originals, d); err != nil || !bytes.Equal(got, b) {
		t.Errorf("original after delete of the derived twin: %v", err)
	}
}

func testPromiseBroken(t *testing.T, p Place) {
	b := contentBytes(12, 5000)
	for name, opts := range map[string]storage.PutOptions{
		"other digest": {Expect: document.DigestOf([]byte("other"))},
		"too short":    {Size: 4999},
		"too long":     {Size: 5001},
	} {
		_, err := p.Blobs.Put(t.Context(), storage.Originals, reader(b), opts)
		wantError(t, name, err, storage.ErrMismatch)
		wantEmpty(t, p.Blobs)
		wantNoLeftovers(t, p)
	}
	kept := storage.PutOptions{Expect: document.DigestOf(b), Size: 5000}
	if _, err := p.Blobs.Put(t.Context(), storage.Originals, reader(b), kept); err != nil {
		t.Errorf("kept promise: %v", err)
	}
}

func testInterrupted(t *testing.T, p Place) {
	broken := errors.New("line went dead")
	for _, after := range []int{0, 1, 100_000, 999_999} {
		r := &failingReader{src: Content(13, 1_000_000), left: after, stop: func() error { return broken }}
		_, err := p.Blobs.Put(t.Context(), storage.Originals, r, storage.PutOptions{Size: 1_000_000})
		wantError(t, "interrupted put", err, broken)
		wantEmpty(t, p.Blobs)
		wantNoLeftovers(t, p)
	}
}

func testCancelledPut(t *testing.T, p Place) {
	reason := errors.New("the clerk pressed cancel")
	ctx, cancel := context.WithCancelCause(t.Context())
	r := &failingReader{src: Content(14, 1_000_000), left: 300_000, stop: func() error {
		cancel(reason)
		return nil
	}}
	_, err := p.Blobs.Put(ctx, storage.Originals, r, storage.PutOptions{})
	if !errors.Is(err, context.Canceled) && !errors.Is(err, reason) {
		t.Errorf("cancelled put: %v", err)
	}
	wantEmpty(t, p.Blobs)
}

func testCancelled(t *testing.T, p Place) {
	b := contentBytes(15, 2<<20)
	d := put(t, p.Blobs, storage.Derived, b)
	over := canceled(t)
	_, err := p.Blobs.Put(over, storage.Derived, reader([]byte("late")), storage.PutOptions{})
	wantError(t, "put", err, context.Canceled)
	_, err = p.Blobs.Open(over, storage.Derived, d)
	wantError(t, "open", err, context.Canceled)
	_, err = p.Blobs.Stat(over, storage.Derived, d)
	wantError(t, "stat", err, context.Canceled)
	err = p.Blobs.List(over, storage.Derived, func(storage.BlobInfo) error { return nil })
	wantError(t, "list", err, context.Canceled)
	wantError(t, "delete", p.Blobs.Delete(over, storage.Derived, d), context.Canceled)
	if n := len(digests(t, p.Blobs, storage.Derived)); n != 1 {
		t.Errorf("%d blobs, want 1", n)
	}
	testCancelledRead(t, p, d)
}

func testCancelledRead(t *testing.T, p Place, d document.Digest) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	r, err := p.Blobs.Open(ctx, storage.Derived, d)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	buf := make([]byte, 1000)
	if _, err := r.Read(buf); err != nil {
		t.Fatal(err)
	}
	cancel()
	for range 3 {
		_, err = r.Read(buf)
		wantError(t, "read", err, context.Canceled)
	}
}

func testSameWriters(t *testing.T, p Place) {
	b := contentBytes(16, 400_000)
	each(8, func(int) {
		if _, err := p.Blobs.Put(t.Context(), storage.Originals, reader(b), storage.PutOptions{}); err != nil {
			t.Errorf("put: %v", err)
		}
		// Put has returned, so the blob must be there, whoever wrote it.
		if got, err := read(t, p.Blobs, storage.Originals, document.DigestOf(b)); err != nil || !bytes.Equal(got, b) {
			t.Errorf("read after put: %d bytes, %v", len(got), err)
		}
	})
	if n := len(digests(t, p.Blobs, storage.Originals)); n != 1 {
		t.Errorf("%d blobs, want 1", n)
	}
}

func testDifferentWriters(t *testing.T, p Place) {
	const writers = 12
	each(writers, func(i int) {
		b := contentBytes(byte(100+i), int64(50_000+i))
		info, err := p.Blobs.Put(t.Context(), storage.Derived, reader(b), storage.PutOptions{})
		if err != nil || info.Digest != document.DigestOf(b) {
			t.Errorf("writer %d: %+v, %v", i, info, err)
		}
	})
	if n := len(digests(t, p.Blobs, storage.Derived)); n != writers {
		t.Errorf("%d blobs, want %d", n, writers)
	}
	for i := range writers {
		b := contentBytes(byte(100+i), int64(50_000+i))
		if got, err := read(t, p.Blobs, storage.Derived, document.DigestOf(b)); err != nil || !bytes.Equal(got, b) {
			t.Errorf("blob %d: %v", i, err)
		}
	}
}

// each runs fn n times at once and waits.
func each(n int, fn func(i int)) {
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() { fn(i) })
	}
	wg.Wait()
}

func testFilenames(t *testing.T, p Place) {
	for i, name := range []string{
		"建设工程规划许可证（正本）.pdf",
		"関係書類 〔2024〕第①号 + &=?%#\"'\\;.tiff",
		"line\nbreak\tand tab.pdf",
		" leading and trailing ",
		"🏗️平面图.jpg",
		"",
	} {
		b := contentBytes(byte(20+i), 100)
		opts := storage.PutOptions{Filename: name, MediaType: "application/pdf"}
		info, err := p.Blobs.Put(t.Context(), storage.Originals, reader(b), opts)
		if err != nil {
			t.Errorf("%q: %v", name, err)
			continue
		}
		got, err := p.Blobs.(storage.Describer).Describe(t.Context(), storage.Originals, info.Digest)
		if want := (storage.Metadata{Filename: name, MediaType: "application/pdf"}); err != nil || got != want {
			t.Errorf("described as %+v, %v; want %+v", got, err, want)
		}
	}
	// A name no label can hold must not cost the bytes.
	long := storage.PutOptions{Filename: string(bytes.Repeat([]byte("长"), 4000))}
	if _, err := p.Blobs.Put(t.Context(), storage.Originals, reader(contentBytes(30, 10)), long); err != nil {
		t.Errorf("endless filename: %v", err)
	}
}
