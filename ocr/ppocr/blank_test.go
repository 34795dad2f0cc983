package ppocr

import "testing"

// strip is a crop of white paper with two words of dark strokes, 100 columns
// apart, and a pale line through the gap.
func strip(ink byte) *plane {
	p := &plane{}
	p.Reset(300, lineHeight)
	for i := range p.Pix {
		p.Pix[i] = 245
	}
	for y := 8; y < 40; y++ {
		for x := 0; x < 100; x += 4 {
			p.Pix[y*300+x], p.Pix[y*300+200+x] = ink, ink
		}
	}
	for x := range 300 {
		p.Pix[24*300+x] = min(p.Pix[24*300+x], 205)
	}
	return p
}

func TestBlanksLoseTheirPattern(t *testing.T) {
	p := strip(40)
	p.clearBlanks()
	if got := p.Pix[24*300+150]; got != 245 {
		t.Errorf("the pattern in the gap has shade %d, want that of paper", got)
	}
	if p.Pix[24*300+8] != 40 || p.Pix[24*300+10] != 205 {
		t.Error("the words were touched")
	}
}

// Where print is as pale as the pattern, nothing is wiped.
func TestPalePrintStays(t *testing.T) {
	p := strip(200)
	want := append([]byte(nil), p.Pix...)
	p.clearBlanks()
	for i, v := range p.Pix {
		if v != want[i] {
			t.Fatalf("pixel %d was changed from %d to %d", i, want[i], v)
		}
	}
}
