package labels

import (
	"slices"

	"onewindow/document"
)

// right is the value in the cell to the right of a label: the lines beside the
// label, and lines above and below them that are as close as lines of one cell.
func (g *grid) right(h hit) []span {
	label := h.box()
	if label.Height() <= 0 {
		return g.following(h)
	}
	limit := g.nextLabelX(h, label)
	var seeds []*segment
	for _, t := range g.sheet.on(h.seg) {
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
	cell := g.grow(h, label, limit, withoutSpecks(seeds))
	slices.SortStableFunc(cell, func(a, b *segment) int { return compare(middle(a.box), middle(b.box)) })
	cell = byPlace(cell)
	parts := make([]span, len(cell))
	for i, t := range cell {
		parts[i] = span{t, 0, len(t.text)}
	}
	return parts
}

// withoutSpecks drops a single doubtful character beside proper text: rules and
// dust are read as 1, | or 8.
func withoutSpecks(segs []*segment) []*segment {
	kept := slices.DeleteFunc(slices.Clone(segs), func(s *segment) bool { return len(s.text) == 1 && s.conf < 0.75 })
	if len(kept) == 0 {
		return segs
	}
	return kept
}

// inCell reports segments that can be part of the value right of a label.
func (g *grid) inCell(t *segment, h hit, label document.Box, limit float64) bool {
	return !h.has(t) && g.labelOf[t] == nil &&
		t.box[0] >= label[2]-0.9*h.seg.size() && t.box[0] < limit
}

// nextLabelX is where the next label of the same row begins.
func (g *grid) nextLabelX(h hit, label document.Box) float64 {
	x := 1e9
	for _, o := range g.hits {
		b := o.box()
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
		for _, t := range g.sheet.on(h.seg) {
			if slices.Contains(cell, t) || !g.inCell(t, h, label, limit) || t.box[0] < left-1.5*t.height() || g.besideOther(t, h) {
				continue
			}
			if g.closeTo(t, cell) {
				cell = append(cell, t)
				grown = true
			}
		}
	}
	return cell
}

// closeTo reports whether t is a line of the same paragraph as the cell: the
// space between lines of one cell is less than a line, and t is not clearly
// nearer to a line of another cell.
func (g *grid) closeTo(t *segment, cell []*segment) bool {
	near, other := 1e9, 1e9
	for _, c := range g.sheet.on(t) {
		if c == t || c.box[2] <= t.box[0] || t.box[2] <= c.box[0] {
			continue
		}
		gap := max(t.box[1]-c.box[3], c.box[1]-t.box[3])
		if slices.Contains(cell, c) {
			near = min(near, gap)
		} else {
			other = min(other, gap)
		}
	}
	size := t.size()
	return near < 0.75*size && near < other+0.3*size && size < 1.4*cell[0].size() && cell[0].size() < 1.4*size
}

// besideOther reports whether t stands beside another cell of the label's
// column, so that it is the value of that one, whether we know its label or not.
func (g *grid) besideOther(t *segment, h hit) bool {
	label := h.box()
	for _, o := range g.sheet.on(t) {
		if h.has(o) || o == t || o.box[2] > t.box[0]+0.4*t.height() {
			continue
		}
		if g.labelOf[o] == nil && min(o.box[2], label[2])-max(o.box[0], label[0]) <= 0 {
			continue
		}
		if shared := min(t.box[3], o.box[3]) - max(t.box[1], o.box[1]); shared > 0.2*min(t.height(), o.height()) {
			return true
		}
	}
	return false
}

func middle(b document.Box) float64 { return (b[1] + b[3]) / 2 }
