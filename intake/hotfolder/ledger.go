package hotfolder

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"onewindow/storage"
)

// why is a reason an arrival has no better outcome yet, for programs and people.
type why struct{ code, text string }

var (
	whyWriting    = why{"writing", "文件还在变化，静止后收取"}
	whyIncomplete = why{"incomplete", "文件还不完整（扫描未结束，或复制中断）"}
	whyClosed     = why{"closed", "文件无法打开，请检查权限"}
	whyStore      = why{"store", "存储暂时不可用或已满，恢复后收取"}

	whyHidden  = why{"hidden", "隐藏文件"}
	whyTemp    = why{"temporary", "办公软件或复制程序的临时文件"}
	whySystem  = why{"system", "操作系统的文件"}
	whyLink    = why{"link", "链接，不跟随"}
	whySpecial = why{"special", "管道、设备等特殊文件"}
	whyHouse   = why{"system_folder", "系统或同步程序的文件夹，其中的文件都不收取"}
)

// note is what the ledger knows of a path that lies in the inbox.
type note struct {
	id      string
	outcome storage.Outcome
	why     why
	at      time.Time
}

const (
	// noteAgain is how often the ledger hears that a file still waits.
	noteAgain = 30 * time.Second
	// longAbsent is how long nobody saw a waiting file when it counts as taken
	// away. Watchers on other machines see the same folder: one that was just
	// started must have had its first look.
	longAbsent = 3 * time.Minute
)

// pathNow is a path as a search found it.
type pathNow struct {
	path    string
	outcome storage.Outcome
	why     why
	size    int64
	mark    string
	ready   bool // to be taken
}

// arrival is a path of the inbox as the ledger names it.
func (w *Watcher) arrival(path string) storage.Arrival {
	inside, err := filepath.Rel(w.Inbox, path)
	if err != nil {
		inside = path
	}
	inside = filepath.ToSlash(inside)
	o := w.Binder.Bind(inside)
	return storage.Arrival{Inbox: w.inboxID, Path: inside, Hall: o.Hall, Window: o.Window}
}

// markOf is what a file keeps when it is renamed, and loses when it is saved again.
func markOf(info os.FileInfo) string {
	return fmt.Sprintf("%d@%d", info.Size(), info.ModTime().UnixNano())
}

// tell brings what is new of the paths found into the ledger, before any of them
// is touched.
func (w *Watcher) tell(ctx context.Context, found []pathNow) error {
	var fresh []storage.Arrival
	var of []pathNow
	for _, p := range found {
		old, known := w.noted[p.path]
		stale := p.outcome == storage.OutcomeWaiting && time.Since(old.at) > min(noteAgain, w.absent/4)
		if known && old.outcome == p.outcome && old.why == p.why && !stale {
			continue
		}
		if info, err := os.Lstat(p.path); err != nil || !info.IsDir() && markOf(info) != p.mark {
			continue // another watcher has it, or somebody writes to it: the next search tells
		}
		a := w.arrival(p.path)
		a.Outcome, a.Code, a.Reason, a.Size, a.Mark = p.outcome, p.why.code, p.why.text, p.size, p.mark
		fresh, of = append(fresh, a), append(of, p)
	}
	if len(fresh) == 0 {
		return nil
	}
	ids, err := w.Ledger.NoteArrivals(ctx, fresh)
	if err != nil {
		return fmt.Errorf("note files in the ledger: %w", err)
	}
	for i, p := range of {
		w.noted[p.path] = note{ids[i], p.outcome, p.why, time.Now()}
	}
	return nil
}

// settled tells the ledger what became of a claim's file.
func (w *Watcher) settled(ctx context.Context, token string, o storage.ArrivalOutcome) error {
	_, err := w.Ledger.SettleArrival(ctx, token, o)
	return err
}

// endAbsent ends arrivals that were taken away by people, now and then.
func (w *Watcher) endAbsent(ctx context.Context) error {
	if time.Since(w.ended) < min(noteAgain, w.absent) {
		return nil
	}
	w.ended = time.Now()
	return w.Ledger.EndAbsent(ctx, w.inboxID, w.absent)
}

// retry takes files in again that a person asked for: from quarantine straight
// into a claim, so that nobody has to move files about.
func (w *Watcher) retry(ctx context.Context) error {
	if time.Since(w.asked) < w.Every {
		return nil
	}
	w.asked = time.Now()
	wanted, err := w.Ledger.RetriesWanted(ctx, w.inboxID)
	if err != nil {
		return err
	}
	for _, a := range wanted {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		w.retryOne(ctx, a)
	}
	return nil
}

func (w *Watcher) retryOne(ctx context.Context, a storage.Arrival) {
	held := w.house("quarantine", filepath.Base(a.Held))
	c, err := w.claimFile(held, claim{Arrival: a.ID, From: a.Path, Name: filepath.Base(a.Path)})
	if errors.Is(err, fs.ErrNotExist) {
		w.complain("retry file", w.endRetry(ctx, a))
		return
	}
	if err != nil {
		w.complain("retry file", err)
		return
	}
	defer c.release()
	_ = os.Remove(held + reasonMark)
	_ = w.try(ctx, c) // told and put off
}

// endRetry ends the arrival of a file that is not in quarantine any more, unless
// another watcher was faster.
func (w *Watcher) endRetry(ctx context.Context, a storage.Arrival) error {
	if held, err := w.claimHolds(a.ID); held || err != nil {
		return err // that watcher is between the move and the ledger
	}
	now, err := w.Ledger.RetriesWanted(ctx, w.inboxID)
	if err != nil {
		return err
	}
	for _, other := range now {
		if other.ID != a.ID {
			continue
		}
		token := rand.Text()
		if err := w.Ledger.ClaimArrival(ctx, a, token); err != nil {
			return err
		}
		return w.settled(ctx, token, storage.ArrivalOutcome{Outcome: storage.OutcomeRemoved, Code: "removed", Reason: "文件已不在隔离文件夹中"})
	}
	return nil
}

// claimHolds reports whether a claim of the inbox is about an arrival.
func (w *Watcher) claimHolds(arrival string) (bool, error) {
	dirs, err := os.ReadDir(w.house("claimed"))
	if err != nil {
		return false, err
	}
	for _, d := range dirs {
		if c, err := readClaim(w.house("claimed", d.Name())); err == nil && c.Arrival == arrival {
			return true, nil
		}
	}
	return false, nil
}

// identify reads the folder's own ID, or gives it one: watchers on several
// machines know the same folder by different paths.
func (w *Watcher) identify() error {
	if w.inboxID != "" {
		return nil
	}
	dir := w.house("id")
	err := os.Mkdir(dir, 0o770)
	if err == nil {
		err = os.Mkdir(filepath.Join(dir, rand.Text()), 0o770)
	}
	if err != nil && !errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("name hot folder: %w", err)
	}
	for end := time.Now().Add(2 * time.Second); ; time.Sleep(10 * time.Millisecond) {
		names, err := os.ReadDir(dir)
		if err != nil {
			return fmt.Errorf("name hot folder: %w", err)
		}
		if len(names) > 0 { // sorted: all choose the same
			w.inboxID = names[0].Name()
			return nil
		}
		if time.Now().After(end) { // who began it died
			if err := os.Mkdir(filepath.Join(dir, rand.Text()), 0o770); err != nil {
				return fmt.Errorf("name hot folder: %w", err)
			}
		}
	}
}
