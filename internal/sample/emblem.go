package sample

import "math"

// Emblem is a stand-in for the emblem above certificates: a red disc, gold
// rim, stars, gate and cogs. It is a likeness for classifiers, not a copy.
type Emblem struct {
	CX, CY, R float64
	Line      Ink // A > 0: one-colour line version, as on photocopies
}

func (e Emblem) draw(c canvas) {
	red, gold := Ink{R: 200, G: 20, B: 25, A: 255}, Gold
	if e.Line.A > 0 {
		red, gold = e.Line, Paper
	}
	var rim, disc, signs path
	for i := range 40 { // ears of grain
		a := float64(i) * 2 * math.Pi / 40
		s, k := math.Sincos(a)
		rim.addEllipse(e.CX+e.R*0.92*s, e.CY-e.R*0.92*k, e.R*0.08, e.R*0.08, false)
	}
	rim.addEllipse(e.CX, e.CY, e.R*0.9, e.R*0.9, false)
	disc.addEllipse(e.CX, e.CY, e.R*0.8, e.R*0.8, false)
	signs.addStar(e.CX, e.CY-e.R*0.42, e.R*0.24, 0)
	for _, a := range []float64{-1.1, -0.45, 0.45, 1.1} {
		s, k := math.Sincos(a)
		signs.addStar(e.CX+e.R*0.5*s, e.CY-e.R*0.12-e.R*0.28*k+e.R*0.08, e.R*0.09, 0)
	}
	for _, b := range [][4]float64{{-0.45, 0.12, 0.9, 0.07}, {-0.38, 0.19, 0.76, 0.1}, {-0.5, 0.29, 1, 0.06}, {-0.52, 0.35, 1.04, 0.14}} {
		signs.addRect(e.CX+b[0]*e.R, e.CY+b[1]*e.R, b[2]*e.R, b[3]*e.R)
	}
	signs.addRing(e.CX, e.CY+e.R*0.72, e.R*0.2, e.R*0.2, e.R*0.08)
	if e.Line.A > 0 {
		rim, disc = disc, nil
		c.fill(rim, red)
	} else {
		c.fill(rim, gold)
		c.fill(disc, red)
	}
	c.fill(signs, gold)
}
