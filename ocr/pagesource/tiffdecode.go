package pagesource

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"errors"
	"fmt"
	"image"
	"image/color"
	"io"
	"math/bits"

	"golang.org/x/image/ccitt"
	"golang.org/x/image/tiff/lzw"
)

// canvas collects the samples of a page, 8 bits each: one byte a pixel for grey
// and palettes, four for everything else.
type canvas struct {
	pix    []byte
	stride int
	step   int // bytes per pixel
	w, h   int
}

func (p *tiffPage) decode() (image.Image, error) {
	p.decoded = false
	c := &canvas{w: p.width, h: p.height, step: 1}
	if p.samples > 1 {
		c.step = 4
	}
	c.stride = c.step * c.w
	c.pix = make([]byte, c.stride*c.h)
	planes := 1
	if p.planar {
		planes = p.samples
	}
	for plane := range min(planes, 4) {
		for i := range p.across * p.down {
			if err := p.in.ctx.Err(); err != nil {
				return nil, err
			}
			if err := p.segment(c, plane, i); err != nil {
				return nil, fmt.Errorf("segment %d: %w", i, err)
			}
		}
	}
	return p.colour(c), nil
}

// segment decodes strip or tile i of a plane onto the canvas.
func (p *tiffPage) segment(c *canvas, plane, i int) error {
	n := plane*p.across*p.down + i
	x, y := i%p.across*p.segWidth, i/p.across*p.segHeight
	if p.compression == tiffJPEG || p.compression == tiffOldJPEG {
		return p.jpegSegment(c, plane, n, x, y)
	}
	rows := p.segRows(i)
	if p.photometric == photoYCbCr && !p.planar && p.subsampling != [2]int{1, 1} {
		return p.subsampledSegment(c, n, x, y, rows)
	}
	data, err := p.unpack(n, rows*p.rowBytes(), rows)
	if err != nil {
		return err
	}
	p.unpredict(data, rows)
	p.place(c, data, plane, x, y, rows)
	return nil
}

// unpack decompresses segment n into want bytes. It never makes more than that,
// whatever the data would expand to.
func (p *tiffPage) unpack(n, want, rows int) ([]byte, error) {
	raw, err := p.in.at(p.offsets[n], int(p.counts[n]))
	if err != nil {
		return nil, err
	}
	if p.fillReversed {
		reverseBits(raw)
	}
	var r io.Reader = bytes.NewReader(raw)
	switch p.compression {
	case tiffG3, tiffG4:
		return p.unpackFax(raw, want, rows)
	case tiffHuffman:
		return nil, errors.New("modified Huffman coding is left to PDFium")
	case tiffLZW:
		z := lzw.NewReader(r, lzw.MSB, 8)
		defer z.Close()
		r = z
	case tiffDeflate, tiffDeflate2:
		z, err := zlib.NewReader(r)
		if err != nil {
			return nil, err
		}
		defer z.Close()
		r = z
	case tiffPackBits:
		r = &packBits{src: raw}
	}
	out := make([]byte, want)
	if _, err := io.ReadFull(r, out); err != nil {
		return nil, fmt.Errorf("unpack %d bytes: %w", want, err)
	}
	return out, nil
}

// unpackFax reads G4 and one-dimensional G3. Two-dimensional G3 is left to PDFium.
func (p *tiffPage) unpackFax(raw []byte, want, rows int) ([]byte, error) {
	form := ccitt.Group4
	if p.compression == tiffG3 {
		form = ccitt.Group3
		if p.t4&1 != 0 {
			return nil, errors.New("two-dimensional G3 is left to PDFium")
		}
	}
	// In fax data white runs come first; whether white is 0 or 1 is the
	// photometric interpretation's business. ccitt's Invert means black is 1.
	r := ccitt.NewReader(bytes.NewReader(raw), ccitt.MSB, form, p.segWidth, rows, &ccitt.Options{Invert: true})
	out := make([]byte, want)
	if _, err := io.ReadFull(r, out); err != nil {
		return nil, fmt.Errorf("unpack fax: %w", err)
	}
	return out, nil
}

func reverseBits(b []byte) {
	for i, v := range b {
		b[i] = bits.Reverse8(v)
	}
}

// packBits undoes Apple's run-length coding.
type packBits struct {
	src     []byte
	literal int
	repeat  int
}

// Read implements io.Reader.
func (p *packBits) Read(out []byte) (n int, err error) {
	for n < len(out) {
		switch {
		case p.literal > 0 && len(p.src) > 0:
			k := copy(out[n:min(len(out), n+p.literal)], p.src)
			n, p.literal, p.src = n+k, p.literal-k, p.src[k:]
		case p.repeat > 0 && len(p.src) > 0:
			out[n] = p.src[0]
			n++
			if p.repeat--; p.repeat == 0 {
				p.src = p.src[1:]
			}
		case len(p.src) == 0:
			return n, io.EOF
		default:
			code := int(int8(p.src[0]))
			p.src = p.src[1:]
			switch {
			case code >= 0:
				p.literal = code + 1
			case code > -128:
				p.repeat = 1 - code
			}
		}
	}
	return n, nil
}

