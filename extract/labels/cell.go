package labels

import (
	"slices"

	"onewindow/document"
)

// maxLines is how many lines one value may have.
const maxLines = 14

// grid knows a sheet with its labels.
type grid struct {
	sheet   *sheet
	hits    []hit
	labelOf map[*segment]*hit // segments that begin with a label, or are its second line
}

func newGrid(s *sheet, lt *labelTable) *grid {
	g := &grid{sheet: s, hits: lt.hits(s), labelOf: map[*segment]*hit{}}
	for i := range g.hits {
		h := &g.hits[i]
		g.labelOf[h.seg] = h
		if h.below != nil {
			g.labelOf[h.below] = h
		}
	}
	return g
}

// values makes the candidates of one label.
func (g *grid) values(h hit) []candidate {
	var parts []span
	var rule string
	switch {
	case !h.bare() && h.colon, !h.bare() && h.seg.gapAfter(h.end) && !h.seg.spaced(), !h.bare() && asciiAt(h.seg, h.end):
		rule, parts = ruleSameLine, g.run(h)
	case !h.bare():
		rule, parts = ruleRunIn, g.run(h)
	default:
		if parts = g.right(h); parts != nil {
			rule = ruleNextCell
		} else if parts = g.under(h); parts != nil {
			rule = ruleBelow
		}
	}
	if len(parts) == 0 {
		return nil
	}
	var out []candidate
	for _, u := range h.uses {
		c := candidate{key: u.key, parts: parts, rule: rule, unit: h.note, strength: strengths[rule], order: h.seg.order}
		if !u.own {
			c.strength -= 0.07
		}
		if !h.exact {
			c.strength -= 0.08
		}
		out = append(out, c)
	}
	return out
}

func asciiAt(s *segment, i int) bool { return i < len(s.text) && s.text[i] < 0x80 }

// run is a value that begins behind its label and may go on in the next lines.
func (g *grid) run(h hit) []span {
	parts := []span{{h.seg, h.end, len(h.seg.text)}}
	if h.seg.box.Height() <= 0 {
		return parts
	}
	if next := g.sameRow(h.seg, h.seg.box[2]); len(next) > 0 { // the line was read in pieces
		parts = append(parts, next...)
	}
	return g.continued(h, parts)
}

// sameRow lists the segments right of x in the row of s up to the next label.
func (g *grid) sameRow(s *segment, x float64) []span {
	var row []*segment
	for _, t := range g.sheet.segs {
		if t != s && t.page == s.page && t.panel == s.panel && t.box[0] >= x-0.3*s.height() && overlap(s, t) > 0.5 {
			row = append(row, t)
		}
	}
	slices.SortFunc(row, func(a, b *segment) int { return compare(a.box[0], b.box[0]) })
	var out []span
	for _, t := range row {
		if g.labelOf[t] != nil {
			break
		}
		out = append(out, span{t, 0, len(t.text)})
	}
	return out
}

// continued adds the lines that carry a value on: below it, without a label or an
// ordinal of their own, after a line that ran to the right margin.
func (g *grid) continued(h hit, parts []span) []span {
	last := parts[len(parts)-1].seg
	margin := g.margin(last)
	for len(parts) < maxLines {
		next := g.lineBelow(last)
		if next == nil || g.labelOf[next] != nil || ordinal.MatchString(string(next.text)) {
			break
		}
		gap := next.box[1] - last.box[3]
		ranOn := last.box[2] >= margin-2.2*last.height()
		if gap > 1.1*last.height() || !ranOn || next.box[0] > h.seg.box[2]+last.height() {
			break
		}
		if next.height() > 1.35*last.height() || next.height() < 0.7*last.height() {
			break
		}
		parts = append(parts, span{next, 0, len(next.text)})
		last = next
	}
	return parts
}

// margin is the right edge of the text of the panel s stands in.
func (g *grid) margin(s *segment) float64 {
	x := 0.0
	for _, t := range g.sheet.segs {
		if t.page == s.page && t.panel == s.panel {
			x = max(x, t.box[2])
		}
	}
	return x
}

// lineBelow is the nearest segment under s that shares some of its width.
func (g *grid) lineBelow(s *segment) *segment {
	var best *segment
	for _, t := range g.sheet.segs {
		if t == s || t.page != s.page || t.panel != s.panel || t.box[1] < s.box[1]+0.5*s.height() {
			continue
		}
		if min(t.box[2], s.box[2])-max(t.box[0], s.box[0]) <= 0 {
			continue
		}
		if best == nil || t.box[1] < best.box[1] {
			best = t
		}
	}
	return best
}

