package workroom_test

import (
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"onewindow/stamp"
	"onewindow/stamp/scanpdf"
)

// longScan writes a scan of a size in bytes. Nobody has to look at the pictures.
func longScan(t *testing.T, size int64) string {
	t.Helper()
	const page = 500_000
	f, err := os.Create(filepath.Join(t.TempDir(), "long.pdf"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	w := scanpdf.NewWriter(f)
	for n := range size / page {
		picture := scanpdf.Picture{Box: [4]float64{0, 0, 595, 842}, Width: 2480, Height: 3508, Bits: 8, Space: "DeviceRGB",
			Filter: "DCTDecode", Data: io.LimitReader(rand.NewChaCha8([32]byte{byte(n)}), page)}
		if err := w.Add(scanpdf.Page{Width: 595, Height: 842, Pictures: []scanpdf.Picture{picture}}); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return f.Name()
}

// TestStamp_LargeScansAreStreamed marks a scan that fits into memory the quick
// way, and a larger one in less memory than its own size.
func TestStamp_LargeScansAreStreamed(t *testing.T) {
	for _, c := range []struct {
		megabytes int64
		method    string
		peak      int64 // MB
	}{{60, "pdfcpu", 300}, {140, "qpdf", 140}} {
		r := newRoom(t, nil)
		out := filepath.Join(t.TempDir(), "marked.pdf")
		report, err := r.Stamp(t.Context(), longScan(t, c.megabytes*1_000_000), out, mark(), stamp.DefaultTemplate())
		if err != nil {
			t.Fatal(err)
		}
		stats, err := r.Stats(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if peak := stats["stamp"].Peak / 1_000_000; report.Method != c.method || peak > c.peak || peak < 10 {
			t.Errorf("%d MB were marked by %s in %d MB, want %s in at most %d MB", c.megabytes, report.Method, peak, c.method, c.peak)
		}
	}
}
