package storage

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"time"

	"onewindow/document"
)

// ProbeStep is one thing that was tried on a store.
type ProbeStep struct {
	Name string // English, stable: "bucket", "write", "read back", …
	Took time.Duration
	Err  error
	// Tolerable says that the store works without it, only less well.
	Tolerable bool
}

// Prober is an optional ability: to try out everything the driver needs from its
// technology, for an operator who sets it up. It leaves nothing behind.
type Prober interface {
	Probe(ctx context.Context) []ProbeStep
}

// Try runs one step of a probe.
func Try(name string, tolerable bool, step func() error) ProbeStep {
	begin := time.Now()
	err := step()
	return ProbeStep{Name: name, Took: time.Since(begin), Err: err, Tolerable: tolerable}
}

// ProbeBlobs tries the promises of Blobs with a small derived blob. It stops at
// the first step that fails, as the others rest on it.
func ProbeBlobs(ctx context.Context, b Blobs) []ProbeStep {
	content := make([]byte, 64<<10)
	rand.Read(content) // never fails; new bytes, so that the blob is not there yet
	d := document.DigestOf(content)
	put := func() error {
		_, err := b.Put(ctx, Derived, bytes.NewReader(content), PutOptions{Expect: d, Filename: "探测.bin"})
		return err
	}
	steps := []struct {
		name string
		run  func() error
	}{
		{"write", put},
		{"write again", put},
		{"read back", func() error { _, err := Reread(ctx, b, Derived, d); return err }},
		{"read range", func() error { return probeRange(ctx, b, d, content) }},
		{"delete", func() error { return b.Delete(ctx, Derived, d) }},
		{"gone", func() error { return probeGone(ctx, b, d) }},
	}
	var out []ProbeStep
	for _, step := range steps {
		done := Try(step.name, false, step.run)
		out = append(out, done)
		if done.Err != nil {
			_ = b.Delete(ctx, Derived, d) // whatever was left; the finding is what counts
			break
		}
	}
	return out
}

func probeRange(ctx context.Context, b Blobs, d document.Digest, content []byte) error {
	r, err := b.Open(ctx, Derived, d)
	if err != nil {
		return err
	}
	defer r.Close()
	const from, length = 1000, 500
	if _, err := r.Seek(from, io.SeekStart); err != nil {
		return err
	}
	got := make([]byte, length)
	if _, err := io.ReadFull(r, got); err != nil {
		return fmt.Errorf("read range: %w", err)
	}
	if !bytes.Equal(got, content[from:from+length]) {
		return fmt.Errorf("read range: %w", ErrDamaged)
	}
	return nil
}

func probeGone(ctx context.Context, b Blobs, d document.Digest) error {
	_, err := b.Stat(ctx, Derived, d)
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	if err == nil {
		return errors.New("still there after its deletion")
	}
	return err
}
