package ppocr

import (
	"testing"

	"onewindow/ocr"
	"onewindow/ocr/ocrtest"
)

var (
	_ ocr.Engine      = (*Engine)(nil)
	_ ocr.Orientation = (*Engine)(nil)
)

func open(t testing.TB) ocr.Engine {
	t.Helper()
	e, err := New(Options{})
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func TestEngine(t *testing.T) {
	ocrtest.Run(t, open, ocrtest.Promise{
		Clean: 0.02, Rotated: 0.02, Sealed: 0.025, Skewed: 0.02, Coarse: 0.03, Small: 0.03,
	})
}

func BenchmarkRecognizePage(b *testing.B) { ocrtest.Benchmark(b, open) }
