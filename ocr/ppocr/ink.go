package ppocr

import (
	"image"
	"image/color"
	"image/draw"
)

// redShade is how dark pure red stays on the ink plane, in 256ths. The red
// channel alone makes seals vanish under black print, but would make a heading
// printed in pure red vanish with them; a faint shade keeps it readable.
const redShade = 56

// ink returns the darkness of a colour: its red channel, with saturated red kept
// as a faint shade. White is 255.
func ink(r, g, b uint8) uint8 {
	if m := max(g, b); r > m {
		return min(r, uint8(255-(int(r)-int(m))*redShade/256))
	}
	return r
}

// inkInto writes img onto the ink plane dst, transparent parts as paper.
func inkInto(dst *plane, img image.Image) {
	b := img.Bounds()
	dst.reset(b.Dx(), b.Dy())
	switch m := img.(type) {
	case *image.Gray:
		inkGray(dst, m)
	case *image.YCbCr:
		inkYCbCr(dst, m)
	case *image.RGBA:
		inkRGBA(dst, m)
	case *image.NRGBA:
		inkNRGBA(dst, m)
	case *image.Paletted:
		inkPaletted(dst, m)
	default:
		inkOther(dst, m)
	}
}

func inkGray(dst *plane, m *image.Gray) {
	for y := range dst.h {
		copy(dst.pix[y*dst.w:(y+1)*dst.w], m.Pix[y*m.Stride:])
	}
}

func inkYCbCr(dst *plane, m *image.YCbCr) {
	b := m.Bounds()
	for y := range dst.h {
		out := dst.pix[y*dst.w : (y+1)*dst.w]
		luma := m.Y[m.YOffset(b.Min.X, b.Min.Y+y):]
		for x := range out {
			c := m.COffset(b.Min.X+x, b.Min.Y+y)
			cb, cr := m.Cb[c], m.Cr[c]
			if cb == 128 && cr == 128 {
				out[x] = luma[x]
				continue
			}
			out[x] = ink(color.YCbCrToRGB(luma[x], cb, cr))
		}
	}
}

func inkRGBA(dst *plane, m *image.RGBA) {
	for y := range dst.h {
		out := dst.pix[y*dst.w : (y+1)*dst.w]
		in := m.Pix[y*m.Stride:]
		for x := range out {
			p := in[4*x : 4*x+4 : 4*x+4]
			paper := 255 - p[3] // premultiplied: what is not covered is white
			out[x] = ink(p[0]+paper, p[1]+paper, p[2]+paper)
		}
	}
}

func inkNRGBA(dst *plane, m *image.NRGBA) {
	for y := range dst.h {
		out := dst.pix[y*dst.w : (y+1)*dst.w]
		in := m.Pix[y*m.Stride:]
		for x := range out {
			p := in[4*x : 4*x+4 : 4*x+4]
			out[x] = onPaper(ink(p[0], p[1], p[2]), p[3])
		}
	}
}

func onPaper(v, alpha uint8) uint8 {
	if alpha == 255 {
		return v
	}
	return uint8((int(v)*int(alpha) + 255*(255-int(alpha))) / 255)
}

func inkPaletted(dst *plane, m *image.Paletted) {
	var table [256]uint8
	for i, c := range m.Palette {
		n := color.NRGBAModel.Convert(c).(color.NRGBA)
		table[i] = onPaper(ink(n.R, n.G, n.B), n.A)
	}
	for y := range dst.h {
		out := dst.pix[y*dst.w : (y+1)*dst.w]
		in := m.Pix[y*m.Stride:]
		for x := range out {
			out[x] = table[in[x]]
		}
	}
}

// inkOther converts strip by strip, so that a large CMYK page does not need a
// second full copy in memory.
func inkOther(dst *plane, m image.Image) {
	const rows = 64
	b := m.Bounds()
	strip := image.NewRGBA(image.Rect(0, 0, dst.w, rows))
	for top := 0; top < dst.h; top += rows {
		n := min(rows, dst.h-top)
		draw.Draw(strip, image.Rect(0, 0, dst.w, n), m, image.Pt(b.Min.X, b.Min.Y+top), draw.Src)
		part := plane{w: dst.w, h: n, pix: dst.pix[top*dst.w : (top+n)*dst.w]}
		inkRGBA(&part, strip)
	}
}
