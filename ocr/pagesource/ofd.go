package pagesource

import (
	"archive/zip"
	"context"
	"image"

	"onewindow/ocr"
)

// isOFD reports an OFD package: a zip with OFD.xml at its root (GB/T 33190 7.3).
func isOFD(in *input) (bool, error) {
	z, err := zip.NewReader(in, in.size)
	if err != nil {
		return false, err
	}
	for _, f := range z.File {
		if entryKey(f.Name) == "ofd.xml" {
			return true, nil
		}
	}
	return false, nil
}

func (s *Source) inspectOFD(ctx context.Context, in *input, opts ocr.OpenOptions) (ocr.Facts, error) {
	pages, err := s.openOFD(ctx, in, opts)
	if err != nil {
		return ocr.Facts{}, err
	}
	if err := pages.doc.anyPage(); err != nil {
		return ocr.Facts{}, refuseOFD("read page", err)
	}
	return ocr.Facts{
		MediaType: media[kindOFD].mediaType, Extension: media[kindOFD].extension,
		Pages: len(pages.doc.pages), Signed: pages.doc.signed, Active: pages.doc.active,
	}, nil
}

func (s *Source) openOFD(ctx context.Context, in *input, opts ocr.OpenOptions) (*ofdPages, error) {
	pkg, err := openOFDPackage(in, in.size)
	if err != nil {
		return nil, err
	}
	doc, err := readOFD(pkg, opts.Limits)
	if err != nil {
		return nil, err
	}
	doc.ctx = ctx
	return &ofdPages{in: in, doc: doc, engine: s.pdfium, limits: opts.Limits,
		fonts: &ofdFonts{doc: doc, path: s.pdfium.opts.Font}}, nil
}

// ofdPages gives the pages of an OFD file, each by way of a PDF page.
type ofdPages struct {
	in     *input
	doc    *ofdDoc
	engine *runtimes
	fonts  *ofdFonts
	limits ocr.Limits

	shown int // page that as holds, from 1
	as    *pdfPages
}

// Count implements ocr.Pages.
func (p *ofdPages) Count() int { return len(p.doc.pages) }

// Close implements ocr.Pages.
func (p *ofdPages) Close() error {
	p.drop()
	err := p.fonts.close()
	if cerr := p.in.Close(); err == nil {
		err = cerr
	}
	return err
}

func (p *ofdPages) drop() {
	if p.as != nil {
		p.as.reset()
	}
	p.as, p.shown = nil, 0
}

// Page implements ocr.Pages.
func (p *ofdPages) Page(ctx context.Context, n int) (content ocr.PageContent, err error) {
	defer guard(ctx, &err)
	as, err := p.convert(ctx, n)
	if err != nil {
		return ocr.PageContent{}, err
	}
	content, err = as.Page(ctx, 1)
	if err != nil {
		return ocr.PageContent{}, err
	}
	if content.Text != nil {
		content.Text.Number = n
	}
	content.Render = func(ctx context.Context) (image.Image, error) { return p.render(ctx, n) }
	return content, nil
}

// render converts the page again, when another was read since, and draws it.
func (p *ofdPages) render(ctx context.Context, n int) (img image.Image, err error) {
	defer guard(ctx, &err)
	as, err := p.convert(ctx, n)
	if err != nil {
		return nil, err
	}
	content, err := as.Page(ctx, 1)
	if err != nil {
		return nil, err
	}
	return content.Render(ctx)
}

// convert makes page n a PDF of one page.
func (p *ofdPages) convert(ctx context.Context, n int) (*pdfPages, error) {
	if n < 1 || n > p.Count() {
		return nil, noSuchPage(n, p.Count())
	}
	if p.shown == n && p.as != nil {
		return p.as, nil
	}
	p.drop()
	p.in.ctx, p.doc.ctx = ctx, ctx
	if err := p.fonts.ready(); err != nil {
		return nil, err
	}
	pdf, text, err := drawOFD(p.doc, p.fonts, n-1, p.limits)
	if err != nil {
		if r := refusal(err); r != nil {
			return nil, r
		}
		return nil, refusePage(n, "draw OFD page: %v", err)
	}
	p.as = &pdfPages{in: memoryInput(ctx, pdf), engine: p.engine, limits: p.limits, count: 1, given: text}
	p.shown = n
	return p.as, nil
}
