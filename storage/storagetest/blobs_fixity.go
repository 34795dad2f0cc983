package storagetest

import (
	"context"
	"iter"
	"maps"
	"testing"
	"time"

	"onewindow/document"
	"onewindow/storage"
)

func testFixity(t *testing.T, p Place) {
	sound := storage.Reference{Class: storage.Originals, Digest: put(t, p.Blobs, storage.Originals, contentBytes(91, 50_000))}
	damaged := storage.Reference{Class: storage.Originals, Digest: put(t, p.Blobs, storage.Originals, contentBytes(92, 150_000))}
	short := storage.Reference{Class: storage.Derived, Digest: put(t, p.Blobs, storage.Derived, contentBytes(93, 50_000))}
	orphan := storage.Reference{Class: storage.Derived, Digest: put(t, p.Blobs, storage.Derived, contentBytes(94, 10))}
	missing := storage.Reference{Class: storage.Originals, Digest: document.DigestOf([]byte("gone"))}
	p.Damage(t, damaged.Class, damaged.Digest, damages[1].how)
	p.Damage(t, short.Class, short.Digest, damages[3].how)

	want := map[storage.Reference]storage.Condition{
		damaged: storage.Damaged, short: storage.Damaged, orphan: storage.Orphan, missing: storage.Missing}
	got := map[storage.Reference]storage.Condition{}
	check := storage.FixityCheck{Report: func(f storage.Trouble) { got[f.Reference] = f.Condition }}
	tally, err := check.Run(t.Context(), p.Blobs, references(sound, damaged, short, missing))
	if err != nil || !maps.Equal(got, want) {
		t.Errorf("found %v, %v; want %v", got, err, want)
	}
	counts := tally
	counts.Bytes = 0
	if want := (storage.Tally{Blobs: 4, Damaged: 2, Missing: 1, Orphans: 1}); counts != want || tally.Bytes < 200_000 {
		t.Errorf("tally %+v, want %+v and the bytes", tally, want)
	}
	testFixityGrace(t, p, sound)
}

func testFixityGrace(t *testing.T, p Place, one storage.Reference) {
	tally, err := storage.FixityCheck{Grace: time.Hour}.Run(t.Context(), p.Blobs, references(one))
	if err != nil || tally.Orphans != 0 {
		t.Errorf("young blobs: %+v, %v", tally, err)
	}
	_, err = storage.FixityCheck{}.Run(canceled(t), p.Blobs, references(one))
	wantError(t, "cancelled check", err, context.Canceled)
}

func references(refs ...storage.Reference) iter.Seq2[storage.Reference, error] {
	return func(yield func(storage.Reference, error) bool) {
		for _, ref := range refs {
			if !yield(ref, nil) {
				return
			}
		}
	}
}

func testProbe(t *testing.T, p Place) {
	steps := p.Blobs.(storage.Prober).Probe(t.Context())
	names := map[string]bool{}
	for _, step := range steps {
		names[step.Name] = true
		if step.Err != nil {
			t.Errorf("%s: %v", step.Name, step.Err)
		}
	}
	if !names["write"] || !names["gone"] {
		t.Errorf("probed only %v", names)
	}
	wantEmpty(t, p.Blobs)
	if over := p.Blobs.(storage.Prober).Probe(canceled(t)); over[len(over)-1].Err == nil {
		t.Error("a cancelled probe found nothing wrong")
	}
}
