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
	"onewindow/storage"
)

// House is the folder inside the inbox that is ours.
const House = ".onewindow"

// Receiver is the one way in: *intake.Receiver.
type Receiver interface {
	Keep(ctx context.Context, s intake.Submission) (storage.BlobInfo, error)
	Admit(ctx context.Context, info storage.BlobInfo, s intake.Submission) (intake.Receipt, error)
}

// Documents tells what became of a file.
type Documents interface {
	Document(ctx context.Context, id document.ID) (document.Document, error)
	storage.Parts
}

// Watcher takes files from an inbox.
type Watcher struct {
	Inbox     string
	Receiver  Receiver
	Documents Documents
	Ledger    storage.Arrivals
	Binder    Binder
	Log       *slog.Logger
	// Quiet is how long size, mtime and ctime must rest; default 2 s.
	Quiet time.Duration
	// Every is the time between searches; default 2 s.
	Every time.Duration
	// Patience is how long a file may rest incomplete before it is taken as it
	// is, to be refused with a reason; default 5 min.
	Patience time.Duration
	// Keep is how long the ledger keeps a line after its file's way ended; 0 is for
	// ever. Counts stay.
	Keep time.Duration

	seen  map[string]sighting
	later map[string]*delay // claims to be tried again, by token
	store delay             // while the stores take nothing, new files stay where people see them
	next  time.Time         // when a file may have rested long enough
	said  map[string]string // last complaint about each thing

	inboxID string
	noted   map[string]note // what the ledger knows
	ended   time.Time       // when absent files were last ended
	absent  time.Duration   // longAbsent; shorter in tests
	pruned  time.Time       // when old lines were last dropped
	asked   time.Time       // when retries were last asked for
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
	if w.absent == 0 {
		w.absent = longAbsent
	}
	if w.seen == nil {
		w.seen, w.later, w.said, w.noted = map[string]sighting{}, map[string]*delay{}, map[string]string{}, map[string]note{}
	}
}

// Prepare makes the folders.
func (w *Watcher) Prepare() error {
	for _, dir := range []string{"claimed", "received", "done", "quarantine"} {
		if err := os.MkdirAll(w.house(dir), 0o770); err != nil {
			return fmt.Errorf("make hot folder: %w", err)
		}
	}
	return w.identify()
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
	for {
		err := w.Pass(ctx)
		if ctx.Err() == nil {
			w.complain("search hot folder", err)
		}
		timer := time.NewTimer(w.untilNext())
		select {
		case <-timer.C:
		case <-hints:
			// A hint starts the clock of a new file early; it is taken when quiet.
			sleep(ctx, w.Quiet/4)
		case <-ctx.Done():
		}
		timer.Stop()
		if ctx.Err() != nil {
			return nil
		}
	}
}

// untilNext is the time to the next search: when a file will have rested, and
// every so often in any case.
func (w *Watcher) untilNext() time.Duration {
	if w.next.IsZero() {
		return w.Every
	}
	return min(max(time.Until(w.next), 10*time.Millisecond), w.Every)
}

// complain tells of trouble once, not at every search, and of its end.
func (w *Watcher) complain(doing string, err error) {
	words := ""
	if err != nil {
		words = err.Error()
	}
	if w.said[doing] == words {
		return
	}
	w.said[doing] = words
	if err != nil {
		w.Log.Warn(doing, "error", err)
	}
}

// Pass searches once: claims left behind, what became of received files, what
// people want to be tried again, new files.
func (w *Watcher) Pass(ctx context.Context) error {
	w.defaults()
	w.next = time.Time{}
	return errors.Join(w.resume(ctx), w.settle(ctx), w.retry(ctx), w.search(ctx), w.endAbsent(ctx), w.prune(ctx))
}

