package pipeline

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"onewindow/document"
	"onewindow/ocr"
	"onewindow/storage"
)

// searchable makes a copy of a scan that can be searched: the pages' pictures
// with the text behind them. The original stays as it is beside it.
func (w *Worker) searchable(ctx context.Context, j *job) (storage.Change, error) {
	if w.TextLayer == nil { // switched off since the task was made
		return storage.Change{}, nil
	}
	pages, err := ReadPages(ctx, w.Records, w.Blobs, j.doc.ID, j.doc.Generation)
	if err != nil || len(pages) == 0 {
		return storage.Change{}, err
	}
	path, giveBack, err := w.working(ctx, j.doc)
	if err != nil {
		return storage.Change{}, err
	}
	defer giveBack()
	dir, err := w.desk.scratch()
	if err != nil {
		return storage.Change{}, err
	}
	defer os.RemoveAll(dir)
	out := filepath.Join(dir, "searchable.pdf")
	id := fmt.Sprintf("%s/%d", j.doc.ID, j.doc.Generation)
	if err := w.TextLayer.LayText(ctx, path, pages, id, j.doc.Filename, out, ocr.OpenOptions{Limits: w.cfg.Limits}); err != nil {
		return storage.Change{}, err
	}
	kept, err := w.keepFile(ctx, document.ArtifactSearchable, out, "application/pdf")
	if err != nil {
		return storage.Change{}, err
	}
	return storage.Change{Artifacts: []document.Artifact{kept}}, nil
}

// scanned reports whether there is a page whose text is not its own: a file of
// which every page can be searched as it is needs no copy.
func scanned(pages []document.Page) bool {
	return slices.ContainsFunc(pages, func(p document.Page) bool {
		return p.Source != document.SourceTextLayer && len(p.Lines) > 0
	})
}
