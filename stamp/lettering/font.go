// Package lettering draws text as filled outlines taken from a font file.
//
// The mark is drawn, not written: a subset font would put the words of the mark
// into the text of every page, where search and copy would find them, and CJK
// subsets cost more bytes than the few outlines a mark needs.
package lettering

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"sync"

	"golang.org/x/image/font"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
)

// ErrNoFont is returned when the file holds no font that can draw Chinese.
var ErrNoFont = errors.New("no usable font")

// AnyDigit takes the room of a digit and draws nothing: what is equal on many
// pages is drawn around it. It is a private-use character, in no honest text.
const AnyDigit = '\uE000'

// Font draws from one face of a TTF, OTF (CFF too) or TTC file. It reads glyphs
// as they are needed and keeps them; safe for concurrent use.
type Font struct {
	file  io.Closer
	face  *sfnt.Font
	units float64 // per em
	name  string

	mu     sync.Mutex
	buffer sfnt.Buffer
	glyphs map[rune]Glyph
}

// Glyph is the outline of one character in em units, y up, origin on the baseline.
type Glyph struct {
	Segments []Segment
	Advance  float64
}

// Segment is one step of an outline: 'm' and 'l' use P[0], 'c' uses all three.
type Segment struct {
	Op byte
	P  [3][2]float64
}

// Open opens a font file. Of a collection it takes the face for simplified
// Chinese ("… SC"), else the first. Errors: ErrNoFont, or those of os.Open.
func Open(path string) (*Font, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("open font: %w", err)
	}
	f := &Font{file: file, glyphs: map[rune]Glyph{}}
	if err := f.choose(file); err != nil {
		file.Close()
		return nil, err
	}
	if g, err := f.Glyph('审'); err != nil || len(g.Segments) == 0 {
		file.Close()
		return nil, fmt.Errorf("%w: %q cannot draw 审", ErrNoFont, f.name)
	}
	return f, nil
}

// Close closes the file; the font draws no more.
func (f *Font) Close() error { return f.file.Close() }

// Name is the full name of the face, e.g. "Noto Sans CJK SC".
func (f *Font) Name() string { return f.name }

func (f *Font) choose(src io.ReaderAt) error {
	faces, err := sfnt.ParseCollectionReaderAt(src)
	if err != nil {
		return fmt.Errorf("%w: parse: %w", ErrNoFont, err)
	}
	for i := range faces.NumFonts() {
		face, err := faces.Font(i)
		if err != nil {
			return fmt.Errorf("%w: face %d: %w", ErrNoFont, i, err)
		}
		name, err := face.Name(&f.buffer, sfnt.NameIDFull)
		if err != nil {
			name = ""
		}
		proportional := !strings.Contains(name, "Mono")
		if f.face == nil || proportional && strings.Contains(name, " SC") && !strings.Contains(f.name, " SC") {
			f.face, f.name = face, name
		}
	}
	if f.face == nil {
		return fmt.Errorf("%w: empty collection", ErrNoFont)
	}
	f.units = float64(f.face.UnitsPerEm())
	return nil
}

// Glyph returns the outline of r. A character the font lacks comes out as its
// replacement box, so that a gap is seen and not overlooked.
func (f *Font) Glyph(r rune) (Glyph, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if g, ok := f.glyphs[r]; ok {
		return g, nil
	}
	g, err := f.load(r)
	if err != nil {
		return Glyph{}, fmt.Errorf("draw %U: %w", r, err)
	}
	f.glyphs[r] = g
	return g, nil
}

func (f *Font) load(r rune) (Glyph, error) {
	if r == AnyDigit {
		zero, err := f.load('0')
		return Glyph{Advance: zero.Advance}, err
	}
	index, err := f.face.GlyphIndex(&f.buffer, r)
	if err != nil {
		return Glyph{}, err
	}
	ppem := fixed.I(int(f.units)) // one pixel is one font unit: nothing is rounded
	advance, err := f.face.GlyphAdvance(&f.buffer, index, ppem, font.HintingNone)
	if err != nil {
		return Glyph{}, err
	}
	segments, err := f.face.LoadGlyph(&f.buffer, index, ppem, nil)
	if err != nil {
		return Glyph{}, err
	}
	return Glyph{Segments: f.outline(segments), Advance: float64(advance) / 64 / f.units}, nil
}

func (f *Font) outline(in sfnt.Segments) []Segment {
	var out []Segment
	var at [2]float64
	point := func(p fixed.Point26_6) [2]float64 {
		return [2]float64{float64(p.X) / 64 / f.units, -float64(p.Y) / 64 / f.units}
	}
	for _, s := range in {
		a, b, c := point(s.Args[0]), point(s.Args[1]), point(s.Args[2])
		switch s.Op {
		case sfnt.SegmentOpMoveTo:
			out, at = append(out, Segment{'m', [3][2]float64{a}}), a
		case sfnt.SegmentOpLineTo:
			out, at = append(out, Segment{'l', [3][2]float64{a}}), a
		case sfnt.SegmentOpQuadTo: // PDF knows cubic curves only
			out, at = append(out, Segment{'c', [3][2]float64{between(at, a), between(b, a), b}}), b
		case sfnt.SegmentOpCubeTo:
			out, at = append(out, Segment{'c', [3][2]float64{a, b, c}}), c
		}
	}
	return out
}

// between is two thirds of the way from an end point to the control point.
func between(end, control [2]float64) [2]float64 {
	return [2]float64{end[0] + (control[0]-end[0])*2/3, end[1] + (control[1]-end[1])*2/3}
}

// Width returns the length of text in em.
func (f *Font) Width(text string) (float64, error) {
	var w float64
	for _, r := range text {
		g, err := f.Glyph(r)
		if err != nil {
			return 0, err
		}
		w += g.Advance
	}
	return w, nil
}
