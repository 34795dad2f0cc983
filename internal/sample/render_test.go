package sample

import (
	"image"
	"testing"
	"time"

	"onewindow/document"
)

// darkIn counts dark pixels in a box.
func darkIn(img *image.RGBA, b document.Box) int {
	area := image.Rect(int(b[0]), int(b[1]), int(b[2]+1), int(b[3]+1)).Intersect(img.Bounds())
	n := 0
	for y := area.Min.Y; y < area.Max.Y; y++ {
		for x := area.Min.X; x < area.Max.X; x++ {
			if p := img.Pix[img.PixOffset(x, y):]; luma(p[0], p[1], p[2]) < 140 {
				n++
			}
		}
	}
	return n
}

// TestBoxesHoldTheInk: where truth says a line stands there is ink, and when
// all boxes are wiped no letter is left outside of them.
func TestBoxesHoldTheInk(t *testing.T) {
	const dpi = 100
	s := openStudio(t)
	for _, kind := range []string{"rd-eia-reply", "rd-fire-design-opinion", "feasibility-report"} {
		page := Make(kind, NewProject(5), 5).Pages[0]
		var words []Mark
		for _, m := range page.Marks {
			if _, ok := m.(Text); ok {
				words = append(words, m)
			}
		}
		page.Marks = words
		img := s.Image(page, dpi)
		for _, l := range page.Lines(dpi) {
			if darkIn(img, l.Box) < 8 {
				t.Errorf("%s: no ink for %q at %v", kind, l.Text, l.Box)
			}
			wipe(img, l.Box)
		}
		if left := darkIn(img, document.Box{0, 0, float64(img.Rect.Max.X), float64(img.Rect.Max.Y)}); left > 60 {
			t.Errorf("%s: %d dark pixels outside of all boxes", kind, left)
		}
	}
}

func wipe(img *image.RGBA, b document.Box) {
	for y := max(int(b[1])-1, 0); y < min(int(b[3])+2, img.Rect.Max.Y); y++ {
		for x := max(int(b[0])-1, 0); x < min(int(b[2])+2, img.Rect.Max.X); x++ {
			copy(img.Pix[img.PixOffset(x, y):], []uint8{255, 255, 255, 255})
		}
	}
}

// TestMovedLinesFollowTheDamage: ink stays where the moved boxes say.
func TestMovedLinesFollowTheDamage(t *testing.T) {
	const dpi, seed = 100, 9
	s := openStudio(t)
	page := Make("rd-eia-reply", NewProject(5), 5).Pages[0]
	img := s.Image(page, dpi)
	lines := page.Lines(dpi)
	for _, kind := range []Damage{Skew, Turn90, Turn180, Turn270, Perspective} {
		hurt := Degrade(img, kind, 0.6, seed)
		for i, l := range MovedLines(lines, img.Bounds().Size(), kind, 0.6, seed) {
			if before, now := darkIn(img, lines[i].Box), darkIn(hurt, l.Box); now < before/3 {
				t.Errorf("%s: %q had %d dark pixels, has %d at %v", kind, l.Text, before, now, l.Box)
			}
		}
	}
}

func TestDamageFollowsItsSeed(t *testing.T) {
	s := openStudio(t)
	img := s.Image(Make("rd-eia-reply", NewProject(5), 5).Pages[0], 60)
	for _, kind := range Damages() {
		a, b := Degrade(img, kind, 0.7, 1), Degrade(img, kind, 0.7, 1)
		if string(a.Pix) != string(b.Pix) {
			t.Errorf("%s: one seed, two results", kind)
		}
		chancy := kind != Turn90 && kind != Turn180 && kind != Turn270 && kind != Blur && kind != LowDPI && kind != JPEGBlocks
		if chancy && sameForAll(a, img, kind, 2, 6) {
			t.Errorf("%s: five seeds, one result", kind)
		}
		if string(a.Pix) == string(img.Pix) {
			t.Errorf("%s changes nothing", kind)
		}
	}
}

func sameForAll(want, img *image.RGBA, kind Damage, from, to uint64) bool {
	for seed := from; seed < to; seed++ {
		if string(Degrade(img, kind, 0.7, seed).Pix) != string(want.Pix) {
			return false
		}
	}
	return true
}

func TestOneSeedOnePicture(t *testing.T) {
	a, b := openStudio(t), openStudio(t)
	page := Make("rd-construction-permit", NewProject(2), 2).Pages[0]
	if string(a.Image(page, 100).Pix) != string(b.Image(page, 100).Pix) {
		t.Error("two studios gave two pictures")
	}
}

// TestRenderingIsFast guards against a slip by orders of magnitude: A4 at
// 300 dpi takes some 20 ms warm, and is to stay below 300 ms.
func TestRenderingIsFast(t *testing.T) {
	s := openStudio(t)
	page := Make("rd-eia-reply", NewProject(1), 1).Pages[0]
	best := time.Hour
	for range 5 {
		start := time.Now()
		s.Image(page, 300)
		best = min(best, time.Since(start))
	}
	if best > 300*time.Millisecond {
		t.Errorf("A4 at 300 dpi takes %v", best)
	}
}

func BenchmarkImageA4(b *testing.B) {
	s := openStudio(b)
	page := Make("rd-eia-reply", NewProject(1), 1).Pages[0]
	for b.Loop() {
		s.Image(page, 300)
	}
}

func BenchmarkImageA3(b *testing.B) {
	s := openStudio(b)
	page := Make("rd-construction-permit", NewProject(1), 1).Pages[0]
	for b.Loop() {
		s.Image(page, 300)
	}
}
