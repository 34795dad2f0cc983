package labels

import (
	"regexp"
	"slices"
	"strings"

	"onewindow/document"
)

// maxLines is how many lines one value may have.
const maxLines = 14

// grid knows a sheet with its labels.
type grid struct {
	sheet   *sheet
	labels  *labelTable
	hits    []hit
	labelOf map[*segment]*hit // segments that begin with a label, or are its second line
}

func newGrid(s *sheet, lt *labelTable) *grid {
	g := &grid{sheet: s, labels: lt, hits: lt.hits(s), labelOf: map[*segment]*hit{}}
	for i := range g.hits {
		h := &g.hits[i]
		g.labelOf[h.seg] = h
		for _, t := range h.tail {
			g.labelOf[t] = h
		}
	}
	return g
}

// values makes the candidates of one label.
func (g *grid) values(h hit) []candidate {
	var parts []span
	var rule string
	switch {
	case !h.bare() && (h.colon || h.last().gapAfter(h.end) && !h.last().spaced() || asciiAt(h.last(), h.end)):
		rule, parts = ruleSameLine, g.run(h)
	case !h.bare():
		rule, parts = ruleRunIn, g.run(h)
	case slices.Contains(h.uses, use{"attachments", true}):
		rule, parts = ruleBelow, g.list(h)
		if r := g.right(h); len(parts) == 0 && r != nil {
			rule, parts = ruleNextCell, r
		}
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
		if len(parts) > 1 && g.labels.short[u.key] { // one number, date or amount: what follows is no part of it
			one := c
			one.parts, one.strength = parts[:1], c.strength+0.01
			if !u.own {
				one.strength -= 0.07
			}
			out = append(out, one)
		}
		if u.key == "attachments" && len(parts) > 1 {
			c.strength = 0.99 // the whole list, not the last entry of it
		}
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

func asciiAt(s *segment, i int) bool {
	return i < len(s.text) && (s.text[i] < 0x80 || strings.ContainsRune("〔¥￥《“", s.text[i]))
}

// run is a value that begins behind its label and may go on in the next lines.
func (g *grid) run(h hit) []span {
	last := h.last()
	parts := []span{{last, h.end, len(last.text)}}
	if h.seg.box.Height() <= 0 {
		return parts
	}
	if next := g.sameRow(last, last.box[2]); len(next) > 0 { // the line was read in pieces
		parts = append(parts, next...)
	}
	return cut(g.labels, g.continued(h, parts))
}

// cut ends a value where the sentence goes on to another label, as in
// 建筑层数：地上9层；使用性质：住宅）.
func cut(lt *labelTable, parts []span) []span {
	var segs []*segment
	skip := parts[0].from
	for _, p := range parts {
		segs = append(segs, p.seg)
	}
	f := newFlow(segs)
	if end := f.valueEnd(lt, skip, "", len(f.runes)); end < len(f.runes) {
		return f.spans(skip, end)
	}
	return parts
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
		if next.page != last.page {
			gap = 0
		}
		ranOn := last.box[2] >= margin-2.2*last.height()
		if gap > 1.1*last.height() || !ranOn || next.box[0] > h.seg.box[2]+last.height() {
			break
		}
		if next.size() > 1.35*last.size() || next.size() < 0.7*last.size() {
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
		// A first line is indented, so the next one may begin further left.
		if min(t.box[2], s.box[2])-max(t.box[0], s.box[0]-3*s.height()) <= 0 {
			continue
		}
		if best == nil || t.box[1] < best.box[1] {
			best = t
		}
	}
	if best == nil && s.panel == g.lastPanel(s.page) {
		return g.firstOf(s.page + 1)
	}
	return best
}

func (g *grid) lastPanel(page int) int {
	panel := 0
	for _, t := range g.sheet.segs {
		if t.page == page {
			panel = max(panel, t.panel)
		}
	}
	return panel
}

// firstOf is the first segment of a page, or nil.
func (g *grid) firstOf(page int) *segment {
	for _, t := range g.sheet.segs {
		if t.page == page {
			return t
		}
	}
	return nil
}

// right is the value in the cell to the right of a label: the lines beside the
// label, and lines above and below them that are as close as lines of one cell.
func (g *grid) right(h hit) []span {
	label := h.box()
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
	return !h.has(t) && t.page == h.seg.page && t.panel == h.seg.panel && g.labelOf[t] == nil &&
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
		for _, t := range g.sheet.segs {
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
	for _, c := range g.sheet.segs {
		if c == t || c.page != t.page || c.panel != t.panel || c.box[2] <= t.box[0] || t.box[2] <= c.box[0] {
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
	for _, o := range g.sheet.segs {
		if h.has(o) || o == t || o.page != t.page || o.panel != t.panel || o.box[2] > t.box[0]+0.4*t.height() {
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

// under is the value below a label: header cells and stacked forms.
func (g *grid) under(h hit) []span {
	label := h.box()
	if label.Height() <= 0 {
		return nil
	}
	var best *segment
	for _, t := range g.sheet.segs {
		if h.has(t) || t.page != h.seg.page || t.panel != h.seg.panel {
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

var listLine = regexp.MustCompile(`^(?:附图|附件)[一二三四五\d]?:|^\d{1,2}[.、]`)

// list is the list below a heading: 附图：… and 附件：…, each a line of its own.
func (g *grid) list(h hit) []span {
	var parts []span
	last := h.seg
	for len(parts) < maxLines {
		next := g.lineBelow(last)
		if next == nil || next.page != last.page || !listLine.MatchString(string(next.text)) || next.box[1]-last.box[3] > 2.5*last.height() {
			break
		}
		parts = append(parts, span{next, 0, len(next.text)})
		last = next
	}
	return parts
}

// following is the next line of a page without boxes.
func (g *grid) following(h hit) []span {
	i := h.last().order + 1
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
