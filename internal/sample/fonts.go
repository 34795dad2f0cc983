package sample

import (
	"errors"
	"fmt"
	"os"

	"golang.org/x/image/font"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"

	"onewindow/internal/resources"
)

// ErrNoFont is returned when the Noto CJK fonts are not installed
// (apt-get install fonts-noto-cjk).
var ErrNoFont = errors.New("font not installed")

var fontFiles = [faceCount]string{
	Serif:     "NotoSerifCJK-Regular.ttc",
	SerifBold: "NotoSerifCJK-Bold.ttc",
	Sans:      "NotoSansCJK-Regular.ttc",
	SansBold:  "NotoSansCJK-Bold.ttc",
}

// fontFolders are where Linux distributions put the Noto CJK collections.
var fontFolders = []string{
	"/usr/share/fonts/opentype/noto/",
	"/usr/share/fonts/noto-cjk/",
	"/usr/share/fonts/google-noto-cjk/",
}

// typeface is one parsed font with the outlines read so far.
type typeface struct {
	font   *sfnt.Font
	buf    sfnt.Buffer
	glyphs map[rune]path // em units, y down
}

// openFace opens the Simplified Chinese font of a face. A machine with the
// plain Sans only still gets a Studio: the other faces fall back to it.
func openFace(f Face) (*typeface, error) {
	p, err := findFont(fontFiles[f])
	if err != nil {
		if p, err = resources.Font(); err != nil {
			return nil, fmt.Errorf("open %s: %w", fontFiles[f], ErrNoFont)
		}
	}
	raw, err := os.ReadFile(p)
	if err != nil {
		return nil, fmt.Errorf("read font: %w", err)
	}
	all, err := sfnt.ParseCollection(raw)
	if err != nil {
		return nil, fmt.Errorf("parse font: %w", err)
	}
	const simplified = 2 // JP, KR, SC, TC, HK
	chosen, err := all.Font(min(simplified, all.NumFonts()-1))
	if err != nil {
		return nil, fmt.Errorf("choose font: %w", err)
	}
	return &typeface{font: chosen, glyphs: map[rune]path{}}, nil
}

func findFont(name string) (string, error) {
	if p, err := resources.Path("fonts/" + name); err == nil {
		return p, nil
	}
	for _, dir := range fontFolders {
		if _, err := os.Stat(dir + name); err == nil {
			return dir + name, nil
		}
	}
	return "", ErrNoFont
}

// glyph returns the outline of r moved so that it stands centred in the cell
// that layout gives it (metrics.go).
func (t *typeface) glyph(f Face, r rune) path {
	if p, ok := t.glyphs[r]; ok {
		return p
	}
	p := t.load(f, r)
	t.glyphs[r] = p
	return p
}

func (t *typeface) load(f Face, r rune) path {
	const ppem = 1000
	id, err := t.font.GlyphIndex(&t.buf, r)
	if err != nil || r == ' ' {
		return nil
	}
	segs, err := t.font.LoadGlyph(&t.buf, id, fixed.I(ppem), nil)
	if err != nil {
		return nil
	}
	var p path
	for _, s := range segs {
		a, b, c := emPoint(s.Args[0]), emPoint(s.Args[1]), emPoint(s.Args[2])
		switch s.Op {
		case sfnt.SegmentOpMoveTo:
			p.moveTo(a.x, a.y)
		case sfnt.SegmentOpLineTo:
			p.lineTo(a.x, a.y)
		case sfnt.SegmentOpQuadTo:
			p.quadTo(a, b)
		case sfnt.SegmentOpCubeTo:
			p.cubeTo(a, b, c)
		}
	}
	own, err := t.font.GlyphAdvance(&t.buf, id, fixed.I(ppem), font.HintingNone)
	if err != nil {
		return p
	}
	if shift := (runeWidth(f, r) - float64(own)/64/ppem) / 2; shift > 0.002 || shift < -0.002 {
		p = p.transform(affine{a: 1, d: 1, e: shift})
	}
	return p
}

func emPoint(p fixed.Point26_6) point {
	return point{float64(p.X) / 64000, float64(p.Y) / 64000}
}
