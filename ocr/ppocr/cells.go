package ppocr

import (
	"cmp"
	"math"
	"slices"
)

const (
	rulePad    = 0.15 // a table rule goes on beyond the text by this share of its height, a stroke does not
	ruleShade  = 50   // and is this much darker than the paper
	rowDrift   = 0.3  // pieces of one line stand level within this share of their height
	sameHeight = 0.6  // and are of like height
	joinGap    = 0.9  // gap inside a line, in heights
	strayGap   = 1.5  // gap between a sign and the rest of its line, in heights
	fullWidth  = 0.8  // a box this long for its height holds a Chinese character
	spreadGap  = 2.4  // gap between single characters spread over a cell, in heights
	single     = 1.5  // a box this much longer than high still holds one character
)

// line is a box of text with the pieces it was joined from, in reading order. In
// a column they stand below one another.
type line struct {
	quad
	pieces []quad
	column bool
	sought bool // not seen by the detector, but looked for
}

// spread reports whether the line is single characters set wide apart.
func (l line) spread() bool {
	for _, q := range l.pieces {
		if !isSingle(q) {
			return false
		}
	}
	return len(l.pieces) > 1 && !l.column
}

// cells cuts boxes where a table rule goes through them and joins the pieces of
// a line that stand in one cell: the detector runs a label into its value where
// print is tight, and takes labels spread over their cell (用　地　面　积) apart.
func cells(p *plane, boxes []quad) []line {
	var cut []line
	for _, q := range boxes {
		for _, part := range cutAtRules(p, q) {
			cut = append(cut, line{quad: part, pieces: []quad{part}})
		}
	}
	lines := stack(p, join(p, cut))
	for i := range lines {
		lengthen(p, lines, i)
	}
	return append(lines, besides(p, lines)...)
}

// cutAtRules returns the parts of q between the vertical rules inside it.
func cutAtRules(p *plane, q quad) []quad {
	if q.height() > q.length() {
		return []quad{q}
	}
	rules := p.rules(q)
	if len(rules) == 0 {
		return []quad{q}
	}
	var out []quad
	least := 0.3 * q.height() / q.length()
	from := 0.0
	for _, at := range append(rules, 1) {
		if at-from > least {
			out = append(out, q.part(from, at))
		}
		from = at
	}
	return out
}

// rules returns where vertical rules cross q, as fractions of its length.
func (p *plane) rules(q quad) []float64 {
	const samples = 16
	columns := int(q.length())
	tall := q.v.scale(1 + 2*rulePad)
	paper, light := p.ground(q)
	if !light {
		return nil
	}
	var out []float64
	run := 0
	for x := range columns + 1 {
		at := (float64(x) + 0.5) / float64(columns)
		if x < columns && p.darkLine(q.c.plus(q.u.scale(2*at-1)), tall, samples, paper) {
			run++
			continue
		}
		// A rule is thin; a wide dark run is a black bar or a picture.
		if run > 0 && float64(run) < 0.25*q.height() {
			out = append(out, (float64(x)-float64(run)/2)/float64(columns))
		}
		run = 0
	}
	return out
}

// ground returns the shade of the paper in q, that of its lighter points, and
// whether print on it is dark: light print on a dark ground, as on covers, has
// more ground than print at the dark end.
func (p *plane) ground(q quad) (paper int, light bool) {
	const n = 32
	var shades []byte
	for i := range n {
		for j := range 4 {
			at := q.c.plus(q.u.scale(2*(float64(i)+0.5)/n - 1)).plus(q.v.scale(2*(float64(j)+0.5)/4 - 1))
			shades = append(shades, p.at(at))
		}
	}
	slices.Sort(shades)
	paper = int(shades[len(shades)*3/4])
	return paper, int(shades[len(shades)*11/20]) > paper-ruleShade
}

