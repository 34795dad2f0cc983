package hotfolder

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"onewindow/document"
	"onewindow/intake"
	"onewindow/storage"
)

// claim is what is written beside a claimed file before it is moved, so that
// whoever finds it after a crash knows where it came from.
type claim struct {
	Token string    `json:"token"`
	From  string    `json:"from"` // path inside the inbox
	Name  string    `json:"name"`
	At    time.Time `json:"at"`
}

const claimFile = "claim.json"

// take claims a file by renaming it and receives it.
func (w *Watcher) take(ctx context.Context, path string) {
	c, dir, err := w.claim(path)
	if err != nil {
		if !errors.Is(err, fs.ErrNotExist) { // else another watcher was faster
			w.Log.Warn("claim file", "error", err)
		}
		return
	}
	delete(w.seen, path)
	w.receive(ctx, c, dir)
}

func (w *Watcher) claim(path string) (claim, string, error) {
	from, err := filepath.Rel(w.Inbox, path)
	if err != nil {
		return claim{}, "", err
	}
	c := claim{Token: rand.Text(), From: filepath.ToSlash(from), Name: filepath.Base(path), At: time.Now().UTC()}
	dir := w.house("claimed", c.Token)
	if err := os.Mkdir(dir, 0o770); err != nil {
		return c, dir, fmt.Errorf("make claim: %w", err)
	}
	if err := writeSynced(filepath.Join(dir, claimFile), c); err != nil {
		return c, dir, errors.Join(err, os.RemoveAll(dir))
	}
	if err := os.Rename(path, filepath.Join(dir, heldName(c))); err != nil {
		return c, dir, errors.Join(err, os.RemoveAll(dir))
	}
	return c, dir, syncFolder(dir)
}

// heldName keeps a file from taking the claim's own name.
func heldName(c claim) string { return "file-" + c.Name }

// resume goes on with claims that a crash or a full disk left behind.
func (w *Watcher) resume(ctx context.Context) error {
	dirs, err := os.ReadDir(w.house("claimed"))
	if err != nil {
		return fmt.Errorf("list claims: %w", err)
	}
	for _, d := range dirs {
		if ctx.Err() != nil {
			return nil
		}
		w.resumeOne(ctx, w.house("claimed", d.Name()))
	}
	return nil
}

// orphanAge is how old a claim without a file must be before it is removed:
// another watcher may be between making it and moving the file.
const orphanAge = time.Minute

func (w *Watcher) resumeOne(ctx context.Context, dir string) {
	var c claim
	b, err := os.ReadFile(filepath.Join(dir, claimFile))
	if err != nil || json.Unmarshal(b, &c) != nil {
		return
	}
	held, err := os.Stat(filepath.Join(dir, heldName(c)))
	if errors.Is(err, fs.ErrNotExist) {
		if time.Since(c.At) > orphanAge {
			_ = os.RemoveAll(dir)
		}
		return
	}
	if err == nil && held.Mode().IsRegular() {
		w.receive(ctx, c, dir)
	}
}

// receive brings a claimed file in under its token: after a crash the same token
// finds the document that was already made.
func (w *Watcher) receive(ctx context.Context, c claim, dir string) {
	path := filepath.Join(dir, heldName(c))
	f, err := os.Open(path)
	if err != nil {
		w.Log.Warn("open claimed file", "error", err)
		return
	}
	defer f.Close()
	receipt, err := w.Receiver.Receive(ctx, intake.Submission{
		Body: f, Filename: c.Name, Origin: w.Binder.Bind(c.From), IdempotencyKey: "hotfolder:" + c.Token,
	})
	if r, ok := document.AsRefusal(err); ok {
		w.quarantine(path, c.Name, r)
		_ = os.RemoveAll(dir)
		return
	}
	if err != nil {
		if ctx.Err() == nil && !errors.Is(err, storage.ErrFull) {
			w.Log.Warn("receive claimed file", "error", err)
		}
		return // it stays claimed and is tried again
	}
	w.Log.Info("file received", "document", receipt.Document, "receipt", receipt.Number)
	if err := os.Rename(path, w.house("received", string(receipt.Document)+nameMark+c.Name)); err != nil {
		w.Log.Warn("move received file", "document", receipt.Document, "error", err)
		return
	}
	_ = os.RemoveAll(dir)
}

// nameMark stands between a document's ID and the file's name.
const nameMark = "__"

func writeSynced(path string, v any) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o660)
	if err != nil {
		return fmt.Errorf("write claim: %w", err)
	}
	err = json.NewEncoder(f).Encode(v)
	if err == nil {
		err = f.Sync()
	}
	return errors.Join(err, f.Close())
}

func syncFolder(dir string) error {
	f, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

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
		doc, err := w.Documents.Document(ctx, document.ID(id))
		if err != nil {
			return err
		}
		w.settleOne(w.house("received", f.Name()), name, doc)
	}
	return nil
}

func (w *Watcher) settleOne(path, name string, doc document.Document) {
	switch doc.State {
	case document.StateRefused, document.StateFailed:
		r := doc.Refusal
		if r == nil {
			r = document.Refuse(document.CodeInternal, "处理失败，请重新放入或联系管理员。", "failed without a refusal")
		}
		w.quarantine(path, string(doc.Receipt)+nameMark+name, r)
	case document.StateQuarantined:
		_ = os.Remove(path)
	case document.StateDone, document.StateNeedsReview, document.StateRejected, document.StateCancelled:
		day := w.house("done", time.Now().In(shanghai).Format("20060102"))
		if err := os.MkdirAll(day, 0o770); err != nil {
			return
		}
		_ = os.Rename(path, filepath.Join(day, string(doc.Receipt)+nameMark+name))
	}
}

var shanghai = time.FixedZone("Asia/Shanghai", 8*60*60)

// quarantine keeps a file that could not be used, with the reason beside it.
// Dropping a repaired file into the inbox again is all that is needed.
func (w *Watcher) quarantine(path, name string, r *document.Refusal) {
	to := w.house("quarantine", name)
	for n := 2; exists(to); n++ {
		to = w.house("quarantine", fmt.Sprintf("%d-%s", n, name))
	}
	if err := os.Rename(path, to); err != nil {
		w.Log.Warn("quarantine file", "error", err)
		return
	}
	text := fmt.Sprintf("%s\n\n代码：%s\n时间：%s\n处理后请把文件重新放入热文件夹。\n", r.Message, r.Code,
		time.Now().In(shanghai).Format("2006-01-02 15:04:05"))
	if err := os.WriteFile(to+".原因.txt", []byte(text), 0o660); err != nil {
		w.Log.Warn("write reason", "error", err)
	}
}

func exists(path string) bool {
	_, err := os.Lstat(path)
	return err == nil
}
