package resumable

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"time"

	"github.com/tus/tusd/v2/pkg/handler"
	"golang.org/x/sys/unix"
)

// locker lets one request at a time at an upload. Within a process a newcomer
// asks the holder to let go (a client that comes back over a new line must not
// wait for its dead one); between processes the kernel keeps a lock on the
// ticket, which it opens when a process dies. Locks that name a process by its
// number would not do: in containers all of them are number one.
type locker struct {
	door *Door
	near handler.Locker
}

func (l *locker) NewLock(id string) (handler.Lock, error) {
	near, err := l.near.NewLock(id)
	return &lock{near: near, path: l.door.ticketPath(id)}, err
}

type lock struct {
	near handler.Lock
	path string
	file *os.File
}

const lockEvery = 100 * time.Millisecond

// Lock waits until ctx is done. Errors: handler.ErrFileLocked, ErrNotFound.
func (l *lock) Lock(ctx context.Context, letGo func()) error {
	if err := l.near.Lock(ctx, letGo); err != nil {
		return handler.ErrFileLocked
	}
	err := l.far(ctx)
	if err != nil {
		_ = l.near.Unlock() // it never fails
	}
	return err
}

func (l *lock) far(ctx context.Context) error {
	f, err := os.Open(l.path)
	if errors.Is(err, fs.ErrNotExist) {
		return handler.ErrNotFound
	}
	if err != nil {
		return err
	}
	for {
		if err = unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB); err == nil {
			l.file = f
			return nil
		}
		if !errors.Is(err, unix.EWOULDBLOCK) && !errors.Is(err, unix.EINTR) {
			f.Close()
			return err
		}
		select {
		case <-ctx.Done():
			f.Close()
			return handler.ErrFileLocked
		case <-time.After(lockEvery):
		}
	}
}

func (l *lock) Unlock() error {
	return errors.Join(l.file.Close(), l.near.Unlock())
}
