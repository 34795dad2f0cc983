package ocrtest

import (
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"math"
	"os"
	"testing"

	"golang.org/x/image/font"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"

	"onewindow/document"
	"onewindow/internal/resources"
)

// a4 is a portrait A4 page at 300 dpi.
const (
	dpi      = 300
	a4Width  = 2480
	a4Height = 3508
)

var (
	black = color.RGBA{24, 24, 24, 255}
	red   = color.RGBA{214, 40, 44, 255}
)

// sheet is a page being drawn, with what was written on it.
type sheet struct {
	img   *image.RGBA
	lines []document.Line // ground truth in drawing order
	fonts *opentype.Font
}

func newSheet(t testing.TB, w, h int) *sheet {
	t.Helper()
	s := &sheet{img: image.NewRGBA(image.Rect(0, 0, w, h)), fonts: openFont(t)}
	draw.Draw(s.img, s.img.Bounds(), image.White, image.Point{}, draw.Src)
	return s
}

// openFont reads the simplified Chinese face of Noto Sans CJK.
func openFont(t testing.TB) *opentype.Font {
	t.Helper()
	path, err := resources.Font()
	if err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	fonts, err := opentype.ParseCollection(b)
	if err != nil {
		t.Fatal(err)
	}
	const simplified = 2 // JP, KR, SC, TC, HK
	f, err := fonts.Font(min(simplified, fonts.NumFonts()-1))
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// write draws text with its baseline start at (x, y), size in points, and notes
// it as ground truth. It returns where the text ends.
func (s *sheet) write(t testing.TB, text string, x, y int, size float64, c color.Color) int {
	t.Helper()
	face, err := opentype.NewFace(s.fonts, &opentype.FaceOptions{Size: size, DPI: dpi, Hinting: font.HintingNone})
	if err != nil {
		t.Fatal(err)
	}
	defer face.Close()
	pen := font.Drawer{Dst: s.img, Src: image.NewUniform(c), Face: face, Dot: fixed.P(x, y)}
	b, _ := pen.BoundString(text)
	pen.DrawString(text)
	s.lines = append(s.lines, document.Line{Text: text, Confidence: 1, Box: document.Box{
		float64(b.Min.X) / 64, float64(b.Min.Y) / 64, float64(b.Max.X) / 64, float64(b.Max.Y) / 64,
	}})
	return pen.Dot.X.Ceil()
}

// seal stamps a round red seal of radius r over what is there, as ink lies over
// print: it only takes light away.
func (s *sheet) seal(cx, cy, r int) {
	for y := cy - r; y <= cy+r; y++ {
		for x := cx - r; x <= cx+r; x++ {
			dx, dy := float64(x-cx)/float64(r), float64(y-cy)/float64(r)
			if inSeal(dx, dy) {
				s.multiply(x, y, color.RGBA{222, 62, 60, 255})
			}
		}
	}
}

// inSeal tells whether a point of the unit disc carries ink: a rim, a star and a
// ring of strokes as dense as the characters of a name.
func inSeal(x, y float64) bool {
	d, a := math.Hypot(x, y), math.Atan2(y, x)
	switch {
	case d > 1:
		return false
	case d > 0.94:
		return true
	case d > 0.62 && d < 0.86:
		return math.Mod(a*14+40, 1.6) < 0.7 && math.Mod(d*30, 2) < 1.3
	}
	return d < 0.14+0.12*math.Cos(5*(a+math.Pi/2))
}

func (s *sheet) multiply(x, y int, c color.RGBA) {
	if !image.Pt(x, y).In(s.img.Rect) {
		return
	}
	p := s.img.RGBAAt(x, y)
	mul := func(a, b uint8) uint8 { return uint8(int(a) * int(b) / 255) }
	s.img.SetRGBA(x, y, color.RGBA{mul(p.R, c.R), mul(p.G, c.G), mul(p.B, c.B), 255})
}

// turned returns the picture turned clockwise by 0, 90, 180 or 270 degrees.
func turned(m *image.RGBA, degrees int) *image.RGBA {
	w, h := m.Rect.Dx(), m.Rect.Dy()
	out := image.NewRGBA(image.Rect(0, 0, w, h))
	if degrees%180 != 0 {
		out = image.NewRGBA(image.Rect(0, 0, h, w))
	}
	for y := range h {
		for x := range w {
			c := m.RGBAAt(x, y)
			switch degrees {
			case 0:
				out.SetRGBA(x, y, c)
			case 90:
				out.SetRGBA(h-1-y, x, c)
			case 180:
				out.SetRGBA(w-1-x, h-1-y, c)
			case 270:
				out.SetRGBA(y, w-1-x, c)
			default:
				panic(fmt.Sprintf("turn by %d", degrees))
			}
		}
	}
	return out
}
