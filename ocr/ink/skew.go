package ink

import "math"

const (
	skewSide   = 1000 // long side of the picture the skew is measured on
	skewMost   = 5.0  // degrees
	skewCoarse = 0.5
	skewFine   = 0.1
	skewPoints = 200 // fewer dark points show no direction
)

// Skew returns by how many degrees the lines of print fall to the right, within
// 5 degrees either way; 0 when the page shows no lines. Turning the page
// counterclockwise by as much makes them level.
//
// Level lines fill few rows with much ink and leave many empty, so the angle
// is the one whose rows differ most.
func (p *Plane) Skew() float64 {
	points, rows := p.darkPoints()
	if len(points) < skewPoints {
		return 0
	}
	best, most := 0.0, contrast(points, rows, 0)
	search := func(from, to, step float64) {
		for a := from; a <= to+step/2; a += step {
			if c := contrast(points, rows, a); c > most*1.001 {
				best, most = a, c
			}
		}
	}
	search(-skewMost, skewMost, skewCoarse)
	search(best-skewCoarse, best+skewCoarse, skewFine)
	if math.Abs(best) > skewMost {
		return 0
	}
	return best
}

// darkPoints returns the print of the shrunk page, and its height.
func (p *Plane) darkPoints() (points [][2]float64, rows int) {
	if len(p.Pix) == 0 {
		return nil, 0
	}
	scale := min(1, skewSide/float64(max(p.W, p.H)))
	var small Plane
	p.ShrinkInto(&small, max(int(float64(p.W)*scale), 1), max(int(float64(p.H)*scale), 1))
	for y := range small.H {
		for x, v := range small.Pix[y*small.W : (y+1)*small.W] {
			if v < 128 {
				points = append(points, [2]float64{float64(x), float64(y)})
			}
		}
	}
	return points, small.H
}

// contrast is the sum of squares of the rows' ink, seen along lines that fall by
// the given angle.
func contrast(points [][2]float64, rows int, degrees float64) float64 {
	tan := math.Tan(degrees * math.Pi / 180)
	counts := make([]float64, 2*rows+2*skewSide)
	for _, q := range points {
		if row := int(q[1] - q[0]*tan + skewSide/2); row >= 0 && row < len(counts) {
			counts[row]++
		}
	}
	var sum float64
	for _, n := range counts {
		sum += n * n
	}
	return sum
}

// LevelInto writes p turned counterclockwise by a few degrees about its centre
// into dst, of the same size; what comes in at the corners is paper.
func (p *Plane) LevelInto(dst *Plane, degrees float64) {
	dst.Reset(p.W, p.H)
	sin, cos := math.Sincos(degrees * math.Pi / 180)
	cx, cy := float64(p.W)/2, float64(p.H)/2
	for y := range dst.H {
		fy := float64(y) + 0.5 - cy
		x := cx - 0.5 + (0.5-cx)*cos - fy*sin
		sy := cy - 0.5 + (0.5-cx)*sin + fy*cos
		row := dst.Pix[y*dst.W : (y+1)*dst.W]
		for i := range row {
			row[i] = p.Between(x, sy)
			x += cos
			sy += sin
		}
	}
}

// Between interpolates p at (x, y), whole numbers being the centres of pixels;
// beyond the edge is paper.
func (p *Plane) Between(x, y float64) byte {
	if x < 0 || y < 0 || x > float64(p.W-1) || y > float64(p.H-1) {
		return 255
	}
	x0, y0 := int(x), int(y)
	x1, y1 := min(x0+1, p.W-1), min(y0+1, p.H-1)
	fx, fy := int((x-float64(x0))*256), int((y-float64(y0))*256)
	above := int(p.Pix[y0*p.W+x0])*(256-fx) + int(p.Pix[y0*p.W+x1])*fx
	below := int(p.Pix[y1*p.W+x0])*(256-fx) + int(p.Pix[y1*p.W+x1])*fx
	return byte((above*(256-fy) + below*fy + 1<<15) >> 16)
}
