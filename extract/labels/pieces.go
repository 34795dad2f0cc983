package labels

import (
	"slices"
	"strings"

	"onewindow/document"
)

// hits finds all labels of a sheet: first those that stand there exactly, in
// one piece or several, then those with a misread character.
func (lt *labelTable) hits(s *sheet) []hit {
	var out []hit
	taken := map[*segment]bool{}
	keep := func(h hit) {
		out = append(out, h)
		taken[h.seg] = true
		for _, t := range h.tail {
			taken[t] = true
		}
	}
	for _, g := range s.segs {
		if taken[g] {
			continue
		}
		h, ok := lt.find(g, g.text, nil)
		if j, joined := lt.joined(s, g, nil); joined && (!ok || len(j.label) > len(h.label) || unclosed(g.text[min(h.end, len(g.text)):])) {
			h, ok = j, true
		}
		if ok && !lt.stray(h) {
			keep(lt.wrapped(s, h))
		}
	}
	for _, g := range s.segs {
		if h, ok := lt.torn(s, g); ok && !taken[g] {
			keep(h)
		}
	}
	known := map[string]bool{}
	for _, h := range out {
		known[h.label] = true
	}
	skip := func(label string) bool { return known[label] }
	for _, g := range s.segs {
		if taken[g] {
			continue
		}
		h, ok := lt.find(g, g.text, skip)
		if j, joined := lt.joined(s, g, skip); joined && !ok {
			h, ok = j, true
		}
		if ok {
			keep(h)
			known[h.label] = true
		}
	}
	slices.SortStableFunc(out, func(a, b hit) int { return a.seg.order - b.seg.order })
	return out
}

// torn finds a label of two characters whose first was read as the end of the
// line before: …服务；住 | 所株洲市….
func (lt *labelTable) torn(s *sheet, g *segment) (hit, bool) {
	if len(g.text) < 5 {
		return hit{}, false
	}
	for _, l := range lt.labels {
		if len(l) != 2 || g.text[0] != l[1] || len(lt.uses[string(l)]) == 0 {
			continue
		}
		for _, t := range s.on(g) {
			if t != g && t.box[2] <= g.box[0] && overlap(t, g) > 0.5 && t.text[len(t.text)-1] == l[0] {
				return hit{seg: g, label: string(l), uses: lt.uses[string(l)], end: 1}, true
			}
		}
	}
	return hit{}, false
}

// stray reports a short label followed by one or two odd characters, which is
// rather a longer label with a misread one (有效期·自).
func (lt *labelTable) stray(h hit) bool {
	rest := len(h.last().text) - h.end
	if h.colon || len(h.tail) > 0 || rest < 1 || rest > 2 {
		return false
	}
	_, ok := lt.tolerant(h.seg, h.seg.text, 0, func(l string) bool { return len(l) <= len(h.label) })
	return ok
}

// maxPieces is in how many pieces a label may have been read: text layers give
// every character of a spaced label as a line of its own.
const maxPieces = 12

// joined tries g as the first piece of a label that goes on below it or beside
// it. With skip it tolerates a lost character.
func (lt *labelTable) joined(s *sheet, g *segment, skip func(string) bool) (hit, bool) {
	if len(g.text) > 12 || g.box.Height() <= 0 {
		return hit{}, false
	}
	var best hit
	for _, next := range []func(*segment, []*segment) *segment{s.beside, s.below} {
		pieces := []*segment{g}
		text := slices.Clone(g.text)
		for len(pieces) < maxPieces {
			t := next(pieces[len(pieces)-1], pieces)
			if t == nil {
				break
			}
			pieces = append(pieces, t)
			before := len(text)
			text = append(text, t.text...)
			if h, ok := lt.ending(slices.Clone(pieces), text, before, skip); ok && len(h.label) > len(best.label) {
				best = h // 有效期, then 有效期至
			}
		}
	}
	if skip != nil && best.label == "" {
		return lt.gapped(s, g, skip)
	}
	return best, best.label != ""
}

