package ppocr

import (
	"image"
	"os"
	"testing"

	"golang.org/x/image/font"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"

	"onewindow/ocr/ink"
)

func newEngine(t testing.TB) *Engine {
	t.Helper()
	e, err := New(Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { e.Close() })
	return e
}

// printed returns what prints a line of text in a font, so many pixels high.
func printed(t testing.TB, path string, size float64) func(text string) (*plane, quad) {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	all, err := opentype.ParseCollection(b)
	if err != nil {
		t.Fatal(err)
	}
	const simplified = 2 // JP, KR, SC, TC, HK
	f, err := all.Font(min(simplified, all.NumFonts()-1))
	if err != nil {
		t.Fatal(err)
	}
	face, err := opentype.NewFace(f, &opentype.FaceOptions{Size: size, DPI: 72})
	if err != nil {
		t.Fatal(err)
	}
	return func(text string) (*plane, quad) {
		w, h := font.MeasureString(face, text).Ceil()+16, int(size*1.3)
		img := image.NewGray(image.Rect(0, 0, w, h))
		pen := font.Drawer{Dst: img, Src: image.White, Face: face, Dot: fixed.P(8, int(size))}
		pen.DrawString(text)
		for i, v := range img.Pix {
			img.Pix[i] = 255 - v
		}
		half := point{float64(w) / 2, float64(h) / 2}
		return &plane{ink.Plane{W: w, H: h, Pix: img.Pix}}, quad{c: half, u: point{half.x, 0}, v: point{0, half.y}}
	}
}
