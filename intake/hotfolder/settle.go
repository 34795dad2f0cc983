package hotfolder

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/sys/unix"

	"onewindow/document"
	"onewindow/storage"
)

// nameMark stands between a document's ID or receipt and the file's name.
const nameMark = "__"

// settle looks what became of received files: finished ones move to done, those
// that could not be used to quarantine with a reason, and of a classified one no
// copy stays here.
func (w *Watcher) settle(ctx context.Context) error {
	files, err := os.ReadDir(w.house("received"))
	if err != nil {
		return fmt.Errorf("list received files: %w", err)
	}
	for _, f := range files {
		l, ok := receivedFile(f.Name())
		if !ok {
			continue
		}
		l.path = w.house("received", f.Name())
		doc, err := w.Documents.Document(ctx, l.document)
		if errors.Is(err, storage.ErrNotFound) { // the records were restored from before
			err = w.quarantine(ctx, l.path, l.name, l.token, document.Refuse(document.CodeInternal,
				"系统中没有这份文件的收件记录。请重新放入热文件夹。", "no record of the file"), storage.ArrivalOutcome{Outcome: storage.OutcomeRefused})
			w.complain("quarantine file", err)
			continue
		}
		if err != nil {
			return fmt.Errorf("look for received file: %w", err)
		}
		if err := w.settleOne(ctx, l, doc); err != nil {
			w.complain("settle received file", err)
		}
	}
	return nil
}

// left is a received file: <document>__<claim>__<name>.
type left struct {
	path, token, name string
	document          document.ID
}

// receivedFile reads a received file's name; claims were not part of it once.
func receivedFile(file string) (l left, ok bool) {
	id, rest, ok := strings.Cut(file, nameMark)
	l.document, l.name = document.ID(id), rest
	if token, name, found := strings.Cut(rest, nameMark); found && isToken(token) {
		l.token, l.name = token, name
	}
	return l, ok
}

// isToken reports what a claim's token looks like (crypto/rand.Text).
func isToken(s string) bool {
	return len(s) == 26 && strings.Trim(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567") == ""
}

func (w *Watcher) settleOne(ctx context.Context, l left, doc document.Document) error {
	named := string(doc.Receipt) + nameMark + l.name
	o := storage.ArrivalOutcome{Outcome: storage.OutcomeQuarantined, Document: doc.ID, Receipt: doc.Receipt}
	switch doc.State {
	case document.StateRefused, document.StateFailed:
		r := doc.Refusal
		if r == nil {
			r = document.Refuse(document.CodeInternal, "处理失败，请重新放入或联系管理员。", "failed without a refusal")
		}
		return w.quarantine(ctx, l.path, named, l.token, r, o)
	case document.StateQuarantined, document.StatePurged:
		o.Outcome, o.Code = storage.OutcomeReceived, storage.CodeScreened
		if err := w.settled(ctx, l.token, o); err != nil {
			return err
		}
		if err := os.Remove(l.path); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("remove classified file: %w", err)
		}
	case document.StateSplit:
		if ready, err := w.partsScreened(ctx, doc.ID); !ready || err != nil {
			return err
		}
		return w.putAway(l.path, named)
	case document.StateDone, document.StateNeedsReview, document.StateRejected, document.StateCancelled:
		return w.putAway(l.path, named)
	}
	return nil
}

// putAway moves a finished file to the folder of the day.
func (w *Watcher) putAway(path, name string) error {
	day := w.house("done", w.today())
	err := os.MkdirAll(day, 0o770)
	if err == nil {
		err = moveFree(path, day, name)
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("move finished file: %w", err)
	}
	return nil
}

// partsScreened reports whether every part of a batch has been looked through for
// markings of secrecy, and the batch was not quarantined for one of them: of a
// classified paper no copy may stay here (G.8).
func (w *Watcher) partsScreened(ctx context.Context, batch document.ID) (bool, error) {
	parts, err := w.Documents.PartsOf(ctx, batch)
	if err != nil {
		return false, err
	}
	for _, p := range parts {
		if !p.State.Final() && p.State != document.StateNeedsReview {
			return false, nil
		}
	}
	now, err := w.Documents.Document(ctx, batch)
	return now.State == document.StateSplit, err
}

