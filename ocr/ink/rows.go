package ink

import (
	"image"
	"image/color"
	"image/draw"
)

// rows reads row y of a picture, counted from its top: the red channel, and by
// how much red exceeds green and blue. Transparent parts are white. It reports
// whether any pixel is red print, which in most rows none is.
type rows func(y int, red, over []byte) bool

func openRows(img image.Image) rows {
	switch m := img.(type) {
	case *image.YCbCr:
		return rowsYCbCr(m)
	case *image.RGBA:
		return rowsRGBA(m)
	case *image.NRGBA:
		return rowsNRGBA(m)
	case *image.Paletted:
		return rowsPaletted(m)
	}
	return rowsAny(img)
}

func excess(r, g, b uint8) uint8 {
	if m := max(g, b); r > m {
		return r - m
	}
	return 0
}

func rowsYCbCr(m *image.YCbCr) rows {
	b := m.Bounds()
	shift := narrowing(m.SubsampleRatio)
	return func(y int, red, over []byte) bool {
		luma := m.Y[m.YOffset(b.Min.X, b.Min.Y+y):][:len(red)]
		at := m.COffset(b.Min.X, b.Min.Y+y)
		blues, reds := m.Cb[at:], m.Cr[at:]
		odd := b.Min.X & (1<<shift - 1)
		over = over[:len(red)]
		var most uint8
		for x := range red {
			cr := reds[(x+odd)>>shift]
			if cr <= 128+redFrom/4 { // not red, whatever the brightness
				v := int32(luma[x]) + (91881*(int32(cr)-128)+1<<15)>>16
				red[x], over[x] = uint8(min(max(v, 0), 255)), 0
				continue
			}
			r, g, b := color.YCbCrToRGB(luma[x], blues[(x+odd)>>shift], cr)
			red[x], over[x] = r, excess(r, g, b)
			most = max(most, over[x])
		}
		return most >= redFrom
	}
}

// narrowing is the number of bits by which a column of colours is coarser than
// one of brightness.
func narrowing(r image.YCbCrSubsampleRatio) int {
	switch r {
	case image.YCbCrSubsampleRatio422, image.YCbCrSubsampleRatio420:
		return 1
	case image.YCbCrSubsampleRatio411, image.YCbCrSubsampleRatio410:
		return 2
	}
	return 0
}

func rowsRGBA(m *image.RGBA) rows {
	return func(y int, red, over []byte) bool {
		in := m.Pix[y*m.Stride:]
		var most uint8
		for x := range red {
			p := in[4*x : 4*x+4 : 4*x+4]
			paper := 255 - p[3] // premultiplied: what is not covered is white
			d := excess(p[0], p[1], p[2])
			red[x], over[x] = p[0]+paper, d
			most = max(most, d)
		}
		return most >= redFrom
	}
}

func rowsNRGBA(m *image.NRGBA) rows {
	return func(y int, red, over []byte) bool {
		in := m.Pix[y*m.Stride:]
		var most uint8
		for x := range red {
			p := in[4*x : 4*x+4 : 4*x+4]
			d := excess(p[0], p[1], p[2])
			red[x], over[x] = onPaper(p[0], p[3]), d
			most = max(most, d)
		}
		return most >= redFrom
	}
}

func onPaper(v, alpha uint8) uint8 {
	if alpha == 255 {
		return v
	}
	return uint8((int(v)*int(alpha) + 255*(255-int(alpha))) / 255)
}

func rowsPaletted(m *image.Paletted) rows {
	var reds, overs [256]uint8
	for i, c := range m.Palette {
		n := color.NRGBAModel.Convert(c).(color.NRGBA)
		reds[i], overs[i] = onPaper(n.R, n.A), excess(n.R, n.G, n.B)
	}
	return func(y int, red, over []byte) bool {
		in := m.Pix[y*m.Stride:]
		var most uint8
		for x := range red {
			red[x], over[x] = reds[in[x]], overs[in[x]]
			most = max(most, over[x])
		}
		return most >= redFrom
	}
}

// rowsAny converts row by row, so that a large CMYK page does not need a second
// full copy in memory.
func rowsAny(m image.Image) rows {
	b := m.Bounds()
	strip := image.NewRGBA(image.Rect(0, 0, b.Dx(), 1))
	read := rowsRGBA(strip)
	return func(y int, red, over []byte) bool {
		draw.Draw(strip, strip.Rect, m, image.Pt(b.Min.X, b.Min.Y+y), draw.Src)
		return read(0, red, over)
	}
}
