package workroom_test

import (
	"os"
	"path/filepath"
	"testing"

	"onewindow/internal/sample"
	"onewindow/internal/workroom"
	"onewindow/ocr"
	"onewindow/ocr/pagesource"
	"onewindow/ocr/ppocr"
)

// scanPDF writes a scanned permit of one page at 300 dpi.
func scanPDF(b *testing.B) string {
	b.Helper()
	s, err := studio()
	if err != nil {
		b.Fatal(err)
	}
	content, err := s.Scan(sample.Make("rd-construction-permit", sample.NewProject(7), 7), sample.ScanOptions{})
	if err != nil {
		b.Fatal(err)
	}
	path := filepath.Join(b.TempDir(), "scan.pdf")
	if err := os.WriteFile(path, content, 0o600); err != nil {
		b.Fatal(err)
	}
	return path
}

// BenchmarkRead compares reading a page in a child with reading it in this
// process: what isolation costs.
func BenchmarkRead(b *testing.B) {
	path := scanPDF(b)
	b.Run("bare", func(b *testing.B) {
		source, err := pagesource.New(pagesource.Options{CacheDir: cache()})
		if err != nil {
			b.Fatal(err)
		}
		defer source.Close()
		engine, err := ppocr.New(ppocr.Options{})
		if err != nil {
			b.Fatal(err)
		}
		defer engine.Close()
		pages, err := source.Open(b.Context(), path, ocr.OpenOptions{})
		if err != nil {
			b.Fatal(err)
		}
		for b.Loop() {
			content, err := pages.Page(b.Context(), 1)
			if err != nil {
				b.Fatal(err)
			}
			if _, err := engine.Recognize(b.Context(), content.Image); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("room", func(b *testing.B) {
		r, err := workroom.New(b.Context(), workroom.Config{Scratch: b.TempDir(), Cache: cache(), PageChildren: 1})
		if err != nil {
			b.Fatal(err)
		}
		defer r.Close()
		if _, err := r.ReadPage(b.Context(), path, 1, "", ocr.OpenOptions{}); err != nil {
			b.Fatal(err)
		}
		for b.Loop() {
			if _, err := r.ReadPage(b.Context(), path, 1, "", ocr.OpenOptions{}); err != nil {
				b.Fatal(err)
			}
		}
		stats, err := r.Stats(b.Context())
		if err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(stats["page"].Peak>>20), "peak-MiB")
	})
}
