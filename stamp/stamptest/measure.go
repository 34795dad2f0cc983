package stamptest

import (
	"image"
	"math"
)

// Change is how far a stamped page is from the original, pixel by pixel over the
// original's area. All values are of 255.
type Change struct {
	Dark      int     // most any channel of a pixel darker than 96 changed (W4)
	Seal      int     // most any channel of a red pixel changed (W4)
	White     float64 // share of white pixels whose mean channel changed by 4 or more (W5)
	Lightened int     // most any channel of any pixel became lighter
	DarkSeen  int     // pixels that were dark
	SealSeen  int     // pixels that were red
	WhiteSeen int     // pixels that were white
}

// Compare measures c, whose top left corner is that of a.
func Compare(a, c *image.RGBA) Change {
	var m Change
	marked := 0
	for y := range a.Rect.Dy() {
		for x := range a.Rect.Dx() {
			i, j := a.PixOffset(x, y), c.PixOffset(x, y)
			p, q := a.Pix[i:i+3], c.Pix[j:j+3]
			most, sum := 0, 0
			for k := range 3 {
				d := int(p[k]) - int(q[k])
				m.Lightened = max(m.Lightened, -d)
				most = max(most, max(d, -d))
				sum += d
			}
			switch {
			case max(p[0], p[1], p[2]) < 96:
				m.DarkSeen++
				m.Dark = max(m.Dark, most)
			case p[0] >= 120 && float64(max(p[1], p[2])) < 0.6*float64(p[0]):
				m.SealSeen++
				m.Seal = max(m.Seal, most)
			case min(p[0], p[1], p[2]) >= 235:
				m.WhiteSeen++
				if sum >= 3*4 {
					marked++
				}
			}
		}
	}
	m.White = float64(marked) / math.Max(1, float64(m.WhiteSeen))
	return m
}
