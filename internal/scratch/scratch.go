// Package scratch makes folders for copies of people's files that do not outlive
// their process: each holds a lock that ends with it, however it ends, and whoever
// comes later clears what is not locked any more.
package scratch

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

// lockName is a file locked by the process whose folder it is.
const lockName = ".lock"

// Folder is a folder in use.
type Folder struct {
	Path string
	lock *os.File
}

// Open makes a folder under parent ("" is the system's) whose name begins with prefix.
func Open(parent, prefix string) (*Folder, error) {
	dir, err := os.MkdirTemp(parent, prefix)
	if err != nil {
		return nil, fmt.Errorf("make scratch folder: %w", err)
	}
	lock, err := os.OpenFile(filepath.Join(dir, lockName), os.O_CREATE|os.O_RDWR, 0o600)
	if err == nil {
		err = syscall.Flock(int(lock.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("lock scratch folder: %w", err), os.RemoveAll(dir))
	}
	return &Folder{Path: dir, lock: lock}, nil
}

// Close removes the folder with all that is in it.
func (f *Folder) Close() error { return errors.Join(os.RemoveAll(f.Path), f.lock.Close()) }

// Clear removes the folders under parent whose names begin with prefix and whose
// processes were killed.
func Clear(parent, prefix string) error {
	if parent == "" {
		parent = os.TempDir()
	}
	found, err := os.ReadDir(parent)
	if err != nil {
		return fmt.Errorf("look for abandoned folders: %w", err)
	}
	for _, f := range found {
		dir := filepath.Join(parent, f.Name())
		if strings.HasPrefix(f.Name(), prefix) && abandoned(dir) {
			_ = os.RemoveAll(dir) // another user's stays
		}
	}
	return nil
}

// abandoned reports whether the process of a folder has ended. A folder without a
// lock file may be about to get one.
func abandoned(dir string) bool {
	lock, err := os.OpenFile(filepath.Join(dir, lockName), os.O_RDWR, 0)
	if err != nil {
		return false
	}
	defer lock.Close()
	return syscall.Flock(int(lock.Fd()), syscall.LOCK_EX|syscall.LOCK_NB) == nil
}