// search looks at every path, tells the ledger, and takes files that rest and are
// complete.
func (w *Watcher) search(ctx context.Context) error {
	found, trouble, err := w.look(ctx)
	if err != nil {
		return err
	}
	present := make(map[string]bool, len(found))
	for _, p := range found {
		present[p.path] = true
	}
	for path := range w.seen {
		if !present[path] {
			delete(w.seen, path)
		}
	}
	for path := range w.noted {
		if !present[path] {
			delete(w.noted, path)
		}
	}
	if err := w.tell(ctx, found); err != nil {
		return errors.Join(trouble, err) // nothing is taken that the ledger does not know
	}
	for _, p := range found {
		if ctx.Err() != nil {
			break
		}
		if p.ready && !w.full() && w.unchanged(p.path) {
			w.take(ctx, p.path)
		}
	}
	return errors.Join(trouble, ctx.Err())
}

// full reports whether the stores take nothing at the moment.
func (w *Watcher) full() bool { return time.Now().Before(w.store.until) }

// unchanged reports whether a file is still as it was seen at rest.
func (w *Watcher) unchanged(path string) bool {
	info, err := os.Lstat(path)
	return err == nil && info.Mode().IsRegular() && w.seen[path].same(sightingOf(info))
}

// look walks through the inbox. One closed folder does not hide the others.
func (w *Watcher) look(ctx context.Context) (found []pathNow, trouble, err error) {
	err = filepath.WalkDir(w.Inbox, func(path string, d fs.DirEntry, err error) error {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil {
			if !errors.Is(err, fs.ErrNotExist) { // else gone between reading the folder and looking
				trouble = errors.Join(trouble, err)
			}
			return nil
		}
		if path == w.Inbox || path == w.house() {
			if path == w.house() {
				return filepath.SkipDir
			}
			return nil
		}
		p, ok := w.lookAt(path, d)
		if ok {
			found = append(found, p)
		}
		if d.IsDir() && ok {
			return filepath.SkipDir
		}
		return nil
	})
	return found, trouble, err
}

// lookAt says what a path is. ok is false for folders that are looked into, and
// for what is gone.
func (w *Watcher) lookAt(path string, d fs.DirEntry) (p pathNow, ok bool) {
	p = pathNow{path: path, outcome: storage.OutcomeIgnored}
	if d.IsDir() {
		p.why = whyHouse
		return p, ignoredFolder(d.Name())
	}
	info, err := d.Info()
	if err != nil {
		return p, false
	}
	p.size, p.mark = info.Size(), markOf(info)
	if p.why, ok = ignored(d); ok {
		return p, true
	}
	p.outcome = storage.OutcomeWaiting
	if p.ready, p.why = w.rests(path, info); p.ready && w.full() {
		p.why = whyStore
	}
	return p, true
}

// ignoredFolder reports folders that never hold documents: those of file servers
// and synchronising programs.
func ignoredFolder(name string) bool {
	switch strings.ToLower(name) {
	case "@eadir", "#recycle", "$recycle.bin", "system volume information", "lost+found", "__macosx":
		return true
	}
	return strings.HasPrefix(name, ".")
}

// ignored reports files that are never documents, and why: hidden and system
// files, unfinished copies, links and special files.
func ignored(d fs.DirEntry) (why, bool) {
	switch {
	case d.Type()&fs.ModeSymlink != 0:
		return whyLink, true
	case !d.Type().IsRegular():
		return whySpecial, true
	}
	return ignoredName(d.Name())
}

// ignoredName reports names that no document has, and why.
func ignoredName(name string) (why, bool) {
	name = strings.ToLower(name)
	switch {
	case name == "thumbs.db", name == "desktop.ini", name == ".ds_store":
		return whySystem, true
	case strings.HasPrefix(name, "~$"):
		return whyTemp, true
	case strings.HasPrefix(name, "."):
		return whyHidden, true
	}
	switch filepath.Ext(name) {
	case ".tmp", ".part", ".partial", ".crdownload", ".filepart", ".lock":
		return whyTemp, true
	}
	return why{}, false
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
		if path != w.Inbox && ignoredFolder(d.Name()) {
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
