package sample

import "math"

// Guilloche is the faint pattern of security paper: rows of crossing waves.
type Guilloche struct {
	X, Y, W, H float64
	Ink        Ink
	Phase      float64
}

func (g Guilloche) draw(c canvas) {
	const step, wave, height = 9.0, 24.0, 5.0
	for y := g.Y + height; y < g.Y+g.H-height; y += step {
		for _, side := range []float64{0, math.Pi} {
			var pts []point
			for x := g.X; x <= g.X+g.W; x += 2 {
				pts = append(pts, point{x, y + height*math.Sin(2*math.Pi*(x/wave+g.Phase)+side)})
			}
			var p path
			p.addStroke(pts, 0.18)
			c.fill(p, g.Ink)
		}
	}
}
