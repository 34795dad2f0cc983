package ink

import (
	"image"
	"math"
	"math/rand/v2"
	"testing"
)

// stripes is a page of upright strokes, blurred by averaging over so many pixels.
func stripes(paper, print float64, smear int, grain float64) *image.Gray {
	img := image.NewGray(image.Rect(0, 0, 900, 900))
	dice := rand.New(rand.NewPCG(1, 2))
	at := func(x int) float64 {
		if x%30 < 10 {
			return print
		}
		return paper
	}
	for y := range 900 {
		for x := range 900 {
			sum := 0.0
			for d := range smear {
				sum += at(x + d)
			}
			img.Pix[y*img.Stride+x] = byte(min(max(sum/float64(smear)+grain*dice.NormFloat64(), 0), 255))
		}
	}
	return img
}

func TestGradeTellsBlurAndContrast(t *testing.T) {
	for _, c := range []struct {
		name           string
		img            *image.Gray
		blur, contrast float64
	}{
		{"sharp", stripes(240, 20, 1, 0), 1, 0.86},
		{"soft", stripes(240, 20, 4, 0), 4, 0.86},
		{"blurred", stripes(240, 20, 8, 0), 8, 0.86},
		{"pale", stripes(240, 180, 1, 0), 1, 0.24},
		{"grainy", stripes(220, 40, 1, 8), 1, 0.75},
	} {
		g := Measure(c.img)
		if math.Abs(g.Blur-c.blur) > 0.35*c.blur || math.Abs(g.Contrast-c.contrast) > 0.08 {
			t.Errorf("%s: blur %.2f contrast %.2f, want about %v %v", c.name, g.Blur, g.Contrast, c.blur, c.contrast)
		}
	}
	if g := Measure(stripes(240, 240, 1, 3)); g.Blur != 0 || g.Dark > 0.001 {
		t.Errorf("paper without print: %+v", g)
	}
	if g := Measure(image.NewGray(image.Rect(0, 0, 2, 2))); g != (Grade{}) {
		t.Errorf("a dot: %+v", g)
	}
}

func TestSealTurnsWithItsPage(t *testing.T) {
	size := image.Pt(100, 200)
	s := Seal{image.Rect(10, 20, 40, 60), 0.3}
	for turn, want := range map[int]image.Rectangle{
		0: image.Rect(10, 20, 40, 60), 90: image.Rect(140, 10, 180, 40),
		180: image.Rect(60, 140, 90, 180), 270: image.Rect(20, 60, 60, 90),
	} {
		if got := s.Turned(size, turn); got.Frame != want || got.Coverage != 0.3 {
			t.Errorf("turned by %d: %v, want %v", turn, got, want)
		}
	}
}
