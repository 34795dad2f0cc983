package workroom

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"os"
	"time"

	"onewindow/internal/resources"
	"onewindow/internal/sandbox"
	"onewindow/ocr"
	"onewindow/ocr/pagesource"
	"onewindow/stamp"
	"onewindow/stamp/imagestamp"
	"onewindow/stamp/pdfstamp"
)

const (
	opStamp    = "stamp"
	fileMarked = "marked.pdf"
)

// stampSettings are what a stamp child is built with.
type stampSettings struct {
	Cache   string // "" compiles when a page must be drawn
	Memory  int64  // of the whole child
	Timeout time.Duration
}

// stampRequest asks for a stamp.Report.
type stampRequest struct {
	Mark     stamp.Mark
	Template stamp.Template
	Careful  bool // skip what holds the whole file in memory
}

// stampHandler lives in a stamp child.
type stampHandler struct {
	source  *pagesource.Source
	quick   *pdfstamp.Stamper
	careful *pdfstamp.Stamper
}

// quickShare is the part of the time limit after which the quick way through
// memory is given up for the careful one.
const quickShare = 6

// streamAbove is the size in bytes from which files are streamed. Below, a scan is
// marked in memory, at two and a half times its size (128 MiB: 310 MB, measured)
// and in a third of the time; a file that takes more is tried again the careful
// way.
const streamAbove = 128 << 20

func newStampHandler(_ context.Context, raw json.RawMessage) (sandbox.Handler, error) {
	var s stampSettings
	if err := json.Unmarshal(raw, &s); err != nil {
		return nil, fmt.Errorf("decode settings: %w", err)
	}
	font, err := resources.Font()
	if err != nil {
		return nil, err
	}
	h := &stampHandler{}
	if h.source, err = pagesource.New(pagesource.Options{CacheDir: s.Cache, MemoryBytes: s.Memory / sourceShare}); err != nil {
		return nil, fmt.Errorf("open page source: %w", err)
	}
	options := pdfstamp.Options{FontPath: font, Rasterizer: rasterizer{h.source}, StreamAbove: streamAbove, RungTimeout: s.Timeout / quickShare}
	if h.quick, err = pdfstamp.New(options); err != nil {
		return nil, errors.Join(fmt.Errorf("open stamper: %w", err), h.source.Close())
	}
	options.StreamAbove, options.RungTimeout = 1, s.Timeout
	if h.careful, err = pdfstamp.New(options); err != nil {
		return nil, errors.Join(fmt.Errorf("open stamper: %w", err), h.Close())
	}
	return h, nil
}

// Handle marks or decrypts one file. After anything but a smooth run the child is retired:
// a parser that was given up cannot be stopped.
func (h *stampHandler) Handle(ctx context.Context, job sandbox.Job) (any, error) {
	switch job.Op {
	case opStamp:
		return h.stamp(ctx, job)
	case opDecrypt:
		return nil, decrypt(job)
	case opJoin:
		return join(job)
	}
	return nil, fmt.Errorf("unknown operation %q", job.Op)
}

func (h *stampHandler) stamp(ctx context.Context, job sandbox.Job) (any, error) {
	var req stampRequest
	if err := job.Decode(&req); err != nil {
		return nil, err
	}
	in := job.In(fileOriginal)
	stamper, err := h.stamperFor(in, req.Careful)
	if err != nil {
		return nil, err
	}
	report, err := stamper.Stamp(ctx, in, job.Out(fileMarked), req.Mark, req.Template)
	if err != nil || report.Method != "pdfcpu" && report.Method != "image" {
		job.Retire()
	}
	return report, err
}

// stamperFor chooses by size, then by content.
func (h *stampHandler) stamperFor(path string, careful bool) (stamp.Stamper, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, fmt.Errorf("open file: %w", err)
	}
	pages := h.quick
	if careful || info.Size() > streamAbove {
		pages = h.careful
	}
	images, err := imagestamp.New(imagestamp.Options{PDF: pages})
	if err != nil {
		return nil, fmt.Errorf("open stamper: %w", err)
	}
	return stamp.ByContent{PDF: pages, Image: notPDF{source: h.source, pages: pages, images: images}}, nil
}

// notPDF marks images and OFD files. OFD goes down the ladder of the PDF stamper,
// which ends at pictures of the pages drawn by the page source.
type notPDF struct {
	source        ocr.PageSource
	pages, images stamp.Stamper
}

const mediaOFD = "application/ofd"

// Stamp implements stamp.Stamper.
func (n notPDF) Stamp(ctx context.Context, in, out string, mark stamp.Mark, tpl stamp.Template) (stamp.Report, error) {
	facts, err := n.source.Inspect(ctx, in, ocr.OpenOptions{})
	if err != nil || facts.MediaType != mediaOFD {
		return n.images.Stamp(ctx, in, out, mark, tpl) // which refuses in its own words
	}
	report, err := n.pages.Stamp(ctx, in, out, mark, tpl)
	report.Signed, report.Stripped = facts.Signed, facts.Active // pictures carry neither
	return report, err
}

// Close frees fonts and the page source.
func (h *stampHandler) Close() error {
	var errs []error
	for _, s := range []*pdfstamp.Stamper{h.quick, h.careful} {
		if s != nil {
			errs = append(errs, s.Close())
		}
	}
	return errors.Join(append(errs, h.source.Close())...)
}

// rasterizer draws pages of files that can be shown but not repaired.
type rasterizer struct{ source ocr.PageSource }

// Pages implements pdfstamp.Rasterizer. Every page is drawn anew, because an
// embedded picture may lack what stands over it.
func (r rasterizer) Pages(ctx context.Context, path string) iter.Seq2[pdfstamp.RasterPage, error] {
	return func(yield func(pdfstamp.RasterPage, error) bool) {
		pages, err := r.source.Open(ctx, path, ocr.OpenOptions{})
		if err != nil {
			yield(pdfstamp.RasterPage{}, err)
			return
		}
		defer pages.Close()
		for n := 1; n <= pages.Count(); n++ {
			page, err := drawn(ctx, pages, n)
			if !yield(page, err) || err != nil {
				return
			}
		}
	}
}

func drawn(ctx context.Context, pages ocr.Pages, n int) (pdfstamp.RasterPage, error) {
	content, err := pages.Page(ctx, n)
	if err != nil {
		return pdfstamp.RasterPage{}, err
	}
	img, err := content.Render(ctx)
	if err != nil {
		return pdfstamp.RasterPage{}, err
	}
	width := img.Bounds().Dx() // that DPI speaks of
	switch {
	case content.Text != nil:
		width = content.Text.Width
	case content.Image != nil:
		width = content.Image.Bounds().Dx()
	}
	dpi := content.DPI * float64(img.Bounds().Dx()) / float64(width)
	if dpi <= 0 { // unknown: as if it were A4
		dpi = float64(max(img.Bounds().Dx(), img.Bounds().Dy())) / inchesA4
	}
	return pdfstamp.RasterPage{Image: img, DPI: dpi}, nil
}

// inchesA4 is the long side of a sheet of A4.
const inchesA4 = 11.69
