package ppocr

const (
	cellPadding = 4.0  // blank between a line and the rule before it, in heights, at most
	cellWidth   = 14.0 // width of the cell before it, in heights, at most
	leastSought = 0.9  // what the detector did not see must be read this surely
	leastLabel  = 1.5  // a label is at least this long, in heights
	halfOfLine  = 0.6  // how far from the middle, in half heights, a line is looked for
)

// besides looks into the cells left of lines for labels that the detector left
// out: characters spread over a narrow cell (用　地　位　置) are now and then too
// lonely for it. They stand level with the value, behind a table rule.
func besides(p *plane, lines []line) []line {
	var out []line
	for i, l := range lines {
		if l.column || l.height() > l.length() {
			continue
		}
		near := append(neighbours(lines, i, cellPadding+cellWidth), quads(out)...)
		free := func(at point) bool {
			for _, other := range near {
				if other.holds(at) {
					return false
				}
			}
			return p.has(at)
		}
		if found, ok := p.cellBefore(l.quad, free); ok {
			out = append(out, found)
		}
	}
	return out
}

func quads(lines []line) []quad {
	out := make([]quad, len(lines))
	for i, l := range lines {
		out[i] = l.quad
	}
	return out
}

// cellBefore returns the print between the rule before q and the rule before that.
func (p *plane) cellBefore(q quad, free func(point) bool) (line, bool) {
	h := q.height()
	back := q.u.scale(-1 / q.u.norm())
	edge := q.c.minus(q.u)
	tall := q.v.scale(1 + 2*rulePad)
	paper, light := p.ground(q)
	if !light {
		return line{}, false
	}
	rule := func(d float64) bool { return p.darkLine(edge.plus(back.scale(d)), tall, 16, paper) }
	ink := func(d float64) bool { return p.inkedLine(edge.plus(back.scale(d)), q.v, paper) }
	// A label of one line stands between the two lines of its value: what is
	// above or below the middle must be free as well, or half of it is found again.
	open := func(d float64) bool {
		at := edge.plus(back.scale(d))
		return free(at) && free(at.plus(q.v.scale(halfOfLine))) && free(at.minus(q.v.scale(halfOfLine)))
	}

	d, inked := 0.5, 0.0
	for ; !rule(d); d++ {
		if ink(d) && d > endInk*h {
			inked++ // the soft or leaning edge of a rule is thin
		}
		if d > cellPadding*h || !open(d) || inked > endInk*h {
			return line{}, false // no rule, or print before it
		}
	}
	for ; rule(d) || ink(d); d++ { // across the rule and its soft edge
		if d > cellPadding*h+h/4 {
			return line{}, false
		}
	}
	begin := d
	var signs [][2]float64 // runs of print, from right to left
	for ; !rule(d); d++ {
		if d-begin > cellWidth*h || !open(d) {
			return line{}, false
		}
		if !ink(d) {
			continue
		}
		if n := len(signs); n > 0 && d-signs[n-1][1] <= spacedGap*h {
			signs[n-1][1] = d
		} else {
			signs = append(signs, [2]float64{d, d})
		}
	}
	if len(signs) == 0 || signs[len(signs)-1][1]-signs[0][0] < leastLabel*h {
		return line{}, false
	}
	return p.lineOf(q, signs), true
}

// lineOf makes a line of runs of print that lie before q, nearest first, at
// distances from its edge.
func (p *plane) lineOf(q quad, signs [][2]float64) line {
	unit, edge, pad := q.u.scale(1/q.u.norm()), q.c.minus(q.u), 0.15*q.height()
	var out line
	for i := len(signs) - 1; i >= 0; i-- {
		near, far := signs[i][0]-pad, signs[i][1]+pad
		piece := quad{edge.minus(unit.scale((near + far) / 2)), unit.scale((far - near) / 2), q.v}
		if out.pieces == nil {
			out = line{quad: piece, pieces: []quad{piece}, sought: true}
			continue
		}
		out.add(piece, len(out.pieces))
	}
	return out
}