// gapped reads a label whose characters stand far apart, each a piece, of which
// the engine lost some within: 建 … 模 for 建设规模. Of several that fit none is taken.
func (lt *labelTable) gapped(s *sheet, g *segment, skip func(string) bool) (hit, bool) {
	pieces := []*segment{g}
	for t := s.beside(g, pieces); t != nil && len(t.text) == 1; t = s.beside(t, pieces) {
		pieces = append(pieces, t)
	}
	last := pieces[len(pieces)-1]
	if len(g.text) != 1 || len(pieces) < 2 {
		return hit{}, false
	}
	letters := (last.box[2] - g.box[0]) / g.height() // room for so many, at least
	var found []hit
	for _, l := range lt.labels {
		if len(lt.uses[string(l)]) == 0 || len(l) <= len(pieces) || len(l) > 5 || float64(len(l)) > letters+0.5 || skip(string(l)) {
			continue
		}
		if g.text[0] == l[0] && last.text[0] == l[len(l)-1] && within(pieces, l) {
			found = append(found, hit{seg: g, tail: pieces[1:], label: string(l), uses: lt.uses[string(l)], end: 1})
		}
	}
	if len(found) == 0 || slices.ContainsFunc(found, func(h hit) bool { return !sameUse(h, found[0]) }) {
		return hit{}, false
	}
	return found[0], true
}

// within reports whether the pieces are characters of the label in their order.
func within(pieces []*segment, label []rune) bool {
	i := 0
	for _, p := range pieces {
		k := slices.Index(label[i:], p.text[0])
		if k < 0 {
			return false
		}
		i += k + 1
	}
	return true
}

// wrapped takes the longer label of which h is but the end, where a sentence
// broke within it: …受理凭证 | 文号：….
func (lt *labelTable) wrapped(s *sheet, h hit) hit {
	if len(h.tail) > 0 || h.seg.order == 0 {
		return h
	}
	before := s.segs[h.seg.order-1]
	if before.page != h.seg.page || before.panel != h.seg.panel || overlap(before, h.seg) > 0.5 {
		return h
	}
	text := string(before.text) + h.label
	for _, l := range lt.labels { // longest first
		if len(l) > len([]rune(h.label)) && strings.HasSuffix(text, string(l)) {
			h.label, h.uses = string(l), lt.uses[string(l)]
			break
		}
	}
	return h
}

// ending reports whether text is a label that ends in the last of the pieces.
func (lt *labelTable) ending(pieces []*segment, text []rune, before int, skip func(string) bool) (hit, bool) {
	first, tail := pieces[0], pieces[1:]
	h, ok := lt.find(first, text, skip)
	if !ok {
		return h, false
	}
	size := len([]rune(h.label))
	if size <= before && !unclosed(first.text[min(size, len(first.text)):]) || h.end <= before {
		return h, false
	}
	if below := tail[0].box[1] > first.box[3]-0.5*first.height(); below && h.end < len(text) {
		return h, false // a second line of a cell holds nothing but label
	}
	h.tail, h.end = tail, h.end-before
	return h, true
}

// below is the piece under g in the same narrow cell.
func (s *sheet) below(g *segment, _ []*segment) *segment {
	for _, b := range s.on(g) {
		if b == g || len(b.text) > 12 || b.box[1] <= g.box[1] {
			continue
		}
		if gap := b.box[1] - g.box[3]; gap < -0.4*g.height() || gap > 0.7*g.height() {
			continue
		}
		if min(b.box[2], g.box[2])-max(b.box[0], g.box[0]) >= 0.4*min(b.box.Width(), g.box.Width()) {
			return b
		}
	}
	return nil
}

// beside is the next piece in the row of g, if the pieces so far are as short as
// those of a label with wide spaces.
func (s *sheet) beside(g *segment, pieces []*segment) *segment {
	if len(g.text) > 5 {
		return nil
	}
	var best *segment
	for _, b := range s.on(g) {
		if slices.Contains(pieces, b) || b.box[0] < g.box[2]-0.5*g.height() || overlap(g, b) < 0.5 {
			continue
		}
		if best == nil || b.box[0] < best.box[0] {
			best = b
		}
	}
	if best == nil || best.box[0]-g.box[2] > 7*g.height() {
		return nil
	}
	return best
}

// unclosed reports text that begins with a bracket which the line does not close.
func unclosed(text []rune) bool {
	return len(text) > 0 && text[0] == '(' && !slices.Contains(text, ')')
}

// box is where the whole label stands.
func (h hit) box() document.Box {
	if len(h.tail) == 0 {
		return h.seg.boxOf(h.seg.box, 0, min(h.end, len(h.seg.text)))
	}
	b := h.seg.box
	for _, t := range h.tail[:len(h.tail)-1] {
		b = b.Union(t.box)
	}
	last := h.last()
	return b.Union(last.boxOf(last.box, 0, min(h.end, len(last.text))))
}
