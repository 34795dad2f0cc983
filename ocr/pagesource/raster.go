package pagesource

import (
	"context"
	"fmt"
	"image"

	"onewindow/document"
	"onewindow/ocr"
)

// raster is a picture file whose structure was checked but whose pixels were
// not decoded yet.
type raster struct {
	facts  ocr.Facts
	frames []frame
}

// frame is one page of a picture file.
type frame struct {
	width, height int     // as stored, before orientation
	dpi           float64 // as stated by the file; 0 when unknown or not credible
	turn          turn    // EXIF or TIFF orientation
	decode        func() (image.Image, error)
	// asPDF wraps the frame into a PDF for PDFium, which decodes some codings Go
	// does not. Nil when that cannot help.
	asPDF func() ([]byte, error)
	// square evens out unequal resolutions. Nil when there is nothing to even out.
	square func(image.Image) image.Image
}

// probe checks the structure of a picture file: complete, within limits.
func probe(k kind, in *input, limits ocr.Limits) (raster, error) {
	var r raster
	var err error
	switch k {
	case kindJPEG:
		r, err = probeJPEG(in)
	case kindPNG:
		r, err = probePNG(in)
	case kindGIF:
		r, err = probeGIF(in)
	case kindBMP:
		r, err = probeBMP(in)
	case kindWebP:
		r, err = probeWebP(in)
	case kindHEIC:
		r, err = probeHEIC(in)
	case kindTIFF:
		r, err = probeTIFF(in, limits)
	default:
		return raster{}, fmt.Errorf("probe kind %d: not a picture", k)
	}
	if err != nil {
		return raster{}, err
	}
	if len(r.frames) > limits.MaxPages {
		return raster{}, refusePages(len(r.frames), limits.MaxPages)
	}
	for _, f := range r.frames {
		if err := checkPixels(f.width, f.height, limits.MaxPixels); err != nil {
			return raster{}, err
		}
	}
	r.facts.MediaType = media[k].mediaType
	r.facts.Extension = media[k].extension
	r.facts.Pages = len(r.frames)
	return r, nil
}

// single makes the raster of a file with one picture.
func single(f frame) raster { return raster{frames: []frame{f}} }

// rasterPages gives the pages of a picture file.
type rasterPages struct {
	in     *input
	raster raster
	pdfium *runtimes
}

// Count implements ocr.Pages.
func (p *rasterPages) Count() int { return len(p.raster.frames) }

// Close implements ocr.Pages.
func (p *rasterPages) Close() error { return p.in.Close() }

// Page implements ocr.Pages.
func (p *rasterPages) Page(ctx context.Context, n int) (ocr.PageContent, error) {
	if n < 1 || n > p.Count() {
		return ocr.PageContent{}, noSuchPage(n, p.Count())
	}
	img, err := p.picture(ctx, n)
	if err != nil {
		return ocr.PageContent{}, err
	}
	return ocr.PageContent{
		Image:  img,
		Render: func(ctx context.Context) (image.Image, error) { return p.picture(ctx, n) },
		DPI:    p.raster.frames[n-1].dpi,
		Frame:  "decoded",
	}, nil
}

// picture decodes frame n, upright and without transparency.
func (p *rasterPages) picture(ctx context.Context, n int) (img image.Image, err error) {
	defer guard(ctx, &err)
	p.in.ctx = ctx
	f := p.raster.frames[n-1]
	img, err = f.decode()
	if err != nil && ctx.Err() == nil && f.asPDF != nil {
		if wrapped, wrapErr := p.viaPDF(ctx, f); wrapErr == nil {
			img, err = wrapped, nil
		}
	}
	if err != nil {
		if _, ok := document.AsRefusal(err); ok {
			return nil, err
		}
		return nil, refusePage(n, "decode: %v", err)
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	img = opaque(img)
	if f.square != nil {
		img = f.square(img)
	}
	return f.turn.apply(img), nil
}

// noSuchPage is a caller's mistake, not the file's.
func noSuchPage(n, count int) error {
	return &ownError{"read page", fmt.Errorf("page %d of %d does not exist", n, count)}
}

// credibleDPI drops the 72 and 96 that cameras and screens write without meaning it.
func credibleDPI(dpi float64) float64 {
	if dpi <= 96.5 || dpi > 4800 {
		return 0
	}
	return dpi
}
