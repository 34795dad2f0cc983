package sample

import "math"

// path is a list of closed contours in mm, filled by the non-zero rule.
type path []segment

type segment struct {
	op   byte // 'M', 'L', 'Q', 'C'; contours close by themselves
	pts  [3]point
	last int // index of the end point in pts
}

type point struct{ x, y float64 }

func (p *path) moveTo(x, y float64) { *p = append(*p, segment{op: 'M', pts: [3]point{{x, y}}}) }
func (p *path) lineTo(x, y float64) { *p = append(*p, segment{op: 'L', pts: [3]point{{x, y}}}) }
func (p *path) quadTo(a, b point) {
	*p = append(*p, segment{op: 'Q', pts: [3]point{a, b}, last: 1})
}
func (p *path) cubeTo(a, b, c point) {
	*p = append(*p, segment{op: 'C', pts: [3]point{a, b, c}, last: 2})
}

// affine maps x,y to a*x+c*y+e, b*x+d*y+f.
type affine struct{ a, b, c, d, e, f float64 }

func (m affine) apply(p point) point {
	return point{m.a*p.x + m.c*p.y + m.e, m.b*p.x + m.d*p.y + m.f}
}

// placed scales by sx, sy, turns by angle (radians, clockwise on paper) and moves to x, y.
func placed(x, y, sx, sy, angle float64) affine {
	s, c := math.Sincos(angle)
	return affine{a: c * sx, b: s * sx, c: -s * sy, d: c * sy, e: x, f: y}
}

func (p path) transform(m affine) path {
	out := make(path, len(p))
	for i, s := range p {
		for k := 0; k <= s.last; k++ {
			s.pts[k] = m.apply(s.pts[k])
		}
		out[i] = s
	}
	return out
}

func (p path) bounds() (x0, y0, x1, y1 float64) {
	x0, y0 = math.Inf(1), math.Inf(1)
	x1, y1 = math.Inf(-1), math.Inf(-1)
	for _, s := range p {
		for k := 0; k <= s.last; k++ {
			x0, x1 = min(x0, s.pts[k].x), max(x1, s.pts[k].x)
			y0, y1 = min(y0, s.pts[k].y), max(y1, s.pts[k].y)
		}
	}
	return x0, y0, x1, y1
}

// rect returns the rectangle p is, if it is nothing but one.
func (p path) rect() (x, y, w, h float64, ok bool) {
	if len(p) != 4 || p[0].op != 'M' {
		return
	}
	for _, s := range p[1:] {
		if s.op != 'L' {
			return
		}
	}
	a, c := p[0].pts[0], p[2].pts[0]
	b, d := p[1].pts[0], p[3].pts[0]
	if b.y != a.y || b.x != c.x || d.x != a.x || d.y != c.y {
		return
	}
	return a.x, a.y, c.x - a.x, c.y - a.y, true
}

func rectPath(x, y, w, h float64) path {
	var p path
	p.addRect(x, y, w, h)
	return p
}

func (p *path) addRect(x, y, w, h float64) {
	p.moveTo(x, y)
	p.lineTo(x+w, y)
	p.lineTo(x+w, y+h)
	p.lineTo(x, y+h)
}

// kappa makes four cubics a circle.
const kappa = 0.5522847498

// addEllipse adds a contour; ccw contours cut holes into the others.
func (p *path) addEllipse(cx, cy, rx, ry float64, ccw bool) {
	if ccw {
		ry = -ry
	}
	kx, ky := rx*kappa, ry*kappa
	p.moveTo(cx+rx, cy)
	p.cubeTo(point{cx + rx, cy + ky}, point{cx + kx, cy + ry}, point{cx, cy + ry})
	p.cubeTo(point{cx - kx, cy + ry}, point{cx - rx, cy + ky}, point{cx - rx, cy})
	p.cubeTo(point{cx - rx, cy - ky}, point{cx - kx, cy - ry}, point{cx, cy - ry})
	p.cubeTo(point{cx + kx, cy - ry}, point{cx + rx, cy - ky}, point{cx + rx, cy})
}

// addRing adds a band of width w inside the ellipse.
func (p *path) addRing(cx, cy, rx, ry, w float64) {
	p.addEllipse(cx, cy, rx, ry, false)
	p.addEllipse(cx, cy, rx-w, ry-w, true)
}

// addStar adds a five-pointed star standing upright, turned by angle.
func (p *path) addStar(cx, cy, r, angle float64) {
	inner := r * 0.382
	for i := 0; i < 10; i++ {
		rad := r
		if i%2 == 1 {
			rad = inner
		}
		s, c := math.Sincos(angle - math.Pi/2 + float64(i)*math.Pi/5)
		if i == 0 {
			p.moveTo(cx+rad*c, cy+rad*s)
		} else {
			p.lineTo(cx+rad*c, cy+rad*s)
		}
	}
}

// addStroke adds a polyline of width w as one quadrilateral per piece.
func (p *path) addStroke(pts []point, w float64) {
	for i := 1; i < len(pts); i++ {
		a, b := pts[i-1], pts[i]
		dx, dy := b.x-a.x, b.y-a.y
		l := math.Hypot(dx, dy)
		if l == 0 {
			continue
		}
		nx, ny := -dy/l*w/2, dx/l*w/2
		p.moveTo(a.x+nx, a.y+ny)
		p.lineTo(a.x-nx, a.y-ny)
		p.lineTo(b.x-nx, b.y-ny)
		p.lineTo(b.x+nx, b.y+ny)
	}
}
