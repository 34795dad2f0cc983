package shapes

import (
	"math"

	"onewindow/ocr/ink"
)

const (
	side       = 32 // a character is brought to side x side points
	grid       = 8  // and its strokes are counted in grid x grid cells
	directions = 8
	length     = grid * grid * directions
)

// feature is how much edge of each direction a character has in each cell, as a
// vector of length one: the square root of the sums, so that a thick stroke does
// not outweigh the thin ones.
type feature [length]float32

// like is how alike two characters are, 0..1.
func (f *feature) like(g *feature) float64 {
	var a, b, c, d float32
	for i := 0; i < length; i += 4 {
		a += f[i] * g[i]
		b += f[i+1] * g[i+1]
		c += f[i+2] * g[i+2]
		d += f[i+3] * g[i+3]
	}
	return float64(a + b + c + d)
}

// canvas is a character brought to size, with a margin of one point: 0 is paper.
type canvas [side + 2][side + 2]float32

// describe returns the feature of the print in columns from..to of p; ok is false
// where there is none. dark and paper are the shades of print and ground.
func describe(p *ink.Plane, from, to int, dark, paper int) (f feature, ok bool) {
	b, ok := bounds(p, from, to, paper-(paper-dark)*2/5)
	if !ok {
		return f, false
	}
	var c canvas
	c.fill(p, b, dark, paper)
	c.blur()
	c.count(&f)
	return f, true
}

// box is a part of a plane: columns x0..x1 and rows y0..y1, the ends outside.
type box struct{ x0, y0, x1, y1 int }

// bounds is the box of what is darker than limit.
func bounds(p *ink.Plane, from, to, limit int) (box, bool) {
	b := box{p.W, p.H, 0, 0}
	for y := range p.H {
		for x := max(from, 0); x < min(to, p.W); x++ {
			if int(p.Pix[y*p.W+x]) < limit {
				b = box{min(b.x0, x), min(b.y0, y), max(b.x1, x+1), max(b.y1, y+1)}
			}
		}
	}
	return b, b.x1 > b.x0
}

// fill brings the box to size, print 1 and paper 0.
func (c *canvas) fill(p *ink.Plane, b box, dark, paper int) {
	w, h := float64(b.x1-b.x0)/side, float64(b.y1-b.y0)/side
	scale := 1 / float32(max(paper-dark, 1))
	for y := range side {
		for x := range side {
			v := p.Between(float64(b.x0)+(float64(x)+0.5)*w-0.5, float64(b.y0)+(float64(y)+0.5)*h-0.5)
			c[y+1][x+1] = min(max(float32(paper-int(v))*scale, 0), 1)
		}
	}
}

// blur evens out what a font or a scanner did to the edges.
func (c *canvas) blur() {
	in := *c
	for y := 1; y <= side; y++ {
		for x := 1; x <= side; x++ {
			c[y][x] = (in[y-1][x-1] + in[y-1][x+1] + in[y+1][x-1] + in[y+1][x+1] +
				2*(in[y-1][x]+in[y+1][x]+in[y][x-1]+in[y][x+1]) + 4*in[y][x]) / 16
		}
	}
}

// count adds up the edges. Each is split between the two of the eight directions it
// lies between, and among the four cells around it.
func (c *canvas) count(f *feature) {
	for y := 1; y <= side; y++ {
		for x := 1; x <= side; x++ {
			gx, gy := c[y][x+1]-c[y][x-1], c[y+1][x]-c[y-1][x]
			if gx == 0 && gy == 0 {
				continue
			}
			straight, much, diagonal, little := split(gx, gy)
			f.add(x-1, y-1, straight, much)
			f.add(x-1, y-1, diagonal, little)
		}
	}
	var sum float64
	for i, v := range f {
		f[i] = float32(math.Sqrt(float64(v)))
		sum += float64(v)
	}
	norm := float32(1 / math.Sqrt(max(sum, 1e-9)))
	for i := range f {
		f[i] *= norm
	}
}

// split takes an edge apart into a straight direction (0, 2, 4, 6: right, down,
// left, up) and the diagonal one beside it.
func split(gx, gy float32) (straight int, much float32, diagonal int, little float32) {
	ax, ay := max(gx, -gx), max(gy, -gy)
	switch {
	case gx >= 0 && gy >= 0:
		diagonal = 1
	case gx < 0 && gy >= 0:
		diagonal = 3
	case gx < 0:
		diagonal = 5
	default:
		diagonal = 7
	}
	if ax >= ay {
		if gx < 0 {
			straight = 4
		}
	} else if straight = 2; gy < 0 {
		straight = 6
	}
	return straight, max(ax, ay) - min(ax, ay), diagonal, math.Sqrt2 * min(ax, ay)
}

// add shares a weight at a point among the cells around it.
func (f *feature) add(x, y, direction int, weight float32) {
	const cell = side / grid
	cx, cy := (float32(x)+0.5)/cell-0.5, (float32(y)+0.5)/cell-0.5
	bx, by := int(cx+1)-1, int(cy+1)-1
	rx, ry := cx-float32(bx), cy-float32(by)
	for dy, wy := range [2]float32{1 - ry, ry} {
		for dx, wx := range [2]float32{1 - rx, rx} {
			if X, Y := bx+dx, by+dy; X >= 0 && Y >= 0 && X < grid && Y < grid {
				f[(Y*grid+X)*directions+direction] += weight * wx * wy
			}
		}
	}
}
