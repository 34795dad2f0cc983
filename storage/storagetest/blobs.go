// Package storagetest holds the conformance suites of package storage. Every
// driver runs the whole suite against the real thing; new behaviour is written
// down here first.
package storagetest

import (
	"context"
	"errors"
	"io"
	"testing"

	"onewindow/document"
	"onewindow/storage"
)

// Place is one empty store and ways to look at it and hurt it behind its back.
type Place struct {
	Blobs storage.Blobs
	// Damage rewrites the stored bytes of a blob without asking the driver.
	Damage func(t *testing.T, class storage.Class, d document.Digest, how func([]byte) []byte)
	// Abandon leaves what a writer leaves that dies in the middle of a Put.
	Abandon func(t *testing.T)
	// Leftovers names what is kept that is no blob: temporary files, unfinished
	// uploads, spooled bytes.
	Leftovers func(t *testing.T) []string
}

// SmallPlace is a Place that runs out of room.
type SmallPlace struct {
	Place
	Fits   int64 // a blob of this many bytes is stored, twice over
	Beyond int64 // a blob of this many bytes is not
}

// BlobDriver is a driver under test.
type BlobDriver struct {
	Open  func(t *testing.T) Place      // called for every test
	Small func(t *testing.T) SmallPlace // called once
}

// RunBlobs checks that a driver keeps every promise of storage.Blobs, and of the
// optional abilities Sweeper, Purger, Describer and Prober, which all drivers have.
func RunBlobs(t *testing.T, driver BlobDriver) {
	tests := []struct {
		name string
		run  func(*testing.T, Place)
	}{
		{"reads back every byte", testReadsBack},
		{"reads at any place", testReadsAtAnyPlace},
		{"serves byte ranges over HTTP", testServesRanges},
		{"put twice changes nothing", testPutTwice},
		{"keeps the classes apart", testClassesApart},
		{"refuses what was not promised", testPromiseBroken},
		{"interrupted reader leaves nothing", testInterrupted},
		{"cancelled put leaves nothing", testCancelledPut},
		{"cancelled context stops everything", testCancelled},
		{"concurrent writers of the same bytes", testSameWriters},
		{"concurrent writers of different bytes", testDifferentWriters},
		{"missing blob", testMissing},
		{"wrong arguments", testWrongArguments},
		{"damaged blob is noticed", testDamaged},
		{"damaged blob is healed by its bytes", testHealed},
		{"Chinese filenames", testFilenames},
		{"lists every blob once", testList},
		{"V2.12 originals are write-once", testWriteOnce},
		{"G.8 purge destroys an original", testPurge},
		{"deletes derived blobs", testDelete},
		{"sweeps what dead writers left", testSweep},
		{"streams in bounded memory", testStreams},
		{"probe finds nothing wrong and leaves nothing", testProbe},
		{"fixity check finds damaged, missing and orphans", testFixity},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			place := driver.Open(t)
			test.run(t, place)
			if !t.Failed() {
				wantNoLeftovers(t, place)
			}
		})
	}
	t.Run("full store refuses and stays usable", func(t *testing.T) { testFull(t, driver.Small(t)) })
}

func wantNoLeftovers(t *testing.T, p Place) {
	t.Helper()
	if left := p.Leftovers(t); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

// put stores b and fails the test if that does not work.
func put(t *testing.T, s storage.Blobs, class storage.Class, b []byte) document.Digest {
	t.Helper()
	info, err := s.Put(t.Context(), class, reader(b), storage.PutOptions{})
	if err != nil {
		t.Fatalf("put %d bytes: %v", len(b), err)
	}
	want := storage.BlobInfo{Class: class, Digest: document.DigestOf(b), Size: int64(len(b)), Modified: info.Modified}
	if info != want || info.Modified.IsZero() {
		t.Fatalf("put returned %+v, want %+v with a time", info, want)
	}
	return info.Digest
}

// read returns what the store holds.
func read(t *testing.T, s storage.Blobs, class storage.Class, d document.Digest) ([]byte, error) {
	t.Helper()
	r, err := s.Open(t.Context(), class, d)
	if err != nil {
		return nil, err
	}
	defer func() {
		if err := r.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	}()
	return io.ReadAll(r)
}

// digests returns what List yields.
func digests(t *testing.T, s storage.Blobs, class storage.Class) map[document.Digest]storage.BlobInfo {
	t.Helper()
	out := map[document.Digest]storage.BlobInfo{}
	err := s.List(t.Context(), class, func(info storage.BlobInfo) error {
		if _, twice := out[info.Digest]; twice {
			t.Errorf("listed twice: %v", info.Digest)
		}
		out[info.Digest] = info
		return nil
	})
	if err != nil {
		t.Fatalf("list: %v", err)
	}
	return out
}

// wantEmpty fails the test if anything is visible in either class.
func wantEmpty(t *testing.T, s storage.Blobs) {
	t.Helper()
	for _, class := range []storage.Class{storage.Originals, storage.Derived} {
		if got := digests(t, s, class); len(got) > 0 {
			t.Errorf("%s holds %v, want nothing", class, got)
		}
	}
}

func wantError(t *testing.T, what string, got, want error) {
	t.Helper()
	if !errors.Is(got, want) {
		t.Errorf("%s: %v, want %v", what, got, want)
	}
}

// canceled returns a context that is over.
func canceled(t *testing.T) context.Context {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	return ctx
}
