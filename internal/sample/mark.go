package sample

import "onewindow/document"

// Mark is something drawn on a page: Text, Rule, Shape, Seal, QR, Emblem or
// Scribble. Positions are in millimetres from the top left corner.
type Mark interface {
	draw(c canvas)
}

// canvas is what marks draw on: pixels or a PDF content stream.
type canvas interface {
	fill(p path, ink Ink)
	text(t Text)
	outline(face Face, r rune) path // glyph in em units, y down, origin on the baseline
}

// Ink is a colour with opacity. Wear > 0 makes it patchy like a rubber stamp.
type Ink struct {
	R, G, B, A uint8
	Wear       float64 // 0..1
}

// The inks of official paper.
var (
	Black   = Ink{R: 20, G: 20, B: 22, A: 255}
	Grey    = Ink{R: 110, G: 110, B: 112, A: 255}
	Red     = Ink{R: 214, G: 24, B: 30, A: 255}
	SealRed = Ink{R: 222, G: 30, B: 36, A: 225, Wear: 0.25}
	Gold    = Ink{R: 205, G: 160, B: 60, A: 255}
	Blue    = Ink{R: 34, G: 52, B: 140, A: 255}
	Paper   = Ink{R: 255, G: 255, B: 255, A: 255}
)

// Text is one run on one baseline.
type Text struct {
	X, Y     float64 // left end, baseline
	Size     float64 // em in mm
	Face     Face
	Ink      Ink
	Tracking float64 // extra mm after each character
	String   string
	Field    string // key of the field this run is (part of) the value of
}

// Width returns the advance in mm, without the tracking after the last character.
func (t Text) Width() float64 {
	n := len([]rune(t.String))
	if n == 0 {
		return 0
	}
	return advance(t.Face, t.String)*t.Size + float64(n-1)*t.Tracking
}

// Box returns the em box of the run.
func (t Text) Box() document.Box {
	return document.Box{t.X, t.Y - emAscent*t.Size, t.X + t.Width(), t.Y + emDescent*t.Size}
}

func (t Text) draw(c canvas) { c.text(t) }

// Rule is a filled rectangle: a line, a frame side, a ground.
type Rule struct {
	X, Y, W, H float64
	Ink        Ink
}

func (r Rule) draw(c canvas) { c.fill(rectPath(r.X, r.Y, r.W, r.H), r.Ink) }

// Shape is a free outline.
type Shape struct {
	Path path
	Ink  Ink
}

func (s Shape) draw(c canvas) { c.fill(s.Path, s.Ink) }
