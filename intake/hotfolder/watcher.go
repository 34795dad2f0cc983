package hotfolder

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/fsnotify/fsnotify"

	"onewindow/document"
	"onewindow/intake"
)

// House is the folder inside the inbox that is ours.
const House = ".onewindow"

// Receiver is the one way in.
type Receiver interface {
	Receive(ctx context.Context, s intake.Submission) (intake.Receipt, error)
}

// Documents tells what became of a file.
type Documents interface {
	Document(ctx context.Context, id document.ID) (document.Document, error)
}

// Watcher takes files from an inbox.
type Watcher struct {
	Inbox     string
	Receiver  Receiver
	Documents Documents
	Binder    Binder
	Log       *slog.Logger
	// Quiet is how long size, mtime and ctime must rest; default 2 s.
	Quiet time.Duration
	// Every is the time between searches; default 2 s.
	Every time.Duration
	// Patience is how long a file may rest incomplete before it is taken as it
	// is, to be refused with a reason; default 5 min.
	Patience time.Duration

	seen map[string]sighting
}

func (w *Watcher) defaults() {
	if w.Quiet == 0 {
		w.Quiet = 2 * time.Second
	}
	if w.Every == 0 {
		w.Every = 2 * time.Second
	}
	if w.Patience == 0 {
		w.Patience = 5 * time.Minute
	}
	if w.seen == nil {
		w.seen = map[string]sighting{}
	}
}

// Prepare makes the folders.
func (w *Watcher) Prepare() error {
	for _, dir := range []string{"claimed", "received", "done", "quarantine"} {
		if err := os.MkdirAll(w.house(dir), 0o770); err != nil {
			return fmt.Errorf("make hot folder: %w", err)
		}
	}
	return nil
}

func (w *Watcher) house(parts ...string) string {
	return filepath.Join(append([]string{w.Inbox, House}, parts...)...)
}

// Run watches until ctx ends. Files that were there before, and claims that a
// crash left behind, are treated by the same rules.
func (w *Watcher) Run(ctx context.Context) error {
	w.defaults()
	if err := w.Prepare(); err != nil {
		return err
	}
	hints := w.hints(ctx)
	tick := time.NewTicker(w.Every)
	defer tick.Stop()
	for {
		if err := w.Pass(ctx); err != nil && ctx.Err() == nil {
			w.Log.Warn("search hot folder", "error", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		case <-hints:
			// A hint starts the clock of a new file early; it is taken when quiet.
			sleep(ctx, w.Quiet/4)
		}
	}
}

// Pass searches once: claims left behind, what became of received files, new files.
func (w *Watcher) Pass(ctx context.Context) error {
	w.defaults()
	return errors.Join(w.resume(ctx), w.settle(ctx), w.search(ctx))
}

// search looks at every file and takes those that rest and are complete.
func (w *Watcher) search(ctx context.Context) error {
	present := map[string]bool{}
	err := filepath.WalkDir(w.Inbox, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			if errors.Is(err, fs.ErrNotExist) {
				return nil // gone between reading the folder and looking
			}
			return err
		}
		if d.IsDir() {
			if d.Name() == House {
				return filepath.SkipDir
			}
			return ctx.Err()
		}
		if ignored(d) {
			return nil
		}
		present[path] = true
		if w.rests(path) {
			w.take(ctx, path)
		}
		return ctx.Err()
	})
	for path := range w.seen {
		if !present[path] {
			delete(w.seen, path)
		}
	}
	return err
}

// ignored reports files that are never documents: hidden and system files,
// unfinished copies, links and special files.
func ignored(d fs.DirEntry) bool {
	name := strings.ToLower(d.Name())
	if !d.Type().IsRegular() || strings.HasPrefix(name, ".") || strings.HasPrefix(name, "~$") {
		return true
	}
	switch name {
	case "thumbs.db", "desktop.ini":
		return true
	}
	switch filepath.Ext(name) {
	case ".tmp", ".part", ".partial", ".crdownload", ".filepart", ".lock":
		return true
	}
	return false
}

// hints gives a sign when something happens in the inbox. Where the file system
// tells nothing (network shares) the periodic search alone does the work.
func (w *Watcher) hints(ctx context.Context) <-chan struct{} {
	out := make(chan struct{}, 1)
	n, err := fsnotify.NewWatcher()
	if err != nil {
		w.Log.Warn("hot folder without events, searching periodically", "error", err)
		return out
	}
	w.addFolders(n, w.Inbox)
	go func() {
		defer n.Close()
		for {
			select {
			case <-ctx.Done():
				return
			case e, ok := <-n.Events:
				if !ok {
					return
				}
				if e.Has(fsnotify.Create) {
					w.addFolders(n, e.Name)
				}
				select {
				case out <- struct{}{}:
				default:
				}
			case <-n.Errors: // overflow: the periodic search will see it
			}
		}
	}()
	return out
}

func (w *Watcher) addFolders(n *fsnotify.Watcher, root string) {
	_ = filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.IsDir() {
			return nil
		}
		if d.Name() == House {
			return filepath.SkipDir
		}
		_ = n.Add(path) // without a hint the search still comes
		return nil
	})
}

func sleep(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
	case <-t.C:
	}
}
