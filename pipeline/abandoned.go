package pipeline

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

// deskPattern names the folders of desks inside the scratch folder.
const deskPattern = "onewindow-desk-"

// lockName is a file locked by the process whose desk it is; the lock ends with
// the process, however it ends.
const lockName = ".lock"

// occupy makes a folder for one desk.
func occupy(parent string) (string, *os.File, error) {
	dir, err := os.MkdirTemp(parent, deskPattern)
	if err != nil {
		return "", nil, err
	}
	lock, err := os.OpenFile(filepath.Join(dir, lockName), os.O_CREATE|os.O_RDWR, 0o600)
	if err == nil {
		err = syscall.Flock(int(lock.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	}
	if err != nil {
		return "", nil, errors.Join(err, os.RemoveAll(dir))
	}
	return dir, lock, nil
}

// clearAbandoned removes the desks of processes that were killed: copies of
// people's files must not pile up in scratch folders.
func clearAbandoned(parent string) error {
	if parent == "" {
		parent = os.TempDir()
	}
	found, err := os.ReadDir(parent)
	if err != nil {
		return fmt.Errorf("look for abandoned folders: %w", err)
	}
	for _, f := range found {
		dir := filepath.Join(parent, f.Name())
		if strings.HasPrefix(f.Name(), deskPattern) && abandoned(dir) {
			_ = os.RemoveAll(dir) // another user's stays
		}
	}
	return nil
}

// abandoned reports whether the process of a desk has ended. A folder without a
// lock file may be about to get one.
func abandoned(dir string) bool {
	lock, err := os.OpenFile(filepath.Join(dir, lockName), os.O_RDWR, 0)
	if err != nil {
		return false
	}
	defer lock.Close()
	return syscall.Flock(int(lock.Fd()), syscall.LOCK_EX|syscall.LOCK_NB) == nil
}
