package filestore

import (
	"errors"
	"fmt"
	"io/fs"
	"os"

	"golang.org/x/sys/unix"

	"onewindow/storage"
)

// full marks the errors of a file system that has no room for a file: no
// blocks, no quota, or a file larger than it can hold.
func full(err error) error {
	for _, reason := range []error{unix.ENOSPC, unix.EDQUOT, unix.EFBIG} {
		if errors.Is(err, reason) {
			return fmt.Errorf("%w: %w", storage.ErrFull, err)
		}
	}
	return err
}

func missing(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return storage.ErrNotFound // the path says nothing to the caller
	}
	return err
}

// syncFolder makes the names in a folder durable.
func syncFolder(dir string) error {
	f, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer f.Close()
	if err := f.Sync(); err != nil && !errors.Is(err, unix.EINVAL) { // some file systems cannot, and need not
		return err
	}
	return nil
}

// freeBytes is what an ordinary user may still write to the file system of dir.
func freeBytes(dir string) (int64, error) {
	var st unix.Statfs_t
	if err := unix.Statfs(dir, &st); err != nil {
		return 0, fmt.Errorf("look at free room: %w", err)
	}
	return int64(st.Bavail) * st.Bsize, nil
}
