package pagesource

import (
	"fmt"
	"image"
	"math"

	"onewindow/document"
	"onewindow/ocr"
)

// WarnInkOutside is the code among document.Page.Warnings of a page whose text
// layer is sound but which shows more that looks like text, in pictures or as
// drawn outlines: reading the picture as well would find it.
const WarnInkOutside = "ink_outside_text"

// sheet is the upright page in pixels.
type sheet struct {
	width, height int
	dpi           float64
	turn          int // clockwise, on top of the page's own rotation
}

// sheetFor chooses the resolution: the wanted one, less where the page would
// have more pixels than allowed.
func sheetFor(w, h float64, turn int, limits ocr.Limits) sheet {
	dpi := float64(limits.RenderDPI)
	if px := w * h * dpi * dpi / (72 * 72); px > float64(limits.RenderPixels) {
		dpi *= math.Sqrt(float64(limits.RenderPixels) / px)
	}
	s := sheet{max(int(math.Round(w*dpi/72)), 1), max(int(math.Round(h*dpi/72)), 1), dpi, turn}
	if turn%180 == 90 {
		s.width, s.height = s.height, s.width
	}
	return s
}

// stored returns the size before the turn.
func (s sheet) stored() (w, h int) {
	if s.turn%180 == 90 {
		return s.height, s.width
	}
	return s.width, s.height
}

// givenText is the text of a page, in displayed points, and why it cannot be
// seen if it cannot.
type givenText struct {
	glyphs []glyph
	hidden string
}

// textLayer returns the page's own text when it is sound, else nil and why not.
//
// Sound means: the text is drawn visibly and not under a picture, its characters
// are language, they stand where something is printed, and most of what looks
// like print is covered by them. A layer that another program's OCR put under a
// scan fails the first test whatever its quality: it is not the document.
// Rotation in the result comes on top of the page's own /Rotate.
func (p *pdfPage) textLayer(l *layout, given *givenText, limits ocr.Limits) (*document.Page, sheet, string, error) {
	if given == nil {
		// On a page that is no scan, invisible text beside the visible is marks
		// for machines, such as where to sign. It is left out.
		part := l.hiddenText > 0 && l.visibleText > 0 && l.cover == nil
		glyphs, err := p.glyphs(part)
		if err != nil {
			return nil, sheet{}, "", err
		}
		given = &givenText{glyphs, hidden(l)}
	}
	glyphs := given.glyphs
	turn := mainAngleTurn(glyphs)
	s := sheetFor(p.width, p.height, turn, limits)
	if given.hidden != "" {
		return nil, s, given.hidden, nil
	}
	if why := language(glyphs); why != "" {
		return nil, s, why, nil
	}
	glyphs = moved(glyphs, turn, p.width, p.height, s.dpi/72)
	k, err := p.ink(s)
	if err != nil {
		return nil, s, "", err
	}
	if v := k.visible(glyphs); v < 0.8 {
		return nil, s, fmt.Sprintf("%.0f %% of the text cannot be seen", 100*(1-v)), nil
	}
	lines := within(lineMaker{k.ruled, s.width, s.height}.lines(k.seen(glyphs)), float64(s.width), float64(s.height))
	why, warnings := weigh(k, lines, l.cover != nil)
	if why != "" {
		return nil, s, why, nil
	}
	return &document.Page{
		Width: s.width, Height: s.height, Rotation: turn, DPI: s.dpi,
		Source: document.SourceTextLayer, Lines: lines, Confidence: 1, Warnings: warnings, Seals: k.seals,
	}, s, "", nil
}

// within cuts the boxes at the edges of the page and drops what lies outside.
func within(lines []document.Line, w, h float64) []document.Line {
	out := lines[:0]
	for _, l := range lines {
		l.Box = document.Box{max(l.Box[0], 0), max(l.Box[1], 0), min(l.Box[2], w), min(l.Box[3], h)}
		if l.Box.Width() > 0 && l.Box.Height() > 0 {
			out = append(out, l)
		}
	}
	return out
}

// mainAngleTurn is the clockwise turn that makes the text upright.
func mainAngleTurn(glyphs []glyph) int { return (360 - mainAngle(glyphs)) % 360 }

func hidden(l *layout) string {
	switch {
	case l.visibleText == 0 && !l.partial:
		return "all text is invisible"
	case l.hiddenText > 0 && l.cover != nil:
		return "part of the text is invisible"
	}
	return ""
}

// weigh holds the lines against what is printed.
func weigh(k ink, lines []document.Line, onPicture bool) (why string, warnings []string) {
	inside, outside := k.marks(lines)
	least := 0.6
	if onPicture {
		least = 0.9 // on a scan, print that is not text is the rule
	}
	const few = 15
	if outside > few && float64(inside) < least*float64(inside+outside) {
		return fmt.Sprintf("%d of %d marks are not in the text", outside, inside+outside), nil
	}
	if outside > few {
		warnings = append(warnings, WarnInkOutside)
	}
	return "", warnings
}

// ink draws the page small, turned like the sheet.
func (p *pdfPage) ink(s sheet) (ink, error) {
	w, h := s.stored()
	scale := min(inkDPI/s.dpi, 1, math.Sqrt(inkMaxPixels/(float64(w)*float64(h))))
	img, err := p.render(max(int(float64(w)*scale), 1), max(int(float64(h)*scale), 1))
	if err != nil {
		return ink{}, err
	}
	return newInk(asRGBA(clockwise(s.turn).apply(img)), scale), nil
}

// picture draws the page as the sheet says.
func (p *pdfPage) picture(s sheet) (image.Image, error) {
	w, h := s.stored()
	img, err := p.render(w, h)
	if err != nil {
		return nil, err
	}
	return clockwise(s.turn).apply(img), nil
}
