package pagesource

import (
	"bytes"
	"fmt"
	"image"
	"image/draw"
	"image/jpeg"
	"io"

	xdraw "golang.org/x/image/draw"
)

// jpegSegment decodes a strip or tile that is a JPEG of its own.
func (p *tiffPage) jpegSegment(c *canvas, plane, n, x, y int) error {
	raw, err := p.in.at(p.offsets[n], int(p.counts[n]))
	if err != nil {
		return err
	}
	stream, err := p.joinTables(raw)
	if err != nil {
		return err
	}
	cfg, err := jpeg.DecodeConfig(bytes.NewReader(stream))
	if err != nil {
		return err
	}
	if cfg.Width > p.segWidth+64 || cfg.Height > p.segHeight+64 {
		return fmt.Errorf("JPEG of %d x %d pixels in a segment of %d x %d", cfg.Width, cfg.Height, p.segWidth, p.segHeight)
	}
	img, err := jpeg.Decode(bytes.NewReader(stream))
	if err != nil {
		return err
	}
	p.placeJPEG(c, img, plane, x, y)
	return nil
}

// joinTables makes a whole JPEG of the page's tables and a segment's data, with
// an Adobe marker that states the colour model TIFF gives elsewhere.
func (p *tiffPage) joinTables(raw []byte) ([]byte, error) {
	if len(raw) < 4 || raw[0] != 0xff || raw[1] != markSOI {
		return nil, fmt.Errorf("JPEG segment without start: %w", io.ErrUnexpectedEOF)
	}
	if p.compression == tiffOldJPEG {
		return raw, nil
	}
	out := append(make([]byte, 0, len(raw)+len(p.tables)+16), 0xff, markSOI)
	if transform, ok := p.adobeTransform(); ok {
		out = append(out, 0xff, markAPPE, 0, 14, 'A', 'd', 'o', 'b', 'e', 0, 100, 0, 0, 0, 0, transform)
	}
	if len(p.tables) >= 4 {
		out = append(out, p.tables[2:len(p.tables)-2]...)
	}
	return append(out, raw[2:]...), nil
}

func (p *tiffPage) adobeTransform() (byte, bool) {
	if p.planar {
		return 0, false
	}
	switch p.photometric {
	case photoRGB, photoCMYK:
		return 0, true
	case photoYCbCr:
		return 1, true
	}
	return 0, false
}

// placeJPEG puts decoded pixels onto the canvas in the colour model that mix
// expects, so that JPEG and other segments share the rest of the way.
func (p *tiffPage) placeJPEG(c *canvas, img image.Image, plane, x, y int) {
	b := img.Bounds()
	if g, ok := img.(*image.Gray); ok {
		for r := range min(b.Dy(), c.h-y) {
			row := g.Pix[r*g.Stride : r*g.Stride+b.Dx()]
			dst := c.pix[(y+r)*c.stride+x*c.step+plane:]
			for i := range min(b.Dx(), c.w-x) {
				dst[i*c.step] = row[i]
			}
		}
		return
	}
	if c.step != 4 {
		return // colour data in a grey page: leave it, damaged
	}
	rgba := &image.RGBA{Pix: c.pix, Stride: c.stride, Rect: image.Rect(0, 0, c.w, c.h)}
	if m, ok := img.(*image.CMYK); ok {
		p.placeCMYK(rgba, m, x, y)
		return
	}
	draw.Draw(rgba, image.Rect(x, y, x+b.Dx(), y+b.Dy()), img, b.Min, draw.Src)
	p.decoded = true
}

// placeCMYK undoes the inversion Go applies because of the Adobe marker: in TIFF
// 255 is full ink.
func (p *tiffPage) placeCMYK(dst *image.RGBA, m *image.CMYK, x, y int) {
	for r := range min(m.Rect.Dy(), dst.Rect.Dy()-y) {
		for i := range min(m.Rect.Dx(), dst.Rect.Dx()-x) {
			s := m.Pix[r*m.Stride+4*i : r*m.Stride+4*i+4]
			copy(dst.Pix[(y+r)*dst.Stride+4*(x+i):], []byte{^s[0], ^s[1], ^s[2], ^s[3]})
		}
	}
}

// subsampledSegment reads uncompressed YCbCr, stored as blocks of several Y and
// one Cb and Cr.
func (p *tiffPage) subsampledSegment(c *canvas, n, x, y, rows int) error {
	sh, sv := p.subsampling[0], p.subsampling[1]
	if sh < 1 || sv < 1 || sh > 4 || sv > 4 || p.bits != 8 || p.samples != 3 {
		return refuseUnsupported(tiffAdvice, "TIFF YCbCr subsampling %d x %d", sh, sv)
	}
	bw, bh, unit := (p.segWidth+sh-1)/sh, (rows+sv-1)/sv, sh*sv+2
	data, err := p.unpack(n, bw*bh*unit, rows)
	if err != nil {
		return err
	}
	for i := range bw * bh {
		block := data[i*unit : (i+1)*unit]
		for k := range sh * sv {
			px, py := x+i%bw*sh+k%sh, y+i/bw*sv+k/sh
			if px < c.w && py < c.h {
				copy(c.pix[py*c.stride+4*px:], []byte{block[k], block[unit-2], block[unit-1]})
			}
		}
	}
	return nil
}

// square evens out fax resolutions (204 x 98 dpi): text must not be squashed.
func (p *tiffPage) square(img image.Image) image.Image {
	if p.xres < 50 || p.yres < 50 {
		return img
	}
	ratio := p.xres / p.yres
	if ratio > 0.95 && ratio < 1.05 || ratio > 4 || ratio < 0.25 {
		return img
	}
	to := image.Rect(0, 0, p.width, p.height)
	if ratio > 1 {
		to.Max.Y = int(float64(p.height)*ratio + 0.5)
	} else {
		to.Max.X = int(float64(p.width)/ratio + 0.5)
	}
	var dst draw.Image = image.NewRGBA(to)
	if _, ok := img.(*image.Gray); ok {
		dst = image.NewGray(to)
	}
	xdraw.ApproxBiLinear.Scale(dst, to, img, img.Bounds(), xdraw.Src, nil)
	return dst
}
