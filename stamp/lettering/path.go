package lettering

import (
	"math"
	"strconv"
)

// Grid is how many steps of a path make one em: fine enough for any size the
// mark is printed in, and whole numbers are short.
const Grid = 1000

// AppendPath appends the outlines of text as PDF path operators in steps of
// 1/Grid em, the origin of the first character x em to the right. The caller fills
// the path (non-zero winding) under a matrix that scales Grid to the font size.
func (f *Font) AppendPath(dst []byte, text string, x float64) ([]byte, error) {
	for _, r := range text {
		g, err := f.Glyph(r)
		if err != nil {
			return dst, err
		}
		dst = g.append(dst, x)
		x += g.Advance
	}
	return dst, nil
}

func (g Glyph) append(dst []byte, x float64) []byte {
	for i, s := range g.Segments {
		if s.Op == 'm' && i > 0 {
			dst = append(dst, "h\n"...)
		}
		points := s.P[:1]
		if s.Op == 'c' {
			points = s.P[:]
		}
		for _, p := range points {
			dst = strconv.AppendInt(dst, int64(math.Round((p[0]+x)*Grid)), 10)
			dst = append(dst, ' ')
			dst = strconv.AppendInt(dst, int64(math.Round(p[1]*Grid)), 10)
			dst = append(dst, ' ')
		}
		dst = append(dst, s.Op, '\n')
	}
	if len(g.Segments) > 0 {
		dst = append(dst, "h\n"...)
	}
	return dst
}
