package layout

import (
	"cmp"
	"math"
	"slices"
	"unicode/utf8"

	"onewindow/document"
)

// frame is a line with its place once the page's skew is taken out.
type frame struct {
	line           document.Line
	x0, y0, x1, y1 float64
}

func (f frame) height() float64 { return f.y1 - f.y0 }
func (f frame) middle() float64 { return (f.y0 + f.y1) / 2 }

// Order returns the lines of a page of the given width and height, in pixels, in
// reading order. skew is the slope of the lines in radians, positive when they
// fall to the right; with it, lines of one row are found on a crooked scan too.
// The lines given are not changed.
func Order(lines []document.Line, width, height int, skew float64) []document.Line {
	frames := make([]frame, len(lines))
	for i, l := range lines {
		frames[i] = straighten(l, skew)
	}
	out := make([]document.Line, 0, len(lines))
	for _, panel := range panels(frames, float64(width), float64(height)) {
		for _, row := range rows(blocks(panel)) {
			for _, b := range row {
				for _, f := range b.lines {
					out = append(out, f.line)
				}
			}
		}
	}
	return out
}

// Confidence returns the mean confidence of the lines, each counted by its
// characters; 0 without lines.
func Confidence(lines []document.Line) float64 {
	var sum, n float64
	for _, l := range lines {
		c := float64(utf8.RuneCountInString(l.Text))
		sum += l.Confidence * c
		n += c
	}
	if n == 0 {
		return 0
	}
	return sum / n
}

// straighten turns the centre of a line's box back by the skew and takes off the
// height that the box owes to it.
func straighten(l document.Line, skew float64) frame {
	sin, cos := math.Sincos(-skew)
	cx, cy := (l.Box[0]+l.Box[2])/2, (l.Box[1]+l.Box[3])/2
	x, y := cx*cos-cy*sin, cx*sin+cy*cos
	w, h := l.Box.Width(), l.Box.Height()
	h = max(h-w*math.Abs(sin), h/8)
	return frame{l, x - w/2, y - h/2, x + w/2, y + h/2}
}

// rows groups blocks that stand side by side, top row first, each row from left
// to right.
func rows(blocks []block) [][]block {
	slices.SortStableFunc(blocks, func(a, b block) int { return cmp.Compare(a.middle(), b.middle()) })
	var out [][]block
	for _, b := range blocks {
		if n := len(out); n > 0 && besides(out[n-1], b) {
			out[n-1] = append(out[n-1], b)
		} else {
			out = append(out, []block{b})
		}
	}
	for _, row := range out {
		slices.SortStableFunc(row, func(a, b block) int { return cmp.Compare(a.x0, b.x0) })
	}
	return out
}

// level is the share of the lower frame's height that frames of one row share.
// It is less than a half, so that a label centred beside two lines of value goes
// with the first; rows of print share a tenth at most.
const level = 0.35

// besides reports whether f stands in the row: level with most of its frames,
// above or below none.
func besides(row []block, f block) bool {
	shared := 0
	for _, r := range row {
		if min(r.x1, f.x1)-max(r.x0, f.x0) > 0.3*min(r.x1-r.x0, f.x1-f.x0) {
			return false
		}
		if min(r.y1, f.y1)-max(r.y0, f.y0) >= level*min(r.height(), f.height()) {
			shared++
		}
	}
	return 2*shared >= len(row)
}
