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
		id, name, found := strings.Cut(f.Name(), nameMark)
		if !found {
			continue
		}
		path := w.house("received", f.Name())
		doc, err := w.Documents.Document(ctx, document.ID(id))
		if errors.Is(err, storage.ErrNotFound) { // the records were restored from before
			w.quarantine(path, name, document.Refuse(document.CodeInternal,
				"系统中没有这份文件的收件记录。请重新放入热文件夹。", "no record of the file"))
			continue
		}
		if err != nil {
			return fmt.Errorf("look for received file: %w", err)
		}
		w.settleOne(path, name, doc)
	}
	return nil
}

func (w *Watcher) settleOne(path, name string, doc document.Document) {
	named := string(doc.Receipt) + nameMark + name
	switch doc.State {
	case document.StateRefused, document.StateFailed:
		r := doc.Refusal
		if r == nil {
			r = document.Refuse(document.CodeInternal, "处理失败，请重新放入或联系管理员。", "failed without a refusal")
		}
		w.quarantine(path, named, r)
	case document.StateQuarantined, document.StatePurged:
		if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
			w.complain("remove classified file", err)
		}
	case document.StateDone, document.StateNeedsReview, document.StateRejected, document.StateCancelled:
		day := w.house("done", time.Now().In(shanghai).Format("20060102"))
		err := os.MkdirAll(day, 0o770)
		if err == nil {
			err = moveFree(path, day, named)
		}
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			w.complain("move finished file", err)
		}
	}
}

var shanghai = time.FixedZone("Asia/Shanghai", 8*60*60)

// quarantine keeps a file that could not be used, with the reason beside it.
// Dropping it into the inbox again is all that is needed.
func (w *Watcher) quarantine(path, name string, r *document.Refusal) {
	to := freeName(w.house("quarantine"), name)
	if err := os.Rename(path, to); err != nil {
		if !errors.Is(err, fs.ErrNotExist) { // else another watcher did it
			w.complain("quarantine file", err)
		}
		return
	}
	text := fmt.Sprintf("%s\n\n代码：%s\n时间：%s\n处理后请把文件重新放入热文件夹。\n", r.Message, r.Code,
		time.Now().In(shanghai).Format("2006-01-02 15:04:05"))
	if err := os.WriteFile(to+reasonMark, []byte(text), 0o660); err != nil {
		w.complain("write reason", err)
	}
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

func exists(path string) bool {
	_, err := os.Lstat(path)
	return err == nil
}
