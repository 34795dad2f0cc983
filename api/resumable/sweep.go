package resumable

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/tus/tusd/v2/pkg/handler"

	"onewindow/storage"
)

// Run finishes uploads that are complete and were not received, and removes
// those that nobody continued for longer than Expiry; at once and then every so
// often, until ctx is done. Several processes may do it on one folder.
func (d *Door) Run(ctx context.Context, every time.Duration) {
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		d.Sweep(ctx)
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// Sweep goes through the folder once. What fails is logged and tried again at
// the next turn.
func (d *Door) Sweep(ctx context.Context) {
	entries, err := os.ReadDir(d.Dir)
	if err != nil {
		d.Log.Error("sweep uploads", "error", err)
		return
	}
	for _, e := range entries {
		if ctx.Err() != nil {
			return
		}
		id, isTicket := strings.CutSuffix(e.Name(), ticketExt)
		if isTicket {
			err = d.tidy(ctx, id)
		} else {
			err = d.tidyStray(e.Name())
		}
		if err != nil {
			d.Log.Warn("sweep upload", "upload", id, "error", err)
		}
	}
}

func (d *Door) tidy(ctx context.Context, id string) error {
	t, err := d.ticket(id)
	if err != nil {
		return err
	}
	_, done, err := d.settle(ctx, t)
	switch {
	case errors.Is(err, storage.ErrNotFound) || errors.Is(err, handler.ErrFileLocked):
		err = nil // no bytes yet or no more, or somebody is at it
	case err != nil:
		return err
	case done:
		if err := d.remove(id, false); err != nil {
			return err
		}
	}
	if d.Now().Sub(d.touched(id)) <= d.Expiry {
		return err
	}
	l, err := d.lock(ctx, id)
	if err != nil {
		return nil // somebody is at it after all
	}
	defer l.Unlock()
	return d.remove(id, true)
}

// touched is when an upload last grew.
func (d *Door) touched(id string) time.Time {
	for _, path := range []string{d.bytesPath(id), d.ticketPath(id)} {
		if info, err := os.Stat(path); err == nil {
			return info.ModTime()
		}
	}
	return d.Now()
}

// tidyStray removes what a crash left without a ticket, when it is old.
func (d *Door) tidyStray(name string) error {
	id := strings.TrimSuffix(name, ".info")
	if _, err := os.Stat(d.ticketPath(id)); err == nil {
		return nil
	}
	path := filepath.Join(d.Dir, name)
	info, err := os.Stat(path)
	if err != nil || info.IsDir() || d.Now().Sub(info.ModTime()) <= d.Expiry {
		return nil
	}
	return os.Remove(path)
}
