package pagesource

import (
	"context"
	"testing"

	"onewindow/ocr"
)

// What a page costs before recognition, at 300 dpi:
//
//	go test ./ocr/pagesource -run '^$' -bench . -benchtime 20x
func BenchmarkPage(b *testing.B) {
	born := born(b)
	jpeg, _ := scanned(b, "jpeg.pdf", "-j -q 85", "-resize", "2480x3508!", "-density", "300", "-type", "truecolor")
	g4, _ := scanned(b, "g4.pdf", "", "-resize", "2480x3508!", "-density", "300", "-threshold", "50%", "-compress", "Group4")
	for _, c := range []struct{ name, path string }{{"text layer", born}, {"embedded JPEG", jpeg}, {"embedded G4", g4}} {
		b.Run(c.name, func(b *testing.B) {
			pages := open(b, c.path, ocr.OpenOptions{})
			for b.Loop() {
				if _, err := pages.Page(context.Background(), 1); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	b.Run("rendered 300 dpi", func(b *testing.B) {
		c, err := open(b, born, ocr.OpenOptions{}).Page(context.Background(), 1)
		if err != nil {
			b.Fatal(err)
		}
		for b.Loop() {
			if _, err := c.Render(context.Background()); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("inspect", func(b *testing.B) {
		for b.Loop() {
			inspect(b, born)
		}
	})
	b.Run("open", func(b *testing.B) {
		for b.Loop() {
			pages, err := source.Open(context.Background(), born, ocr.OpenOptions{})
			if err != nil {
				b.Fatal(err)
			}
			pages.Close()
		}
	})
}

// BenchmarkStart is the first PDF of a process, PDFium's machine code being in
// the cache.
func BenchmarkStart(b *testing.B) {
	path := born(b)
	opts := source.pdfium.opts
	for b.Loop() {
		s, err := New(opts)
		if err != nil {
			b.Fatal(err)
		}
		if _, err := s.Inspect(context.Background(), path, ocr.OpenOptions{}); err != nil {
			b.Fatal(err)
		}
		if err := s.Close(); err != nil {
			b.Fatal(err)
		}
	}
}
