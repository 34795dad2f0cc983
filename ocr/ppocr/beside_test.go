package ppocr

import "testing"

// ruledTable is a white plane with rules at x = 20 and x = 500 and, level with
// y = 60…150, three strokes wherever a character stands.
func ruledTable(at ...float64) *plane {
	p := table()
	for y := range 200 {
		for x := range 4 {
			p.Pix[y*1000+20+x] = 90
		}
	}
	for _, from := range at {
		for y := 65; y < 145; y++ {
			if (y-65)%35 > 9 {
				continue
			}
			for x := int(from); x < int(from)+80; x++ {
				p.Pix[y*1000+x] = 40
			}
		}
	}
	return p
}

func TestBesidesFindsTheLabelNobodySaw(t *testing.T) {
	p := ruledTable(60, 220, 380, 530)
	got := cells(p, []quad{box(525, 60, 990, 150)})
	if len(got) != 2 || !got[1].sought || len(got[1].pieces) != 3 {
		t.Fatalf("%d lines, want the value and a label of three pieces: %+v", len(got), got)
	}
	if b := got[1].bounds(p.W, p.H); b[0] < 40 || b[0] > 60 || b[2] < 460 || b[2] > 480 {
		t.Errorf("the label is %v, want from about 48 to 472", b)
	}
}

func TestBesidesLeavesTheRestAlone(t *testing.T) {
	for name, c := range map[string]struct {
		at    []float64
		boxes []quad
	}{
		"an empty cell":         {nil, []quad{box(525, 60, 990, 150)}},
		"a cell that was read":  {[]float64{60, 220}, []quad{box(525, 60, 990, 150), box(50, 60, 310, 150)}},
		"a lonely mark":         {[]float64{220}, []quad{box(525, 60, 990, 150)}},
		"print before the rule": {[]float64{60, 220, 505}, []quad{box(700, 60, 990, 150)}},
	} {
		for _, l := range cells(ruledTable(c.at...), c.boxes) {
			if l.sought {
				t.Errorf("%s: looked for %v", name, l.bounds(1000, 200))
			}
		}
	}
}

// A spread label of which the detector saw the beginning is read to its end.
func TestSpreadLabelIsLengthenedToItsEnd(t *testing.T) {
	p := ruledTable(40, 190, 360)
	got := cells(p, []quad{box(36, 60, 276, 150)})
	if len(got) != 1 {
		t.Fatalf("%d lines, want one", len(got))
	}
	if b := got[0].bounds(p.W, p.H); b[2] < 440 || b[2] > 470 {
		t.Errorf("the label ends at %v, want about 450", b[2])
	}
}
