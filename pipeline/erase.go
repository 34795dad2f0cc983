package pipeline

import (
	"context"
	"errors"
	"fmt"
	"time"

	"onewindow/approval"
	"onewindow/document"
	"onewindow/storage"
)

// quarantine stops everything, and what the document was taken out of or joined from
// with it: these show the same pages.
func (w *Worker) quarantine(ctx context.Context, doc document.Document) (storage.Change, error) {
	change := stop(doc.ID)
	seen := map[document.ID]bool{}
	for sources := doc.Origin.Sources(); len(sources) > 0; sources = sources[1:] {
		id := sources[0]
		if seen[id] {
			continue // two parts of one batch were joined
		}
		seen[id] = true
		change.Others = append(change.Others, storage.Companion{Document: id, Change: stop(id),
			Unless: []document.State{document.StateQuarantined, document.StatePurged}})
		source, err := w.Records.Document(ctx, id)
		if err != nil {
			return change, away(fmt.Errorf("read the source of a document: %w", err))
		}
		sources = append(sources, source.Origin.Sources()...)
	}
	return change, nil
}

// stop is the change of a document into quarantine. What it writes holds no word
// of the document. Erasing is a task of its own, done next: from now on no page can
// be finished any more, so what it then finds listed is all there is.
func stop(id document.ID) storage.Change {
	state := document.StateQuarantined
	return storage.Change{
		Patch:       storage.DocumentPatch{State: &state, Findings: []document.Finding{}},
		CancelTasks: true,
		Next:        []storage.NextTask{{Step: document.StepErase}},
		Events:      []approval.Event{{Type: approval.EventQuarantined, Document: id}},
		Audit:       []storage.AuditEntry{{Actor: systemActor, Action: "document.quarantine", Object: string(id)}},
	}
}

// withheld reports whether nothing of a document's content may be shown.
func withheld(s document.State) bool {
	return s == document.StateQuarantined || s == document.StatePurged
}

// erase destroys everything derived from a quarantined file, local copies
// included; only the original stays, for the security officer (G.8).
func (w *Worker) erase(ctx context.Context, j *job) (storage.Change, error) {
	digests := []document.Digest{j.doc.Original}
	for generation := 1; generation <= j.doc.Generation; generation++ {
		all, err := w.Records.Artifacts(ctx, j.doc.ID, generation)
		if err != nil {
			return storage.Change{}, away(fmt.Errorf("list artifacts: %w", err))
		}
		for _, a := range all {
			if err := w.Blobs.Delete(ctx, storage.Derived, a.Digest); err != nil {
				return storage.Change{}, fmt.Errorf("erase %s: %w", a.Kind, err)
			}
			digests = append(digests, a.Digest)
		}
	}
	w.forget(digests...)
	return storage.Change{DropArtifacts: true}, nil
}

// forgetter is an optional ability of a Room: to drop what its children and
// folders still hold of a file.
type forgetter interface{ Forget(path string) }

// forget drops local copies.
func (w *Worker) forget(digests ...document.Digest) {
	room, able := w.Room.(forgetter)
	for _, digest := range digests {
		if path := w.desk.forget(digest); path != "" && able {
			room.Forget(path)
		}
	}
}

// discard destroys what a step kept when its claim turns out to be lost because
// the document was quarantined meanwhile. In every other case whoever has the
// claim now makes the same blobs, so they stay.
func (w *Worker) discard(ctx context.Context, c storage.Claim, change storage.Change) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	doc, err := w.Records.Document(ctx, c.Document)
	if err != nil || !withheld(doc.State) {
		return
	}
	w.forget(doc.Original)
	for _, a := range change.Artifacts {
		err = errors.Join(err, w.Blobs.Delete(ctx, storage.Derived, a.Digest))
	}
	if err != nil {
		w.Log.Error("erase what a quarantined document left", "document", c.Document, "error", err)
	}
}
