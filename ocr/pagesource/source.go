package pagesource

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime"

	"onewindow/document"
	"onewindow/internal/resources"
	"onewindow/ocr"
)

// Options configure a Source. The zero value works.
type Options struct {
	// CacheDir keeps PDFium compiled to machine code: with it the first PDF of a
	// process costs 0.1 s instead of 3 s. It must be writable by this program
	// only, since what lies in it is executed. Empty: compile in every process.
	CacheDir string
	// Font is the OpenType font drawn for Chinese text whose own font is not in
	// the file. Empty: the installed Noto Sans CJK.
	Font string
	// MemoryBytes caps the memory of one open PDF. 0 means 2 GiB.
	MemoryBytes int64
}

// Source opens files of foreign origin. It is safe for concurrent use; the
// Pages it returns are not.
type Source struct {
	pdfium *runtimes
}

var _ ocr.PageSource = (*Source)(nil)

// New checks the options. The PDF engine is loaded by the first PDF.
func New(opts Options) (*Source, error) {
	if opts.CacheDir != "" {
		if err := os.MkdirAll(opts.CacheDir, 0o700); err != nil {
			return nil, fmt.Errorf("make compile cache: %w", err)
		}
	}
	if opts.Font == "" {
		font, err := resources.Font()
		if err != nil {
			return nil, err
		}
		opts.Font = font
	}
	if opts.MemoryBytes == 0 {
		opts.MemoryBytes = 2 << 30
	}
	return &Source{pdfium: &runtimes{opts: opts}}, nil
}

// Close frees the PDF engine. Pages that are still open fail afterwards.
func (s *Source) Close() error { return s.pdfium.close() }

// Inspect implements ocr.PageSource.
func (s *Source) Inspect(ctx context.Context, path string, opts ocr.OpenOptions) (facts ocr.Facts, err error) {
	defer guard(ctx, &err)
	in, err := openInput(ctx, path)
	if err != nil {
		return ocr.Facts{}, err
	}
	defer in.Close()
	opts.Limits = withDefaults(opts.Limits)
	kind, err := sniff(in)
	if err != nil {
		return ocr.Facts{}, err
	}
	switch kind {
	case kindPDF:
		return s.inspectPDF(ctx, in, opts)
	case kindOFD:
		return s.inspectOFD(ctx, in, opts)
	}
	r, err := probe(kind, in, opts.Limits)
	if err != nil {
		return ocr.Facts{}, err
	}
	return r.facts, nil
}

// Open implements ocr.PageSource.
func (s *Source) Open(ctx context.Context, path string, opts ocr.OpenOptions) (pages ocr.Pages, err error) {
	defer guard(ctx, &err)
	in, err := openInput(ctx, path)
	if err != nil {
		return nil, err
	}
	defer func() {
		if pages == nil {
			in.Close()
		}
	}()
	opts.Limits = withDefaults(opts.Limits)
	kind, err := sniff(in)
	if err != nil {
		return nil, err
	}
	switch kind {
	case kindPDF:
		return asPages(s.openPDF(ctx, in, opts))
	case kindOFD:
		return asPages(s.openOFD(ctx, in, opts))
	}
	r, err := probe(kind, in, opts.Limits)
	if err != nil {
		return nil, err
	}
	return &rasterPages{in: in, raster: r, pdfium: s.pdfium}, nil
}

// asPages keeps a nil pointer from becoming a non-nil interface.
func asPages[P interface {
	ocr.Pages
	comparable
}](p P, err error) (ocr.Pages, error) {
	var none P
	if err != nil || p == none {
		return nil, err
	}
	return p, nil
}

func withDefaults(l ocr.Limits) ocr.Limits {
	d := ocr.DefaultLimits()
	if l.MaxPages <= 0 {
		l.MaxPages = d.MaxPages
	}
	if l.MaxPixels <= 0 {
		l.MaxPixels = d.MaxPixels
	}
	if l.MaxObjects <= 0 {
		l.MaxObjects = d.MaxObjects
	}
	if l.RenderPixels <= 0 {
		l.RenderPixels = d.RenderPixels
	}
	if l.RenderDPI <= 0 {
		l.RenderDPI = d.RenderDPI
	}
	return l
}

// guard stands at every way out: a parser's panic becomes a refusal, an error
// met after ctx ended becomes the error of ctx, and a stray error of a parser
// becomes a refusal, so that callers meet three kinds of error only.
func guard(ctx context.Context, err *error) {
	if r := recover(); r != nil {
		*err = refuseCorrupt("parser panicked: %s", panicKind(r))
	}
	if *err == nil {
		return
	}
	if cause := ctx.Err(); cause != nil {
		*err = fmt.Errorf("read file: %w", cause)
		return
	}
	if _, ok := document.AsRefusal(*err); ok {
		return
	}
	var own *ownError
	if errors.As(*err, &own) {
		return
	}
	*err = refuseCorrupt("%v", *err)
}

// panicKind tells a panic without repeating what the file said.
func panicKind(r any) string {
	if e, ok := r.(runtime.Error); ok {
		return e.Error()
	}
	return fmt.Sprintf("%T", r)
}

// ownError marks an error that is not the file's fault.
type ownError struct {
	doing string
	err   error
}

func (e *ownError) Error() string { return e.doing + ": " + e.err.Error() }
func (e *ownError) Unwrap() error { return e.err }
