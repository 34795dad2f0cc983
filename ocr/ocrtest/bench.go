package ocrtest

import (
	"syscall"
	"testing"
	"time"

	"onewindow/ocr"
)

// Benchmark reads the sample letter (A4, 300 dpi, about 600 characters) again
// and again with one engine. It reports pages a minute by the clock, and the
// processor time a page took, which does not depend on what else runs.
func Benchmark(b *testing.B, open func(testing.TB) ocr.Engine) {
	s := letter(b, false)
	e := open(b)
	defer e.Close()
	recognize(b, e, s.img) // the first page sizes the buffers
	before := processorTime(b)
	for b.Loop() {
		if _, err := e.Recognize(b.Context(), s.img); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(60/(b.Elapsed().Seconds()/float64(b.N)), "pages/min")
	b.ReportMetric((processorTime(b)-before).Seconds()*1000/float64(b.N), "cpu-ms/page")
}

func processorTime(b *testing.B) time.Duration {
	b.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