// unpredict undoes horizontal differencing.
func (p *tiffPage) unpredict(data []byte, rows int) {
	if p.predictor != 2 {
		return
	}
	step, width := p.perSegment(), p.rowBytes()
	for y := range rows {
		row := data[y*width : (y+1)*width]
		if p.bits == 8 {
			for i := step; i < len(row); i++ {
				row[i] += row[i-step]
			}
			continue
		}
		order := p.byteOrder()
		for i := 2 * step; i+1 < len(row); i += 2 {
			order.PutUint16(row[i:], order.Uint16(row[i:])+order.Uint16(row[i-2*step:]))
		}
	}
}

func (p *tiffPage) byteOrder() binary.ByteOrder {
	if p.bigEndian {
		return binary.BigEndian
	}
	return binary.LittleEndian
}

// place writes the samples of a segment onto the canvas as 8-bit values.
func (p *tiffPage) place(c *canvas, data []byte, plane, x, y, rows int) {
	width, per := p.rowBytes(), p.perSegment()
	cols := min(p.segWidth, c.w-x)
	for r := range min(rows, c.h-y) {
		row := data[r*width : (r+1)*width]
		dst := c.pix[(y+r)*c.stride+x*c.step:]
		for s := range min(per, c.step) {
			p.placeSamples(dst[plane+s:], row, s, per, c.step, cols)
		}
	}
}

// placeSamples copies sample s of cols pixels from row to dst.
func (p *tiffPage) placeSamples(dst, row []byte, s, per, step, cols int) {
	switch p.bits {
	case 8:
		for i := range cols {
			dst[i*step] = row[i*per+s]
		}
	case 16:
		high := 0
		if !p.bigEndian {
			high = 1
		}
		for i := range cols {
			dst[i*step] = row[2*(i*per+s)+high]
		}
	default:
		top := byte(1<<p.bits - 1)
		scale := 255 / top
		if p.photometric == photoPalette {
			scale = 1
		}
		for i := range cols {
			bit := (i*per + s) * p.bits
			dst[i*step] = row[bit/8] >> (8 - p.bits - bit%8) & top * scale
		}
	}
}

// colour gives the canvas its meaning.
func (p *tiffPage) colour(c *canvas) image.Image {
	rect := image.Rect(0, 0, c.w, c.h)
	switch {
	case p.photometric == photoPalette && c.step == 1:
		return &image.Paletted{Pix: c.pix, Stride: c.stride, Rect: rect, Palette: p.colours()}
	case c.step == 1:
		if p.photometric == whiteIsZero {
			for i, v := range c.pix {
				c.pix[i] = ^v
			}
		}
		return &image.Gray{Pix: c.pix, Stride: c.stride, Rect: rect}
	}
	if p.decoded {
		return &image.RGBA{Pix: c.pix, Stride: c.stride, Rect: rect}
	}
	for i := 0; i+3 < len(c.pix); i += 4 {
		p.mix(c.pix[i : i+4 : i+4])
	}
	if p.extra == 1 {
		return &image.RGBA{Pix: c.pix, Stride: c.stride, Rect: rect}
	}
	return &image.NRGBA{Pix: c.pix, Stride: c.stride, Rect: rect}
}

// mix turns the samples of one pixel into red, green, blue and alpha.
func (p *tiffPage) mix(v []byte) {
	alpha := byte(255)
	switch p.photometric {
	case whiteIsZero, blackIsZero:
		if p.extra != 0 {
			alpha = v[1]
		}
		if p.photometric == whiteIsZero {
			v[0] = ^v[0]
		}
		v[1], v[2] = v[0], v[0]
	case photoPalette:
		r, g, b, _ := p.colours()[v[0]].RGBA()
		v[0], v[1], v[2] = byte(r>>8), byte(g>>8), byte(b>>8)
	case photoCMYK:
		v[0], v[1], v[2] = color.CMYKToRGB(v[0], v[1], v[2], v[3])
	case photoYCbCr:
		v[0], v[1], v[2] = color.YCbCrToRGB(v[0], v[1], v[2])
	case photoRGB:
		if p.extra != 0 {
			alpha = v[3]
		}
	}
	v[3] = alpha
}

// colours reads the colour map: all reds, all greens, all blues, 16 bits each.
func (p *tiffPage) colours() color.Palette {
	n := min(len(p.palette)/3, 256)
	out := make(color.Palette, n)
	for i := range out {
		out[i] = color.RGBA{byte(p.palette[i] >> 8), byte(p.palette[n+i] >> 8), byte(p.palette[2*n+i] >> 8), 255}
	}
	return out
}
