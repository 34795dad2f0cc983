package sample

import (
	"image"
	"math"
)

// sealed stamps one to three red rings with a star over the middle of the page.
// It has no fonts at hand, so bars stand for the words of the ring.
func sealed(img *image.RGBA, strength float64, d dice) *image.RGBA {
	out := each(img, func(_, _, _ int, v uint8) uint8 { return v })
	w, h := float64(img.Bounds().Dx()), float64(img.Bounds().Dy())
	scale := min(w, h) / 210 // as if the short side were A4
	r := &raster{img: out, scale: scale}
	ink := SealRed
	ink.A = uint8(120 + 120*strength)
	for range 1 + int(2.4*strength) {
		cx := (0.2 + 0.6*d.Float64()) * w / scale
		cy := (0.15 + 0.7*d.Float64()) * h / scale
		var p path
		p.addRing(0, 0, 21, 21, 1.2)
		p.addStar(0, 0, 7, 0)
		for i := range 11 {
			a := -2.2 + 0.44*float64(i)
			s, c := math.Sincos(a)
			for k := range 3 {
				bar := rectPath(-1.6, float64(k)*1.5, 3.2, 0.8)
				p = append(p, bar.transform(placed(19*s, -19*c, 1, 1, a))...)
			}
		}
		r.fill(p.transform(placed(cx, cy, 1, 1, d.NormFloat64()*0.2)), ink)
	}
	return out
}

// patterned prints the page on tinted paper with fine waves.
func patterned(img *image.RGBA, strength float64, d dice) *image.RGBA {
	tint := pick(d, [][3]float64{{0.98, 0.92, 0.80}, {0.86, 0.95, 0.88}, {0.96, 0.86, 0.88}, {0.86, 0.91, 0.98}})
	tile := waveTile(max(img.Bounds().Dx()/70, 4))
	n := len(tile)
	return each(img, func(x, y, c int, v uint8) uint8 {
		wave := tile[y%n][x%n]
		return clamp8(float64(v) * (1 - strength*((1-tint[c])+0.5*wave*(1.15-tint[c]))))
	})
}

// waveTile is one period of crossing waves, 0…1.
func waveTile(period int) [][]float64 {
	tile := make([][]float64, period)
	for y := range tile {
		tile[y] = make([]float64, period)
		for x := range tile[y] {
			fx, fy := 2*math.Pi*float64(x)/float64(period), 2*math.Pi*float64(y)/float64(period)
			line := math.Abs(math.Sin(fy + math.Sin(fx)))
			tile[y][x] = smooth(1 - 3*line)
		}
	}
	return tile
}

// folded lays the light and dark of two creases over the page.
func folded(img *image.RGBA, strength float64, d dice) *image.RGBA {
	w, h := float64(img.Bounds().Dx()), float64(img.Bounds().Dy())
	fx, fy := w*(0.45+0.1*d.Float64()), h*(0.45+0.1*d.Float64())
	wide := w / 60
	return each(img, func(x, y, _ int, v uint8) uint8 {
		light := 1 - strength*0.35*(crease((float64(x)-fx)/wide)+crease((float64(y)-fy)/wide))
		return clamp8(float64(v) * light)
	})
}

// crease is dark on one side of the fold and light on the other.
func crease(t float64) float64 {
	if math.Abs(t) > 3 {
		return 0
	}
	return math.Exp(-t*t) * (0.6 + 0.8*math.Tanh(2*t))
}