func (w *Watcher) today() string { return time.Now().In(shanghai).Format("20060102") }

var shanghai = time.FixedZone("Asia/Shanghai", 8*60*60)

// quarantine keeps a file that could not be used, with the reason beside it, and
// tells the ledger first: after a crash in between it is done again. One call or
// dropping the file into the inbox again is all that is needed.
func (w *Watcher) quarantine(ctx context.Context, path, name, token string, r *document.Refusal, o storage.ArrivalOutcome) error {
	to := freeName(w.house("quarantine"), name)
	for {
		wanted := to
		o.Code, o.Reason, o.Held = string(r.Code), r.Message, filepath.Base(to)
		held, err := w.Ledger.SettleArrival(ctx, token, o)
		if err != nil {
			return err
		}
		to = w.house("quarantine", held)
		if to != wanted && sameSize(path, to) { // moved before, by a process that ended; this copy was made again
			if err := os.Remove(path); err != nil {
				return fmt.Errorf("quarantine file: %w", err)
			}
			break
		}
		err = renameFree(path, to)
		if errors.Is(err, fs.ErrNotExist) { // another watcher did it
			return nil
		}
		if err == nil {
			break
		}
		if !errors.Is(err, fs.ErrExist) {
			return fmt.Errorf("quarantine file: %w", err)
		}
		to, o.Fresh = freeName(w.house("quarantine"), name), true
	}
	text := fmt.Sprintf("%s\n\n代码：%s\n时间：%s\n处理后请把文件重新放入热文件夹，或在热文件夹页面点“重试”。\n", r.Message, r.Code,
		time.Now().In(shanghai).Format("2006-01-02 15:04:05"))
	if err := os.WriteFile(to+reasonMark, []byte(text), 0o660); err != nil {
		w.complain("write reason", err)
	}
	return nil
}

// renameFree renames a file and takes no other file's place, where the file
// system can do that in one step.
func renameFree(from, to string) error {
	err := unix.Renameat2(unix.AT_FDCWD, from, unix.AT_FDCWD, to, unix.RENAME_NOREPLACE)
	if errors.Is(err, unix.ENOSYS) || errors.Is(err, unix.EINVAL) || errors.Is(err, unix.ENOTSUP) {
		return os.Rename(from, to)
	}
	return err
}

// reasonMark follows a quarantined file's name in the name of its reason.
const reasonMark = ".原因.txt"

func moveFree(path, dir, name string) error { return os.Rename(path, freeName(dir, name)) }

// freeName is a path in dir for a file of that name which takes no other file's
// place.
func freeName(dir, name string) string {
	name = shortName(name)
	to := filepath.Join(dir, name)
	for n := 2; exists(to); n++ {
		to = filepath.Join(dir, fmt.Sprintf("%s-%d%s", strings.TrimSuffix(name, filepath.Ext(name)), n, filepath.Ext(name)))
	}
	return to
}

// longestName leaves room for a number and the name of the reason in the 255
// bytes that a file's name may have.
const longestName = 220

// shortName cuts a long name in its middle part: what stands before (the ID) and
// behind (the extension) is needed.
func shortName(name string) string {
	ext := filepath.Ext(name)
	if len(ext) > 20 {
		ext = ""
	}
	stem := strings.ToValidUTF8(strings.TrimSuffix(name, ext), "_")
	for len(stem)+len(ext) > longestName {
		_, size := utf8.DecodeLastRuneInString(stem)
		stem = stem[:len(stem)-size]
	}
	return stem + strings.ToValidUTF8(ext, "_")
}

// sameSize reports whether two files are there and as long as each other.
func sameSize(a, b string) bool {
	one, err := os.Lstat(a)
	if err != nil {
		return false
	}
	two, err := os.Lstat(b)
	return err == nil && one.Size() == two.Size()
}

func exists(path string) bool {
	_, err := os.Lstat(path)
	return err == nil
}
