// Package ocr turns page images into text with boxes and confidence, and files
// into pages. Engines live below it (ppocr, tesseract); ocrtest holds the suite
// every engine passes. Everything here runs inside a sandbox child in production.
package ocr

import (
	"context"
	"image"

	"onewindow/document"
)

// Engine recognizes the text of one page image. An Engine is used by one
// goroutine at a time; make one per worker.
type Engine interface {
	// Name is the engine's name and version, e.g. "ppocr/PP-OCRv4-mobile".
	Name() string
	// Recognize reads an image of any orientation. The page returned is upright:
	// Rotation tells the clockwise turn applied, boxes are in upright pixels,
	// lines stand in reading order. A page without text is not an error.
	// It obeys ctx between lines.
	Recognize(ctx context.Context, img image.Image) (document.Page, error)
	// Close frees models and native memory.
	Close() error
}

// Orientation is implemented by engines that can tell how a page must be turned
// before it is read, without reading all of it.
type Orientation interface {
	// Upright returns the clockwise turn (0, 90, 180, 270) that makes img
	// upright, and the margin 0..1 by which it won over the next best. A small
	// margin means: do not turn.
	Upright(ctx context.Context, img image.Image) (turn int, margin float64, err error)
}
