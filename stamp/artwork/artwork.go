// Package artwork lays out a mark and draws it as PDF operators: the band below
// the page, the tiles over it, and the digits of the page number. It knows what
// the mark looks like; where it goes in a file is the business of pdfstamp.
//
// Everything that is equal on all pages of a size is drawn once. Coordinates are
// points with the origin at the bottom left of the page as it is seen, y up.
package artwork

import (
	"fmt"
	"strconv"

	"onewindow/stamp"
	"onewindow/stamp/lettering"
)

// MM is one millimetre in points.
const MM = 72 / 25.4

// Names of the resources the tiles refer to; the file must provide them.
const (
	TileWords  = "T" // form holding what Artwork.TileWords returns
	stateWords = "W"
	stateLines = "S"
)

// Artwork draws one mark for one file. Not safe for concurrent use.
type Artwork struct {
	font  *lettering.Font
	mark  stamp.Mark
	tpl   stamp.Template
	pages int
	qr    []byte // path in the unit square
	tiles tileWords

	qrModules int // on a side
}

// Compose checks mark and template and prepares the drawing for a file of pages
// pages. Errors: those of Validate, and a font that cannot draw.
func Compose(font *lettering.Font, mark stamp.Mark, tpl stamp.Template, pages int) (*Artwork, error) {
	if err := tpl.Validate(); err != nil {
		return nil, err
	}
	if err := mark.Validate(); err != nil {
		return nil, err
	}
	a := &Artwork{font: font, mark: mark, tpl: tpl, pages: pages}
	var err error
	if a.qr, a.qrModules, err = qrPath(mark.URL()); err != nil {
		return nil, err
	}
	if tpl.Tiles.Text != "" {
		if a.tiles, err = a.layTile(); err != nil {
			return nil, err
		}
	}
	return a, nil
}

// HasTiles reports whether the template draws tiles.
func (a *Artwork) HasTiles() bool { return a.tpl.Tiles.Text != "" }

// States returns the graphics states the tiles refer to by name: blend mode Darken
// with this opacity.
func (a *Artwork) States() map[string]float64 {
	return map[string]float64{stateWords: a.tpl.Tiles.Opacity, stateLines: a.tpl.Tiles.StripeOpacity}
}

// Digit draws a digit filled black, 1/lettering.Grid em to the unit, and returns
// its advance in em.
func (a *Artwork) Digit(d int) (content []byte, advance float64, err error) {
	text := strconv.Itoa(d)
	path, err := a.font.AppendPath(nil, text, 0)
	if err != nil {
		return nil, 0, err
	}
	if advance, err = a.font.Width(text); err != nil {
		return nil, 0, err
	}
	return append(path, "f\n"...), advance, nil
}

// Number writes a coordinate: three decimals are a 70,000th of an inch.
func Number(v float64) string {
	s := strconv.FormatFloat(v, 'f', 3, 64)
	for s[len(s)-1] == '0' {
		s = s[:len(s)-1]
	}
	if s[len(s)-1] == '.' {
		s = s[:len(s)-1]
	}
	if s == "-0" {
		return "0"
	}
	return s
}

// operator appends "a b c op\n".
func operator(dst []byte, op string, args ...float64) []byte {
	for _, a := range args {
		dst = append(append(dst, Number(a)...), ' ')
	}
	return append(append(dst, op...), '\n')
}

// scaled opens a graphics state at x, y with unit points to the unit.
func scaled(dst []byte, x, y, unit float64) []byte {
	dst = append(dst, "q\n"...)
	s := strconv.FormatFloat(unit, 'f', 6, 64) // a thousandth of a font size needs them
	return fmt.Appendf(dst, "%s 0 0 %s %s %s cm\n", s, s, Number(x), Number(y))
}
