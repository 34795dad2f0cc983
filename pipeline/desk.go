package pipeline

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync"

	"onewindow/document"
	"onewindow/storage"
)

// desk keeps local copies of the blobs being worked on, because parsers want
// files. Copies are shared by the pages of a document and removed some time
// after the last use; losing them costs a fetch.
type desk struct {
	blobs storage.Blobs
	dir   string
	mu    sync.Mutex
	held  map[document.Digest]*copyOf
	idle  []document.Digest // oldest first
}

type copyOf struct {
	path  string
	users int
	ready chan struct{}
	err   error
}

// idleCopies is how many unused copies are kept for the next step.
const idleCopies = 8

func newDesk(blobs storage.Blobs, parent string) (*desk, error) {
	dir, err := os.MkdirTemp(parent, "onewindow-desk-")
	if err != nil {
		return nil, fmt.Errorf("make scratch folder: %w", err)
	}
	return &desk{blobs: blobs, dir: dir, held: map[document.Digest]*copyOf{}}, nil
}

// Close removes all copies.
func (d *desk) Close() error { return os.RemoveAll(d.dir) }

// scratch makes an empty folder for one step; the caller removes it.
func (d *desk) scratch() (string, error) {
	dir, err := os.MkdirTemp(d.dir, "step-")
	if err != nil {
		return "", fmt.Errorf("make scratch folder: %w", err)
	}
	return dir, nil
}

// fetch returns a local copy of a blob and a function that gives it back.
func (d *desk) fetch(ctx context.Context, class storage.Class, digest document.Digest) (string, func(), error) {
	d.mu.Lock()
	c := d.held[digest]
	if c == nil {
		c = &copyOf{path: filepath.Join(d.dir, digest.Hex()), ready: make(chan struct{})}
		d.held[digest] = c
		c.users++
		d.mu.Unlock()
		c.err = d.load(ctx, class, digest, c.path)
		close(c.ready)
	} else {
		c.users++
		d.mu.Unlock()
	}
	select {
	case <-c.ready:
	case <-ctx.Done():
		d.release(digest, c)
		return "", nil, ctx.Err()
	}
	if c.err != nil {
		d.release(digest, c)
		return "", nil, c.err
	}
	return c.path, sync.OnceFunc(func() { d.release(digest, c) }), nil
}

func (d *desk) load(ctx context.Context, class storage.Class, digest document.Digest, path string) error {
	r, err := d.blobs.Open(ctx, class, digest)
	if err != nil {
		return fmt.Errorf("open blob: %w", err)
	}
	defer r.Close()
	f, err := os.OpenFile(path, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("create local copy: %w", err)
	}
	defer f.Close()
	if _, err := io.Copy(f, r); err != nil {
		return fmt.Errorf("copy blob: %w", err)
	}
	return f.Close()
}

// release gives a copy back. A failed copy goes at once so that the next try
// fetches again; a good one stays among the few idle ones.
func (d *desk) release(digest document.Digest, c *copyOf) {
	d.mu.Lock()
	defer d.mu.Unlock()
	c.users--
	if c.users > 0 || d.held[digest] != c {
		return
	}
	select {
	case <-c.ready:
		if c.err == nil {
			d.keepIdle(digest)
			return
		}
	default:
	}
	d.drop(digest)
}

func (d *desk) keepIdle(digest document.Digest) {
	d.idle = append(d.idle, digest)
	for len(d.idle) > idleCopies {
		oldest := d.idle[0]
		d.idle = d.idle[1:]
		if c := d.held[oldest]; c != nil && c.users == 0 && !d.isIdle(oldest) {
			d.drop(oldest)
		}
	}
}

// isIdle reports whether a digest stands among the idle ones again, later.
func (d *desk) isIdle(digest document.Digest) bool {
	for _, i := range d.idle {
		if i == digest {
			return true
		}
	}
	return false
}

func (d *desk) drop(digest document.Digest) {
	if c := d.held[digest]; c != nil {
		os.Remove(c.path)
		delete(d.held, digest)
	}
}
