package cases

import (
	"context"
	"errors"
	"fmt"

	"onewindow/approval"
	"onewindow/casework"
	"onewindow/document"
	"onewindow/storage"
)

// Events is what the office follows: the pipeline tells through them what became
// of a document.
type Events interface {
	storage.Cursors
	EventsAfter(ctx context.Context, after int64, limit int) ([]approval.Event, error)
}

const (
	follower   = "cases"
	eventBatch = 200
)

// Follow files documents that the pipeline has recognized to the checklists of
// their cases (V2.1, P3.3). Following the same event twice files once, so that a
// process may die anywhere.
func (o *Office) Follow(ctx context.Context, events Events) error {
	for {
		from, err := events.Cursor(ctx, follower)
		if err != nil {
			return err
		}
		batch, err := events.EventsAfter(ctx, from, eventBatch)
		if err != nil || len(batch) == 0 {
			return err
		}
		for _, e := range batch {
			if err := o.hear(ctx, e); err != nil {
				return fmt.Errorf("event %d: %w", e.Seq, err)
			}
		}
		err = events.MoveCursor(ctx, follower, from, batch[len(batch)-1].Seq)
		if errors.Is(err, storage.ErrStale) {
			return nil // another process follows too
		}
		if err != nil {
			return err
		}
	}
}

// hear takes one event.
func (o *Office) hear(ctx context.Context, e approval.Event) error {
	if e.Type == approval.EventQuarantined {
		return o.tellClassified(ctx, e)
	}
	if e.Type != approval.EventState && e.Type != approval.EventReceived {
		return nil
	}
	d, err := o.Records.Document(ctx, e.Document)
	if errors.Is(err, storage.ErrNotFound) {
		return nil
	}
	if err != nil || d.Origin.Case == "" || documentProblems[d.State] != "" {
		return err
	}
	err = o.autoFile(ctx, d)
	var wrong *casework.Invalid
	if errors.As(err, &wrong) || errors.Is(err, casework.ErrIllegal) || errors.Is(err, storage.ErrNotFound) {
		return nil // fits no entry, or not any more: it waits in the tray
	}
	return err
}

// autoFile files a document by what its sender said, else by what it was
// recognized as. What a person filed stays where it is.
func (o *Office) autoFile(ctx context.Context, d document.Document) error {
	material := d.Origin.Material
	if material == "" {
		material = d.Classification.Code
	}
	if material == "" {
		return nil
	}
	k, err := o.Records.Case(ctx, d.Origin.Case)
	if err != nil {
		return err
	}
	before, err := o.Records.FilingsOfDocument(ctx, string(d.ID))
	if err != nil {
		return err
	}
	for _, f := range before {
		if f.Case == k.ID && !f.Auto {
			return nil
		}
	}
	f := approval.Filing{Case: k.ID, Source: approval.SourceUpload, Document: string(d.ID), Auto: d.Origin.Material == "",
		Sureness: d.Classification.Confidence, By: "system"}
	if f.Material, err = o.entryFor(k, material); err != nil {
		return err
	}
	if err := o.openFor(ctx, k, f.Material); err != nil {
		return err
	}
	_, err = o.file(ctx, k, f)
	return err
}
