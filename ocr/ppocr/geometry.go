package ppocr

import (
	"cmp"
	"math"
	"slices"

	"onewindow/document"
)

type point struct{ x, y float64 }

// quad is a rotated rectangle around a piece of text. u points along the
// reading direction and v down the line's height; both run from the centre to
// an edge, so the text is 2|u| long and 2|v| high.
type quad struct{ c, u, v point }

func (p point) norm() float64         { return math.Hypot(p.x, p.y) }
func (p point) scale(k float64) point { return point{p.x * k, p.y * k} }
func (p point) plus(q point) point    { return point{p.x + q.x, p.y + q.y} }
func (p point) minus(q point) point   { return point{p.x - q.x, p.y - q.y} }
func (p point) dot(q point) float64   { return p.x*q.x + p.y*q.y }
func (q quad) length() float64        { return 2 * q.u.norm() }
func (q quad) height() float64        { return 2 * q.v.norm() }

// angle is the slope of the reading direction in radians, positive downwards.
func (q quad) angle() float64 { return math.Atan2(q.u.y, q.u.x) }

// turned is the same rectangle read in a direction turned clockwise by a
// multiple of 90 degrees.
func (q quad) turned(degrees int) quad {
	switch degrees {
	case 90:
		return quad{q.c, q.v, q.u.scale(-1)}
	case 180:
		return quad{q.c, q.u.scale(-1), q.v.scale(-1)}
	case 270:
		return quad{q.c, q.v.scale(-1), q.u}
	}
	return q
}

// grown adds d pixels on all four sides.
func (q quad) grown(d float64) quad {
	return quad{q.c, q.u.scale(1 + d/q.u.norm()), q.v.scale(1 + d/q.v.norm())}
}

// holds reports whether a point lies in q.
func (q quad) holds(at point) bool {
	d := at.minus(q.c)
	du, dv := d.dot(q.u), d.dot(q.v)
	uu, vv := q.u.dot(q.u), q.v.dot(q.v)
	return -uu <= du && du <= uu && -vv <= dv && dv <= vv
}

// part is the piece of q between the fractions from and to of its length.
func (q quad) part(from, to float64) quad {
	return quad{q.c.plus(q.u.scale(from + to - 1)), q.u.scale(to - from), q.v}
}

// bounds is the upright rectangle around q, cut to a page of w x h pixels.
func (q quad) bounds(w, h int) document.Box {
	dx, dy := math.Abs(q.u.x)+math.Abs(q.v.x), math.Abs(q.u.y)+math.Abs(q.v.y)
	clamp := func(v float64, limit int) float64 { return math.Round(min(max(v, 0), float64(limit))) }
	return document.Box{clamp(q.c.x-dx, w), clamp(q.c.y-dy, h), clamp(q.c.x+dx, w), clamp(q.c.y+dy, h)}
}

// hull returns the convex hull of points, which it sorts, without repeating the
// first point (Andrew's monotone chain).
func hull(points []point) []point {
	slices.SortFunc(points, func(a, b point) int {
		return cmp.Or(cmp.Compare(a.x, b.x), cmp.Compare(a.y, b.y))
	})
	out := make([]point, 0, 64)
	chain := func(p point, floor int) {
		for len(out) >= floor+2 && turn(out[len(out)-2], out[len(out)-1], p) <= 0 {
			out = out[:len(out)-1]
		}
		out = append(out, p)
	}
	for _, p := range points {
		chain(p, 0)
	}
	floor := len(out) - 1
	for i := len(points) - 2; i >= 0; i-- {
		chain(points[i], floor)
	}
	return out[:len(out)-1]
}

// turn is positive when a, b, c turn left.
func turn(a, b, c point) float64 {
	return (b.x-a.x)*(c.y-a.y) - (b.y-a.y)*(c.x-a.x)
}

// smallestRect returns the rectangle of least area around a convex polygon: one
// of its sides lies along a side of the polygon. The reading direction is the
// side nearest to the horizontal.
func smallestRect(polygon []point) quad {
	var best quad
	least := math.Inf(1)
	for i, p := range polygon {
		edge := polygon[(i+1)%len(polygon)].minus(p)
		if n := edge.norm(); n > 0 {
			if q := rectAlong(polygon, edge.scale(1/n)); q.u.norm()*q.v.norm() < least {
				best, least = q, q.u.norm()*q.v.norm()
			}
		}
	}
	return best
}

// rectAlong returns the rectangle around polygon with sides along the unit
// vector d and across it.
func rectAlong(polygon []point, d point) quad {
	for math.Abs(d.x) < math.Abs(d.y) || d.x < 0 { // nearest to the horizontal, rightwards
		d = point{-d.y, d.x}
	}
	n := point{-d.y, d.x}
	loU, hiU, loV, hiV := math.Inf(1), math.Inf(-1), math.Inf(1), math.Inf(-1)
	for _, p := range polygon {
		a, b := p.dot(d), p.dot(n)
		loU, hiU, loV, hiV = min(loU, a), max(hiU, a), min(loV, b), max(hiV, b)
	}
	c := d.scale((loU + hiU) / 2).plus(n.scale((loV + hiV) / 2))
	return quad{c, d.scale((hiU - loU) / 2), n.scale((hiV - loV) / 2)}
}
