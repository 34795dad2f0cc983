// Package ocrtest holds the suite every OCR engine passes, and the synthetic
// pages it reads. An engine's test calls Run with the error rates it promises.
package ocrtest

import (
	"context"
	"errors"
	"image"
	"math"
	"reflect"
	"strings"
	"testing"

	"onewindow/document"
	"onewindow/ocr"
)

// Promise is what an engine guarantees on the suite's pages, as character error
// rates (0.02 is 2 %; spaces and full-width forms do not count).
type Promise struct {
	Clean   float64 // 600 characters on A4 at 300 dpi
	Rotated float64 // the same page lying on its side or head
	Sealed  float64 // with a red seal over signature and date
	Skewed  float64 // laid 2° crooked on the glass
	Coarse  float64 // scanned at 150 dpi
	Small   float64 // a strip with one line of print
}

// Run checks one engine. open makes a new one; Run closes it.
func Run(t *testing.T, open func(testing.TB) ocr.Engine, promise Promise) {
	e := open(t)
	t.Cleanup(func() {
		if err := e.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	t.Run("clean", func(t *testing.T) { testClean(t, e, promise.Clean) })
	t.Run("rotated", func(t *testing.T) { testRotated(t, e, promise.Rotated) })
	t.Run("sealed", func(t *testing.T) { testSealed(t, e, promise) })
	t.Run("skewed", func(t *testing.T) { testSkewed(t, e, promise.Skewed) })
	t.Run("coarse", func(t *testing.T) { testCoarse(t, e, promise.Coarse) })
	t.Run("strip", func(t *testing.T) { testStrip(t, e, promise.Small) })
	t.Run("columns", func(t *testing.T) { testRows(t, e) })
	t.Run("kinds of picture", func(t *testing.T) { testPictures(t, e) })
	t.Run("blank", func(t *testing.T) { testBlank(t, e) })
	t.Run("odd shapes", func(t *testing.T) { testOddShapes(t, e) })
	t.Run("cancelled", func(t *testing.T) { testCancelled(t, e) })
	t.Run("deterministic", func(t *testing.T) { testDeterministic(t, e, open) })
	t.Run("upright", func(t *testing.T) { testUpright(t, e) })
}

// Letter draws the suite's sample letter, A4 at 300 dpi with about 600
// characters, and returns it with the ground truth in drawing order.
func Letter(t testing.TB) (image.Image, []document.Line) {
	s := letter(t, false)
	return s.img, s.lines
}

func recognize(t testing.TB, e ocr.Engine, img image.Image) document.Page {
	t.Helper()
	p, err := e.Recognize(t.Context(), img)
	if err != nil {
		t.Fatalf("recognize: %v", err)
	}
	checkPage(t, e, p)
	return p
}

// checkPage holds for every page of every engine.
func checkPage(t testing.TB, e ocr.Engine, p document.Page) {
	t.Helper()
	if p.Source != document.SourceOCR || p.Engine != e.Name() || e.Name() == "" {
		t.Errorf("page says source %q engine %q, want %q %q", p.Source, p.Engine, document.SourceOCR, e.Name())
	}
	if p.Blank != (len(p.Lines) == 0) {
		t.Errorf("blank is %v with %d lines", p.Blank, len(p.Lines))
	}
	if p.Confidence < 0 || p.Confidence > 1 || (p.Confidence == 0) != p.Blank {
		t.Errorf("page confidence %v", p.Confidence)
	}
	for _, l := range p.Lines {
		b := l.Box
		if b[0] < 0 || b[1] < 0 || b[2] > float64(p.Width) || b[3] > float64(p.Height) || b[0] >= b[2] || b[1] >= b[3] {
			t.Errorf("box %v of %q is outside the %dx%d page or empty", b, l.Text, p.Width, p.Height)
		}
		if l.Confidence <= 0 || l.Confidence > 1 {
			t.Errorf("confidence %v of %q", l.Confidence, l.Text)
		}
		if l.Text == "" || strings.TrimSpace(l.Text) != l.Text || strings.Contains(l.Text, "\n") {
			t.Errorf("line text %q is empty, padded or more than a line", l.Text)
		}
	}
}

// checkText compares the whole text and reports the rate.
func checkText(t testing.TB, p document.Page, truth []document.Line, limit float64) {
	t.Helper()
	var want strings.Builder
	for _, l := range truth {
		want.WriteString(l.Text)
	}
	rate := errorRate(want.String(), p.Text())
	t.Logf("character error rate %.2f %% (limit %.2f %%), confidence %.3f", 100*rate, 100*limit, p.Confidence)
	if rate > limit {
		t.Errorf("character error rate %.2f %% is above %.2f %%; read:\n%s", 100*rate, 100*limit, p.Text())
	}
}

// checkBoxes asks that each line read well lies where it was drawn: the middle
// of the drawn line inside the read box, and the read box within a line's height
// of the drawn one. It returns how many lines it could compare.
func checkBoxes(t testing.TB, p document.Page, truth []document.Line) int {
	t.Helper()
	compared := 0
	for _, want := range truth {
		got, ok := nearest(p, want)
		if !ok {
			continue
		}
		compared++
		slack := 0.75 * want.Box.Height()
		near := true
		for i := range 4 {
			d := got.Box[i] - want.Box[i]
			near = near && d > -slack && d < slack
		}
		if !near {
			t.Errorf("%q is at %v, was drawn at %v", want.Text, got.Box, want.Box)
		}
	}
	return compared
}

// nearest returns the line that reads like want and lies closest to it; a page
// may hold the same words twice.
func nearest(p document.Page, want document.Line) (document.Line, bool) {
	var best document.Line
	least := math.Inf(1)
	for _, l := range p.Lines {
		d := math.Hypot(l.Box[0]-want.Box[0], l.Box[1]-want.Box[1])
		if errorRate(want.Text, l.Text) <= 0.2 && d < least {
			best, least = l, d
		}
	}
	return best, least < 3*want.Box.Height()
}

func testBlank(t *testing.T, e ocr.Engine) {
	p := recognize(t, e, newSheet(t, a4Width, a4Height).img)
	if !p.Blank || p.Rotation != 0 || p.Width != a4Width || p.Height != a4Height {
		t.Errorf("blank page: %+v", p)
	}
}

// testOddShapes feeds shapes that come from broken scans and screenshots: none
// may fail, and none may invent text.
func testOddShapes(t *testing.T, e ocr.Engine) {
	for _, size := range []image.Point{{1, 1}, {2, 900}, {3000, 3}, {20, 20}, {12000, 60}, {60, 12000}} {
		s := newSheet(t, size.X, size.Y)
		p := recognize(t, e, s.img)
		if !p.Blank {
			t.Errorf("%v: read %q on white", size, p.Text())
		}
	}
	if p := recognize(t, e, image.NewRGBA(image.Rect(0, 0, 0, 0))); !p.Blank {
		t.Errorf("empty picture: read %q", p.Text())
	}
}

func testCancelled(t *testing.T, e ocr.Engine) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	s := letter(t, false)
	if _, err := e.Recognize(ctx, s.img); !errors.Is(err, context.Canceled) {
		t.Errorf("recognize with a cancelled context: %v, want context.Canceled", err)
	}
	// The engine is still good for the next page.
	if p := recognize(t, e, strip(t).img); p.Blank {
		t.Error("nothing read after a cancelled page")
	}
}

// testDeterministic reads the same page again, after other pages and with
// another engine: nothing may carry over.
func testDeterministic(t *testing.T, e ocr.Engine, open func(testing.TB) ocr.Engine) {
	s := strip(t)
	first := recognize(t, e, s.img)
	recognize(t, e, turned(s.img, 90))
	other := open(t)
	defer other.Close()
	for _, again := range []document.Page{recognize(t, e, s.img), recognize(t, other, s.img)} {
		if !reflect.DeepEqual(first, again) {
			t.Errorf("the same page read differently:\n%+v\n%+v", first, again)
		}
	}
}

func testUpright(t *testing.T, e ocr.Engine) {
	o, ok := e.(ocr.Orientation)
	if !ok {
		t.Log("engine does not tell orientation alone")
		return
	}
	s := letter(t, false)
	for _, degrees := range []int{0, 90, 180, 270} {
		turn, margin, err := o.Upright(t.Context(), turned(s.img, degrees))
		if err != nil {
			t.Fatal(err)
		}
		if want := (360 - degrees) % 360; turn != want || margin < 0.3 || margin > 1 {
			t.Errorf("page turned by %d: turn back by %d with margin %.2f, want %d", degrees, turn, margin, want)
		}
	}
	if _, margin, err := o.Upright(t.Context(), newSheet(t, 800, 600).img); err != nil || margin > 0 {
		t.Errorf("blank page: margin %v, %v; want 0", margin, err)
	}
}
