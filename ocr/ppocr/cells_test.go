package ppocr

import (
	"math"
	"testing"
)

// box makes an upright box.
func box(x0, y0, x1, y1 float64) quad {
	return quad{point{(x0 + x1) / 2, (y0 + y1) / 2}, point{(x1 - x0) / 2, 0}, point{0, (y1 - y0) / 2}}
}

// table is white with a vertical rule, 4 pixels wide, at x = 500, leaning a little.
func table() *plane {
	p := &plane{}
	p.Reset(1000, 200)
	for i := range p.Pix {
		p.Pix[i] = 250
	}
	for y := range 200 {
		for x := range 4 {
			p.Pix[y*1000+500+x+y/60] = 90
		}
	}
	return p
}

func TestCellsJoinSpreadLabels(t *testing.T) {
	p := table()
	got := cells(p, []quad{box(20, 60, 110, 150), box(200, 62, 290, 152), box(380, 58, 470, 150), box(520, 60, 900, 150)})
	if len(got) != 2 {
		t.Fatalf("%d boxes, want the label and the value: %v", len(got), got)
	}
	if b := got[0].bounds(p.W, p.H); b[0] != 20 || b[2] != 470 {
		t.Errorf("label is %v, want from 20 to 470", b)
	}
}

func TestCellsCutAtRules(t *testing.T) {
	p := table()
	got := cells(p, []quad{box(100, 60, 900, 150)})
	if len(got) != 2 {
		t.Fatalf("%d boxes, want one on each side of the rule: %v", len(got), got)
	}
	if at := got[0].bounds(p.W, p.H)[2]; math.Abs(at-503) > 5 {
		t.Errorf("cut at %v, the rule is at 503", at)
	}
}

// Strokes of print end with the line; only a rule goes on beyond it.
func TestCellsDoNotCutAtStrokes(t *testing.T) {
	p := table()
	for y := range 200 {
		if y < 62 || y > 148 {
			for x := range 1000 {
				p.Pix[y*1000+x] = 250
			}
		}
	}
	if got := cells(p, []quad{box(100, 60, 900, 150)}); len(got) != 1 {
		t.Errorf("cut at a stroke: %v", got)
	}
}

func TestCellsKeepLinesApart(t *testing.T) {
	p := table()
	for name, boxes := range map[string][]quad{
		"rows":         {box(20, 10, 300, 60), box(20, 70, 300, 120)},
		"far apart":    {box(20, 60, 200, 110), box(300, 60, 480, 110)},
		"unlike sizes": {box(20, 20, 200, 150), box(210, 70, 300, 110)},
	} {
		if got := cells(p, boxes); len(got) != 2 {
			t.Errorf("%s: joined to %v", name, got)
		}
	}
}

// Light print on a dark ground, as on covers, has dark gaps between characters.
func TestCellsLeaveLightPrintWhole(t *testing.T) {
	p := &plane{}
	p.Reset(1000, 200)
	for i := range p.Pix {
		x, y := i%1000, i/1000
		p.Pix[i] = 120
		if y > 65 && y < 140 && x > 110 && x < 890 && x%90 < 75 && (x/6+y/9)%2 == 0 {
			p.Pix[i] = 230
		}
	}
	if got := cells(p, []quad{box(100, 60, 900, 150)}); len(got) != 1 {
		t.Errorf("cut into %d", len(got))
	}
}
