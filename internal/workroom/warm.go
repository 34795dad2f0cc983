package workroom

import (
	"context"
	"fmt"
	"image"
	"os"
	"path/filepath"

	"onewindow/internal/sandbox"
	"onewindow/ocr"
)

// blankPDF is a page of ours, so that warming reads no foreign byte.
const blankPDF = `%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 72 72]/Resources<<>>>>endobj
xref
0 4
0000000000 65535 f 
0000000009 00000 n 
0000000053 00000 n 
0000000104 00000 n 
trailer<</Size 4/Root 1 0 R>>
startxref
180
%%EOF
`

// warmRequest asks a child to load what it will need.
type warmRequest struct {
	Engine string // to load and try, "" for none
}

// warm makes the source compile, and an engine load, what they do once.
func (h *pageHandler) warm(ctx context.Context, job sandbox.Job) error {
	var req warmRequest
	if err := job.Decode(&req); err != nil {
		return err
	}
	if err := h.warmSource(ctx, job.Tmp()); err != nil || req.Engine == "" {
		return err
	}
	e, err := h.engine(req.Engine)
	if err != nil {
		return err
	}
	if _, err := e.Recognize(ctx, image.NewGray(image.Rect(0, 0, 64, 64))); err != nil {
		return fmt.Errorf("try engine: %w", err)
	}
	return nil
}

func (h *pageHandler) warmSource(ctx context.Context, dir string) error {
	path := filepath.Join(dir, "blank.pdf")
	if err := os.WriteFile(path, []byte(blankPDF), 0o600); err != nil {
		return fmt.Errorf("write blank page: %w", err)
	}
	pages, err := h.source.Open(ctx, path, ocr.OpenOptions{})
	if err != nil {
		return fmt.Errorf("open blank page: %w", err)
	}
	if _, err := pages.Page(ctx, 1); err != nil {
		return fmt.Errorf("read blank page: %w", err)
	}
	return pages.Close()
}
