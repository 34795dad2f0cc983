package stamp

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
)

// ByContent is a Stamper that looks at the bytes of a file, never at its name, and
// hands it to the Stamper for its kind.
type ByContent struct {
	PDF   Stamper
	Image Stamper // everything that is not a PDF; it refuses what it does not know
}

// headerWithin is how far into a file viewers look for "%PDF-": some scanners put a
// print job header before it.
const headerWithin = 1024

// Stamp implements Stamper.
func (c ByContent) Stamp(ctx context.Context, in, out string, mark Mark, tpl Template) (Report, error) {
	f, err := os.Open(in)
	if err != nil {
		return Report{}, fmt.Errorf("stamp: %w", err)
	}
	head := make([]byte, headerWithin)
	n, err := io.ReadFull(f, head)
	f.Close()
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return Report{}, fmt.Errorf("stamp: %w", err)
	}
	if bytes.Contains(head[:n], []byte("%PDF-")) {
		return c.PDF.Stamp(ctx, in, out, mark, tpl)
	}
	return c.Image.Stamp(ctx, in, out, mark, tpl)
}