// right is the value in the cell to the right of a label: the lines beside the
// label, and lines above and below them that are as close as lines of one cell.
func (g *grid) right(h hit) []span {
	label := document.Box(h.box())
	if label.Height() <= 0 {
		return g.following(h)
	}
	limit := g.nextLabelX(h, label)
	var seeds []*segment
	for _, t := range g.sheet.segs {
		if !g.inCell(t, h, label, limit) {
			continue
		}
		if shared := min(t.box[3], label[3]) - max(t.box[1], label[1]); shared > 0.2*min(t.height(), label.Height()) {
			seeds = append(seeds, t)
		}
	}
	if len(seeds) == 0 {
		return nil
	}
	cell := g.grow(h, label, limit, seeds)
	slices.SortStableFunc(cell, func(a, b *segment) int { return compare(middle(a.box), middle(b.box)) })
	cell = byPlace(cell)
	parts := make([]span, len(cell))
	for i, t := range cell {
		parts[i] = span{t, 0, len(t.text)}
	}
	return parts
}

// inCell reports segments that can be part of the value right of a label.
func (g *grid) inCell(t *segment, h hit, label document.Box, limit float64) bool {
	return t != h.seg && t != h.below && t.page == h.seg.page && t.panel == h.seg.panel && g.labelOf[t] == nil &&
		t.box[0] >= label[2]-0.4*h.seg.height() && t.box[0] < limit
}

// nextLabelX is where the next label of the same row begins.
func (g *grid) nextLabelX(h hit, label document.Box) float64 {
	x := 1e9
	for _, o := range g.hits {
		b := document.Box(o.box())
		if o.seg == h.seg || o.seg.page != h.seg.page || o.seg.panel != h.seg.panel || b[0] < label[2] {
			continue
		}
		if min(b[3], label[3])-max(b[1], label[1]) > 0.3*min(b.Height(), label.Height()) {
			x = min(x, b[0])
		}
	}
	return x
}

// grow adds the lines of the same cell above and below the seeds.
func (g *grid) grow(h hit, label document.Box, limit float64, seeds []*segment) []*segment {
	cell := slices.Clone(seeds)
	left := cell[0].box[0]
	for _, t := range cell {
		left = min(left, t.box[0])
	}
	for grown := true; grown && len(cell) < maxLines; {
		grown = false
		for _, t := range g.sheet.segs {
			if slices.Contains(cell, t) || !g.inCell(t, h, label, limit) || t.box[0] < left-1.5*t.height() || g.besideOther(t, h) {
				continue
			}
			if closeTo(t, cell) {
				cell = append(cell, t)
				grown = true
			}
		}
	}
	return cell
}

// closeTo reports whether t is a line of the same paragraph as the cell: the
// space between lines of one cell is less than a line, between cells more.
func closeTo(t *segment, cell []*segment) bool {
	for _, c := range cell {
		gap := max(t.box[1]-c.box[3], c.box[1]-t.box[3])
		if gap < 0.75*min(t.height(), c.height()) && max(t.height(), c.height()) < 1.4*min(t.height(), c.height()) {
			return true
		}
	}
	return false
}

// besideOther reports whether t stands beside another label of the same column.
func (g *grid) besideOther(t *segment, h hit) bool {
	for _, o := range g.hits {
		if o.seg == h.seg || o.seg.page != t.page || o.seg.panel != t.panel {
			continue
		}
		b := document.Box(o.box())
		if b[0] >= t.box[0] || h.seg.box[2] < b[0] && t.box[0] < b[0] {
			continue
		}
		if shared := min(t.box[3], b[3]) - max(t.box[1], b[1]); shared > 0.2*min(t.height(), b.Height()) {
			return true
		}
	}
	return false
}

// under is the value below a label: header cells and stacked forms.
func (g *grid) under(h hit) []span {
	label := document.Box(h.box())
	if label.Height() <= 0 {
		return nil
	}
	var best *segment
	for _, t := range g.sheet.segs {
		if t == h.seg || t == h.below || t.page != h.seg.page || t.panel != h.seg.panel {
			continue
		}
		gap := t.box[1] - label[3]
		across := min(t.box[2], label[2]) - max(t.box[0], label[0])
		if gap < -0.3*h.seg.height() || gap > 1.6*h.seg.height() || across < 0.5*min(t.box.Width(), label.Width()) {
			continue
		}
		if best == nil || t.box[1] < best.box[1] {
			best = t
		}
	}
	if best == nil || g.labelOf[best] != nil {
		return nil
	}
	return g.continued(h, []span{{best, 0, len(best.text)}})
}

// following is the next line of a page without boxes.
func (g *grid) following(h hit) []span {
	i := h.seg.order + 1
	if h.below != nil {
		i = h.below.order + 1
	}
	if i >= len(g.sheet.segs) {
		return nil
	}
	t := g.sheet.segs[i]
	if g.labelOf[t] != nil || t.page != h.seg.page {
		return nil
	}
	return []span{{t, 0, len(t.text)}}
}

func middle(b document.Box) float64 { return (b[1] + b[3]) / 2 }
