package ink

import (
	"image"
)

const (
	// redFrom is how much the red of a pixel exceeds its green and blue where it
	// counts as red print.
	redFrom = 40
	// FaintRed is the default of Converter.Red: enough for a network, little
	// enough for a seal that was not found to stay behind the print it covers.
	FaintRed = 56
)

// Converter turns pictures into planes. It keeps its buffers; the zero value is
// ready. It is not safe for concurrent use.
type Converter struct {
	// Red is how dark pure red print stays on the plane, in 256ths, 0 for
	// FaintRed. The red channel alone would make a heading printed in pure red
	// vanish.
	Red int

	red   redMap
	seals []Seal
	row   []byte
	over  []byte
}

// Seals returns the seals on the picture converted last, in its pixels.
func (c *Converter) Seals() []Seal { return c.seals }

// Convert writes img onto dst. Colours become their red channel, which leaves
// red print as a shade; red seals are taken out altogether, and what is printed
// under them stays.
func (c *Converter) Convert(dst *Plane, img image.Image) {
	b := img.Bounds()
	dst.Reset(b.Dx(), b.Dy())
	c.seals = nil // grey pictures show none
	if gray, ok := img.(*image.Gray); ok {
		for y := range dst.H {
			copy(dst.Pix[y*dst.W:(y+1)*dst.W], gray.Pix[y*gray.Stride:])
		}
		return
	}
	source := openRows(img)
	c.red.reset(dst.W, dst.H)
	c.over = grown(c.over, dst.W)
	for y := range dst.H {
		row := dst.Pix[y*dst.W : (y+1)*dst.W]
		if source(y, row, c.over) {
			c.shade(row)
			c.red.count(y, c.over)
		}
	}
	c.seals = c.red.seals()
	for _, seal := range c.seals {
		c.takeOut(dst, source, seal.Frame)
	}
}

// shade darkens the red pixels of a row of reds so that they stay visible.
func (c *Converter) shade(row []byte) {
	red := c.Red
	if red == 0 {
		red = FaintRed
	}
	for x, d := range c.over {
		if d >= redFrom {
			row[x] = min(row[x], uint8(255-int(d)*red/256))
		}
	}
}

// takeOut writes the part r of the picture again with the ink of a seal as
// bright as paper: red light passes its ink and is stopped by black print.
func (c *Converter) takeOut(dst *Plane, source rows, r image.Rectangle) {
	c.row = grown(c.row, dst.W)
	var reds [256]int
	n := 0
	for y := r.Min.Y; y < r.Max.Y; y++ {
		source(y, c.row, c.over)
		for x := r.Min.X; x < r.Max.X; x++ {
			if c.over[x] >= redFrom {
				reds[c.row[x]]++
				n++
			}
		}
	}
	// The seal's own brightness is that of its fainter four fifths.
	level := percentile(reds, n/5)
	for y := r.Min.Y; y < r.Max.Y; y++ {
		source(y, c.row, c.over)
		out := dst.Pix[y*dst.W : (y+1)*dst.W]
		for x := r.Min.X; x < r.Max.X; x++ {
			out[x] = uint8(min(255, int(c.row[x])*255/max(level, 96)))
		}
	}
}

// percentile returns the value below which skip counts lie.
func percentile(counts [256]int, skip int) int {
	for v, n := range counts {
		if skip -= n; skip < 0 {
			return v
		}
	}
	return 255
}

func grown(b []byte, n int) []byte {
	if cap(b) < n {
		return make([]byte, n)
	}
	return b[:n]
}
