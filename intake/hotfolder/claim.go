package hotfolder

import (
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"time"
)

// claim is what is written beside a claimed file before it is moved, so that
// whoever finds it after a crash knows where it came from.
type claim struct {
	Token string    `json:"token"`
	From  string    `json:"from"` // path inside the inbox
	Name  string    `json:"name"`
	At    time.Time `json:"at"`
	// Arrival is the file's in the ledger.
	Arrival string `json:"arrival,omitempty"`

	dir  string
	lock *os.File // held while somebody works on it
}

const (
	claimFile = "claim.json"
	// heldFile is the claimed file; its own name may be too long or taken.
	heldFile = "file"
)

func (c claim) held() string { return filepath.Join(c.dir, heldFile) }

// drop removes the claim once its file is somewhere else.
func (c claim) drop() { _ = os.RemoveAll(c.dir) }

// release lets others have the claim.
func (c claim) release() {
	if c.lock != nil {
		_ = c.lock.Close()
	}
}

// claim takes a file for this watcher alone, by renaming it.
func (w *Watcher) claim(path string) (claim, error) {
	from, err := filepath.Rel(w.Inbox, path)
	if err != nil {
		return claim{}, err
	}
	return w.claimFile(path, claim{Arrival: w.noted[path].id, From: filepath.ToSlash(from), Name: filepath.Base(path)})
}

// claimFile claims a file that came from c.From.
func (w *Watcher) claimFile(path string, c claim) (claim, error) {
	c.Token, c.At = rand.Text(), time.Now().UTC()
	c.dir = w.house("claimed", c.Token)
	err := os.Mkdir(c.dir, 0o770)
	if err != nil {
		return c, fmt.Errorf("make claim: %w", err)
	}
	if err = c.write(); err == nil {
		err = os.Rename(path, c.held())
	}
	if err != nil {
		c.release()
		return c, errors.Join(err, os.RemoveAll(c.dir))
	}
	return c, syncFolder(c.dir)
}

// write makes the note of the claim durable, and locked, before the file moves.
func (c *claim) write() error {
	f, err := os.OpenFile(filepath.Join(c.dir, claimFile), os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o660)
	if err != nil {
		return fmt.Errorf("write claim: %w", err)
	}
	c.lock = f
	_ = tryLock(f) // where there are no locks, the idempotency key alone decides
	if err := json.NewEncoder(f).Encode(c); err != nil {
		return fmt.Errorf("write claim: %w", err)
	}
	if err := f.Sync(); err != nil {
		return fmt.Errorf("sync claim: %w", err)
	}
	return syncFolder(c.dir)
}

// orphanAge is how old a claim without a file must be before it is removed:
// another watcher may be between making it and moving the file.
const orphanAge = time.Minute

// leftClaim opens a claim that somebody left, and locks it. ok is false when
// there is nothing to do about it now.
func (w *Watcher) leftClaim(dir string) (c claim, ok bool) {
	c = claim{Token: filepath.Base(dir), Name: filepath.Base(dir), dir: dir}
	f, err := os.OpenFile(filepath.Join(dir, claimFile), os.O_RDWR|syscall.O_NOFOLLOW, 0)
	if err == nil {
		c.lock = f
		if !tryLock(f) {
			c.release()
			return c, false // somebody is working on it
		}
		if err := json.NewDecoder(f).Decode(&c); err != nil {
			// A disk that lost the note has not lost the file.
			w.Log.Warn("claim without a readable note", "token", c.Token, "error", err)
		}
		c.Token = filepath.Base(dir)
	}
	held, err := os.Lstat(c.held())
	if err == nil && held.Mode().IsRegular() {
		return c, true
	}
	if info, err := os.Lstat(dir); errors.Is(err, fs.ErrNotExist) || err == nil && time.Since(info.ModTime()) > orphanAge {
		c.drop()
	}
	c.release()
	return c, false
}

// readClaim reads a claim's note without locking it.
func readClaim(dir string) (c claim, err error) {
	text, err := os.ReadFile(filepath.Join(dir, claimFile))
	if err == nil {
		err = json.Unmarshal(text, &c)
	}
	return c, err
}

// tryLock locks a file for this process, unless another has it. Where the file
// system knows no locks it reports true.
func tryLock(f *os.File) bool {
	err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	return !errors.Is(err, syscall.EWOULDBLOCK)
}

func syncFolder(dir string) error {
	f, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}
