package hotfolder

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"time"

	"onewindow/document"
	"onewindow/intake"
	"onewindow/storage"
)

// take claims a file and receives it.
func (w *Watcher) take(ctx context.Context, path string) {
	c, err := w.claim(path)
	if err != nil {
		if !errors.Is(err, fs.ErrNotExist) { // else another watcher was faster
			w.complain("claim file", err)
		}
		return
	}
	defer c.release()
	delete(w.seen, path)
	w.complain("claim file", nil)
	if err := w.try(ctx, c); err != nil && !errors.Is(err, errLocal) {
		w.store.lengthen(w.Every) // a store that is away takes no others either
	}
}

// resume goes on with claims that a crash, a full disk or a database that was
// away left behind.
func (w *Watcher) resume(ctx context.Context) error {
	dirs, err := os.ReadDir(w.house("claimed"))
	if err != nil {
		return fmt.Errorf("list claims: %w", err)
	}
	pending := map[string]*delay{}
	for _, d := range dirs {
		if w.later[d.Name()] != nil {
			pending[d.Name()] = w.later[d.Name()]
		}
		if ctx.Err() != nil || time.Now().Before(w.later[d.Name()].due()) {
			continue
		}
		if c, ok := w.leftClaim(w.house("claimed", d.Name())); ok {
			_ = w.try(ctx, c) // told and put off
			c.release()
			if l := w.later[c.Token]; l != nil {
				pending[c.Token] = l
			}
		}
	}
	w.later = pending // of claims that still exist
	return nil
}

// delay is when something is tried again. A large file is not sent to a store
// that is away, or full, every two seconds.
type delay struct {
	until time.Time
	pause time.Duration
}

// lengthen doubles the pause, from first on.
func (d *delay) lengthen(first time.Duration) {
	d.pause = min(max(2*d.pause, first), longestPause)
	d.until = time.Now().Add(d.pause)
}

// due is when; a claim without a delay is due at once.
func (d *delay) due() time.Time {
	if d == nil {
		return time.Time{}
	}
	return d.until
}

const longestPause = 30 * time.Second

// try receives a claimed file, or puts it off.
func (w *Watcher) try(ctx context.Context, c claim) error {
	err := w.receive(ctx, c)
	if err == nil {
		delete(w.later, c.Token)
		w.store = delay{}
		w.complain("receive claimed file", nil)
		return nil
	}
	if ctx.Err() != nil {
		return err // it stays claimed, and is found at the next start
	}
	if w.later[c.Token] == nil {
		w.later[c.Token] = &delay{}
	}
	w.later[c.Token].lengthen(w.Every)
	if errors.Is(err, storage.ErrFull) {
		w.store = *w.later[c.Token] // nobody else finds room before this one does
	}
	w.complain("receive claimed file", err)
	return err
}

// receive brings a claimed file in. The same bytes in the same folder are the
// same submission: after a crash, and when somebody drops a file twice, that
// finds the document that was already made.
func (w *Watcher) receive(ctx context.Context, c claim) error {
	from, _, _ := strings.Cut(cmp.Or(c.From, c.Name), inArchive)
	a := w.arrival(filepath.Join(w.Inbox, from))
	a.Path = cmp.Or(c.From, c.Name)
	a.ID = c.Arrival
	if info, err := os.Lstat(c.held()); err == nil {
		a.Size, a.Mark = info.Size(), markOf(info)
	}
	if err := w.Ledger.ClaimArrival(ctx, a, c.Token); err != nil {
		return err
	}
	packed, err := w.unpack(ctx, c)
	if packed && err == nil {
		return nil
	}
	var sub intake.Submission
	var info storage.BlobInfo
	if err == nil {
		sub, info, err = w.keep(ctx, c)
	}
	if r, ok := document.AsRefusal(err); ok {
		err := w.quarantine(ctx, c.held(), c.Name, c.Token, r, storage.ArrivalOutcome{Outcome: storage.OutcomeRefused})
		if err == nil {
			c.drop()
		}
		return err
	}
	if err != nil {
		return err
	}
	sub.IdempotencyKey = "hotfolder:" + info.Digest.Hex() + ":" + path.Dir(c.From)
	o, err := w.admit(ctx, c, info, sub)
	if err != nil {
		return err
	}
	if err := w.settled(ctx, c.Token, o); err != nil {
		return err
	}
	if err := moveFree(c.held(), w.house("received"), string(o.Document)+nameMark+c.Token+nameMark+c.Name); err != nil {
		return fmt.Errorf("move received file: %w", err)
	}
	c.drop()
	return nil
}

