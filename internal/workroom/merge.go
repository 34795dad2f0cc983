package workroom

import (
	"context"
	"fmt"

	"onewindow/document"
	"onewindow/ocr"
	"onewindow/ocr/layout"
)

const (
	// mergedLine is how surely a line must be read to stand beside the file's own text.
	mergedLine = 0.8
	// coveredLine is the share of a read line that the file's own text covers
	// from which on it says nothing new.
	coveredLine = 0.3
)

// merge reads the picture of a page whose text layer is sound but not all that
// can be seen, and adds what the layer lacks: labels that are part of a
// background, numbers pasted as a picture. The layer's own words stay as they are.
func (h *pageHandler) merge(ctx context.Context, content ocr.PageContent, engine string) (document.Page, error) {
	page := *content.Text
	e, err := h.engine(engine)
	if err != nil {
		return page, err
	}
	img, err := content.Render(ctx)
	if err != nil {
		return page, fmt.Errorf("render page: %w", err)
	}
	read, err := e.Recognize(ctx, img)
	if err != nil {
		return page, fmt.Errorf("recognize page: %w", err)
	}
	page.Seals = read.Seals
	if read.Rotation != 0 || read.Width != page.Width || read.Height != page.Height {
		return page, nil // the layer knows which way is up; what lies across it is no text of this page
	}
	var added []document.Line
	for _, l := range read.Lines {
		if l.Confidence >= mergedLine && covered(l.Box, page.Lines) < coveredLine {
			added = append(added, l)
		}
	}
	if len(added) == 0 {
		return page, nil
	}
	all := append(append([]document.Line(nil), page.Lines...), added...)
	page.Lines = layout.Order(all, page.Width, page.Height, 0)
	page.Source, page.Engine, page.Confidence = document.SourceMixed, e.Name(), layout.Confidence(page.Lines)
	return page, nil
}

// covered is the share of b that lies under the lines, at most 1.
func covered(b document.Box, lines []document.Line) float64 {
	area := b.Width() * b.Height()
	if area <= 0 {
		return 1
	}
	var sum float64
	for _, l := range lines {
		w := min(b[2], l.Box[2]) - max(b[0], l.Box[0])
		h := min(b[3], l.Box[3]) - max(b[1], l.Box[1])
		if w > 0 && h > 0 {
			sum += w * h
		}
	}
	return min(sum/area, 1)
}
