package pagesource

import (
	"context"
	"fmt"
	"io"

	"github.com/klippa-app/go-pdfium/requests"

	"onewindow/ocr"
)

var _ ocr.Cutter = (*Source)(nil)

// Cut implements ocr.Cutter for PDF and TIFF.
func (s *Source) Cut(ctx context.Context, path string, first, last int, out io.WriteSeeker, opts ocr.OpenOptions) (err error) {
	defer guard(ctx, &err)
	in, err := openInput(ctx, path)
	if err != nil {
		return err
	}
	defer in.Close()
	opts.Limits = withDefaults(opts.Limits)
	kind, err := sniff(in)
	if err != nil {
		return err
	}
	switch kind {
	case kindPDF:
		return s.cutPDF(ctx, in, first, last, out, opts)
	case kindTIFF:
		return cutTIFF(in, first, last, out, opts.Limits)
	}
	return &ownError{"cut file", ocr.ErrUncuttable}
}

// cutPDF copies pages into a new document. Pictures, fonts and turns come along;
// outlines, signatures and scripts of the whole do not.
func (s *Source) cutPDF(ctx context.Context, in *input, first, last int, out io.Writer, opts ocr.OpenOptions) error {
	p, err := s.openPDF(ctx, in, opts)
	if err != nil {
		return err
	}
	defer p.reset()
	if err := checkRange(first, last, p.count); err != nil {
		return err
	}
	inst := p.doc.inst
	made, err := inst.FPDF_CreateNewDocument(&requests.FPDF_CreateNewDocument{})
	if err != nil {
		return &ownError{"make PDF", err}
	}
	pages := fmt.Sprintf("%d-%d", first, last)
	_, err = inst.FPDF_ImportPages(&requests.FPDF_ImportPages{Source: p.doc.ref, Destination: made.Document, PageRange: &pages})
	if err != nil {
		return refuseCorrupt("copy pages %s: %v", pages, err)
	}
	sink := &sink{w: out}
	_, err = inst.FPDF_SaveAsCopy(&requests.FPDF_SaveAsCopy{Flags: requests.SaveFlagNoIncremental, Document: made.Document, FileWriter: sink})
	switch {
	case sink.err != nil:
		return &ownError{"write pages", sink.err}
	case in.failed != nil:
		return in.failed
	case err != nil:
		return refuseCorrupt("write pages %s: %v", pages, err)
	}
	return nil
}

func checkRange(first, last, count int) error {
	if first < 1 || last < first || last > count {
		return &ownError{"cut file", fmt.Errorf("no pages %d to %d of %d", first, last, count)}
	}
	return nil
}

// sink keeps the disk's error, which PDFium cannot pass on.
type sink struct {
	w   io.Writer
	err error
}

func (s *sink) Write(p []byte) (int, error) {
	n, err := s.w.Write(p)
	if err != nil && s.err == nil {
		s.err = withoutPath(err)
	}
	return n, err
}
