package tesseract

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
	e, err := New(Options{Languages: []string{"chi_sim"}})
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func TestEngine(t *testing.T) {
	ocrtest.Run(t, open, ocrtest.Promise{
		Clean: 0.06, Rotated: 0.06, Sealed: 0.08, Skewed: 0.08, Coarse: 0.1, Small: 0.1,
	})
}

func BenchmarkRecognizePage(b *testing.B) { ocrtest.Benchmark(b, open) }
