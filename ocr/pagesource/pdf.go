package pagesource

import (
	"context"
	"errors"
	"image"
	"io"

	pdfiumerrors "github.com/klippa-app/go-pdfium/errors"
	"github.com/klippa-app/go-pdfium/requests"
	"golang.org/x/text/encoding/simplifiedchinese"

	"onewindow/document"
	"onewindow/ocr"
)

// pdfPages gives the pages of a PDF.
type pdfPages struct {
	in       *input
	engine   *runtimes
	limits   ocr.Limits
	password string // the one that opened the file
	count    int
	doc      *pdfDoc // nil after a crash, until the next page needs it
	scan     *pdfScan
	given    *givenText // the text, where it is known better than from the PDF
}

// maxHandles is when an instance is given up for a fresh one: go-pdfium keeps
// what it was asked for until then.
const maxHandles = 100_000

// openPDF opens the document and counts its pages.
func (s *Source) openPDF(ctx context.Context, in *input, opts ocr.OpenOptions) (*pdfPages, error) {
	if err := checkPDFEnds(in); err != nil {
		return nil, err
	}
	p := &pdfPages{in: in, engine: s.pdfium, limits: opts.Limits}
	if err := p.unlock(ctx, opts.Password); err != nil {
		return nil, err
	}
	n, err := p.doc.inst.FPDF_GetPageCount(&requests.FPDF_GetPageCount{Document: p.doc.ref})
	if err != nil {
		p.reset()
		return nil, refuseCorrupt("count pages: %v", err)
	}
	p.count = n.PageCount
	switch {
	case p.count < 1:
		p.reset()
		return nil, document.Refuse(document.CodeEmpty, sayNoPages, "PDF without pages")
	case p.count > p.limits.MaxPages:
		p.reset()
		return nil, refusePages(p.count, p.limits.MaxPages)
	}
	return p, nil
}

// unlock opens the document with no password, then with the one given. Chinese
// programs encode passwords as GBK where the standard has no room for Chinese.
func (p *pdfPages) unlock(ctx context.Context, password string) error {
	tries := []string{""}
	if password != "" {
		tries = append(tries, password)
		if gbk, err := simplifiedchinese.GBK.NewEncoder().String(password); err == nil && gbk != password {
			tries = append(tries, gbk)
		}
	}
	var err error
	for _, try := range tries {
		p.password = try
		if err = p.open(ctx); !errors.Is(err, pdfiumerrors.ErrPassword) {
			break
		}
	}
	var own *ownError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &own):
		return err
	case errors.Is(err, pdfiumerrors.ErrPassword) && password != "":
		return document.Refuse(document.CodeEncrypted, sayWrongPass, "wrong password")
	case errors.Is(err, pdfiumerrors.ErrPassword):
		return document.Refuse(document.CodeEncrypted, sayPassword, "password needed")
	case errors.Is(err, pdfiumerrors.ErrSecurity):
		return document.Refuse(document.CodeEncrypted, sayRights, "unsupported security handler")
	}
	return refuseCorrupt("open PDF: %v", err)
}

func (p *pdfPages) open(ctx context.Context) error {
	p.in.ctx = ctx
	doc, err := p.engine.open(ctx, io.NewSectionReader(p.in, 0, p.in.size), p.in.size, p.password)
	if err != nil {
		return err
	}
	p.doc = doc
	return nil
}

// reset gives the instance up; the next page opens a fresh one.
func (p *pdfPages) reset() {
	if p.doc != nil {
		_ = ignoreTrap(p.doc.close())
		p.doc = nil
	}
}

// Count implements ocr.Pages.
func (p *pdfPages) Count() int { return p.count }

// Close implements ocr.Pages.
func (p *pdfPages) Close() error {
	p.reset()
	return p.in.Close()
}

// Page implements ocr.Pages.
func (p *pdfPages) Page(ctx context.Context, n int) (content ocr.PageContent, err error) {
	err = p.with(ctx, n, func(page *pdfPage) error {
		content, err = p.read(page, n)
		return err
	})
	return content, err
}

