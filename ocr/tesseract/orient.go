package tesseract

import (
	"context"
	"image"
	"unicode/utf8"

	"onewindow/ocr/ink"
	"onewindow/ocr/layout"
)

const (
	// windowSide is the side of the part of a page that is read in four directions.
	windowSide = 800
	// sure and enough are the confidence and the number of characters from which
	// the first direction tried is taken without trying the others.
	sure   = 0.8
	enough = 12
)

// Upright tells the clockwise turn that makes img upright, see ocr.Orientation.
func (e *Engine) Upright(ctx context.Context, img image.Image) (int, float64, error) {
	e.ink.Convert(&e.page, img)
	if !hasInk(&e.page) {
		return 0, 0, nil
	}
	return e.upright(ctx, false)
}

// upright reads the densest part of e.page in four directions; the most
// characters read with the most confidence win. In haste, an upright page that
// reads well is not tried in other directions, and the margin is then 1.
func (e *Engine) upright(ctx context.Context, haste bool) (int, float64, error) {
	cut(&e.part, &e.page, densest(&e.page, windowSide))
	var best, second float64
	turn := 0
	for _, t := range []int{0, 90, 180, 270} {
		if err := ctx.Err(); err != nil {
			return 0, 0, err
		}
		e.part.TurnInto(&e.turned, t)
		words, err := e.reader.read(&e.turned)
		if err != nil {
			return 0, 0, err
		}
		if haste && t == 0 && readsWell(words) {
			return 0, 1, nil
		}
		switch s := score(words); {
		case s > best:
			best, second, turn = s, best, t
		case s > second:
			second = s
		}
	}
	if best == 0 {
		return 0, 0, nil
	}
	return turn, (best - second) / best, nil
}

func readsWell(words []word) bool {
	lines := linesOf(words)
	n := 0
	for _, l := range lines {
		n += utf8.RuneCountInString(l.Text)
	}
	return n >= enough && layout.Confidence(lines) >= sure
}

// score adds up the characters that look read and not guessed: what Tesseract
// makes of text on its side has little confidence.
func score(words []word) float64 {
	const guess = 0.5
	var sum float64
	for _, w := range words {
		if w.confidence > guess {
			sum += (w.confidence - guess) * float64(utf8.RuneCountInString(w.text))
		}
	}
	return sum
}

// densest returns the square of the given side with the most ink on p.
func densest(p *ink.Plane, side int) image.Rectangle {
	w, h := min(side, p.W), min(side, p.H)
	best, most := image.Rect(0, 0, w, h), -1
	for y := 0; y+h <= p.H; y += max(h/4, 1) {
		for x := 0; x+w <= p.W; x += max(w/4, 1) {
			if n := inkIn(p, x, y, w, h); n > most {
				best, most = image.Rect(x, y, x+w, y+h), n
			}
		}
	}
	return best
}

// inkIn counts dark pixels on a coarse grid.
func inkIn(p *ink.Plane, x, y, w, h int) int {
	const step, dark = 5, 128
	n := 0
	for dy := 0; dy < h; dy += step {
		row := p.Pix[(y+dy)*p.W:]
		for dx := 0; dx < w; dx += step {
			if row[x+dx] < dark {
				n++
			}
		}
	}
	return n
}

func cut(dst, p *ink.Plane, r image.Rectangle) {
	dst.Reset(r.Dx(), r.Dy())
	for y := range dst.H {
		copy(dst.Pix[y*dst.W:(y+1)*dst.W], p.Pix[(r.Min.Y+y)*p.W+r.Min.X:])
	}
}
