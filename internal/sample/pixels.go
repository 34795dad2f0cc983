package sample

import (
	"image"
)

// Gray returns the luminance of an image.
func Gray(img *image.RGBA) *image.Gray {
	b := img.Bounds()
	out := image.NewGray(image.Rect(0, 0, b.Dx(), b.Dy()))
	for y := range b.Dy() {
		src := img.Pix[y*img.Stride : y*img.Stride+4*b.Dx()]
		dst := out.Pix[y*out.Stride:]
		for x := 0; x < len(src); x += 4 {
			dst[x/4] = luma(src[x], src[x+1], src[x+2])
		}
	}
	return out
}

func luma(r, g, b uint8) uint8 {
	return uint8((uint32(r)*19595 + uint32(g)*38470 + uint32(b)*7471 + 1<<15) >> 16)
}

// bilevelThreshold is a little above half: scanners keep thin strokes.
const bilevelThreshold = 150

// Bilevel returns the page in black (0) and white (255).
func Bilevel(img *image.RGBA) *image.Gray {
	g := Gray(img)
	for i, v := range g.Pix {
		g.Pix[i] = 0
		if v >= bilevelThreshold {
			g.Pix[i] = 255
		}
	}
	return g
}

// rgbBytes packs the pixels three bytes each.
func rgbBytes(img *image.RGBA) []byte {
	n := len(img.Pix) / 4
	out := make([]byte, 0, 3*n)
	for i := 0; i < len(img.Pix); i += 4 {
		out = append(out, img.Pix[i], img.Pix[i+1], img.Pix[i+2])
	}
	return out
}

// turned returns the image turned clockwise by a multiple of 90 degrees.
func turned(img *image.RGBA, degrees int) *image.RGBA {
	quarter := ((degrees/90)%4 + 4) % 4
	if quarter == 0 {
		return img
	}
	w, h := img.Bounds().Dx(), img.Bounds().Dy()
	ow, oh := w, h
	if quarter != 2 {
		ow, oh = h, w
	}
	out := image.NewRGBA(image.Rect(0, 0, ow, oh))
	for y := range h {
		for x := range w {
			dx, dy := w-1-x, h-1-y // 180
			switch quarter {
			case 1:
				dx, dy = h-1-y, x
			case 3:
				dx, dy = y, w-1-x
			}
			copy(out.Pix[dy*out.Stride+4*dx:][:4], img.Pix[y*img.Stride+4*x:][:4])
		}
	}
	return out
}
