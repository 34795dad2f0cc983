package casework

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"onewindow/document"
	"onewindow/storage"
)

// isNotFound reports that a record does not exist.
func isNotFound(err error) bool { return errors.Is(err, storage.ErrNotFound) }

// Release lets a document out of the secrecy quarantine: the security officer
// looked at it and says that it is not classified (G.8). It is read from the
// start, with the screening told. Errors: ErrNotFound, ErrIllegal, *Invalid
// without a reason.
func (d *Desk) Release(ctx context.Context, id document.ID, by, reason string) (document.Document, error) {
	doc, err := d.quarantined(ctx, id, reason, "请填写解除隔离的理由")
	if err != nil {
		return doc, err
	}
	origin := doc.Origin
	origin.Released = by
	return d.anew(ctx, doc, origin, storage.AuditEntry{Actor: by, Action: "document.release", Object: string(id),
		Detail: map[string]string{"reason": reason}})
}

// Purge destroys the bytes of a classified document for good; what remains is
// that it existed, and the certificate of its destruction in the audit trail.
// The same bytes may have been sent more than once: all of those documents are
// purged together. So is the batch or archive it was taken out of, which holds the
// same pages; the other parts have files of their own and stay.
// Errors: ErrNotFound, ErrIllegal, *Invalid without a reason, ErrConflict when a
// document in use outside the quarantine has the same bytes.
func (d *Desk) Purge(ctx context.Context, id document.ID, by, reason string) (document.Document, error) {
	doc, err := d.quarantined(ctx, id, reason, "请填写销毁的理由")
	if err != nil {
		return doc, err
	}
	purger, ok := d.Blobs.(storage.Purger)
	if !ok {
		return doc, errors.New("this store cannot destroy originals")
	}
	doomed, err := d.doomed(ctx, doc)
	if err != nil {
		return doc, err
	}
	for i, same := range doomed {
		if doomed[i], err = d.destroy(ctx, purger, same, by, reason); err != nil {
			return doc, err
		}
	}
	for _, other := range doomed[len(doomed)-1] {
		if other.ID == id {
			doc = other
		}
	}
	return doc, nil
}

// doomed lists what has to go for a document to be gone: the documents of the same
// bytes, file by file, what it was taken out of or joined from first. A purge that was cut off is
// then begun again at the document itself, which is still in quarantine.
func (d *Desk) doomed(ctx context.Context, doc document.Document) ([][]document.Document, error) {
	same, err := d.sameBytes(ctx, doc)
	if err != nil {
		return nil, err
	}
	out := [][]document.Document{same}
	seen := map[document.ID]bool{}
	for sources := doc.Origin.Sources(); len(sources) > 0; sources = sources[1:] {
		if seen[sources[0]] {
			continue
		}
		seen[sources[0]] = true
		source, err := d.Records.Document(ctx, sources[0])
		if err != nil {
			return nil, fmt.Errorf("read the source of a document: %w", err)
		}
		if same, err = d.sameBytes(ctx, source); err != nil {
			return nil, err
		}
		out = append(out, same)
		sources = append(sources, source.Origin.Sources()...)
	}
	slices.Reverse(out)
	return out, nil
}

// destroy takes the bytes of documents that share an original away, and certifies it.
func (d *Desk) destroy(ctx context.Context, purger storage.Purger, same []document.Document, by, reason string) ([]document.Document, error) {
	left := slices.IndexFunc(same, func(o document.Document) bool { return o.State != document.StatePurged })
	if left < 0 {
		return same, nil // with another of its parts
	}
	first := same[left]
	// The intent is on record before the bytes go: a crash in between leaves a
	// trace, and doing it again ends well.
	err := d.Records.Record(ctx, storage.AuditEntry{Actor: by, Action: "document.purge.start", Object: string(first.ID),
		Detail: map[string]string{"reason": reason, "original": first.Original.String()}})
	if err != nil {
		return nil, fmt.Errorf("note purge: %w", err)
	}
	if err := purger.Purge(ctx, first.Original); err != nil && !isNotFound(err) {
		return nil, fmt.Errorf("destroy original: %w", err)
	}
	for i, other := range same {
		if same[i], err = d.purged(ctx, other, by, reason); err != nil {
			return nil, err
		}
	}
	return same, nil
}

func (d *Desk) quarantined(ctx context.Context, id document.ID, reason, ask string) (document.Document, error) {
	doc, err := d.Records.Document(ctx, id)
	if err != nil {
		return doc, err
	}
	if doc.State != document.StateQuarantined {
		return doc, fmt.Errorf("leave quarantine in state %s: %w", doc.State, ErrIllegal)
	}
	if strings.TrimSpace(reason) == "" {
		return doc, &Invalid{Fields: map[string]string{"reason": ask}}
	}
	return doc, nil
}

// sameBytes lists the documents that share an original, none of them in use: of one
// that was taken apart the parts are.
func (d *Desk) sameBytes(ctx context.Context, doc document.Document) ([]document.Document, error) {
	const most = 500
	same, err := d.Records.ListDocuments(ctx, storage.DocumentQuery{Original: doc.Original, Limit: most})
	if err != nil {
		return nil, fmt.Errorf("list documents of the same bytes: %w", err)
	}
	if len(same) == most {
		return nil, fmt.Errorf("%d documents have these bytes: %w", most, storage.ErrConflict)
	}
	for _, other := range same {
		if !in(other.State, document.StateQuarantined, document.StatePurged, document.StateSplit) {
			return nil, fmt.Errorf("the same bytes are in use outside the quarantine: %w", storage.ErrConflict)
		}
	}
	return same, nil
}

// purged writes the certificate of destruction.
func (d *Desk) purged(ctx context.Context, doc document.Document, by, reason string) (document.Document, error) {
	if doc.State == document.StatePurged {
		return doc, nil
	}
	state := document.StatePurged
	doc, _, err := d.Records.Apply(ctx, doc.ID, doc.Version, storage.Change{
		Patch: storage.DocumentPatch{State: &state}, CancelTasks: true, DropArtifacts: true,
		Audit: []storage.AuditEntry{{Actor: by, Action: "document.purge", Object: string(doc.ID), Detail: map[string]string{
			"reason": reason, "original": doc.Original.String(), "size": fmt.Sprint(doc.Size),
			"receipt": string(doc.Receipt), "destroyed_at": d.Now().UTC().Format(time.RFC3339)}}},
	})
	return doc, err
}
