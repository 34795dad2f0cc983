package labels

import (
	"regexp"
	"slices"
)

// run is a value that begins behind its label and may go on in the next lines.
func (g *grid) run(h hit) []span {
	last := h.last()
	parts := []span{{last, h.end, len(last.text)}}
	if h.seg.box.Height() <= 0 {
		return parts
	}
	if next := g.sameRow(last); len(next) > 0 { // the line was read in pieces
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

// widestGap parts the words of one value, in heights: behind more begins another cell.
const widestGap = 3.0

// sameRow lists the segments behind s in its row up to the next label or cell.
func (g *grid) sameRow(s *segment) []span {
	var row []*segment
	for _, t := range g.sheet.on(s) {
		if t != s && t.box[0] >= s.box[2]-0.3*s.height() && overlap(s, t) > 0.5 {
			row = append(row, t)
		}
	}
	slices.SortFunc(row, func(a, b *segment) int { return compare(a.box[0], b.box[0]) })
	var out []span
	end := s.box[2]
	for _, t := range row {
		if g.labelOf[t] != nil || t.box[0]-end > widestGap*s.height() {
			break
		}
		end = t.box[2]
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
		next := g.lineBelow(last, h)
		if next == nil || g.labelOf[next] != nil || ordinal.MatchString(string(next.text)) || named.MatchString(string(next.text)) {
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

// sharedEdge is how many lines of running text end at its right margin at least.
const sharedEdge = 3

// margin is the right edge of the text of the panel s stands in: the rightmost that
// several lines share, since a stamp or a speck may stand beyond it; of a panel
// without such lines that of the longest.
func (g *grid) margin(s *segment) float64 {
	var edges []float64
	for _, t := range g.sheet.on(s) {
		edges = append(edges, t.box[2])
	}
	slices.Sort(edges)
	for last := len(edges) - 1; last >= sharedEdge-1; last-- {
		if edges[last]-edges[last-sharedEdge+1] <= s.height() {
			return edges[last]
		}
	}
	return slices.Max(edges)
}

// named is a line with a label of its own, whether we know it or not: 编制单位：….
var named = regexp.MustCompile(`^\p{Han}{2,8}:.`)

// lineBelow is the nearest segment under s that shares some of its width and is
// no part of the label, which stands between the lines of a value of two.
func (g *grid) lineBelow(s *segment, h hit) *segment {
	var best *segment
	for _, t := range g.sheet.on(s) {
		if t == s || h.has(t) || t.box[1] < s.box[1]+0.5*s.height() {
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
	if len(g.sheet.panels[side{page, 1}]) > 0 {
		return 1
	}
	return 0
}

// firstOf is the first segment of a page, or nil.
func (g *grid) firstOf(page int) *segment {
	for panel := range 2 {
		if segs := g.sheet.panels[side{page, panel}]; len(segs) > 0 {
			return segs[0]
		}
	}
	return nil
}

// under is the value below a label: header cells and stacked forms.
func (g *grid) under(h hit) []span {
	label := h.box()
	if label.Height() <= 0 {
		return nil
	}
	var best *segment
	for _, t := range g.sheet.on(h.seg) {
		if h.has(t) {
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
		next := g.lineBelow(last, h)
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
