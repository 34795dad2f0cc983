package ocrtest

import (
	"bytes"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"math"
	"strings"
	"testing"

	xdraw "golang.org/x/image/draw"
	"golang.org/x/image/math/f64"

	"onewindow/ocr"
)

func testClean(t *testing.T, e ocr.Engine, limit float64) {
	s := letter(t, false)
	p := recognize(t, e, s.img)
	if p.Rotation != 0 || p.Width != a4Width || p.Height != a4Height {
		t.Errorf("rotation %d, size %dx%d of an upright page", p.Rotation, p.Width, p.Height)
	}
	checkText(t, p, s.lines, limit)
	if n := checkBoxes(t, p, s.lines); n < len(s.lines)*4/5 {
		t.Errorf("only %d of %d lines could be found by their text", n, len(s.lines))
	}
	if p.Confidence < 0.7 {
		t.Errorf("confidence %.2f of a clean page", p.Confidence)
	}
}

func testRotated(t *testing.T, e ocr.Engine, limit float64) {
	s := letter(t, false)
	for _, degrees := range []int{90, 180, 270} {
		p := recognize(t, e, turned(s.img, degrees))
		if p.Rotation != (360-degrees)%360 || p.Width != a4Width || p.Height != a4Height {
			t.Errorf("page turned by %d: rotation %d, size %dx%d", degrees, p.Rotation, p.Width, p.Height)
		}
		checkText(t, p, s.lines, limit)
		if n := checkBoxes(t, p, s.lines); n < len(s.lines)*4/5 {
			t.Errorf("page turned by %d: only %d of %d lines found", degrees, n, len(s.lines))
		}
	}
}

// testSealed reads a page with a seal over signature and date. What takes the
// seal away must leave the red heading.
func testSealed(t *testing.T, e ocr.Engine, promise Promise) {
	s := letter(t, true)
	p := recognize(t, e, s.img)
	checkText(t, p, s.lines, promise.Sealed)
	if heading := s.lines[0].Text; p.Blank || errorRate(heading, p.Lines[0].Text) > 0.5 {
		t.Errorf("the red heading is not the first line of:\n%s", p.Text())
	}
}

func testSkewed(t *testing.T, e ocr.Engine, limit float64) {
	s := letter(t, false)
	checkText(t, recognize(t, e, skewed(s.img, 2)), s.lines, limit)
}

func testCoarse(t *testing.T, e ocr.Engine, limit float64) {
	s := letter(t, false)
	checkText(t, recognize(t, e, scaled(s.img, 0.5)), s.lines, limit)
}

// strip is a small picture with one line, as cut from a form.
func strip(t testing.TB) *sheet { return line(t, "建筑工程施工许可证430104202411250101", 12) }

// Strip draws one line of text in black on a picture that fits it.
func Strip(t testing.TB, text string, size float64) image.Image { return line(t, text, size).img }

func line(t testing.TB, text string, size float64) *sheet {
	t.Helper()
	em := int(math.Ceil(size * dpi / 72))
	s := newSheet(t, (len([]rune(text))+2)*em, 3*em)
	s.write(t, text, em, 2*em, size, black)
	return s
}

func testStrip(t *testing.T, e ocr.Engine, limit float64) {
	s := strip(t)
	p := recognize(t, e, s.img)
	checkText(t, p, s.lines, limit)
	checkBoxes(t, p, s.lines)
}

