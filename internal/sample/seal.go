package sample

import "math"

// Seal is a round stamp: a ring, the owner's name along it, a star, and what it
// is for below the star. Its words are drawn as outlines and are not part of a
// page's lines.
type Seal struct {
	CX, CY   float64
	Diameter float64 // 42 for most authorities, 45 for firms
	Owner    string
	Purpose  string // 行政审批专用章, 合同专用章; "" for an office seal
	Angle    float64
	Ink      Ink
	Oval     bool // 45 × 30 mm, as banks and tax offices use
}

func (s Seal) draw(c canvas) {
	r := s.Diameter / 2
	ry := r
	if s.Oval {
		ry = r * 0.67
	}
	var p path
	p.addRing(0, 0, r, ry, 1.2)
	if !s.Oval {
		p.addStar(0, 0, r*0.33, 0)
	}
	p = append(p, s.ownerPath(c, r-1.2, ry-1.2)...)
	p = append(p, s.purposePath(c, r, ry)...)
	c.fill(p.transform(placed(s.CX, s.CY, 1, 1, s.Angle)), s.Ink)
}

// ownerPath bends the owner's name along the inside of the ring.
func (s Seal) ownerPath(c canvas, rx, ry float64) path {
	runes := []rune(s.Owner)
	n := len(runes)
	if n == 0 {
		return nil
	}
	span := min(math.Pi*1.5, float64(n)*0.36) // radians covered by the name
	if s.Purpose == "" {
		span = min(math.Pi*1.62, float64(n)*0.36)
	}
	high := min(rx*0.30, 6.2)
	wide := min(high*0.86, span*rx*0.80/float64(n))
	base := 0.6 + high*0.92 // baseline distance from the ring
	var out path
	for i, r := range runes {
		a := 0.0
		if n > 1 {
			a = -span/2 + span*float64(i)/float64(n-1)
		}
		sin, cos := math.Sincos(a)
		g := c.outline(SerifBold, r).transform(placed(-wide/2, 0, wide, high, 0))
		out = append(out, g.transform(placed((rx-base)*sin, -(ry-base)*cos, 1, 1, a))...)
	}
	return out
}

// purposePath sets what the seal is for on a straight line below the star.
func (s Seal) purposePath(c canvas, r, ry float64) path {
	runes := []rune(s.Purpose)
	if len(runes) == 0 {
		return nil
	}
	em := min(r*0.24, r*1.25/float64(len(runes)))
	y := ry*0.62 + em*0.4
	if s.Oval {
		y = em * 0.4
	}
	x := -em * float64(len(runes)) / 2
	var out path
	for i, ch := range runes {
		out = append(out, c.outline(SerifBold, ch).transform(placed(x+float64(i)*em, y, em, em, 0))...)
	}
	return out
}

// officeSeal is the usual seal of an authority, a little tilted and off centre.
func officeSeal(d dice, cx, cy float64, owner, purpose string) Seal {
	ink := SealRed
	ink.A = uint8(d.between(185, 240))
	ink.Wear = 0.1 + 0.35*d.Float64()
	return Seal{CX: cx + d.NormFloat64()*0.8, CY: cy + d.NormFloat64()*0.8, Diameter: 42,
		Owner: owner, Purpose: purpose, Angle: d.NormFloat64() * 0.06, Ink: ink}
}
