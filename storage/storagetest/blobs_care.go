package storagetest

import (
	"bytes"
	"errors"
	"io"
	"testing"
	"time"

	"onewindow/document"
	"onewindow/storage"
)

// damages are the ways stored bytes go bad.
var damages = []struct {
	name string
	how  func([]byte) []byte
}{
	{"first byte", func(b []byte) []byte { return flip(b, 0) }},
	{"middle byte", func(b []byte) []byte { return flip(b, len(b)/2) }},
	{"last byte", func(b []byte) []byte { return flip(b, len(b)-1) }},
	{"cut short", func(b []byte) []byte { return b[:len(b)-1] }},
	{"emptied", func([]byte) []byte { return nil }},
	{"longer", func(b []byte) []byte { return append(bytes.Clone(b), 0) }},
}

func flip(b []byte, at int) []byte {
	out := bytes.Clone(b)
	out[at] ^= 1
	return out
}

func testDamaged(t *testing.T, p Place) {
	for i, damage := range damages {
		b := contentBytes(byte(40+i), 200_000)
		d := put(t, p.Blobs, storage.Originals, b)
		p.Damage(t, storage.Originals, d, damage.how)
		_, err := read(t, p.Blobs, storage.Originals, d)
		wantError(t, damage.name, err, storage.ErrDamaged)
		_, err = storage.Reread(t.Context(), p.Blobs, storage.Originals, d)
		wantError(t, damage.name+", reread", err, storage.ErrDamaged)
	}
}

// testHealed: a Put may only succeed if the bytes are there afterwards, also
// when what was there under the digest had gone bad.
func testHealed(t *testing.T, p Place) {
	for i, damage := range damages {
		b := contentBytes(byte(50+i), 200_000)
		d := put(t, p.Blobs, storage.Originals, b)
		p.Damage(t, storage.Originals, d, damage.how)
		put(t, p.Blobs, storage.Originals, b)
		if got, err := read(t, p.Blobs, storage.Originals, d); err != nil || !bytes.Equal(got, b) {
			t.Errorf("%s: after a new put %d bytes, %v", damage.name, len(got), err)
		}
	}
}

func testList(t *testing.T, p Place) {
	wantEmpty(t, p.Blobs)
	want := map[document.Digest]int64{}
	for i := range int64(25) {
		b := contentBytes(60, i)
		want[put(t, p.Blobs, storage.Derived, b)] = i
	}
	got := digests(t, p.Blobs, storage.Derived)
	for d, size := range want {
		info, listed := got[d]
		if !listed || info.Size != size || info.Class != storage.Derived || info.Modified.IsZero() {
			t.Errorf("blob of %d bytes listed as %+v", size, info)
		}
	}
	if len(got) != len(want) {
		t.Errorf("%d listed, want %d", len(got), len(want))
	}
	enough := errors.New("enough")
	calls := 0
	err := p.Blobs.List(t.Context(), storage.Derived, func(storage.BlobInfo) error { calls++; return enough })
	wantError(t, "list", err, enough)
	if calls != 1 {
		t.Errorf("%d calls after an error, want 1", calls)
	}
}

func testWriteOnce(t *testing.T, p Place) {
	b := contentBytes(70, 1000)
	d := put(t, p.Blobs, storage.Originals, b)
	wantError(t, "delete", p.Blobs.Delete(t.Context(), storage.Originals, d), storage.ErrWriteOnce)
	if got, err := read(t, p.Blobs, storage.Originals, d); err != nil || !bytes.Equal(got, b) {
		t.Errorf("after delete: %v", err)
	}
}

func testPurge(t *testing.T, p Place) {
	secret, other := contentBytes(71, 100_000), contentBytes(72, 1000)
	d, keep := put(t, p.Blobs, storage.Originals, secret), put(t, p.Blobs, storage.Originals, other)
	if err := p.Blobs.(storage.Purger).Purge(t.Context(), d); err != nil {
		t.Fatal(err)
	}
	_, err := p.Blobs.Open(t.Context(), storage.Originals, d)
	wantError(t, "open", err, storage.ErrNotFound)
	if got := digests(t, p.Blobs, storage.Originals); len(got) != 1 || got[keep].Size != 1000 {
		t.Errorf("left %v", got)
	}
	// The same file may come again, and is then kept again.
	put(t, p.Blobs, storage.Originals, secret)
	if _, err := read(t, p.Blobs, storage.Originals, d); err != nil {
		t.Error(err)
	}
}

func testDelete(t *testing.T, p Place) {
	b := contentBytes(73, 1000)
	d := put(t, p.Blobs, storage.Derived, b)
	r, err := p.Blobs.Open(t.Context(), storage.Derived, d)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	for range 2 { // what is gone can be deleted again
		if err := p.Blobs.Delete(t.Context(), storage.Derived, d); err != nil {
			t.Fatal(err)
		}
	}
	// Who already reads may end well or badly, but never with wrong bytes.
	if got, err := io.ReadAll(r); err == nil && !bytes.Equal(got, b) {
		t.Error("reader got wrong bytes during delete")
	}
	_, err = p.Blobs.Stat(t.Context(), storage.Derived, d)
	wantError(t, "stat", err, storage.ErrNotFound)
	wantEmpty(t, p.Blobs)
	put(t, p.Blobs, storage.Derived, b)
}

func testSweep(t *testing.T, p Place) {
	sweeper := p.Blobs.(storage.Sweeper)
	d := put(t, p.Blobs, storage.Originals, contentBytes(74, 1000))
	p.Abandon(t)
	if len(p.Leftovers(t)) == 0 {
		t.Fatal("nothing was abandoned; the test proves nothing")
	}
	if n, err := sweeper.SweepTemporary(t.Context(), time.Hour); err != nil || n != 0 {
		t.Errorf("swept %d young leftovers, %v", n, err)
	}
	if n, err := sweeper.SweepTemporary(t.Context(), -time.Minute); err != nil || n == 0 {
		t.Errorf("swept %d old leftovers, %v", n, err)
	}
	wantNoLeftovers(t, p)
	if got := digests(t, p.Blobs, storage.Originals); len(got) != 1 || got[d].Size != 1000 {
		t.Errorf("after the sweep: %v", got)
	}
}

func testFull(t *testing.T, p SmallPlace) {
	first := contentBytes(80, p.Fits)
	d := put(t, p.Blobs, storage.Originals, first)
	_, err := p.Blobs.Put(t.Context(), storage.Originals, Content(81, p.Beyond), storage.PutOptions{})
	wantError(t, "put beyond the room", err, storage.ErrFull)
	wantNoLeftovers(t, p.Place)
	if n := len(digests(t, p.Blobs, storage.Originals)); n != 1 {
		t.Errorf("%d blobs after the refusal, want 1", n)
	}
	if got, err := read(t, p.Blobs, storage.Originals, d); err != nil || !bytes.Equal(got, first) {
		t.Errorf("what was stored before: %v", err)
	}
	put(t, p.Blobs, storage.Originals, contentBytes(82, p.Fits))
}
