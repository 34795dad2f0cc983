package ppocr

import (
	"cmp"
	"math"
	"slices"
)

// Chinese is also set one character below the other: labels of narrow table
// cells, opinions down the side of a form.
const (
	tall       = 1.5 // a box this much higher than long is such a column, or text on its side
	stackPitch = 1.8 // from one character to the next below it, in heights
	stackDrift = 0.3 // characters of a column stand below each other within this, in heights
)

// isTall reports whether a box is a column of characters or text on its side.
func isTall(q quad) bool { return q.height() >= tall*q.length() }

// stack joins single characters that stand below one another in one cell.
func stack(p *plane, lines []line) []line {
	slices.SortFunc(lines, func(a, b line) int { return cmp.Compare(a.c.y, b.c.y) })
	for i := 0; i < len(lines); i++ {
		if !stackable(lines[i]) {
			continue
		}
		for j := i + 1; j < len(lines); j++ {
			if stackable(lines[j]) && follows(p, lines[i], lines[j]) {
				lines[i] = below(lines[i], lines[j])
				lines = slices.Delete(lines, j, j+1)
				j = i
			}
		}
	}
	return lines
}

// stackable reports whether l is one character or a column of them.
func stackable(l line) bool {
	return l.column || len(l.pieces) == 1 && isSingle(l.quad) && !isTall(l.quad)
}

// follows reports whether character b stands below the end of column a, with no
// rule between.
func follows(p *plane, a, b line) bool {
	if b.column {
		return false
	}
	last := a.pieces[len(a.pieces)-1]
	h := max(last.height(), b.height())
	d := b.c.minus(last.c)
	if math.Abs(d.x) > stackDrift*h || d.y < 0.6*h || d.y > stackPitch*h || min(last.height(), b.height()) < sameHeight*h {
		return false
	}
	gap := d.y - (last.height()+b.height())/2
	return !p.ruled(last.turned(90), point{0, 1}, point{-1, 0}, max(gap, 0), h)
}

func below(a, b line) line {
	q := around(a.quad, b.quad, point{1, 0}, point{0, 1})
	return line{quad: q, pieces: append(a.pieces, b.pieces...), column: true}
}

// characters cuts a tall box into the characters of a column, top first: the
// runs of rows with print, small ones (the dots and dashes that characters are
// made of) put together.
func (p *plane) characters(q quad) []quad {
	rows := max(int(q.height()), 1)
	paper, _ := p.ground(q)
	var runs [][2]int
	for y := range rows {
		at := q.c.plus(q.v.scale(2*(float64(y)+0.5)/float64(rows) - 1))
		if !p.inkedLine(at, q.u, paper) {
			continue
		}
		if n := len(runs); n > 0 && (runs[n-1][1] == y || float64(y+1-runs[n-1][0]) <= 0.85*q.length()) {
			runs[n-1][1] = y + 1
			continue
		}
		runs = append(runs, [2]int{y, y + 1})
	}
	out := make([]quad, 0, len(runs))
	for _, r := range runs {
		from, to := float64(r[0])/float64(rows), float64(r[1])/float64(rows)
		pad := 0.08 * q.length() / q.height()
		from, to = max(from-pad, 0), min(to+pad, 1)
		out = append(out, quad{q.c.plus(q.v.scale(from + to - 1)), q.u, q.v.scale(to - from)})
	}
	return out
}

// readColumn recognizes characters that stand below one another, laid side by side.
func (r *recognizer) readColumn(p *plane, pieces []quad) (reading, error) {
	const gap = 6
	w := gap
	for _, q := range pieces {
		w += characterWidth(q) + gap
	}
	w = min(w, widestLine)
	r.column.Reset(w, lineHeight)
	for i := range r.column.Pix {
		r.column.Pix[i] = 255
	}
	at := gap
	for _, q := range pieces {
		n := characterWidth(q)
		if at+n > w {
			break
		}
		p.cropInto(&r.crop, squared(q), n)
		for y := range lineHeight {
			copy(r.column.Pix[y*w+at:y*w+at+n], r.crop.Pix[y*n:(y+1)*n])
		}
		at += n + gap
	}
	r.crop, r.column = r.column, r.crop
	return r.readCrop()
}

// squared gives a flat character (一, 二) the height of its cell.
func squared(q quad) quad {
	if l := 0.9 * q.length(); q.height() < l {
		return quad{q.c, q.u, q.v.scale(l / q.height())}
	}
	return q
}

func characterWidth(q quad) int { return min(lineWidth(squared(q)), 2*lineHeight) }
