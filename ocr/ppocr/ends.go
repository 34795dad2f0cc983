package ppocr

import (
	"math"
	"slices"
)

const (
	endGap      = 0.6 // blank between a line and a last sign of it, in heights
	endReach    = 1.5 // how far a line is lengthened at most, in heights
	spreadReach = 2.5 // the same for characters spread over a cell
	endShade    = 70  // print is this much darker than paper
	endInk      = 0.1 // a sign is at least this wide, in heights; less is a speck
	spacedGap   = 0.5 // characters with more blank between them, in heights, are spread
	mostSigns   = 6   // that are added to one end of a line
)

// lengthen moves the ends of line i outwards to thin signs that the detector
// left out: a leading 一, a closing full stop, the square of m². It stops at
// table rules and at other lines.
func lengthen(p *plane, lines []line, i int) {
	l := &lines[i]
	if l.column || l.height() > l.length() {
		return
	}
	gap, reach, most := endGap, endReach, 1
	if l.spread() || p.spaced(l.quad) {
		gap, reach, most = spreadGap/2, spreadReach, mostSigns
	}
	near := neighbours(lines, i, reach*float64(most)+1)
	free := func(at point) bool {
		for _, other := range near {
			if other.holds(at) {
				return false
			}
		}
		return p.has(at)
	}
	for range most {
		end, ok := p.sign(l.quad, gap, reach, free)
		if !ok {
			break
		}
		l.add(end, len(l.pieces))
	}
	for range most {
		end, ok := p.sign(l.turned(180), gap, reach, free)
		if !ok {
			break
		}
		l.add(end.turned(180), 0)
	}
}

// add takes a further piece into the line, as its piece number at.
func (l *line) add(piece quad, at int) {
	l.pieces = slices.Insert(l.pieces, at, piece)
	l.quad = around(l.quad, piece, l.u.scale(1/l.u.norm()), l.v.scale(1/l.v.norm()))
}

// spaced reports whether q holds characters set wide apart: every gap between
// them is wide, and there is one at least.
func (p *plane) spaced(q quad) bool {
	h, u := q.height(), q.u.scale(1/q.u.norm())
	paper, light := p.ground(q)
	if !light || q.length() > mostSigns*(1+spreadGap)*h {
		return false
	}
	gaps, blank, inked := 0, 0.0, 0.0
	begin := q.c.minus(q.u)
	for d := 0.5; d < q.length(); d++ {
		if !p.inkedLine(begin.plus(u.scale(d)), q.v, paper) {
			blank++
			continue
		}
		if inked > 0 && blank > spacedGap*h {
			gaps++
			inked = 0
		}
		if inked++; inked+blank > 1.5*h {
			return false // several characters without a gap
		}
		blank = 0
	}
	return gaps > 0
}

// neighbours returns the boxes that may reach into the surroundings of line i, as
// far as reach heights.
func neighbours(lines []line, i int, reach float64) []quad {
	l := lines[i]
	around := l.grown(reach * l.height())
	extent := around.u.norm() + around.v.norm()
	var out []quad
	for j, other := range lines {
		d := other.c.minus(l.c)
		own := other.u.norm() + other.v.norm()
		if j != i && math.Abs(d.x) < extent+own && math.Abs(d.y) < around.v.norm()+math.Abs(around.u.y)+own {
			out = append(out, other.quad)
		}
	}
	return out
}

// sign returns the box of the print that follows q in its reading direction, at
// most gap heights after it or after other print, and reach heights in all.
func (p *plane) sign(q quad, gap, reach float64, free func(point) bool) (quad, bool) {
	h := q.height()
	u := q.u.scale(1 / q.u.norm())
	edge := q.c.plus(q.u)
	tall := q.v.scale(1 + 2*rulePad)
	paper, light := p.ground(q)
	if !light {
		return quad{}, false
	}
	from, to := -1.0, -1.0
	for d := 0.5; d < reach*h && d-max(to, 0) <= gap*h; d++ {
		at := edge.plus(u.scale(d))
		if !free(at) || p.darkLine(at, tall, 16, paper) {
			break
		}
		if p.inkedLine(at, q.v, paper) {
			if from < 0 {
				from = d
			}
			to = d
		}
	}
	if from < 0 || to-from < endInk*h {
		return quad{}, false
	}
	pad := 0.15 * h
	from, to = max(from-pad, 0), to+pad
	return quad{edge.plus(u.scale((from + to) / 2)), u.scale((to - from) / 2), q.v}, true
}

// inkedLine reports whether there is print on the line from c-v to c+v.
func (p *plane) inkedLine(c, v point, paper int) bool {
	samples := max(int(2*v.norm()), 8)
	limit := byte(max(paper-endShade, 0))
	for i := range samples {
		if p.at(c.plus(v.scale(2*(float64(i)+0.5)/float64(samples)-1))) < limit {
			return true
		}
	}
	return false
}

// has reports whether q lies on the page.
func (p *plane) has(q point) bool {
	return q.x >= 0 && q.y >= 0 && q.x < float64(p.W) && q.y < float64(p.H)
}
