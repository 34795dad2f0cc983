package imagestamp

import (
	"math"

	"onewindow/stamp/scanpdf"
)

// Paper in points.
const (
	a4Short = 210 * 72 / 25.4
	a4Long  = 297 * 72 / 25.4
	a3Long  = 420 * 72 / 25.4
	a0Long  = 1189 * 72 / 25.4
	tooTiny = 20 * 72 / 25.4
)

// density is the resolution a file claims, in dots per inch; 0 is unknown.
type density struct{ x, y float64 }

// sound rounds what metric formats could not hold: 100 dots per inch become 3937 per
// metre, which are 99.9998 per inch and would make the page a pixel wider.
func (d density) sound() density {
	snap := func(v float64) float64 {
		if r := math.Round(v); math.Abs(v-r) < 0.02 {
			return r
		}
		return v
	}
	return density{snap(d.x), snap(d.y)}
}

// points returns the size on paper of width × height pixels. Cameras write 72 and
// converters 96 without meaning it; a claim that makes no sheet an office has is
// not believed, and the picture is made to fit A4.
func (d density) points(width, height int) (w, h float64) {
	if d = d.sound(); d.x > 0 && d.y > 0 {
		w, h = float64(width)*72/d.x, float64(height)*72/d.y
		limit := a0Long * 1.1
		if d.x <= 100 {
			limit = a3Long * 1.1
		}
		if min(w, h) >= tooTiny && max(w, h) <= limit {
			return w, h
		}
	}
	across, up := a4Short, a4Long
	if width > height {
		across, up = up, across
	}
	scale := min(across/float64(width), up/float64(height))
	return float64(width) * scale, float64(height) * scale
}

// fullPage is a page that one picture fills.
func fullPage(p scanpdf.Picture, d density, rotate int) scanpdf.Page {
	w, h := d.points(p.Width, p.Height)
	p.Box = [4]float64{0, 0, w, h}
	return scanpdf.Page{Width: w, Height: h, Rotate: rotate, Pictures: []scanpdf.Picture{p}}
}
