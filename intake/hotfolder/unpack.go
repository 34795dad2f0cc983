package hotfolder

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"

	"onewindow/document"
	"onewindow/intake"
	"onewindow/internal/archive"
	"onewindow/storage"
)

// inArchive stands between an archive's path and its entry's in the ledger.
const inArchive = "!/"

// unpack receives each file of an archive as a document of its own. packed is
// false when the claimed file is none. Doing it again after a crash finds what was
// received before. Errors are the stores', so that the archive is tried again.
func (w *Watcher) unpack(ctx context.Context, c claim) (packed bool, err error) {
	if !strings.EqualFold(filepath.Ext(c.Name), ".zip") {
		return false, nil
	}
	f, err := openRegular(c.held())
	if err != nil {
		return false, fmt.Errorf("open claimed file: %w: %w", errLocal, err)
	}
	defer f.Close()
	before, err := f.Stat()
	if err != nil {
		return false, fmt.Errorf("stat claimed file: %w: %w", errLocal, err)
	}
	entries, packed, err := archive.Open(f, before.Size(), archive.DefaultLimits())
	if err != nil || !packed {
		return packed, err
	}
	var sum tally
	for i, e := range entries {
		if ctx.Err() != nil {
			return true, ctx.Err()
		}
		outcome, err := w.receiveEntry(ctx, c, e, fmt.Sprintf("%s-%d", c.Token, i))
		if err != nil {
			return true, err
		}
		sum.add(outcome)
	}
	after, err := f.Stat()
	if err != nil || !sightingOf(before).same(sightingOf(after)) {
		return true, errStillWritten
	}
	if sum.kept+sum.known+sum.refused == 0 {
		return true, document.Refuse(document.CodeEmpty, "压缩包里没有可以收取的文件。", "no files in the archive")
	}
	return true, w.settleArchive(ctx, c, sum)
}

// tally counts what became of an archive's entries.
type tally struct{ kept, known, refused, ignored int }

func (t *tally) add(o storage.Outcome) {
	switch o {
	case storage.OutcomeReceived:
		t.kept++
	case storage.OutcomeDuplicate:
		t.known++
	case storage.OutcomeRefused:
		t.refused++
	default:
		t.ignored++
	}
}

func (t tally) text() string {
	words := fmt.Sprintf("拆出 %d 个文件，收取 %d 个", t.kept+t.known+t.refused+t.ignored, t.kept)
	for _, part := range []struct {
		n    int
		text string
	}{{t.known, "重复"}, {t.refused, "拒收"}, {t.ignored, "忽略"}} {
		if part.n > 0 {
			words += fmt.Sprintf("，%s %d 个", part.text, part.n)
		}
	}
	return words
}

// settleArchive puts an archive away whose entries all have their outcome.
func (w *Watcher) settleArchive(ctx context.Context, c claim, sum tally) error {
	o := storage.ArrivalOutcome{Outcome: storage.OutcomeUnpacked, Code: "unpacked", Reason: sum.text()}
	if err := w.settled(ctx, c.Token, o); err != nil {
		return err
	}
	day := w.house("done", w.today())
	if err := os.MkdirAll(day, 0o770); err != nil {
		return fmt.Errorf("move archive: %w", err)
	}
	if err := moveFree(c.held(), day, c.Token[:8]+nameMark+c.Name); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("move archive: %w", err)
	}
	w.Log.Info("archive unpacked", "received", sum.kept, "duplicates", sum.known, "refused", sum.refused, "ignored", sum.ignored)
	c.drop()
	return nil
}

// receiveEntry receives one file of an archive. What is wrong with the file itself
// is its outcome; only the stores' trouble is an error.
func (w *Watcher) receiveEntry(ctx context.Context, c claim, e archive.Entry, token string) (storage.Outcome, error) {
	inside := c.From + inArchive + e.Name
	a := w.arrival(filepath.Join(w.Inbox, c.From))
	a.ID, a.Path, a.Parent, a.Size = "", inside, c.Arrival, e.Size
	if err := w.Ledger.ClaimArrival(ctx, a, token); err != nil {
		return "", err
	}
	if y, ok := ignoredName(path.Base(e.Name)); ok {
		o := storage.ArrivalOutcome{Outcome: storage.OutcomeIgnored, Code: y.code, Reason: y.text}
		return o.Outcome, w.settled(ctx, token, o)
	}
	o, err := w.admitEntry(ctx, c, e, token)
	if r, ok := document.AsRefusal(err); ok && r.Code == document.CodeTooLarge {
		return storage.OutcomeRefused, w.holdEntry(ctx, c, e, token, r)
	}
	if r, ok := document.AsRefusal(err); ok {
		o = storage.ArrivalOutcome{Outcome: storage.OutcomeRefused, Code: string(r.Code), Reason: r.Message}
		err = nil
	}
	if err != nil {
		return "", err
	}
	return o.Outcome, w.settled(ctx, token, o)
}

func (w *Watcher) admitEntry(ctx context.Context, c claim, e archive.Entry, token string) (o storage.ArrivalOutcome, err error) {
	origin, err := w.Binder.PlaceEntry(ctx, c.From, e.Name)
	if err != nil {
		return o, err
	}
	r, err := e.Open()
	if err != nil {
		return o, err
	}
	defer r.Close()
	sub := intake.Submission{Body: entryFile{r}, Filename: path.Base(e.Name), Size: e.Size, Origin: origin}
	info, err := w.Receiver.Keep(ctx, sub)
	if errors.Is(err, errEntry) || errors.Is(err, storage.ErrMismatch) {
		return o, document.Refuse(document.CodeCorrupt, "压缩包里的这个文件已损坏，解不开。请重新压缩或直接放入文件。", "unpack entry: %v", err)
	}
	if err != nil {
		return o, err
	}
	sub.IdempotencyKey = "hotfolder:" + info.Digest.Hex() + ":" + path.Dir(c.From+inArchive+e.Name)
	c.Token = token
	return w.admit(ctx, c, info, sub)
}

// errEntry marks bytes that cannot be unpacked, which says nothing about the stores.
var errEntry = errors.New("entry cannot be unpacked")

type entryFile struct{ r io.Reader }

func (f entryFile) Read(p []byte) (int, error) {
	n, err := f.r.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		err = fmt.Errorf("%w: %w", errEntry, err)
	}
	return n, err
}
