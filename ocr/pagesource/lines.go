package pagesource

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"onewindow/document"
	reading "onewindow/ocr/layout"
)

// lineMaker joins glyphs to lines: a printed line, or the part of one that
// belongs to one cell or column.
type lineMaker struct {
	// ruled reports whether a vertical rule stands between x0 and x1 at the
	// height y0 to y1. Nil when nothing is known of rules.
	ruled func(x0, x1, y0, y1 float64) bool
	// width and height of the page; 0 keeps the lines in rows across it.
	width, height int
}

// Distances in em.
const (
	wordGap   = 0.18 // between two words of a Latin text
	hanGap    = 1.2  // between two Chinese characters that a space was meant for
	splitGap  = 1.6  // between two cells or columns
	spacedGap = 2.6  // the same where the text itself has spaces
	otherGap  = 0.5  // between texts of different size
	ruleGap   = 0.15 // the least distance in which a rule is looked for
)

// row is the glyphs that stand side by side.
type row struct {
	glyphs   []spaced
	top, bot float64 // band from ascender to baseline
}

// spaced is a glyph and whether the text has a space before it.
type spaced struct {
	glyph
	after bool
}

// lines returns the lines in reading order. Askew text, such as a watermark, and text of seals comes last.
func (m lineMaker) lines(glyphs []glyph) []document.Line {
	upright, askew := straighten(glyphs)
	var out []document.Line
	for _, r := range rows(upright) {
		out = append(out, m.split(r)...)
	}
	if m.width > 0 {
		out = reading.Order(out, m.width, m.height, 0)
	}
	return append(out, runs(askew)...)
}

// straighten parts the glyphs that stand in the text from the others and turns
// spaces into marks on the glyph after them.
func straighten(glyphs []glyph) (upright, askew []spaced) {
	space := false
	for _, g := range glyphs {
		g.r = plain(g.r)
		switch {
		case g.breaks:
			if n := len(askew); n > 0 {
				askew = append(askew, spaced{glyph: g})
			}
			space = false
		case g.blank, g.r == 0, g.em <= 0:
			space = true
		case g.apart, quarter(g.angle) != 0:
			askew = append(askew, spaced{g, space})
			space = false
		default:
			upright = append(upright, spaced{g, space})
			space = false
		}
	}
	return upright, askew
}

// rows gathers the glyphs whose bands overlap by more than half, so that raised
// and lowered figures stay with their line.
func rows(glyphs []spaced) []*row {
	var all []*row
	slices.SortStableFunc(glyphs, func(a, b spaced) int { return cmp.Compare(a.base, b.base) })
	for _, g := range glyphs {
		top, bot := g.base-0.8*g.em, g.base+0.1*g.em
		var best *row
		for i := len(all) - 1; i >= 0 && i >= len(all)-8; i-- {
			r := all[i]
			shared := min(bot, r.bot) - max(top, r.top)
			if shared > 0.5*min(bot-top, r.bot-r.top) {
				best = r
				break
			}
		}
		if best == nil {
			best = &row{top: top, bot: bot}
			all = append(all, best)
		}
		best.glyphs = append(best.glyphs, g)
		if bot-top > best.bot-best.top {
			best.top, best.bot = top, bot
		}
	}
	slices.SortStableFunc(all, func(a, b *row) int { return cmp.Compare(a.bot, b.bot) })
	return all
}

// split cuts a row into lines at wide gaps and at rules.
func (m lineMaker) split(r *row) []document.Line {
	slices.SortStableFunc(r.glyphs, func(a, b spaced) int { return cmp.Compare(a.x0+a.x1, b.x0+b.x1) })
	var out []document.Line
	var b strings.Builder
	var box document.Box
	var last *spaced
	flush := func() {
		if b.Len() > 0 {
			out = append(out, document.Line{Text: b.String(), Box: rounded(box), Confidence: 1})
		}
		b.Reset()
		box, last = document.Box{}, nil
	}
	for i := range r.glyphs {
		g := &r.glyphs[i]
		if last != nil {
			if twice(last.glyph, g.glyph) {
				continue
			}
			switch m.between(last, g, r) {
			case cutHere:
				flush()
			case spaceHere:
				b.WriteByte(' ')
			}
		}
		b.WriteRune(g.r)
		box = box.Union(document.Box{g.x0, g.y0, g.x1, g.y1})
		last = g
	}
	flush()
	return out
}

type joint int

const (
	joinHere joint = iota
	spaceHere
	cutHere
)

// between decides what stands between two neighbours of a row.
func (m lineMaker) between(a, b *spaced, r *row) joint {
	em := min(a.em, b.em)
	gap := (b.cell[0] - a.cell[2]) / em
	limit := splitGap
	switch {
	case max(a.em, b.em) > 1.4*em:
		limit = otherGap
	case b.after:
		limit = spacedGap
	}
	if gap > limit {
		return cutHere
	}
	if b.x0-a.x1 > ruleGap*em && m.ruled != nil && m.ruled(a.x1, b.x0, r.top, r.bot) {
		return cutHere
	}
	han := isHan(a.r) || isHan(b.r)
	if gap > wordGap && !han && isWord(a.r) && isWord(b.r) || !han && b.after && gap > wordGap/2 || han && gap > hanGap {
		return spaceHere
	}
	return joinHere
}

// twice reports a glyph printed a second time to look bold.
func twice(a, b glyph) bool {
	return a.r == b.r && math.Abs(a.x0-b.x0) < 0.2*a.em && math.Abs(a.y0-b.y0) < 0.2*a.em
}

// runs joins askew glyphs in the order of the file.
func runs(glyphs []spaced) []document.Line {
	var out []document.Line
	var b strings.Builder
	var box document.Box
	angle := 0.0
	flush := func() {
		if b.Len() > 0 {
			out = append(out, document.Line{Text: b.String(), Box: rounded(box), Confidence: 1})
		}
		b.Reset()
		box = document.Box{}
	}
	for _, g := range glyphs {
		if g.breaks || b.Len() > 0 && math.Abs(g.angle-angle) > 5 {
			flush()
		}
		if g.breaks {
			continue
		}
		if g.after && b.Len() > 0 && isWord(g.r) && !isHan(g.r) {
			b.WriteByte(' ')
		}
		angle = g.angle
		b.WriteRune(g.r)
		box = box.Union(document.Box{g.x0, g.y0, g.x1, g.y1})
	}
	flush()
	return out
}

func rounded(b document.Box) document.Box {
	for i := range b {
		b[i] = math.Round(b[i]*10) / 10
	}
	return b
}
