package resumable

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/tus/tusd/v2/pkg/handler"

	"onewindow/document"
	"onewindow/intake"
	"onewindow/storage"
)

// received tells whether an upload is a document already. The database is the
// only truth of it: a process may die between making the document and any note
// beside the bytes.
func (d *Door) received(ctx context.Context, by, id string) (intake.Receipt, bool, error) {
	doc, err := d.Receiver.Records.DocumentByKey(ctx, by, keyOf(id))
	if errors.Is(err, storage.ErrNotFound) {
		return intake.Receipt{}, false, nil
	}
	if err != nil {
		return intake.Receipt{}, false, fmt.Errorf("look for the document of an upload: %w", err)
	}
	r := intake.Receipt{Number: doc.Receipt, Document: doc.ID, Digest: doc.Original, Size: doc.Size, Again: true}
	if doc.Size == 0 {
		r.Refused = doc.Refusal
	}
	return r, true, nil
}

// complete reports whether all bytes of an upload are there.
func (d *Door) complete(ctx context.Context, id string) (bool, error) {
	up, err := d.store.GetUpload(ctx, id)
	if errors.Is(err, handler.ErrNotFound) {
		return false, storage.ErrNotFound
	}
	if err != nil {
		return false, err
	}
	info, err := up.GetInfo(ctx)
	return err == nil && info.Offset == info.Size, err
}

// settle receives an upload that is complete and was not received, because the
// process died or the store was away at its last byte. done is false while bytes
// are missing. Errors: storage.ErrNotFound, and those of finish.
func (d *Door) settle(ctx context.Context, t ticket) (r intake.Receipt, done bool, err error) {
	if r, done, err = d.received(ctx, t.Origin.By, t.ID); done || err != nil {
		return r, done, err
	}
	if t.Begun.IsZero() {
		return r, false, storage.ErrNotFound
	}
	if all, err := d.complete(ctx, t.ID); err != nil || !all {
		return r, false, err
	}
	l, err := d.lock(ctx, t.ID)
	if err != nil {
		return r, false, err
	}
	defer l.Unlock()
	if r, done, err = d.received(ctx, t.Origin.By, t.ID); done || err != nil {
		return r, done, err // while we waited
	}
	r, err = d.finish(ctx, t)
	return r, err == nil, err
}

// finish gives the bytes to the one Receive; the upload is locked by the caller.
// Bytes that can never become a document go, others stay for another try.
// Errors: those of intake.Receiver.
func (d *Door) finish(ctx context.Context, t ticket) (intake.Receipt, error) {
	// A client that hangs up now must find its receipt when it comes back.
	ctx = context.WithoutCancel(ctx)
	f, err := os.Open(d.bytesPath(t.ID))
	if err != nil {
		return intake.Receipt{}, fmt.Errorf("open upload: %w", err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return intake.Receipt{}, fmt.Errorf("open upload: %w", err)
	}
	r, err := d.Receiver.Receive(ctx, intake.Submission{Body: f, Filename: t.Filename, Size: info.Size(), Digest: t.Digest,
		Origin: t.Origin, IdempotencyKey: t.key()})
	if hopeless(err) {
		d.Log.Warn("upload refused", "upload", t.ID, "error", err)
		return r, errors.Join(err, d.remove(t.ID, true))
	}
	if err != nil {
		return r, err
	}
	if err := d.remove(t.ID, false); err != nil {
		d.Log.Warn("tidy received upload", "upload", t.ID, "error", err) // the sweep will
	}
	return r, nil
}

// hopeless tells errors that no further try can mend.
func hopeless(err error) bool {
	_, refused := document.AsRefusal(err)
	return refused || errors.Is(err, storage.ErrMismatch) || errors.Is(err, storage.ErrConflict)
}

// lock takes an upload for ourselves.
func (d *Door) lock(ctx context.Context, id string) (handler.Lock, error) {
	l, err := d.locks.NewLock(id)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, lockTime)
	defer cancel()
	return l, l.Lock(ctx, func() {}) // what we hold it for is short, or must be done
}
