package pagesource

import (
	"image"
	"image/color"
)

// opaque returns img as paper shows it: transparency laid over white, 16 bit
// cut to 8, palettes resolved, origin at zero. The result is *image.Gray,
// *image.RGBA or *image.YCbCr, the forms engines read without copying.
func opaque(img image.Image) image.Image {
	switch m := img.(type) {
	case *image.Gray:
		if m.Rect.Min == (image.Point{}) {
			return m
		}
	case *image.YCbCr:
		if m.Rect.Min == (image.Point{}) {
			return m
		}
	case *image.RGBA:
		return overWhiteRGBA(m)
	case *image.NRGBA:
		return overWhiteNRGBA(m)
	case *image.Gray16:
		return gray8(m)
	case *image.RGBA64:
		return overWhiteRGBA64(m)
	case *image.NRGBA64:
		return overWhiteNRGBA64(m)
	case *image.Paletted:
		return resolve(m)
	}
	return overWhiteAny(img)
}

func overWhiteRGBA(m *image.RGBA) *image.RGBA {
	if m.Rect.Min == (image.Point{}) && m.Opaque() {
		return m
	}
	w, h := m.Rect.Dx(), m.Rect.Dy()
	dst := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		src := m.Pix[y*m.Stride : y*m.Stride+4*w]
		row := dst.Pix[y*dst.Stride : y*dst.Stride+4*w]
		for i := 0; i < len(row); i += 4 {
			white := 255 - src[i+3] // premultiplied: what shines through is white
			row[i], row[i+1], row[i+2], row[i+3] = src[i]+white, src[i+1]+white, src[i+2]+white, 255
		}
	}
	return dst
}

func overWhiteNRGBA(m *image.NRGBA) *image.RGBA {
	if m.Rect.Min == (image.Point{}) && m.Opaque() {
		return &image.RGBA{Pix: m.Pix, Stride: m.Stride, Rect: m.Rect}
	}
	w, h := m.Rect.Dx(), m.Rect.Dy()
	dst := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		src := m.Pix[y*m.Stride : y*m.Stride+4*w]
		row := dst.Pix[y*dst.Stride : y*dst.Stride+4*w]
		for i := 0; i < len(row); i += 4 {
			row[i], row[i+1], row[i+2] = blend(src[i], src[i+3]), blend(src[i+1], src[i+3]), blend(src[i+2], src[i+3])
			row[i+3] = 255
		}
	}
	return dst
}

// blend lays one straight sample with its alpha over white.
func blend(v, alpha byte) byte {
	a := int(alpha)
	return byte((int(v)*a + 255*(255-a) + 127) / 255)
}

func gray8(m *image.Gray16) *image.Gray {
	w, h := m.Rect.Dx(), m.Rect.Dy()
	dst := image.NewGray(image.Rect(0, 0, w, h))
	for y := range h {
		src := m.Pix[y*m.Stride : y*m.Stride+2*w]
		row := dst.Pix[y*dst.Stride : y*dst.Stride+w]
		for x := range row {
			row[x] = src[2*x]
		}
	}
	return dst
}

func overWhiteRGBA64(m *image.RGBA64) *image.RGBA {
	half := &image.RGBA{Pix: highBytes(m.Pix), Stride: m.Stride / 2, Rect: m.Rect}
	return overWhiteRGBA(half)
}

func overWhiteNRGBA64(m *image.NRGBA64) *image.RGBA {
	half := &image.NRGBA{Pix: highBytes(m.Pix), Stride: m.Stride / 2, Rect: m.Rect}
	return overWhiteNRGBA(half)
}

// highBytes keeps the high byte of each big-endian 16-bit sample.
func highBytes(pix []byte) []byte {
	out := make([]byte, len(pix)/2)
	for i := range out {
		out[i] = pix[2*i]
	}
	return out
}

// resolve turns palette numbers into colours; a grey palette stays grey.
func resolve(m *image.Paletted) image.Image {
	table, grey := paletteOverWhite(m.Palette)
	w, h := m.Rect.Dx(), m.Rect.Dy()
	if grey {
		dst := image.NewGray(image.Rect(0, 0, w, h))
		for y := range h {
			src, row := m.Pix[y*m.Stride:y*m.Stride+w], dst.Pix[y*dst.Stride:y*dst.Stride+w]
			for x, i := range src {
				row[x] = table[i][0]
			}
		}
		return dst
	}
	dst := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		src, row := m.Pix[y*m.Stride:y*m.Stride+w], dst.Pix[y*dst.Stride:y*dst.Stride+4*w]
		for x, i := range src {
			copy(row[4*x:4*x+4], table[i][:])
		}
	}
	return dst
}

// paletteOverWhite resolves a palette; entries beyond its end are white, as
// damaged files have them.
func paletteOverWhite(p color.Palette) (table [256][4]byte, grey bool) {
	grey = true
	for i := range table {
		table[i] = [4]byte{255, 255, 255, 255}
		if i >= len(p) {
			continue
		}
		c := color.NRGBAModel.Convert(p[i]).(color.NRGBA)
		table[i] = [4]byte{blend(c.R, c.A), blend(c.G, c.A), blend(c.B, c.A), 255}
		grey = grey && table[i][0] == table[i][1] && table[i][1] == table[i][2]
	}
	return table, grey
}

// overWhiteAny is the slow way for rare forms (CMYK, alpha beside YCbCr).
func overWhiteAny(img image.Image) *image.RGBA {
	return overWhiteRGBA(asRGBA(img))
}
