package tesseract

import (
	"context"
	"image"
	"math"
	"strings"

	"github.com/otiai10/gosseract/v2"

	"onewindow/document"
	"onewindow/ocr/ink"
	"onewindow/ocr/layout"
)

// Options tune an Engine. Zero fields mean the default.
type Options struct {
	// Languages are Tesseract's names; default chi_sim. Their trained data must
	// be installed.
	Languages []string
}

// Engine is an ocr.Engine and an ocr.Orientation. It is used by one goroutine at
// a time.
type Engine struct {
	name   string
	reader reader
	ink    ink.Converter
	page   ink.Plane
	turned ink.Plane
	level  ink.Plane
	part   ink.Plane
}

const (
	// solidRed is the shade of red headings: Tesseract sees black and white only.
	solidRed = 170
	// leastMargin is the margin from which a page is turned.
	leastMargin = 0.25
	// leastSkew in degrees is worth levelling.
	leastSkew = 0.3
)

// New loads Tesseract and its trained data, and fails when they are missing.
// Close the engine when done.
func New(options Options) (*Engine, error) {
	if len(options.Languages) == 0 {
		options.Languages = []string{"chi_sim"}
	}
	languages := strings.Join(options.Languages, "+")
	e := &Engine{
		name:   "tesseract/" + gosseract.Version() + "-" + languages,
		reader: reader{languages: options.Languages},
		ink:    ink.Converter{Red: solidRed},
	}
	// Tesseract loads its data with the first picture.
	var blank ink.Plane
	blank.Reset(64, 32)
	for i := range blank.Pix {
		blank.Pix[i] = 255
	}
	if _, err := e.reader.read(&blank); err != nil {
		e.reader.close()
		return nil, err
	}
	return e, nil
}

// Name returns the engine's name, version and languages.
func (e *Engine) Name() string { return e.name }

// Close frees Tesseract.
func (e *Engine) Close() error {
	e.reader.close()
	return nil
}

// Recognize reads a page image of any orientation, see ocr.Engine.
func (e *Engine) Recognize(ctx context.Context, img image.Image) (document.Page, error) {
	e.ink.Convert(&e.page, img)
	p, turn := &e.page, 0
	if hasInk(p) {
		best, margin, err := e.upright(ctx, true)
		if err != nil {
			return document.Page{}, err
		}
		if best != 0 && margin >= leastMargin {
			turn = best
			e.page.TurnInto(&e.turned, turn)
			p = &e.turned
		}
	}
	lines, err := e.read(ctx, p)
	if err != nil {
		return document.Page{}, err
	}
	return document.Page{
		Width: p.W, Height: p.H, Rotation: turn, Source: document.SourceOCR, Engine: e.name,
		Lines: lines, Confidence: layout.Confidence(lines), Blank: len(lines) == 0,
		Seals: layout.Seals(e.ink.Seals(), img.Bounds().Size(), turn),
	}, nil
}

// read reads an upright page, levelled first, and returns its lines in order.
func (e *Engine) read(ctx context.Context, p *ink.Plane) ([]document.Line, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if !hasInk(p) {
		return nil, nil
	}
	source, skew := p, p.Skew()
	if math.Abs(skew) >= leastSkew {
		p.LevelInto(&e.level, skew)
		source = &e.level
	} else {
		skew = 0
	}
	words, err := e.reader.read(source)
	if err != nil {
		return nil, err
	}
	lines := layout.Order(linesOf(words), p.W, p.H, 0)
	for i := range lines {
		lines[i].Box = slanted(lines[i].Box, skew, p.W, p.H)
	}
	return lines, ctx.Err()
}

// slanted returns the place of a box of the levelled page on the crooked one.
func slanted(b document.Box, degrees float64, w, h int) document.Box {
	if degrees == 0 {
		return b
	}
	sin, cos := math.Sincos(degrees * math.Pi / 180)
	cx, cy := float64(w)/2, float64(h)/2
	x, y := (b[0]+b[2])/2-cx, (b[1]+b[3])/2-cy
	mx, my := cx+x*cos-y*sin, cy+x*sin+y*cos
	dx := (b.Width()*cos + b.Height()*math.Abs(sin)) / 2
	dy := (b.Height()*cos + b.Width()*math.Abs(sin)) / 2
	clamp := func(v float64, limit int) float64 { return math.Round(min(max(v, 0), float64(limit))) }
	return document.Box{clamp(mx-dx, w), clamp(my-dy, h), clamp(mx+dx, w), clamp(my+dy, h)}
}

// hasInk reports whether anything is printed on the page.
func hasInk(p *ink.Plane) bool {
	const dark, least = 160, 40
	n := 0
	for _, v := range p.Pix {
		if v < dark {
			if n++; n > least {
				return true
			}
		}
	}
	return false
}
