package filestore

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"onewindow/document"
	"onewindow/storage"
)

// Delete removes a derived blob; see storage.Blobs.
func (s *Store) Delete(ctx context.Context, class storage.Class, d document.Digest) error {
	if err := check(ctx, class, d); err != nil {
		return fmt.Errorf("delete blob: %w", err)
	}
	if class == storage.Originals {
		return fmt.Errorf("delete blob: %w", storage.ErrWriteOnce)
	}
	// Not synced: a blob that comes back after a power cut can be deleted again.
	if err := os.Remove(s.path(class, d)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("delete blob: %w", err)
	}
	return nil
}

// purgePrefix marks temporary files that are to be destroyed, not just removed.
const purgePrefix = "purge-"

// Purge destroys an original (G.8): it takes away the name, overwrites the bytes
// with zeros and removes the file, each made durable before the next. On flash,
// copy-on-write file systems, snapshots and backups older copies survive; those
// need the medium's own procedure. Purging again after an interruption finishes
// the work. Errors: storage.ErrNotFound.
func (s *Store) Purge(ctx context.Context, d document.Digest) error {
	if err := check(ctx, storage.Originals, d); err != nil {
		return fmt.Errorf("purge blob: %w", err)
	}
	final := s.path(storage.Originals, d)
	doomed := filepath.Join(s.temporary(), purgePrefix+d.Hex())
	err := os.Rename(final, doomed)
	if errors.Is(err, fs.ErrNotExist) {
		_, err = os.Lstat(doomed) // an earlier Purge was interrupted
	}
	if err != nil {
		return fmt.Errorf("purge blob: %w", missing(err))
	}
	if err := syncFolder(filepath.Dir(final)); err != nil {
		return fmt.Errorf("purge blob: %w", err)
	}
	if err := shred(doomed); err != nil {
		return fmt.Errorf("purge blob: %w", err)
	}
	if err := syncFolder(s.temporary()); err != nil {
		return fmt.Errorf("purge blob: %w", err)
	}
	return nil
}

// shred overwrites a file and removes it. That a sweep does the same at the same
// time is no error.
func shred(path string) error {
	err := overwrite(path)
	if err == nil {
		err = os.Remove(path)
	}
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

func overwrite(path string) error {
	if err := os.Chmod(path, 0o600); err != nil {
		return err
	}
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	defer f.Close()
	st, err := f.Stat()
	if err != nil {
		return err
	}
	if _, err := io.CopyN(f, zeros{}, st.Size()); err != nil {
		return err
	}
	return f.Sync()
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}

// SweepTemporary removes temporary files not written to for age and returns how
// many. A write under way keeps its file young; one that stalls for longer than
// age fails when it ends, and leaves nothing. An interrupted Purge is finished.
func (s *Store) SweepTemporary(ctx context.Context, age time.Duration) (int, error) {
	entries, err := os.ReadDir(s.temporary())
	if err != nil {
		return 0, fmt.Errorf("sweep temporary files: %w", err)
	}
	limit := time.Now().Add(-age)
	removed := 0
	for _, e := range entries {
		if ctx.Err() != nil {
			return removed, fmt.Errorf("sweep temporary files: %w", context.Cause(ctx))
		}
		st, err := e.Info()
		if err != nil || st.ModTime().After(limit) {
			continue // gone meanwhile, or young
		}
		remove := os.Remove
		if strings.HasPrefix(e.Name(), purgePrefix) {
			remove = shred
		}
		switch err := remove(filepath.Join(s.temporary(), e.Name())); {
		case err == nil:
			removed++
		case !errors.Is(err, fs.ErrNotExist):
			return removed, fmt.Errorf("sweep temporary files: %w", err)
		}
	}
	return removed, nil
}
