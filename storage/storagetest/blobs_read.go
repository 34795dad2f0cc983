package storagetest

import (
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"testing"
	"testing/iotest"

	"onewindow/document"
	"onewindow/storage"
)

func testReadsBack(t *testing.T, p Place) {
	for _, size := range []int64{0, 1, 4095, 4096, 4097, 256 << 10, 3<<20 + 1} {
		b := contentBytes(1, size)
		d := put(t, p.Blobs, storage.Originals, b)
		got, err := read(t, p.Blobs, storage.Originals, d)
		if err != nil || !bytes.Equal(got, b) {
			t.Errorf("%d bytes: read %d bytes, equal %v, %v", size, len(got), bytes.Equal(got, b), err)
		}
		info, err := p.Blobs.Stat(t.Context(), storage.Originals, d)
		if err != nil || info.Size != size || info.Digest != d || info.Class != storage.Originals {
			t.Errorf("%d bytes: stat %+v, %v", size, info, err)
		}
		if n, err := storage.Reread(t.Context(), p.Blobs, storage.Originals, d); err != nil || n != size {
			t.Errorf("%d bytes: reread %d, %v", size, n, err)
		}
	}
	testOddReaders(t, p)
}

// testOddReaders puts from readers that yield little at a time, or their last
// bytes together with io.EOF.
func testOddReaders(t *testing.T, p Place) {
	b := contentBytes(2, 5000)
	for name, r := range map[string]io.Reader{
		"one byte":   iotest.OneByteReader(bytes.NewReader(b)),
		"half":       iotest.HalfReader(bytes.NewReader(b)),
		"data+EOF":   iotest.DataErrReader(bytes.NewReader(b)),
		"seekable":   bytes.NewReader(b),
		"positioned": positioned(b, 1234),
	} {
		want := b
		if name == "positioned" {
			want = b[1234:]
		}
		info, err := p.Blobs.Put(t.Context(), storage.Derived, r, storage.PutOptions{})
		if err != nil || info.Digest != document.DigestOf(want) {
			t.Errorf("%s: stored %d bytes, %v", name, info.Size, err)
		}
	}
}

// positioned returns a seekable reader that is not at its start.
func positioned(b []byte, at int64) io.Reader {
	r := bytes.NewReader(b)
	_, _ = r.Seek(at, io.SeekStart) // cannot fail inside the bytes
	return r
}

func testReadsAtAnyPlace(t *testing.T, p Place) {
	b := contentBytes(3, 300<<10)
	d := put(t, p.Blobs, storage.Originals, b)
	r, err := p.Blobs.Open(t.Context(), storage.Originals, d)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if r.Info().Size != int64(len(b)) || r.Info().Digest != d {
		t.Errorf("info %+v", r.Info())
	}
	model := bytes.NewReader(b)
	rng := rand.New(rand.NewPCG(1, 2))
	for i := range 60 {
		if err := sameStep(r, model, rng, int64(len(b))); err != nil {
			t.Fatalf("step %d: %v", i, err)
		}
	}
	if _, err := r.Seek(-1, io.SeekStart); err == nil {
		t.Error("seek before the start passed")
	}
}

// sameStep does the same random seek and read on both and compares.
func sameStep(r, model io.ReadSeeker, rng *rand.Rand, size int64) error {
	offset, whence := rng.Int64N(size+1), io.SeekStart
	switch rng.IntN(4) {
	case 0:
		offset, whence = -rng.Int64N(size+1), io.SeekEnd
	case 1:
		offset, whence = 0, io.SeekCurrent
	}
	at, err := r.Seek(offset, whence)
	want, wantErr := model.Seek(offset, whence)
	if at != want || (err == nil) != (wantErr == nil) {
		return fmt.Errorf("seek(%d, %d) = %d, %v; want %d, %v", offset, whence, at, err, want, wantErr)
	}
	n := rng.Int64N(size / 3)
	var got, expected bytes.Buffer
	_, err = io.CopyN(&got, r, n)
	_, wantErr = io.CopyN(&expected, model, n)
	if !bytes.Equal(got.Bytes(), expected.Bytes()) || err != wantErr {
		return fmt.Errorf("read %d at %d: %d bytes, %v; want %d, %v", n, at, got.Len(), err, expected.Len(), wantErr)
	}
	return nil
}

func testServesRanges(t *testing.T, p Place) {
	b := contentBytes(4, 100_000)
	d := put(t, p.Blobs, storage.Derived, b)
	for header, want := range map[string][]byte{
		"":                  b,
		"bytes=0-99":        b[:100],
		"bytes=50000-50009": b[50000:50010],
		"bytes=-7":          b[len(b)-7:],
		"bytes=99990-":      b[99990:],
	} {
		r, err := p.Blobs.Open(t.Context(), storage.Derived, d)
		if err != nil {
			t.Fatal(err)
		}
		req := httptest.NewRequest(http.MethodGet, "/", nil)
		if header != "" {
			req.Header.Set("Range", header)
		}
		rec := httptest.NewRecorder()
		http.ServeContent(rec, req, "a.pdf", r.Info().Modified, r)
		if !bytes.Equal(rec.Body.Bytes(), want) {
			t.Errorf("range %q: status %d, %d bytes, want %d", header, rec.Code, rec.Body.Len(), len(want))
		}
		r.Close()
	}
}

func testMissing(t *testing.T, p Place) {
	d := document.DigestOf([]byte("never stored"))
	for _, class := range []storage.Class{storage.Originals, storage.Derived} {
		_, err := p.Blobs.Open(t.Context(), class, d)
		wantError(t, "open", err, storage.ErrNotFound)
		_, err = p.Blobs.Stat(t.Context(), class, d)
		wantError(t, "stat", err, storage.ErrNotFound)
		_, err = p.Blobs.(storage.Describer).Describe(t.Context(), class, d)
		wantError(t, "describe", err, storage.ErrNotFound)
	}
	if err := p.Blobs.Delete(t.Context(), storage.Derived, d); err != nil {
		t.Errorf("delete of nothing: %v", err)
	}
	wantError(t, "purge", p.Blobs.(storage.Purger).Purge(t.Context(), d), storage.ErrNotFound)
	wantEmpty(t, p.Blobs)
}

func testWrongArguments(t *testing.T, p Place) {
	good := document.DigestOf([]byte("x"))
	for _, class := range []storage.Class{"", "..", "originals/", "temporary"} {
		if _, err := p.Blobs.Put(t.Context(), class, reader([]byte("x")), storage.PutOptions{}); err == nil {
			t.Errorf("put into class %q passed", class)
		}
		if _, err := p.Blobs.Open(t.Context(), class, good); err == nil {
			t.Errorf("open in class %q passed", class)
		}
		if err := p.Blobs.Delete(t.Context(), class, good); err == nil {
			t.Errorf("delete in class %q passed", class)
		}
		if err := p.Blobs.List(t.Context(), class, func(storage.BlobInfo) error { return nil }); err == nil {
			t.Errorf("list of class %q passed", class)
		}
	}
	if _, err := p.Blobs.Open(t.Context(), storage.Originals, document.Digest{}); err == nil {
		t.Error("open of the zero digest passed")
	}
	if _, err := p.Blobs.Stat(t.Context(), storage.Originals, document.Digest{}); err == nil {
		t.Error("stat of the zero digest passed")
	}
	wantEmpty(t, p.Blobs)
}
