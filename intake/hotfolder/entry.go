package hotfolder

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"strings"

	"onewindow/document"
	"onewindow/internal/archive"
	"onewindow/storage"
)

// place says what a file belongs to, one that came out of an archive included.
func (w *Watcher) place(ctx context.Context, from string) (document.Origin, error) {
	if whole, entry, packed := strings.Cut(from, inArchive); packed {
		return w.Binder.PlaceEntry(ctx, whole, entry)
	}
	return w.Binder.Place(ctx, from)
}

// holdEntry puts a file of an archive that the door would not have into quarantine
// by itself, so that it is retried like any other when the limit allows it. What
// cannot be taken out of the archive, or finds no room, is refused inside it.
func (w *Watcher) holdEntry(ctx context.Context, c claim, e archive.Entry, token string, r *document.Refusal) error {
	lone := filepath.Join(c.dir, "entry")
	if err := takeOut(e, lone); err != nil {
		_ = os.Remove(lone)
		w.complain("take file out of an archive", err)
		return w.settled(ctx, token, storage.ArrivalOutcome{Outcome: storage.OutcomeRefused, Code: string(r.Code), Reason: r.Message})
	}
	return w.quarantine(ctx, lone, path.Base(e.Name), token, r, storage.ArrivalOutcome{Outcome: storage.OutcomeRefused})
}

// takeOut writes a file of an archive to a path of its own.
func takeOut(e archive.Entry, to string) (err error) {
	r, err := e.Open()
	if err != nil {
		return err
	}
	defer r.Close()
	f, err := os.OpenFile(to, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o660)
	if err != nil {
		return fmt.Errorf("take out entry: %w", err)
	}
	_, err = io.Copy(f, r)
	if err == nil {
		err = f.Sync()
	}
	return errors.Join(err, f.Close())
}