// admit registers kept bytes, and says whether they are a document of their own.
func (w *Watcher) admit(ctx context.Context, c claim, info storage.BlobInfo, sub intake.Submission) (o storage.ArrivalOutcome, err error) {
	o.Outcome = storage.OutcomeReceived
	receipt, err := w.Receiver.Admit(ctx, info, sub)
	if err == nil && receipt.Again {
		receipt, o.Outcome, err = w.again(ctx, c, info, sub, receipt)
	}
	if err != nil {
		return o, err
	}
	o.Document, o.Receipt = receipt.Document, receipt.Number
	w.Log.Info("file received", "document", o.Document, "receipt", o.Receipt, "outcome", o.Outcome)
	return o, nil
}

// keep stores the bytes, and makes sure that nobody wrote to the file meanwhile:
// a program that still has it open may.
func (w *Watcher) keep(ctx context.Context, c claim) (intake.Submission, storage.BlobInfo, error) {
	var none storage.BlobInfo
	f, err := openRegular(c.held())
	if err != nil {
		return intake.Submission{}, none, fmt.Errorf("open claimed file: %w: %w", errLocal, err)
	}
	defer f.Close()
	before, err := f.Stat()
	if err != nil {
		return intake.Submission{}, none, fmt.Errorf("stat claimed file: %w: %w", errLocal, err)
	}
	origin, err := w.place(ctx, c.From)
	if err != nil {
		return intake.Submission{}, none, err
	}
	sub := intake.Submission{Body: localFile{f}, Filename: c.Name, Size: before.Size(), Origin: origin}
	info, err := w.Receiver.Keep(ctx, sub)
	if errors.Is(err, storage.ErrMismatch) { // it grew while it was read
		err = errors.Join(errStillWritten, err)
	}
	if err != nil {
		return sub, info, err
	}
	after, err := f.Stat()
	if err != nil {
		return sub, info, fmt.Errorf("stat claimed file: %w: %w", errLocal, err)
	}
	if !sightingOf(before).same(sightingOf(after)) {
		return sub, info, errStillWritten
	}
	return sub, info, nil
}

// errLocal marks trouble with one file, which says nothing about the stores.
var errLocal = errors.New("file cannot be read")

var errStillWritten = fmt.Errorf("%w yet: somebody still writes to it", errLocal)

// localFile marks what goes wrong while a claimed file is read.
type localFile struct{ r io.Reader }

func (f localFile) Read(p []byte) (int, error) {
	n, err := f.r.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		err = fmt.Errorf("%w: %w", errLocal, err)
	}
	return n, err
}

// again decides about bytes that came before. What could not be used then is
// taken anew: dropping a file again is how people at a counter say "try again".
func (w *Watcher) again(ctx context.Context, c claim, info storage.BlobInfo, sub intake.Submission, receipt intake.Receipt) (intake.Receipt, storage.Outcome, error) {
	doc, err := w.Documents.Document(ctx, receipt.Document)
	if err != nil {
		return receipt, "", err
	}
	if w.mine(c, doc) {
		return receipt, storage.OutcomeReceived, nil
	}
	switch doc.State {
	case document.StateRefused, document.StateFailed, document.StateRejected, document.StateCancelled:
		sub.IdempotencyKey += ":" + c.Token
		receipt, err = w.Receiver.Admit(ctx, info, sub)
		return receipt, storage.OutcomeReceived, err
	}
	return receipt, storage.OutcomeDuplicate, nil
}

// mine reports whether a document was made from this very claim, by a process
// that ended before it could move the file: then it is younger than the claim.
func (w *Watcher) mine(c claim, doc document.Document) bool {
	return doc.ReceivedAt.After(c.At)
}