// testRows draws a table without rules, crooked by half a degree, and asks that
// each row is read label first, then value.
func testRows(t *testing.T, e ocr.Engine) {
	labels := []string{"建设单位", "项目名称", "建设地点", "建设规模", "合同工期", "施工单位"}
	values := []string{"湖南示范置业有限公司", "示范新城一期工程", "岳麓区示范大道", "五万平方米", "三百六十五天", "湖南样板建筑公司"}
	s := newSheet(t, a4Width, 1400)
	for i := range labels {
		s.write(t, labels[i], 260, 300+160*i, 14, black)
		s.write(t, values[i], 1100, 300+160*i, 14, black)
	}
	text := string(fold(recognize(t, e, skewed(s.img, 0.5)).Text()))
	at := -1
	for i := range labels {
		for _, want := range []string{labels[i], values[i]} {
			next := strings.Index(text, want)
			if next < 0 {
				t.Logf("%s not read exactly", want)
				continue
			}
			if next < at {
				t.Errorf("%s is read before what stands above or left of it:\n%s", want, text)
			}
			at = next
		}
	}
	if at < 0 {
		t.Errorf("nothing of the table was read: %q", text)
	}
}

// testPictures gives the same line in every in-memory form that decoders make:
// the text must not depend on it.
func testPictures(t *testing.T, e ocr.Engine) {
	s := strip(t)
	want := recognize(t, e, s.img).Text()
	bounds := s.img.Bounds()
	moved := image.NewRGBA(bounds.Add(image.Pt(17, 31)))
	copy(moved.Pix, s.img.Pix)
	margin := image.NewRGBA(bounds.Inset(-40))
	draw.Draw(margin, margin.Rect, image.White, image.Point{}, draw.Src)
	draw.Draw(margin, bounds, s.img, image.Point{}, draw.Src)
	for name, m := range map[string]draw.Image{
		"gray": image.NewGray(bounds), "gray16": image.NewGray16(bounds), "nrgba": image.NewNRGBA(bounds),
		"rgba64": image.NewRGBA64(bounds), "cmyk": image.NewCMYK(bounds),
		"paletted": image.NewPaletted(bounds, color.Palette{color.White, color.Gray{200}, color.Gray{120}, color.Gray{60}, color.Black}),
	} {
		draw.Draw(m, bounds, s.img, image.Point{}, draw.Src)
		if got := recognize(t, e, m).Text(); errorRate(want, got) > 0.05 {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	for name, m := range map[string]image.Image{
		"jpeg": asJPEG(t, s.img), "moved": moved, "part": margin.SubImage(bounds), "transparent": transparent(s.img),
	} {
		if got := recognize(t, e, m).Text(); errorRate(want, got) > 0.05 {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
}

func asJPEG(t testing.TB, m image.Image) image.Image {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, &jpeg.Options{Quality: 85}); err != nil {
		t.Fatal(err)
	}
	out, err := jpeg.Decode(&b)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// transparent makes the paper see-through, as in exported drawings.
func transparent(m *image.RGBA) image.Image {
	out := image.NewNRGBA(m.Rect)
	for y := range m.Rect.Dy() {
		for x := range m.Rect.Dx() {
			out.SetNRGBA(x, y, color.NRGBA{0, 0, 0, 255 - m.RGBAAt(x, y).R})
		}
	}
	return out
}

// skewed turns the picture clockwise by a few degrees about its centre.
func skewed(m *image.RGBA, degrees float64) *image.RGBA {
	out := image.NewRGBA(m.Rect)
	draw.Draw(out, out.Rect, image.White, image.Point{}, draw.Src)
	sin, cos := math.Sincos(degrees * math.Pi / 180)
	cx, cy := float64(m.Rect.Dx())/2, float64(m.Rect.Dy())/2
	about := f64.Aff3{cos, -sin, cx - cos*cx + sin*cy, sin, cos, cy - sin*cx - cos*cy}
	xdraw.BiLinear.Transform(out, about, m, m.Rect, xdraw.Over, nil)
	return out
}

func scaled(m *image.RGBA, factor float64) *image.RGBA {
	out := image.NewRGBA(image.Rect(0, 0, int(float64(m.Rect.Dx())*factor), int(float64(m.Rect.Dy())*factor)))
	xdraw.CatmullRom.Scale(out, out.Rect, m, m.Rect, xdraw.Src, nil)
	return out
}