// darkLine reports whether ink goes all along the line through c, from c-v to c+v,
// give or take a pixel to the side.
func (p *plane) darkLine(c, v point, samples, paper int) bool {
	side := point{1, 0}
	if math.Abs(v.x) > math.Abs(v.y) {
		side = point{0, 1}
	}
	for i := range samples {
		at := c.plus(v.scale(2*(float64(i)+0.5)/float64(samples) - 1))
		if min(p.at(at), p.at(at.plus(side)), p.at(at.minus(side))) > byte(max(paper-ruleShade, 0)) {
			return false
		}
	}
	return true
}

// at is the shade at a point, the edge's beyond the edge.
func (p *plane) at(q point) byte {
	x, y := min(max(int(q.x), 0), p.W-1), min(max(int(q.y), 0), p.H-1)
	return p.Pix[y*p.W+x]
}

// join merges neighbours until none is left to merge.
func join(p *plane, boxes []line) []line {
	slices.SortFunc(boxes, func(a, b line) int { return cmp.Compare(a.c.x, b.c.x) })
	for i := 0; i < len(boxes); i++ {
		for j := i + 1; j < len(boxes); j++ {
			if m, ok := joined(p, boxes[i].quad, boxes[j].quad); ok {
				boxes[i] = line{quad: m, pieces: append(boxes[i].pieces, boxes[j].pieces...)}
				boxes = slices.Delete(boxes, j, j+1)
				j = i // a longer box may reach others that were too far before
			}
		}
	}
	return boxes
}

// joined returns the box around a and b if b continues a's line in the same cell.
func joined(p *plane, a, b quad) (quad, bool) {
	if a.height() > 1.3*a.length() || b.height() > 1.3*b.length() {
		return quad{}, false
	}
	h := max(a.height(), b.height())
	if min(a.height(), b.height()) < sameHeight*h {
		return quad{}, false
	}
	// Measure along the longer box: the angle of a single character is chance.
	base := a
	if b.length() > a.length() {
		base = b
	}
	u, v := base.u.scale(1/base.u.norm()), base.v.scale(1/base.v.norm())
	d := b.c.minus(a.c)
	gap := d.dot(u) - (a.length()+b.length())/2
	if math.Abs(d.dot(v)) > rowDrift*h || gap < -0.5*h || gap > reach(a, b)*h {
		return quad{}, false
	}
	if p.ruled(a, u, v, max(gap, 0), h) {
		return quad{}, false
	}
	return around(a, b, u, v), true
}

// reach is the widest gap between pieces of one line, in heights.
func reach(a, b quad) float64 {
	switch lone, other := isSingle(a), isSingle(b); {
	case lone && other, lone && isFull(a), other && isFull(b):
		return spreadGap // 日　　期2024年
	case lone || other:
		return strayGap
	}
	return joinGap
}

func isSingle(q quad) bool { return q.length() < single*q.height() }

func isFull(q quad) bool { return q.length() > fullWidth*q.height() }

// ruled reports whether a vertical rule stands in the gap to the right of a, or
// where a touches its neighbour.
func (p *plane) ruled(a quad, u, v point, gap, h float64) bool {
	edge := a.c.plus(u.scale(a.length()/2 - 0.1*h))
	wide := gap + 0.2*h
	between := quad{edge.plus(u.scale(wide / 2)), u.scale(wide / 2), v.scale(h / 2)}
	return len(p.rules(between)) > 0
}

// around is the smallest box with sides along the unit vectors u and v that
// holds a and b.
func around(a, b quad, u, v point) quad {
	corners := make([]point, 0, 8)
	for _, q := range []quad{a, b} {
		corners = append(corners, q.c.plus(q.u).plus(q.v), q.c.plus(q.u).minus(q.v), q.c.minus(q.u).plus(q.v), q.c.minus(q.u).minus(q.v))
	}
	loU, hiU, loV, hiV := math.Inf(1), math.Inf(-1), math.Inf(1), math.Inf(-1)
	for _, c := range corners {
		loU, hiU = min(loU, c.dot(u)), max(hiU, c.dot(u))
		loV, hiV = min(loV, c.dot(v)), max(hiV, c.dot(v))
	}
	c := u.scale((loU + hiU) / 2).plus(v.scale((loV + hiV) / 2))
	return quad{c, u.scale((hiU - loU) / 2), v.scale((hiV - loV) / 2)}
}
