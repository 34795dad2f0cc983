package ocr

import (
	"context"
	"errors"
	"io"

	"onewindow/document"
)

// Seen is what a scanned page was found to be, without reading its text.
type Seen struct {
	Sheet *document.Sheet `json:"sheet,omitempty"` // a cover or separator sheet; nil for an ordinary page
	Blank bool            `json:"blank,omitempty"` // no print on it
}

// ErrUncuttable says that a file's format cannot be taken apart by pages.
var ErrUncuttable = errors.New("file cannot be cut by pages")

// Cutter is a PageSource that can take files apart.
type Cutter interface {
	// Cut writes the pages first to last, counted from 1, as a file of their own in
	// the same format; what is on them stays as it is. Errors: ErrUncuttable, a
	// *document.Refusal when the file is to blame.
	Cut(ctx context.Context, path string, first, last int, out io.WriteSeeker, opts OpenOptions) error
}
