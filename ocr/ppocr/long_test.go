package ppocr

import (
	"strings"
	"testing"

	"onewindow/ocr/ocrtest"
)

// A line across an A3 sheet in small print is longer than the network takes.
func TestVeryLongLine(t *testing.T) {
	e := open(t)
	defer e.Close()
	const piece = "建设工程规划许可证附图及附件名称"
	want := strings.Repeat(piece, 8)
	page, err := e.Recognize(t.Context(), ocrtest.Strip(t, want, 11))
	if err != nil {
		t.Fatal(err)
	}
	if got := page.Text(); got != want {
		t.Errorf("read %q, want %q", got, want)
	}
}

func TestLightColumnsCutBetweenStrokes(t *testing.T) {
	p := &plane{}
	p.Reset(5000, lineHeight)
	for i := range p.Pix {
		if x := i % 5000; x%40 < 30 {
			p.Pix[i] = 20
		} else {
			p.Pix[i] = 250
		}
	}
	cuts := p.lightColumns(widestLine)
	if len(cuts) < 2 {
		t.Fatalf("cuts %v of a line of 5000 columns", cuts)
	}
	from := 0
	for _, x := range append(cuts, 5000) {
		if x-from > widestLine {
			t.Errorf("part from %d to %d is too wide", from, x)
		}
		if x < 5000 && x%40 < 31 {
			t.Errorf("cut at %d goes through a stroke", x)
		}
		from = x
	}
}
