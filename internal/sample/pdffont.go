package sample

import (
	"bytes"
	"encoding/binary"
	"math"
	"slices"
)

// subset is a TrueType font of the characters a document uses. Noto CJK has
// cubic outlines in collections of 20 MB; a PDF wants a small font of its own,
// so the outlines are redrawn with quadratic curves.
type subset struct {
	runes  []rune       // glyph i+1 draws runes[i]; glyph 0 draws nothing
	ids    map[rune]int // glyph of a rune
	widths []int        // of glyph i+1 in 1/1000 em
	data   []byte
}

const emUnits = 1000

// subsetFont makes a font of the runes of a face.
func (s *Studio) subsetFont(f Face, used map[rune]bool) subset {
	var out subset
	out.ids = map[rune]int{}
	for r := range used {
		out.runes = append(out.runes, r)
	}
	slices.Sort(out.runes)
	glyphs := [][]byte{nil}
	for i, r := range out.runes {
		out.ids[r] = i + 1
		out.widths = append(out.widths, int(math.Round(runeWidth(f, r)*emUnits)))
		glyphs = append(glyphs, simpleGlyph(s.outline(f, r)))
	}
	out.data = trueType(glyphs, append([]int{emUnits}, out.widths...))
	return out
}

// contourPoint is a point of a quadratic outline in font units, y up.
type contourPoint struct {
	x, y int16
	on   bool
}

// contours turns a path into quadratic contours; each cubic becomes two curves.
func contours(p path) [][]contourPoint {
	var out [][]contourPoint
	var cur []contourPoint
	var at point
	add := func(q point, on bool) {
		cur = append(cur, contourPoint{int16(math.Round(q.x * emUnits)), int16(math.Round(-q.y * emUnits)), on})
	}
	end := func() {
		if n := len(cur); n > 1 && cur[0] == cur[n-1] {
			cur = cur[:n-1]
		}
		if len(cur) > 2 {
			out = append(out, cur)
		}
		cur = nil
	}
	for _, s := range p {
		switch s.op {
		case 'M':
			end()
			add(s.pts[0], true)
		case 'L':
			add(s.pts[0], true)
		case 'Q':
			add(s.pts[0], false)
			add(s.pts[1], true)
		case 'C':
			for _, half := range splitCubic(at, s.pts[0], s.pts[1], s.pts[2]) {
				add(half[0], false)
				add(half[1], true)
			}
		}
		at = s.pts[s.last]
	}
	end()
	return out
}

// splitCubic approximates a cubic by two quadratics (control, end).
func splitCubic(p0, p1, p2, p3 point) [2][2]point {
	mid := func(a, b point) point { return point{(a.x + b.x) / 2, (a.y + b.y) / 2} }
	a, b, c := mid(p0, p1), mid(p1, p2), mid(p2, p3)
	d, e := mid(a, b), mid(b, c)
	m := mid(d, e)
	control := func(q0, q1, q2, q3 point) point {
		return point{(3*(q1.x+q2.x) - q0.x - q3.x) / 4, (3*(q1.y+q2.y) - q0.y - q3.y) / 4}
	}
	return [2][2]point{{control(p0, a, d, m), m}, {control(m, e, c, p3), p3}}
}

// simpleGlyph writes a glyf entry without instructions.
func simpleGlyph(p path) []byte {
	cs := contours(p)
	if len(cs) == 0 {
		return nil
	}
	var b, flags, xs, ys bytes.Buffer
	x0, y0, x1, y1 := int16(math.MaxInt16), int16(math.MaxInt16), int16(math.MinInt16), int16(math.MinInt16)
	ends, last := []uint16{}, -1
	var px, py int16
	for _, c := range cs {
		last += len(c)
		ends = append(ends, uint16(last))
		for _, q := range c {
			flag := byte(0)
			if q.on {
				flag = 1
			}
			flags.WriteByte(flag)
			put(&xs, q.x-px)
			put(&ys, q.y-py)
			px, py = q.x, q.y
			x0, x1, y0, y1 = min(x0, q.x), max(x1, q.x), min(y0, q.y), max(y1, q.y)
		}
	}
	put(&b, []int16{int16(len(cs)), x0, y0, x1, y1})
	put(&b, ends)
	put(&b, uint16(0))
	b.Write(flags.Bytes())
	b.Write(xs.Bytes())
	b.Write(ys.Bytes())
	for b.Len()%4 != 0 {
		b.WriteByte(0)
	}
	return b.Bytes()
}

// put writes big-endian values; a bytes.Buffer does not fail.
func put(b *bytes.Buffer, v any) { _ = binary.Write(b, binary.BigEndian, v) }
