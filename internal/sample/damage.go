package sample

import (
	"bytes"
	"image"
	"image/draw"
	"image/jpeg"
	"math"

	xdraw "golang.org/x/image/draw"
)

// each returns a copy with every colour value changed by f(x, y, channel, value).
func each(img *image.RGBA, f func(x, y, c int, v uint8) uint8) *image.RGBA {
	w, h := img.Bounds().Dx(), img.Bounds().Dy()
	out := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		src := img.Pix[y*img.Stride : y*img.Stride+4*w]
		dst := out.Pix[y*out.Stride : y*out.Stride+4*w]
		for i := 0; i < len(src); i += 4 {
			for c := range 3 {
				dst[i+c] = f(i/4, y, c, src[i+c])
			}
			dst[i+3] = 255
		}
	}
	return out
}

func clamp8(v float64) uint8 { return uint8(min(max(v+0.5, 0), 255)) }

// noise adds grain and a few specks of dust.
func noise(img *image.RGBA, strength float64, d dice) *image.RGBA {
	var bell [4096]float64
	for i := range bell {
		bell[i] = d.NormFloat64() * 34 * strength
	}
	state := d.Uint64() | 1
	out := each(img, func(_, _, _ int, v uint8) uint8 {
		state ^= state << 13
		state ^= state >> 7
		state ^= state << 17
		return clamp8(float64(v) + bell[state>>52])
	})
	size := out.Bounds().Size()
	for range int(strength * float64(size.X*size.Y) / 40000) {
		x, y, n := d.IntN(size.X), d.IntN(size.Y), d.between(1, 3)
		draw.Draw(out, image.Rect(x, y, x+n, y+n), image.Black, image.Point{}, draw.Src)
	}
	return out
}

// blurred runs three box filters, which come close to a Gaussian of sigma px.
func blurred(img *image.RGBA, sigma float64) *image.RGBA {
	r := max(int(sigma+0.5), 1)
	out := img
	for range 2 {
		out = boxBlur(out, r, true)
		out = boxBlur(out, r, false)
	}
	if sigma >= 0.5 {
		return out
	}
	return each(img, func(x, y, c int, v uint8) uint8 { // less than a pixel: mix
		return clamp8(float64(v)*(1-2*sigma) + float64(out.Pix[y*out.Stride+4*x+c])*2*sigma)
	})
}

func boxBlur(img *image.RGBA, r int, across bool) *image.RGBA {
	w, h := img.Bounds().Dx(), img.Bounds().Dy()
	out := image.NewRGBA(image.Rect(0, 0, w, h))
	length, lines, step, stride := w, h, 4, img.Stride
	if !across {
		length, lines, step, stride = h, w, img.Stride, 4
	}
	n := 2*r + 1
	for l := range lines {
		base := l * stride
		var sum [3]int
		at := func(i int) int { return base + min(max(i, 0), length-1)*step }
		for i := -r; i <= r; i++ {
			for c := range 3 {
				sum[c] += int(img.Pix[at(i)+c])
			}
		}
		for i := range length {
			o := base + i*step
			in, gone := at(i+r+1), at(i-r)
			for c := range 3 {
				out.Pix[o+c] = uint8(sum[c] / n)
				sum[c] += int(img.Pix[in+c]) - int(img.Pix[gone+c])
			}
			out.Pix[o+3] = 255
		}
	}
	return out
}

// uneven dims one side and lays the soft shadow of a hand or telephone over a part.
func uneven(img *image.RGBA, strength float64, d dice) *image.RGBA {
	w, h := float64(img.Bounds().Dx()), float64(img.Bounds().Dy())
	s, c := math.Sincos(d.Float64() * 2 * math.Pi)
	cx, cy, rad := w*d.Float64(), h*d.Float64(), (0.25+0.3*d.Float64())*w
	tint := [3]float64{1, 1 - 0.03*strength, 1 - 0.1*strength}
	return each(img, func(x, y, ch int, v uint8) uint8 {
		slope := ((float64(x)/w-0.5)*c + (float64(y)/h-0.5)*s) // -0.7…0.7
		light := 1 - strength*(0.30+0.38*slope)
		dist := math.Hypot(float64(x)-cx, float64(y)-cy) / rad
		if dist < 1.5 {
			light -= strength * 0.28 * smooth(1.5-dist)
		}
		return clamp8(float64(v) * light * tint[ch])
	})
}

func smooth(t float64) float64 {
	t = min(max(t, 0), 1)
	return t * t * (3 - 2*t)
}

// resampled scales a 300 dpi page down to dpi and up again.
func resampled(img *image.RGBA, dpi float64) *image.RGBA {
	b := img.Bounds()
	k := dpi / 300
	small := image.NewRGBA(image.Rect(0, 0, max(int(float64(b.Dx())*k), 1), max(int(float64(b.Dy())*k), 1)))
	xdraw.ApproxBiLinear.Scale(small, small.Bounds(), blurred(img, 0.5/k), b, draw.Src, nil)
	out := image.NewRGBA(b)
	xdraw.ApproxBiLinear.Scale(out, b, small, small.Bounds(), draw.Src, nil)
	return out
}

// fax thresholds a coarse, grainy copy.
func fax(img *image.RGBA, strength float64, d dice) *image.RGBA {
	coarse := noise(resampled(img, 204-60*strength), 0.5*strength, d)
	level := 150 + 20*d.NormFloat64()*strength
	g := Gray(coarse)
	return each(img, func(x, y, _ int, _ uint8) uint8 {
		if float64(g.Pix[y*g.Stride+x]) < level {
			return 0
		}
		return 255
	})
}

// faint lightens the print in bands, as an empty cartridge does.
func faint(img *image.RGBA, strength float64, d dice) *image.RGBA {
	w := float64(img.Bounds().Dx())
	phase := d.Float64() * 2 * math.Pi
	return each(img, func(x, _, _ int, v uint8) uint8 {
		band := 0.72 + 0.18*math.Sin(float64(x)/w*9+phase)
		return clamp8(255 - float64(255-v)*(1-strength*band))
	})
}

// rejpeg saves and loads at a low quality.
func rejpeg(img *image.RGBA, quality int) *image.RGBA {
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, &jpeg.Options{Quality: quality}); err != nil {
		return img // a bytes.Buffer does not fail and the size is a page's
	}
	back, err := jpeg.Decode(&b)
	if err != nil {
		return img
	}
	out := image.NewRGBA(img.Bounds())
	draw.Draw(out, out.Bounds(), back, image.Point{}, draw.Src)
	return out
}
