package workroom

import (
	"errors"
	"fmt"
	"slices"

	"onewindow/ocr"
	"onewindow/ocr/ppocr"
	"onewindow/ocr/tesseract"
)

// The engines a call can name.
const (
	EnginePPOCR     = "ppocr"     // PP-OCRv4 on ONNX Runtime
	EngineTesseract = "tesseract" // Tesseract, chi_sim
)

// ErrUnknownEngine is returned for an engine name that is neither.
var ErrUnknownEngine = errors.New("unknown OCR engine")

// Engines lists the names a call can give.
func Engines() []string { return []string{EnginePPOCR, EngineTesseract} }

func knownEngine(name string) bool {
	return slices.Contains(Engines(), name)
}

// openEngine loads an engine with one thread: two children of one thread read
// more pages than one child of two.
func openEngine(name string) (ocr.Engine, error) {
	switch name {
	case EnginePPOCR:
		return ppocr.New(ppocr.Options{Threads: 1})
	case EngineTesseract:
		return tesseract.New(tesseract.Options{})
	}
	return nil, fmt.Errorf("%w: %q", ErrUnknownEngine, name)
}
