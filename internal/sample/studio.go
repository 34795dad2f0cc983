package sample

import (
	"fmt"
	"image"
	"sync"
)

// Studio renders documents. It holds the fonts and the glyphs drawn so far; one
// is enough for a process, and it is safe for concurrent use.
type Studio struct {
	mu    sync.Mutex
	faces [faceCount]*typeface
	masks map[maskKey]*mask
}

// OpenStudio opens the fonts; ErrNoFont when they are not installed.
func OpenStudio() (*Studio, error) {
	s := &Studio{masks: map[maskKey]*mask{}}
	for f := range faceCount {
		t, err := openFace(f)
		if err != nil {
			return nil, fmt.Errorf("open studio: %w", err)
		}
		s.faces[f] = t
	}
	return s, nil
}

// Image renders a page in colour at dpi. A4 at 300 dpi is 2480 × 3508 pixels.
func (s *Studio) Image(p Page, dpi float64) *image.RGBA {
	w, h := p.Pixels(dpi)
	r := &raster{studio: s, img: newPaper(w, h), scale: dpi / mmPerInch}
	for _, m := range p.Marks {
		m.draw(r)
	}
	return r.img
}

// Images renders all pages of a document.
func (s *Studio) Images(d Document, dpi float64) []*image.RGBA {
	out := make([]*image.RGBA, len(d.Pages))
	for i, p := range d.Pages {
		out[i] = s.Image(p, dpi)
	}
	return out
}

// outline returns the glyph of r in em units.
func (s *Studio) outline(f Face, r rune) path {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.faces[f].glyph(f, r)
}

// newPaper returns white RGBA pixels.
func newPaper(w, h int) *image.RGBA {
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	if len(img.Pix) == 0 {
		return img
	}
	img.Pix[0] = 0xff
	for n := 1; n < len(img.Pix); n *= 2 {
		copy(img.Pix[n:], img.Pix[:n])
	}
	return img
}
