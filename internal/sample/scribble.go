package sample

import "math"

// scribble is a signature nobody can read: a run of loops in blue or black ink.
func scribble(d dice, x, y, w float64) Shape {
	ink := pick(d, []Ink{Blue, Black})
	var pts []point
	loops := d.between(3, 6)
	phase, tall := d.Float64()*6, 3+3*d.Float64()
	for i := range 40 * loops {
		t := float64(i) / float64(40*loops)
		a := t*float64(loops)*2*math.Pi + phase
		pts = append(pts, point{
			x + w*t + 2.2*math.Cos(a),
			y - tall*math.Sin(a)*(0.5+0.5*math.Sin(t*7+phase)) - 2*t,
		})
	}
	var p path
	p.addStroke(pts, 0.45)
	return Shape{p, ink}
}
