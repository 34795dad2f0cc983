package pipeline

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"

	"onewindow/document"
	"onewindow/storage"
)

// keepJSON stores v, an object, as a derived blob. The blob also names the
// document and generation it belongs to, so that no two share one: what was
// derived from a classified file can then be destroyed without asking who else
// has the same bytes (G.8), and doing a step again still gives the same blob.
func (w *Worker) keepJSON(ctx context.Context, doc document.Document, kind document.ArtifactKind, page int, v any) (document.Artifact, error) {
	b, err := json.Marshal(v)
	if err != nil {
		return document.Artifact{}, fmt.Errorf("encode %s: %w", kind, err)
	}
	b = append(fmt.Appendf(nil, `{"of":"%s/%d",`, doc.ID, doc.Generation), b[1:]...)
	return w.keep(ctx, kind, page, bytes.NewReader(b), int64(len(b)), "application/json")
}

// keepFile stores a local file as a derived blob.
func (w *Worker) keepFile(ctx context.Context, kind document.ArtifactKind, path, mediaType string) (document.Artifact, error) {
	f, err := os.Open(path)
	if err != nil {
		return document.Artifact{}, fmt.Errorf("open %s: %w", kind, err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return document.Artifact{}, fmt.Errorf("stat %s: %w", kind, err)
	}
	return w.keep(ctx, kind, 0, f, info.Size(), mediaType)
}

func (w *Worker) keep(ctx context.Context, kind document.ArtifactKind, page int, r io.Reader, size int64, mediaType string) (document.Artifact, error) {
	info, err := w.Blobs.Put(ctx, storage.Derived, r, storage.PutOptions{Size: size, MediaType: mediaType})
	if err != nil {
		return document.Artifact{}, fmt.Errorf("store %s: %w", kind, err)
	}
	return document.Artifact{Kind: kind, Page: page, Digest: info.Digest, Size: info.Size, MediaType: mediaType}, nil
}

// readJSON reads a derived blob made by keepJSON.
func (w *Worker) readJSON(ctx context.Context, a document.Artifact, v any) error {
	return ReadJSON(ctx, w.Blobs, a, v)
}

// ReadJSON reads an artifact that holds JSON into v.
func ReadJSON(ctx context.Context, blobs storage.Blobs, a document.Artifact, v any) error {
	r, err := blobs.Open(ctx, storage.Derived, a.Digest)
	if err != nil {
		return fmt.Errorf("open %s: %w", a.Kind, err)
	}
	defer r.Close()
	if err := json.NewDecoder(r).Decode(v); err != nil {
		return fmt.Errorf("decode %s: %w", a.Kind, err)
	}
	return nil
}

// ReadPages loads the pages read in one generation of a document, in order.
// Pages not read yet are left out; a quarantined document has none, even while
// they are still being destroyed (G.8).
func ReadPages(ctx context.Context, docs storage.Documents, blobs storage.Blobs, id document.ID, generation int) ([]document.Page, error) {
	doc, err := docs.Document(ctx, id)
	if err != nil || withheld(doc.State) {
		return nil, away(err)
	}
	all, err := docs.Artifacts(ctx, id, generation)
	if err != nil {
		return nil, away(fmt.Errorf("list artifacts: %w", err))
	}
	var pages []document.Page
	for _, a := range all {
		if a.Kind != document.ArtifactPageText {
			continue
		}
		var p document.Page
		if err := ReadJSON(ctx, blobs, a, &p); err != nil {
			return nil, err
		}
		pages = append(pages, p)
	}
	sortPages(pages)
	return pages, nil
}

// working returns a local copy of the bytes to work on: the original, or its
// decrypted copy.
func (w *Worker) working(ctx context.Context, doc document.Document) (string, func(), error) {
	all, err := w.Records.Artifacts(ctx, doc.ID, doc.Generation)
	if err != nil {
		return "", nil, away(fmt.Errorf("list artifacts: %w", err))
	}
	for _, a := range all {
		if a.Kind == document.ArtifactWorking {
			return w.desk.fetch(ctx, storage.Derived, a.Digest)
		}
	}
	return w.desk.fetch(ctx, storage.Originals, doc.Original)
}
