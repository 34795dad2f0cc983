package artwork

import (
	"math"
	"strings"

	"onewindow/stamp/lettering"
)

// Measures of the band in points.
const (
	margin      = 8 * MM
	gutter      = 3 * MM // between text and QR
	padding     = 2.2    // above and below the text
	lineSpacing = 1.28   // of the font size
	ascent      = 0.88   // of an em box of Chinese text
	hairline    = 0.4
	// grid is 1/150 inch. Renderers fit a page into whole pixels; a band of whole
	// ones keeps them from drawing the content a fraction lower than before.
	grid = 0.48
	// minWidth is the narrowest page the band is set for; on narrower ones it is
	// set for this width and drawn smaller, whole and in proportion.
	minWidth = 90 * MM
)

// Band is the strip below a page of one width.
type Band struct {
	Width, Height float64
	// Content draws the band from y = -Height to 0, without the page number.
	Content []byte
	// Numbers are where the page number goes.
	Numbers []Place
}

// Place is the left end of a baseline, and the font size there.
type Place struct{ X, Y, Size float64 }

// Band lays the band out for pages width points wide whose number has digits
// digits. It is higher than the template says only if the text would not fit.
func (a *Artwork) Band(width float64, digits int) (Band, error) {
	scale := 1.0
	if width < minWidth {
		scale = width / minWidth
	}
	b := bandLayout{a: a, width: width / scale, height: a.tpl.Band.HeightMM * MM}
	if err := b.setText(digits); err != nil {
		return Band{}, err
	}
	b.height = grid * math.Ceil(b.height*scale/grid) / scale
	band := Band{Width: width, Height: b.height * scale}
	band.Content = operator(band.Content, "g", 1)
	band.Content = operator(band.Content, "re", 0, -band.Height, width, band.Height)
	band.Content = append(band.Content, "f\n0 g\n"...)
	band.Content = scaled(band.Content, 0, 0, scale)
	var err error
	if band.Content, err = b.draw(band.Content); err != nil {
		return Band{}, err
	}
	band.Content = append(band.Content, "Q\n"...)
	for _, p := range b.numbers {
		band.Numbers = append(band.Numbers, Place{p.X * scale, p.Y * scale, p.Size * scale})
	}
	return band, nil
}

type bandLayout struct {
	a             *Artwork
	width, height float64
	size          float64
	lines         []string
	numbers       []Place
}

// qrSide is the side of the code. Modules of whole pixels at 150 and 300 dots per
// inch are read at half the resolution that others need; where that changes the
// size by a few per cent only, it is worth it.
func (b *bandLayout) qrSide() float64 {
	wanted, modules := b.a.tpl.Band.QRMM*MM, float64(b.a.qrModules)
	whole := math.Round(wanted/modules/(grid/2)) * (grid / 2) * modules
	if whole >= 0.95*wanted && whole <= 1.06*wanted && whole <= b.height {
		return whole
	}
	return wanted
}

func (b *bandLayout) qrLeft() float64 {
	return grid * math.Floor((b.width-b.margin()-b.qrSide())/grid)
}

func (b *bandLayout) textRoom() float64 { return b.qrLeft() - gutter - b.margin() }
func (b *bandLayout) margin() float64   { return min(margin, b.width*0.04) }

// setText finds the largest size at which all lines fit, or lets the band grow.
func (b *bandLayout) setText(digits int) error {
	page := strings.Repeat(string(lettering.AnyDigit), digits)
	source := b.a.tpl.BandLines(b.a.mark, page, b.a.pages)
	for _, b.size = range b.a.tpl.Band.Sizes() {
		b.lines = b.lines[:0]
		for _, line := range source {
			wrapped, err := wrap(b.a.font, line, b.textRoom()/b.size)
			if err != nil {
				return err
			}
			b.lines = append(b.lines, wrapped...)
		}
		if b.textHeight()+2*padding <= b.height {
			return nil
		}
	}
	b.height = b.textHeight() + 2*padding
	return nil
}

func (b *bandLayout) textHeight() float64 {
	return b.size * (1 + lineSpacing*float64(len(b.lines)-1))
}

func (b *bandLayout) draw(dst []byte) ([]byte, error) {
	side, left := b.qrSide(), b.qrLeft()
	// The rule ends before the quiet zone of the code.
	dst = operator(dst, "re", b.margin(), -hairline, left-2*MM-b.margin(), hairline)
	dst = append(dst, "f\n"...)
	dst = scaled(dst, left, -grid/2*math.Round((b.height+side)/grid), side)
	dst = append(append(dst, b.a.qr...), "Q\n"...)

	y := -(b.height-b.textHeight())/2 - ascent*b.size
	for _, line := range b.lines {
		var err error
		dst = scaled(dst, b.margin(), y, b.size/lettering.Grid)
		if dst, err = b.a.font.AppendPath(dst, line, 0); err != nil {
			return nil, err
		}
		dst = append(dst, "f\nQ\n"...)
		if err := b.place(line, y); err != nil {
			return nil, err
		}
		y -= lineSpacing * b.size
	}
	return dst, nil
}

// place notes where page numbers stand in a line.
func (b *bandLayout) place(line string, y float64) error {
	inside := false
	for i, r := range line {
		if r == lettering.AnyDigit && !inside {
			w, err := b.a.font.Width(line[:i])
			if err != nil {
				return err
			}
			b.numbers = append(b.numbers, Place{b.margin() + w*b.size, y, b.size})
		}
		inside = r == lettering.AnyDigit
	}
	return nil
}
