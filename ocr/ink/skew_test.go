package ink

import (
	"math"
	"testing"
)

// ruled is a page of dashes in level rows.
func ruled() *Plane {
	p := &Plane{}
	p.Reset(1240, 1754)
	for y := range p.H {
		for x := range p.W {
			v := byte(250)
			if y > 200 && y < 1500 && x > 150 && x < 1090 && y%48 < 20 && (x/9+y/48)%3 != 0 {
				v = 20
			}
			p.Pix[y*p.W+x] = v
		}
	}
	return p
}

func TestSkewIsMeasuredAndLevelled(t *testing.T) {
	for _, degrees := range []float64{-4, -1.5, 0, 0.7, 3} {
		var crooked, level Plane
		ruled().LevelInto(&crooked, -degrees)
		if got := crooked.Skew(); math.Abs(got-degrees) > 0.15 {
			t.Errorf("page crooked by %v measured as %v", degrees, got)
		}
		crooked.LevelInto(&level, degrees)
		if got := level.Skew(); math.Abs(got) > 0.15 {
			t.Errorf("page crooked by %v is still crooked by %v when levelled", degrees, got)
		}
	}
}

func TestBlankPageHasNoSkew(t *testing.T) {
	p := &Plane{}
	p.Reset(300, 400)
	for i := range p.Pix {
		p.Pix[i] = 255
	}
	if got := p.Skew(); got != 0 {
		t.Errorf("skew %v of a blank page", got)
	}
	if got := new(Plane).Skew(); got != 0 {
		t.Errorf("skew %v of no page", got)
	}
}
