package sqlstore

import (
	"context"
	"fmt"

	"onewindow/document"
	"onewindow/storage"
)

const documentColumns = `id, receipt, original, size, filename, media_type, generation, state, origin, pages, pages_read,
	classification, fields, findings, refusal, publication, version, received_at, updated_at`

func scanDocument(r scanner) (document.Document, error) {
	var d document.Document
	var original string
	var j documentJSON
	var received, updated int64
	err := r.Scan(&d.ID, &d.Receipt, &original, &d.Size, &d.Filename, &d.MediaType, &d.Generation, &d.State, &j.origin,
		&d.Pages, &d.PagesRead, &j.classification, &j.fields, &j.findings, &j.refusal, &j.publication,
		&d.Version, &received, &updated)
	if err != nil {
		return d, err
	}
	d.ReceivedAt, d.UpdatedAt = timeOf(received), timeOf(updated)
	if err := d.Original.UnmarshalText([]byte(original)); err != nil {
		return d, err
	}
	return d, j.into(&d)
}

// documentJSON is the part of a document that is kept as JSON; "" is the zero value.
type documentJSON struct {
	origin, classification, fields, findings, refusal, publication string
}

func (j documentJSON) into(d *document.Document) error {
	for _, part := range []struct {
		text string
		into any
	}{
		{j.origin, &d.Origin}, {j.classification, &d.Classification}, {j.fields, &d.Fields},
		{j.findings, &d.Findings}, {j.refusal, &d.Refusal}, {j.publication, &d.Publication},
	} {
		if err := decode(part.text, part.into); err != nil {
			return err
		}
	}
	return nil
}

func documentJSONOf(d document.Document) (j documentJSON, err error) {
	for _, part := range []struct {
		into *string
		from any
		set  bool
	}{
		{&j.origin, d.Origin, true},
		{&j.classification, d.Classification, d.Classification.Code != "" || d.Classification.By != "" || d.Classification.Evidence != nil || d.Classification.RunnersUp != nil},
		{&j.fields, d.Fields, d.Fields != nil},
		{&j.findings, d.Findings, d.Findings != nil},
		{&j.refusal, d.Refusal, d.Refusal != nil},
		{&j.publication, d.Publication, d.Publication != nil},
	} {
		if !part.set {
			continue
		}
		if *part.into, err = encode(part.from); err != nil {
			return j, err
		}
	}
	return j, nil
}

func (t *tx) insertDocument(ctx context.Context, d document.Document) error {
	j, err := documentJSONOf(d)
	if err != nil {
		return err
	}
	err = t.insert(ctx, `INSERT INTO documents (id, receipt, original, size, filename, generation, state,
		lane, project, unit, sender, origin, refusal, version, received_at, updated_at)`,
		[][]any{{d.ID, d.Receipt, d.Original.String(), d.Size, d.Filename, d.Generation, d.State,
			d.Origin.Lane, clean(d.Origin.Project), clean(d.Origin.Unit), clean(d.Origin.By), j.origin, j.refusal, d.Version, t.now, t.now}}, "")
	return wrap("insert document", err)
}

// lockDocument counts a change and so locks the row: every change of a document
// begins with it. The version returned is the new one. Errors: ErrNotFound.
func (t *tx) lockDocument(ctx context.Context, id document.ID) (document.Document, error) {
	return t.lockCounting(ctx, id, 1)
}

// lockFor is lockDocument for the end of a step. One that goes on beside the
// document counts no change: whoever decides about it meanwhile saw all there is.
func (t *tx) lockFor(ctx context.Context, id document.ID, step document.Step) (document.Document, error) {
	return t.lockCounting(ctx, id, 1-bit(step.Beside()))
}

func (t *tx) lockCounting(ctx context.Context, id document.ID, changes int64) (document.Document, error) {
	doc, err := one(ctx, t, scanDocument,
		"UPDATE documents SET version = version + $3, updated_at = $2 WHERE id = $1 RETURNING "+documentColumns, id, t.now, changes)
	return doc, wrap("lock document", err)
}

// saveDocument writes everything of a document that can change.
func (t *tx) saveDocument(ctx context.Context, d document.Document) error {
	j, err := documentJSONOf(d)
	if err != nil {
		return err
	}
	_, err = t.exec(ctx, `UPDATE documents SET media_type = $2, generation = $3, state = $4, lane = $5, project = $6,
		unit = $7, origin = $8, pages = $9, pages_read = $10, classification = $11, fields = $12, findings = $13,
		refusal = $14, publication = $15 WHERE id = $1`,
		d.ID, clean(d.MediaType), d.Generation, d.State, d.Origin.Lane, clean(d.Origin.Project), clean(d.Origin.Unit),
		j.origin, d.Pages, d.PagesRead, j.classification, j.fields, j.findings, j.refusal, j.publication)
	return wrap("save document", err)
}

// patched returns d with a patch applied.
func patched(d document.Document, p storage.DocumentPatch) document.Document {
	set(&d.State, p.State)
	set(&d.MediaType, p.MediaType)
	set(&d.Pages, p.Pages)
	set(&d.Classification, p.Classification)
	set(&d.Origin, p.Origin)
	if p.PageRead {
		d.PagesRead++
	}
	if p.Fields != nil {
		d.Fields = p.Fields
	}
	if p.Findings != nil {
		d.Findings = p.Findings
	}
	if p.ClearRefusal {
		d.Refusal = nil
	}
	if p.Refusal != nil {
		d.Refusal = p.Refusal
	}
	if p.Publication != nil {
		d.Publication = p.Publication
	}
	return d
}

func set[T any](to *T, from *T) {
	if from != nil {
		*to = *from
	}
}

// anew returns d at the start of its next generation: what was read is forgotten
// here, while artifacts and results of earlier generations stay.
func anew(d document.Document) document.Document {
	d.Generation++
	d.State = document.StateReceived
	d.PagesRead = 0
	d.Classification, d.Fields, d.Findings = document.Classification{}, nil, nil
	d.Refusal, d.Publication = nil, nil
	return d
}

func scanArtifact(r scanner) (document.Artifact, error) {
	var a document.Artifact
	var digest string
	if err := r.Scan(&a.Kind, &a.Page, &digest, &a.Size, &a.MediaType); err != nil {
		return a, err
	}
	return a, a.Digest.UnmarshalText([]byte(digest))
}

// keepArtifacts records derived files; one made again takes the place of its
// earlier form.
func (t *tx) keepArtifacts(ctx context.Context, doc document.Document, made []document.Artifact) error {
	for _, a := range made {
		_, err := t.exec(ctx, `INSERT INTO artifacts (document, generation, kind, page, digest, size, media_type)
			VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (document, generation, kind, page)
			DO UPDATE SET digest = excluded.digest, size = excluded.size, media_type = excluded.media_type`,
			doc.ID, doc.Generation, a.Kind, a.Page, a.Digest.String(), a.Size, a.MediaType)
		if err != nil {
			return fmt.Errorf("keep artifact: %w", err)
		}
	}
	return nil
}
