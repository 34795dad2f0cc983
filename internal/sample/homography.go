package sample

import (
	"image"
	"math"

	"onewindow/document"
)

// homography maps x,y to (a x + b y + c)/(g x + h y + 1), (d x + e y + f)/(…).
type homography struct{ a, b, c, d, e, f, g, h float64 }

func (m homography) apply(x, y float64) (float64, float64) {
	z := m.g*x + m.h*y + 1
	return (m.a*x + m.b*y + m.c) / z, (m.d*x + m.e*y + m.f) / z
}

// box returns the box around the four mapped corners.
func (m homography) box(b document.Box) document.Box {
	out := document.Box{math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)}
	for _, c := range [4][2]float64{{b[0], b[1]}, {b[2], b[1]}, {b[2], b[3]}, {b[0], b[3]}} {
		x, y := m.apply(c[0], c[1])
		out = document.Box{min(out[0], x), min(out[1], y), max(out[2], x), max(out[3], y)}
	}
	return out
}

// inverse returns the map back.
func (m homography) inverse() homography {
	a, b, c, d, e, f, g, h := m.a, m.b, m.c, m.d, m.e, m.f, m.g, m.h
	k := a*e - b*d
	return homography{
		(e - f*h) / k, (c*h - b) / k, (b*f - c*e) / k,
		(f*g - d) / k, (a - c*g) / k, (c*d - a*f) / k,
		(d*h - e*g) / k, (b*g - a*h) / k,
	}
}

// quad returns the map from the rectangle w × h to four corners, clockwise from
// the top left (Heckbert's closed form).
func quad(p [4]point, w, h float64) homography {
	dx1, dy1 := p[1].x-p[2].x, p[1].y-p[2].y
	dx2, dy2 := p[3].x-p[2].x, p[3].y-p[2].y
	sx, sy := p[0].x-p[1].x+p[2].x-p[3].x, p[0].y-p[1].y+p[2].y-p[3].y
	den := dx1*dy2 - dx2*dy1
	g := (sx*dy2 - dx2*sy) / den
	k := (dx1*sy - sx*dy1) / den
	return homography{
		(p[1].x - p[0].x + g*p[1].x) / w, (p[3].x - p[0].x + k*p[3].x) / h, p[0].x,
		(p[1].y - p[0].y + g*p[1].y) / w, (p[3].y - p[0].y + k*p[3].y) / h, p[0].y,
		g / w, k / h,
	}
}

// project draws img through the map with bilinear sampling; what lies outside
// the page becomes desk.
func project(img *image.RGBA, m homography, desk Ink) *image.RGBA {
	w, h := img.Bounds().Dx(), img.Bounds().Dy()
	out := image.NewRGBA(image.Rect(0, 0, w, h))
	back := m.inverse()
	for y := range h {
		row := out.Pix[y*out.Stride : y*out.Stride+4*w]
		for x := range w {
			sx, sy := back.apply(float64(x)+0.5, float64(y)+0.5)
			sample4(img, sx-0.5, sy-0.5, desk, row[4*x:4*x+4:4*x+4])
		}
	}
	return out
}

// sample4 reads the pixel at a fractional place.
func sample4(img *image.RGBA, x, y float64, desk Ink, out []uint8) {
	w, h := img.Bounds().Dx(), img.Bounds().Dy()
	if x < -0.5 || y < -0.5 || x > float64(w)-0.5 || y > float64(h)-0.5 {
		out[0], out[1], out[2], out[3] = desk.R, desk.G, desk.B, 255
		return
	}
	x, y = min(max(x, 0), float64(w-1)), min(max(y, 0), float64(h-1))
	ix, iy := min(int(x), w-2), min(int(y), h-2)
	fx, fy := uint32((x-float64(ix))*256), uint32((y-float64(iy))*256)
	top := img.Pix[iy*img.Stride+4*ix:][:8]
	bot := img.Pix[(iy+1)*img.Stride+4*ix:][:8]
	for c := range 3 {
		t := uint32(top[c])*(256-fx) + uint32(top[4+c])*fx
		b := uint32(bot[c])*(256-fx) + uint32(bot[4+c])*fx
		out[c] = uint8((t*(256-fy) + b*fy + 1<<15) >> 16)
	}
	out[3] = 255
}
