package sandbox

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"golang.org/x/sys/unix"
)

// homePrefix names the folders that hold the scratch folders of one Pool each.
const homePrefix = "sandbox-"

// home is the folder of one Pool. It is locked while the Pool lives, so that the
// next one can tell what a killed process left behind and sweep it.
type home struct {
	dir  string
	lock *os.File
}

func newHome(parent string) (*home, error) {
	if err := sweep(parent); err != nil {
		return nil, fmt.Errorf("sweep scratch: %w", err)
	}
	dir, err := os.MkdirTemp(parent, homePrefix)
	if err != nil {
		return nil, fmt.Errorf("make scratch: %w", err)
	}
	lock, err := os.Open(dir)
	if err != nil {
		return nil, fmt.Errorf("open scratch: %w", err)
	}
	if err := unix.Flock(int(lock.Fd()), unix.LOCK_EX|unix.LOCK_NB); err != nil {
		return nil, fmt.Errorf("lock scratch: %w", closeAfter(err, lock))
	}
	return &home{dir: dir, lock: lock}, nil
}

// close removes the folder and gives up the lock.
func (h *home) close() error {
	return errors.Join(os.RemoveAll(h.dir), h.lock.Close())
}

// settleTime is far longer than a new folder is without its lock.
const settleTime = time.Minute

// sweep removes folders whose owner is gone.
func sweep(parent string) error {
	dirs, err := filepath.Glob(filepath.Join(parent, homePrefix+"*"))
	if err != nil {
		return err
	}
	for _, dir := range dirs {
		if err := sweepOne(dir); err != nil {
			return err
		}
	}
	return nil
}

func sweepOne(dir string) error {
	lock, err := os.OpenFile(dir, os.O_RDONLY|unix.O_DIRECTORY|unix.O_NOFOLLOW, 0)
	if err != nil {
		return nil // gone already, or not a folder of ours
	}
	defer lock.Close()
	info, err := lock.Stat()
	if err != nil || time.Since(info.ModTime()) < settleTime {
		return nil // its Pool may be about to lock it
	}
	if unix.Flock(int(lock.Fd()), unix.LOCK_EX|unix.LOCK_NB) != nil {
		return nil // its Pool lives
	}
	return os.RemoveAll(dir)
}
