package casework

import (
	"context"
	"fmt"

	"onewindow/document"
	"onewindow/storage"
)

// Reject ends a document that a person does not want.
func (d *Desk) Reject(ctx context.Context, id document.ID, by, reason string) (document.Document, error) {
	return d.end(ctx, id, by, reason, document.StateRejected, "document.reject", document.StateNeedsReview)
}

// Cancel stops a document before its end.
func (d *Desk) Cancel(ctx context.Context, id document.ID, by, reason string) (document.Document, error) {
	return d.end(ctx, id, by, reason, document.StateCancelled, "document.cancel",
		document.StateReceived, document.StateInspecting, document.StateReading, document.StateClassified,
		document.StateNeedsReview, document.StateFailed, document.StateRefused)
}

func (d *Desk) end(ctx context.Context, id document.ID, by, reason string, to document.State, action string, from ...document.State) (document.Document, error) {
	doc, err := d.Records.Document(ctx, id)
	if err != nil {
		return doc, err
	}
	if !in(doc.State, from...) {
		return doc, fmt.Errorf("%s in state %s: %w", action, doc.State, ErrIllegal)
	}
	doc, _, err = d.Records.Apply(ctx, id, doc.Version, storage.Change{
		Patch: storage.DocumentPatch{State: &to}, CancelTasks: true,
		Audit: []storage.AuditEntry{{Actor: by, Action: action, Object: string(id), Detail: map[string]string{"reason": reason}}},
	})
	return doc, err
}

// Retry readies the parked tasks of a document again.
func (d *Desk) Retry(ctx context.Context, id document.ID, by string) (document.Document, error) {
	doc, err := d.Records.Document(ctx, id)
	if err != nil {
		return doc, err
	}
	if !in(doc.State, document.StateFailed, document.StateRefused) {
		return doc, fmt.Errorf("retry in state %s: %w", doc.State, ErrIllegal)
	}
	ready, err := d.Records.Requeue(ctx, id, by)
	if err != nil {
		return doc, err
	}
	d.ring(ctx, ready)
	return d.Records.Document(ctx, id)
}

// Reprocess reads a document anew in a new generation; outputs of earlier
// generations stay. What is published from it then is a new version of the result
// published before, not a second one.
func (d *Desk) Reprocess(ctx context.Context, id document.ID, by, engine string) (document.Document, error) {
	doc, err := d.Records.Document(ctx, id)
	if err != nil {
		return doc, err
	}
	if doc.Origin.JoinedInto != "" || in(doc.State, document.StateQuarantined, document.StatePurged) || !(doc.State.Final() || doc.State == document.StateNeedsReview) {
		return doc, fmt.Errorf("reprocess in state %s: %w", doc.State, ErrIllegal)
	}
	if !in(engine, "", "ppocr", "tesseract") {
		return doc, &Invalid{Fields: map[string]string{"engine": "没有这种识别引擎，可用 ppocr 或 tesseract"}}
	}
	origin := doc.Origin
	if engine != "" {
		origin.Engine = engine
	}
	if doc.State == document.StateDone && doc.Publication != nil {
		origin.Supersede = doc.Publication.ResultID
	}
	return d.anew(ctx, doc, origin, storage.AuditEntry{Actor: by, Action: "document.reprocess", Object: string(id),
		Detail: map[string]string{"engine": engine}})
}

// anew starts the next generation of a document. The decrypted copy of a file
// that was opened with a password goes along: the password is not kept.
func (d *Desk) anew(ctx context.Context, doc document.Document, origin document.Origin, audit storage.AuditEntry) (document.Document, error) {
	kept, err := d.workingCopy(ctx, doc.ID, doc.Generation)
	if err != nil {
		return doc, err
	}
	state := document.StateReceived
	doc, ready, err := d.Records.Apply(ctx, doc.ID, doc.Version, storage.Change{
		NewGeneration: true, CancelTasks: true,
		Patch:     storage.DocumentPatch{State: &state, Origin: &origin, ClearRefusal: true},
		Artifacts: kept,
		Next:      []storage.NextTask{{Step: document.StepInspect}},
		Audit:     []storage.AuditEntry{audit},
	})
	if err != nil {
		return doc, err
	}
	d.ring(ctx, ready)
	return doc, nil
}

// workingCopy is the decrypted copy of one generation, if there is one.
func (d *Desk) workingCopy(ctx context.Context, id document.ID, generation int) ([]document.Artifact, error) {
	all, err := d.Records.Artifacts(ctx, id, generation)
	if err != nil {
		return nil, fmt.Errorf("list artifacts: %w", err)
	}
	for _, a := range all {
		if a.Kind == document.ArtifactWorking {
			return []document.Artifact{a}, nil
		}
	}
	return nil, nil
}
