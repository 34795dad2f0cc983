package pipeline

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync"
	"time"

	"onewindow/document"
	"onewindow/internal/scratch"
	"onewindow/storage"
)

// desk keeps local copies of the blobs being worked on, because parsers want
// files. Copies are shared by the pages of a document and removed a moment
// after the last use; losing them costs a fetch.
type desk struct {
	blobs  storage.Blobs
	folder *scratch.Folder
	mu     sync.Mutex
	held   map[document.Digest]*localCopy
	idle   []*localCopy // unused, oldest first
	made   int
}

type localCopy struct {
	digest document.Digest
	path   string
	users  int
	drop   bool // as soon as nobody uses it
	ready  chan struct{}
	err    error
}

const (
	// idleCopies is how many unused copies are kept for the next step.
	idleCopies = 8
	// idleTime is how long: originals do not lie about in scratch folders.
	idleTime = time.Minute
)

// deskPattern names the folders of desks inside the scratch folder.
const deskPattern = "onewindow-desk-"

func newDesk(blobs storage.Blobs, parent string) (*desk, error) {
	if err := scratch.Clear(parent, deskPattern); err != nil {
		return nil, err
	}
	folder, err := scratch.Open(parent, deskPattern)
	if err != nil {
		return nil, err
	}
	return &desk{blobs: blobs, folder: folder, held: map[document.Digest]*localCopy{}}, nil
}

// Close removes all copies.
func (d *desk) Close() error { return d.folder.Close() }

// scratch makes an empty folder for one step; the caller removes it.
func (d *desk) scratch() (string, error) {
	dir, err := os.MkdirTemp(d.folder.Path, "step-")
	if err != nil {
		return "", fmt.Errorf("make scratch folder: %w", err)
	}
	return dir, nil
}

// fetch returns a local copy of a blob and a function that gives it back.
func (d *desk) fetch(ctx context.Context, class storage.Class, digest document.Digest) (string, func(), error) {
	for {
		c, mine := d.take(digest)
		if mine {
			c.err = d.load(ctx, class, digest, c.path)
			close(c.ready)
		}
		select {
		case <-c.ready:
		case <-ctx.Done():
			d.release(c)
			return "", nil, context.Cause(ctx)
		}
		if c.err == nil {
			return c.path, sync.OnceFunc(func() { d.release(c) }), nil
		}
		d.release(c)
		// Whoever loaded it may have been told to stop; that is no answer for us.
		if mine || ctx.Err() != nil || !interrupted(c.err) {
			return "", nil, c.err
		}
	}
}

func interrupted(err error) bool {
	return errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) || errors.Is(err, storage.ErrFenced)
}

// take returns the copy of a digest; mine tells that the caller must load it.
func (d *desk) take(digest document.Digest) (c *localCopy, mine bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if c = d.held[digest]; c == nil {
		// A number in the name, because an earlier copy may still be in use.
		d.made++
		name := fmt.Sprintf("%s-%d", digest.Hex(), d.made)
		c = &localCopy{digest: digest, path: filepath.Join(d.folder.Path, name), ready: make(chan struct{})}
		d.held[digest], mine = c, true
	}
	c.users++
	d.wake(c)
	return c, mine
}

func (d *desk) load(ctx context.Context, class storage.Class, digest document.Digest, path string) error {
	r, err := d.blobs.Open(ctx, class, digest)
	if err != nil {
		return fmt.Errorf("open blob: %w", err)
	}
	defer r.Close()
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
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
func (d *desk) release(c *localCopy) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if c.err != nil || c.drop {
		d.unlist(c)
	}
	if c.users--; c.users > 0 {
		return
	}
	if c.err != nil || c.drop {
		_ = os.Remove(c.path)
		return
	}
	d.idle = append(d.idle, c)
	for len(d.idle) > idleCopies {
		d.remove(d.idle[0])
	}
	time.AfterFunc(idleTime, func() { d.tidy(c) })
}

// tidy removes a copy that nobody used since it was last given back. One that
// was used in between goes a little earlier than it might.
func (d *desk) tidy(c *localCopy) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if c.users == 0 {
		d.remove(c)
	}
}

// forget removes the copy of a blob as soon as nobody uses it, and returns the
// path it had, "" for none.
func (d *desk) forget(digest document.Digest) string {
	d.mu.Lock()
	defer d.mu.Unlock()
	c := d.held[digest]
	if c == nil {
		return ""
	}
	if c.drop = true; c.users == 0 {
		d.remove(c)
	}
	return c.path
}

// remove drops an idle copy.
func (d *desk) remove(c *localCopy) {
	_ = os.Remove(c.path)
	d.unlist(c)
	d.wake(c)
}

// unlist makes sure that nobody else gets a copy.
func (d *desk) unlist(c *localCopy) {
	if d.held[c.digest] == c {
		delete(d.held, c.digest)
	}
}

// wake takes a copy from the idle ones.
func (d *desk) wake(c *localCopy) {
	for i, other := range d.idle {
		if other == c {
			d.idle = append(d.idle[:i], d.idle[i+1:]...)
			return
		}
	}
}
