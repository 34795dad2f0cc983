package pagesource

import (
	"fmt"
	"os"
	"strings"

	"golang.org/x/image/font"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
)

// outline is a glyph as PDF path operators in em, y down, with the extent of
// its ink and its advance, also in em.
type outline struct {
	path           string
	x0, y0, x1, y1 float64
	advance        float64
}

// face draws the glyphs of one font.
type face struct {
	font  *sfnt.Font
	upem  float64
	buf   sfnt.Buffer
	cache map[sfnt.GlyphIndex]outline
}

func newFace(f *sfnt.Font) *face {
	return &face{font: f, upem: float64(f.UnitsPerEm()), cache: map[sfnt.GlyphIndex]outline{}}
}

// openFallback opens the installed Chinese font.
func openFallback(path string) (*face, *os.File, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, nil, &ownError{"open font", withoutPath(err)}
	}
	all, err := sfnt.ParseCollectionReaderAt(f)
	if err != nil {
		f.Close()
		return nil, nil, &ownError{"parse font", err}
	}
	chosen := 0
	for i := range all.NumFonts() {
		if one, err := all.Font(i); err == nil {
			if name, err := one.Name(nil, sfnt.NameIDFamily); err == nil && strings.HasSuffix(name, " SC") {
				chosen = i
				break
			}
		}
	}
	one, err := all.Font(chosen)
	if err != nil {
		f.Close()
		return nil, nil, &ownError{"parse font", err}
	}
	return newFace(one), f, nil
}

// index returns the glyph for a character, 0 when the font has none.
func (f *face) index(r rune) sfnt.GlyphIndex {
	i, err := f.font.GlyphIndex(&f.buf, r)
	if err != nil {
		return 0
	}
	return i
}

// outline returns a glyph. A glyph that cannot be read is empty.
func (f *face) outline(i sfnt.GlyphIndex) outline {
	if o, ok := f.cache[i]; ok {
		return o
	}
	o := f.load(i)
	f.cache[i] = o
	return o
}

func (f *face) load(i sfnt.GlyphIndex) outline {
	var o outline
	ppem := fixed.Int26_6(f.upem * 64)
	if adv, err := f.font.GlyphAdvance(&f.buf, i, ppem, font.HintingNone); err == nil {
		o.advance = float64(adv) / 64 / f.upem
	}
	segments, err := f.font.LoadGlyph(&f.buf, i, ppem, nil)
	if err != nil || len(segments) == 0 {
		return o
	}
	var b strings.Builder
	em := func(p fixed.Point26_6) (x, y float64) { return float64(p.X) / 64 / f.upem, float64(p.Y) / 64 / f.upem }
	var cx, cy float64
	o.x0, o.y0, o.x1, o.y1 = 1e9, 1e9, -1e9, -1e9
	for _, s := range segments {
		n := map[sfnt.SegmentOp]int{sfnt.SegmentOpMoveTo: 1, sfnt.SegmentOpLineTo: 1, sfnt.SegmentOpQuadTo: 2, sfnt.SegmentOpCubeTo: 3}[s.Op]
		var p [6]float64
		for k := range n {
			p[2*k], p[2*k+1] = em(s.Args[k])
			o.x0, o.y0, o.x1, o.y1 = min(o.x0, p[2*k]), min(o.y0, p[2*k+1]), max(o.x1, p[2*k]), max(o.y1, p[2*k+1])
		}
		switch s.Op {
		case sfnt.SegmentOpMoveTo:
			fmt.Fprintf(&b, "%s %s m ", num(p[0]), num(p[1]))
		case sfnt.SegmentOpLineTo:
			fmt.Fprintf(&b, "%s %s l ", num(p[0]), num(p[1]))
		case sfnt.SegmentOpQuadTo:
			b.WriteString(quadratic(cx, cy, p[0], p[1], p[2], p[3]))
		case sfnt.SegmentOpCubeTo:
			fmt.Fprintf(&b, "%s %s %s %s %s %s c ", num(p[0]), num(p[1]), num(p[2]), num(p[3]), num(p[4]), num(p[5]))
		}
		cx, cy = p[2*n-2], p[2*n-1]
	}
	o.path = b.String() + "f\n"
	return o
}

// quadratic writes a quadratic curve as a cubic one.
func quadratic(x0, y0, x1, y1, x2, y2 float64) string {
	return fmt.Sprintf("%s %s %s %s %s %s c ",
		num(x0+2*(x1-x0)/3), num(y0+2*(y1-y0)/3), num(x2+2*(x1-x2)/3), num(y2+2*(y1-y2)/3), num(x2), num(y2))
}
