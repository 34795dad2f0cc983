// Package filestore keeps blobs as plain files on a file system, named by their
// digest, so that they can be read, copied and checked without this program:
//
//	<root>/originals/ab/abcdef…   read-only files, one per blob
//	<root>/derived/ab/abcdef…
//	<root>/temporary/             writes under way; swept when old
//
// `sha256sum` of a file is its name. Several processes may use one root.
package filestore

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"onewindow/document"
	"onewindow/storage"
)

// Options are the choices of a Store. The zero value is valid.
type Options struct {
	// Reserve is how many bytes a Put leaves free on the file system, so that a
	// flood of uploads cannot take the last room from a database beside it. A
	// Put that would go below gives storage.ErrFull.
	Reserve int64
}

// Store is a storage.Blobs on a file system. It also is a storage.Sweeper, a
// storage.Purger, a storage.Describer and a storage.Prober.
type Store struct {
	root string
	opts Options
}

var (
	_ storage.Blobs     = (*Store)(nil)
	_ storage.Sweeper   = (*Store)(nil)
	_ storage.Purger    = (*Store)(nil)
	_ storage.Describer = (*Store)(nil)
	_ storage.Prober    = (*Store)(nil)
)

const (
	folderMode   = 0o700
	blobMode     = 0o400 // nobody changes a blob by accident, its owner included
	temporaryDir = "temporary"
	shards       = 256
)

// Open prepares the folder root, making it if need be, and returns its Store.
func Open(root string, opts Options) (*Store, error) {
	root, err := filepath.Abs(root)
	if err != nil {
		return nil, fmt.Errorf("find blob folder: %w", err)
	}
	s := &Store{root: root, opts: opts}
	if err := os.MkdirAll(s.temporary(), folderMode); err != nil {
		return nil, fmt.Errorf("make blob folder: %w", full(err))
	}
	for _, class := range []storage.Class{storage.Originals, storage.Derived} {
		if err := s.makeShards(class); err != nil {
			return nil, err
		}
	}
	if err := syncFolder(root); err != nil {
		return nil, fmt.Errorf("sync blob folder: %w", full(err))
	}
	return s, nil
}

// makeShards makes all folders of a class at once: making them on demand would
// need another sync of the parent before each first Put could be called durable.
func (s *Store) makeShards(class storage.Class) error {
	top := filepath.Join(s.root, string(class))
	made := false
	for i := range shards {
		dir := filepath.Join(top, fmt.Sprintf("%02x", i))
		if _, err := os.Stat(dir); err == nil {
			continue
		}
		if err := os.MkdirAll(dir, folderMode); err != nil {
			return fmt.Errorf("make blob folder: %w", full(err))
		}
		made = true
	}
	if !made {
		return nil
	}
	if err := syncFolder(top); err != nil {
		return fmt.Errorf("sync blob folder: %w", full(err))
	}
	return nil
}

func (s *Store) temporary() string { return filepath.Join(s.root, temporaryDir) }

func (s *Store) path(class storage.Class, d document.Digest) string {
	name := d.Hex()
	return filepath.Join(s.root, string(class), name[:2], name)
}

// Open returns a blob for reading; see storage.Blobs.
func (s *Store) Open(ctx context.Context, class storage.Class, d document.Digest) (storage.BlobReader, error) {
	if err := check(ctx, class, d); err != nil {
		return nil, fmt.Errorf("open blob: %w", err)
	}
	f, err := os.Open(s.path(class, d))
	if err != nil {
		return nil, fmt.Errorf("open blob: %w", missing(err))
	}
	st, err := f.Stat()
	if err != nil {
		f.Close()
		return nil, fmt.Errorf("open blob: %w", err)
	}
	return storage.NewCheckedReader(ctx, f, infoOf(class, d, st)), nil
}

// Stat describes a blob; see storage.Blobs.
func (s *Store) Stat(ctx context.Context, class storage.Class, d document.Digest) (storage.BlobInfo, error) {
	if err := check(ctx, class, d); err != nil {
		return storage.BlobInfo{}, fmt.Errorf("stat blob: %w", err)
	}
	st, err := os.Stat(s.path(class, d))
	if err != nil {
		return storage.BlobInfo{}, fmt.Errorf("stat blob: %w", missing(err))
	}
	return infoOf(class, d, st), nil
}

// List calls fn for every blob of a class; see storage.Blobs. Blobs that come or
// go meanwhile may or may not be seen.
func (s *Store) List(ctx context.Context, class storage.Class, fn func(storage.BlobInfo) error) error {
	if err := checkClass(ctx, class); err != nil {
		return fmt.Errorf("list blobs: %w", err)
	}
	for i := range shards {
		dir := filepath.Join(s.root, string(class), fmt.Sprintf("%02x", i))
		if err := listShard(ctx, dir, class, fn); err != nil {
			return err
		}
	}
	return nil
}

func listShard(ctx context.Context, dir string, class storage.Class, fn func(storage.BlobInfo) error) error {
	f, err := os.Open(dir)
	if err != nil {
		return fmt.Errorf("list blobs: %w", err)
	}
	defer f.Close()
	for {
		entries, readErr := f.ReadDir(512)
		for _, e := range entries {
			if err := ctx.Err(); err != nil {
				return fmt.Errorf("list blobs: %w", context.Cause(ctx))
			}
			info, ok, err := describeEntry(class, e)
			if err != nil {
				return fmt.Errorf("list blobs: %w", err)
			}
			if !ok {
				continue
			}
			if err := fn(info); err != nil {
				return err
			}
		}
		if errors.Is(readErr, io.EOF) {
			return nil
		}
		if readErr != nil {
			return fmt.Errorf("list blobs: %w", readErr)
		}
	}
}

// describeEntry tells whether a folder entry is a blob. Foreign files are not
// ours to judge and are passed over.
func describeEntry(class storage.Class, e fs.DirEntry) (storage.BlobInfo, bool, error) {
	d, err := document.ParseDigest(e.Name())
	if err != nil || !e.Type().IsRegular() || e.Name() != d.Hex() {
		return storage.BlobInfo{}, false, nil
	}
	st, err := e.Info()
	if errors.Is(err, fs.ErrNotExist) {
		return storage.BlobInfo{}, false, nil // deleted since the folder was read
	}
	if err != nil {
		return storage.BlobInfo{}, false, err
	}
	return infoOf(class, d, st), true, nil
}

func infoOf(class storage.Class, d document.Digest, st fs.FileInfo) storage.BlobInfo {
	return storage.BlobInfo{Class: class, Digest: d, Size: st.Size(), Modified: st.ModTime().UTC()}
}

var errNoDigest = errors.New("no digest given")

func check(ctx context.Context, class storage.Class, d document.Digest) error {
	if d.IsZero() {
		return errNoDigest
	}
	return checkClass(ctx, class)
}

// checkClass refuses a class that would become a folder name of its own.
func checkClass(ctx context.Context, class storage.Class) error {
	if class != storage.Originals && class != storage.Derived {
		return fmt.Errorf("unknown class %q", class)
	}
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return nil
}
