package labels

import (
	"slices"
	"strings"
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
		if len(parts) > 1 && g.labels.short[u.key] { // one number, date or amount: what stands beside it is no part of it
			for i, part := range parts[:min(len(parts), 3)] {
				one := c
				one.parts, one.strength = []span{part}, c.strength+0.01-0.02*float64(i)
				if !u.own {
					one.strength -= 0.07
				}
				out = append(out, one)
			}
		}
		if len(parts) > 1 && g.labels.short[u.key] {
			c.strength -= 0.05
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
