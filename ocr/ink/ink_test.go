package ink

import (
	"image"
	"image/color"
	"image/draw"
	"math"
	"slices"
	"testing"
)

var (
	white = color.RGBA{255, 255, 255, 255}
	black = color.RGBA{20, 20, 20, 255}
	red   = color.RGBA{215, 45, 40, 255}
)

func page(w, h int) *image.RGBA {
	m := image.NewRGBA(image.Rect(0, 0, w, h))
	draw.Draw(m, m.Rect, image.NewUniform(white), image.Point{}, draw.Src)
	return m
}

func fill(m *image.RGBA, r image.Rectangle, c color.Color) {
	draw.Draw(m, r, image.NewUniform(c), image.Point{}, draw.Src)
}

// ring draws a round seal with a broken rim, where there is no black.
func ring(m *image.RGBA, cx, cy, r int) {
	for a := 0.0; a < 2*math.Pi; a += 0.001 {
		if math.Mod(a, 0.5) < 0.03 {
			continue
		}
		for d := r - 8; d < r; d++ {
			x, y := cx+int(float64(d)*math.Cos(a)), cy+int(float64(d)*math.Sin(a))
			if m.RGBAAt(x, y) != black {
				m.SetRGBA(x, y, red)
			}
		}
	}
}

func convert(m image.Image) *Plane {
	var p Plane
	new(Converter).Convert(&p, m)
	return &p
}

func (p *Plane) darkest(r image.Rectangle) byte {
	least := byte(255)
	for y := r.Min.Y; y < r.Max.Y; y++ {
		least = min(least, slices.Min(p.Pix[y*p.W+r.Min.X:y*p.W+r.Max.X]))
	}
	return least
}

func TestSealIsTakenOutAndPrintUnderItStays(t *testing.T) {
	m := page(1240, 1754)
	for x := 500; x < 800; x += 8 { // strokes of a line of print
		fill(m, image.Rect(x, 990, x+4, 1014), black)
	}
	ring(m, 640, 1000, 124)
	p := convert(m)
	if got := p.darkest(image.Rect(500, 860, 780, 980)); got < 240 {
		t.Errorf("the seal is still there, as dark as %d", got)
	}
	if got := p.Pix[1000*p.W+605]; got > 40 {
		t.Errorf("print under the seal paled to %d", got)
	}
}

// A heading of red characters 22 mm high, the largest allowed, must stay to be read.
func TestRedHeadingStays(t *testing.T) {
	for name, c := range map[string]color.RGBA{"print": red, "pure red": {255, 0, 0, 255}} {
		m := page(1240, 1754)
		for i := range 7 {
			x := 150 + 135*i
			fill(m, image.Rect(x, 200, x+110, 225), c)
			fill(m, image.Rect(x+45, 200, x+65, 330), c)
		}
		fill(m, image.Rect(150, 345, 1090, 350), c) // the rule below it
		p := convert(m)
		for i := range 7 {
			if got := p.Pix[210*p.W+200+135*i]; got > 225 {
				t.Errorf("%s: character %d of the heading paled to %d", name, i, got)
			}
		}
	}
}

// A red cover is no seal: its print must not be touched.
func TestRedCoverStays(t *testing.T) {
	m := page(1240, 1754)
	fill(m, image.Rect(40, 40, 1200, 1700), color.RGBA{170, 30, 40, 255})
	fill(m, image.Rect(300, 500, 900, 560), color.RGBA{230, 200, 90, 255})
	p := convert(m)
	if ground, print := p.Pix[900*p.W+600], p.Pix[530*p.W+600]; ground > 180 || print < 225 {
		t.Errorf("ground %d, gold print %d: no contrast left", ground, print)
	}
}

// The same colours in every kind of picture give the same plane.
func TestKindsOfPicture(t *testing.T) {
	m := page(64, 48)
	fill(m, image.Rect(8, 8, 30, 20), black)
	fill(m, image.Rect(34, 8, 56, 20), color.RGBA{200, 200, 200, 255})
	want := convert(m)
	moved := image.NewRGBA(image.Rect(-5, 7, 59, 55))
	copy(moved.Pix, m.Pix)
	pictures := map[string]image.Image{"moved": moved}
	for name, other := range map[string]draw.Image{
		"gray": image.NewGray(m.Rect), "nrgba": image.NewNRGBA(m.Rect), "cmyk": image.NewCMYK(m.Rect),
		"rgba64": image.NewRGBA64(m.Rect), "paletted": image.NewPaletted(m.Rect, color.Palette{white, black, color.Gray{200}}),
	} {
		draw.Draw(other, m.Rect, m, image.Point{}, draw.Src)
		pictures[name] = other
	}
	pictures["ycbcr"] = ycbcr(m)
	for name, other := range pictures {
		got := convert(other)
		for i := range want.Pix {
			if d := int(got.Pix[i]) - int(want.Pix[i]); d < -2 || d > 2 {
				t.Errorf("%s: pixel %d is %d, want %d", name, i, got.Pix[i], want.Pix[i])
				break
			}
		}
	}
}

func ycbcr(m *image.RGBA) image.Image {
	out := image.NewYCbCr(m.Rect, image.YCbCrSubsampleRatio420)
	for y := range m.Rect.Dy() {
		for x := range m.Rect.Dx() {
			c := m.RGBAAt(x, y)
			yy, cb, cr := color.RGBToYCbCr(c.R, c.G, c.B)
			out.Y[out.YOffset(x, y)] = yy
			out.Cb[out.COffset(x, y)], out.Cr[out.COffset(x, y)] = cb, cr
		}
	}
	return out
}

func TestTransparentIsPaper(t *testing.T) {
	m := image.NewNRGBA(image.Rect(0, 0, 4, 1))
	m.SetNRGBA(1, 0, color.NRGBA{0, 0, 0, 255})
	m.SetNRGBA(2, 0, color.NRGBA{0, 0, 0, 128})
	if got := convert(m).Pix; got[0] != 255 || got[1] != 0 || got[2] != 127 {
		t.Errorf("plane %v, want paper, ink, half, paper", got)
	}
}

func TestTurnInto(t *testing.T) {
	p := Plane{W: 3, H: 2, Pix: []byte{1, 2, 3, 4, 5, 6}}
	for turn, want := range map[int]Plane{
		0:   {W: 3, H: 2, Pix: []byte{1, 2, 3, 4, 5, 6}},
		90:  {W: 2, H: 3, Pix: []byte{4, 1, 5, 2, 6, 3}},
		180: {W: 3, H: 2, Pix: []byte{6, 5, 4, 3, 2, 1}},
		270: {W: 2, H: 3, Pix: []byte{3, 6, 2, 5, 1, 4}},
	} {
		var got Plane
		p.TurnInto(&got, turn)
		if got.W != want.W || got.H != want.H || !slices.Equal(got.Pix, want.Pix) {
			t.Errorf("turned by %d: %+v, want %+v", turn, got, want)
		}
	}
}

func TestShrinkInto(t *testing.T) {
	p := Plane{W: 4, H: 2, Pix: []byte{0, 100, 200, 200, 100, 200, 200, 200}}
	var got Plane
	p.ShrinkInto(&got, 2, 1)
	if !slices.Equal(got.Pix, []byte{100, 200}) {
		t.Errorf("shrunk to %v, want the means 100 and 200", got.Pix)
	}
	p.ShrinkInto(&got, 8, 2)
	if got.Pix[0] != 0 || got.Pix[1] != 0 || got.Pix[2] != 100 {
		t.Errorf("enlarged to %v", got.Pix)
	}
}