// with loads page n for do. Whatever goes wrong inside PDFium costs this page
// only: the instance is thrown away.
func (p *pdfPages) with(ctx context.Context, n int, do func(*pdfPage) error) (err error) {
	defer guard(ctx, &err)
	if n < 1 || n > p.count {
		return noSuchPage(n, p.count)
	}
	p.in.ctx = ctx
	if p.doc != nil && p.doc.handles > maxHandles {
		p.reset()
	}
	if p.doc == nil {
		if err := p.open(ctx); err != nil {
			return err
		}
	}
	whole := false
	defer func() {
		// After a failure, a panic, or a read cut off by ctx, PDFium may hold half
		// a page and would show it without a word.
		if !whole || ctx.Err() != nil || p.in.failed != nil {
			p.reset()
		}
		if whole {
			err = errors.Join(ctx.Err(), p.in.failed)
		}
	}()
	page, err := p.doc.load(n - 1)
	if err != nil {
		return p.blame(n, err)
	}
	defer func() { page.close() }()
	if page, err = page.flatten(n - 1); err != nil {
		return p.blame(n, err)
	}
	err = p.blame(n, do(page))
	whole = err == nil
	return err
}

// blame turns an error of PDFium into a refusal of the page.
func (p *pdfPages) blame(n int, err error) error {
	var own *ownError
	if err == nil || errors.As(err, &own) {
		return err
	}
	if _, ok := document.AsRefusal(err); ok {
		return err
	}
	return refusePage(n, "%v", err)
}

// read decides how the page is to be read.
func (p *pdfPages) read(page *pdfPage, n int) (ocr.PageContent, error) {
	l, err := page.survey()
	if err != nil {
		return ocr.PageContent{}, err
	}
	if err := checkPictures(l, p.limits.MaxPixels); err != nil {
		return ocr.PageContent{}, err
	}
	text, s, _, err := page.textLayer(l, p.given, p.limits)
	if err != nil {
		return ocr.PageContent{}, err
	}
	content := ocr.PageContent{Render: p.renderer(n, s), DPI: s.dpi, Frame: "rendered"}
	if text != nil {
		text.Number = n
		content.Text = text
		return content, nil
	}
	if img, dpi, ok, err := p.embedded(page, l); err != nil {
		return ocr.PageContent{}, err
	} else if ok {
		content.Image, content.DPI, content.Frame = img, dpi, "embedded"
		return content, nil
	}
	// No text to go by: the engine finds the orientation.
	s = sheetFor(page.width, page.height, 0, p.limits)
	content.Render, content.DPI = p.renderer(n, s), s.dpi
	content.Image, err = page.picture(s)
	return content, err
}

// embedded returns the picture that is the page, if there is one.
func (p *pdfPages) embedded(page *pdfPage, l *layout) (image.Image, float64, bool, error) {
	if !l.scanLike(p.limits.RenderPixels) {
		return nil, 0, false, nil
	}
	if ok, err := p.embeddable(l); !ok {
		return nil, 0, false, err
	}
	img, dpi, ok, err := page.embedded(l, p.limits.RenderPixels)
	if err != nil {
		return nil, 0, false, nil //nolint:nilerr // what cannot be taken out may still be drawn
	}
	return img, dpi, ok, nil
}

// embeddable reports whether the picture that covers a page has no mask, and
// learns how it is stored. PDFium does not tell either.
func (p *pdfPages) embeddable(l *layout) (bool, error) {
	if p.scan == nil {
		scan, err := scanPDF(p.in.ctx, p.in, p.limits)
		if err != nil {
			return false, err
		}
		p.scan = scan
	}
	size := [2]int{l.cover.width, l.cover.height}
	l.cover.jpeg = p.scan.jpegs[size] == jpegPlain
	return !p.scan.masked[size], nil
}

// renderer returns the Render of a page.
func (p *pdfPages) renderer(n int, s sheet) func(context.Context) (image.Image, error) {
	return func(ctx context.Context) (img image.Image, err error) {
		err = p.with(ctx, n, func(page *pdfPage) error {
			img, err = page.picture(s)
			return err
		})
		return img, err
	}
}

// checkPictures refuses a page whose pictures would not fit into memory:
// PDFium would leave them out and show a blank page.
func checkPictures(l *layout, maxPixels int64) error {
	for _, pic := range l.pictures {
		if int64(pic.width)*int64(pic.height)*int64(max(pic.bits, 1)) > maxPixels*24 {
			return refusePixels(pic.width, pic.height, maxPixels)
		}
	}
	return nil
}
