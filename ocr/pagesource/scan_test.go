package pagesource

import (
	"fmt"
	"image"
	"strings"
	"testing"

	"onewindow/ocr"
)

// The pixels of a scan are taken as they are, whatever their coding.
func TestScannedPageGivesItsPicture(t *testing.T) {
	for _, c := range []struct {
		name, how, made string
		tolerance       float64
	}{
		{"jpeg", "-j -q 90", "-type truecolor", 3},
		{"grey jpeg", "-j -q 90", "-colorspace Gray -type grayscale", 3},
		{"deflate", "-z", "-type truecolor", 0},
		{"g4", "", "-threshold 50% -compress Group4", 0},
		{"g3", "", "-threshold 50% -compress Fax", 0},
		{"palette", "-z", "-colors 8 -type palette", 2},
		{"cmyk", "-z", "-colorspace CMYK -type ColorSeparation", 30},
	} {
		t.Run(c.name, func(t *testing.T) {
			path, want := scanned(t, "a.pdf", c.how, strings.Fields(c.made)...)
			got := pageOf(t, path, 1)
			if got.Frame != "embedded" || got.Text != nil {
				t.Fatalf("frame %q, text %v", got.Frame, got.Text)
			}
			same(t, got.Image, want, c.tolerance)
			if got.DPI < 148 || got.DPI > 152 {
				t.Errorf("DPI %v, want 150", got.DPI)
			}
			checkAgainstPoppler(t, path, got)
			again, err := got.Render(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if b := again.Bounds(); b.Dx() < 2400 || b.Dx() > 2500 {
				t.Errorf("rendering of %v, want 300 dpi", b)
			}
		})
	}
}

// checkAgainstPoppler compares the picture with Poppler's rendering at the same
// resolution: both must show the same page.
func checkAgainstPoppler(t *testing.T, path string, c ocr.PageContent) {
	t.Helper()
	ppm := tool(t, "pdftoppm", "-cropbox", "-r", fmt.Sprint(c.DPI), "-f", "1", "-l", "1", path)
	got, want := asRGBA(opaque(c.Image)), parsePPM(t, ppm)
	if d := got.Rect.Size().Sub(want.Rect.Size()); max(d.X, -d.X, d.Y, -d.Y) > 3 {
		t.Fatalf("size %v, Poppler says %v", got.Rect, want.Rect)
	}
	both := got.Rect.Intersect(want.Rect)
	same(t, blurred(got.SubImage(both)), blurred(want.SubImage(both)), 8)
}

// blurred averages blocks, so that half a pixel of difference in placement does not count.
func blurred(img image.Image) image.Image {
	src := img.(*image.RGBA)
	const n = 8
	dst := image.NewRGBA(image.Rect(0, 0, src.Rect.Dx()/n, src.Rect.Dy()/n))
	for y := range dst.Rect.Dy() {
		for x := range dst.Rect.Dx() {
			var sum [3]int
			for i := range n * n {
				at := src.PixOffset(x*n+i%n, y*n+i/n)
				for k := range sum {
					sum[k] += int(src.Pix[at+k])
				}
			}
			for k := range sum {
				dst.Pix[dst.PixOffset(x, y)+k] = byte(sum[k] / (n * n))
			}
			dst.Pix[dst.PixOffset(x, y)+3] = 255
		}
	}
	return dst
}

// Every way to place a picture on a page: turned by the page, by the matrix,
// mirrored, cropped, with a rim, with unequal resolution.
func TestScannedPageIsTakenAsThePageShowsIt(t *testing.T) {
	jpg := read(t, corners(t, "a.jpg", 300, 200, "-quality", "95"))
	picture := stream("/Type/XObject/Subtype/Image/Width 300/Height 200/BitsPerComponent 8/ColorSpace/DeviceRGB/Filter/DCTDecode", string(jpg))
	small := stream("/Type/XObject/Subtype/Image/Width 150/Height 100/SMask 10 0 R/BitsPerComponent 8/ColorSpace/DeviceRGB/Filter/DCTDecode",
		string(read(t, corners(t, "b.jpg", 150, 100))))
	for name, c := range map[string]struct{ page, content, frame string }{
		"plain":           {"", "300 0 0 200 0 0 cm /I Do", "embedded"},
		"rotate 90":       {"/Rotate 90", "300 0 0 200 0 0 cm /I Do", "embedded"},
		"rotate 180":      {"/Rotate 180", "300 0 0 200 0 0 cm /I Do", "embedded"},
		"rotate 270":      {"/Rotate 270", "300 0 0 200 0 0 cm /I Do", "embedded"},
		"rotate -90":      {"/Rotate -90", "300 0 0 200 0 0 cm /I Do", "embedded"},
		"mirrored":        {"", "-300 0 0 200 300 0 cm /I Do", "embedded"},
		"upside down":     {"", "300 0 0 -200 0 200 cm /I Do", "embedded"},
		"half turn":       {"", "-300 0 0 -200 300 200 cm /I Do", "embedded"},
		"quarter turn":    {"", "0 200 -300 0 300 0 cm /I Do", "embedded"},
		"three quarters":  {"", "0 -200 300 0 0 200 cm /I Do", "embedded"},
		"transposed":      {"", "0 200 300 0 0 0 cm /I Do", "embedded"},
		"both turned":     {"/Rotate 90", "0 200 -300 0 300 0 cm /I Do", "embedded"},
		"cropped":         {"/CropBox[60 40 260 190]", "300 0 0 200 0 0 cm /I Do", "embedded"},
		"cropped turned":  {"/CropBox[60 40 260 190]/Rotate 90", "300 0 0 200 0 0 cm /I Do", "embedded"},
		"rim":             {"", "290 0 0 192 5 4 cm /I Do", "embedded"},
		"over the edge":   {"", "330 0 0 220 -10 -10 cm /I Do", "embedded"},
		"stretched":       {"/MediaBox[0 0 300 400]", "300 0 0 400 0 0 cm /I Do", "embedded"},
		"in a form":       {"", "1 0 0 1 0 0 cm /X Do", "embedded"},
		"clip at edge":    {"", "0 0 300 200 re W n 300 0 0 200 0 0 cm /I Do", "embedded"},
		"clipped":         {"", "50 50 100 100 re W n 300 0 0 200 0 0 cm /I Do", "rendered"},
		"askew":           {"", "299 20 -20 199 10 0 cm /I Do", "rendered"},
		"half the page":   {"", "150 0 0 200 0 0 cm /I Do", "rendered"},
		"line over it":    {"", "q 300 0 0 200 0 0 cm /I Do Q 10 w 0 0 m 300 200 l S", "rendered"},
		"white under it":  {"", "1 g 0 0 300 200 re f 300 0 0 200 0 0 cm /I Do", "embedded"},
		"text under it":   {helvetica, said("hidden under it") + " 300 0 0 200 0 0 cm /I Do", "embedded"},
		"invisible text":  {helvetica, "q 300 0 0 200 0 0 cm /I Do Q BT 3 Tr /F 12 Tf 20 150 Td (recognized by somebody) Tj ET", "embedded"},
		"text over it":    {helvetica, "q 300 0 0 200 0 0 cm /I Do Q BT /F 8 Tf 120 5 Td (made by a scanner) Tj ET", "rendered"},
		"seal over it":    {"/Annots[7 0 R]", "300 0 0 200 0 0 cm /I Do", "rendered"},
		"second picture":  {"", "q 300 0 0 200 0 0 cm /I Do Q 50 0 0 50 100 100 cm /I Do", "rendered"},
		"soft mask":       {"", "300 0 0 200 0 0 cm /M Do", "rendered"},
		"stencil":         {"", "0 0 1 rg 300 0 0 200 0 0 cm /S Do", "rendered"},
		"inverted decode": {"", "300 0 0 200 0 0 cm /D Do", "embedded"},
	} {
		t.Run(name, func(t *testing.T) {
			page := c.page
			resources := "/XObject<</I 5 0 R/X 6 0 R/M 9 0 R/S 11 0 R/D 12 0 R>>"
			if strings.Contains(page, "/Resources<<") {
				page = strings.Replace(page, "/Resources<<", "/Resources<<"+resources, 1)
			} else {
				page += "/Resources<<" + resources + ">>"
			}
			data := onePage("", page, c.content, picture,
				stream("/Type/XObject/Subtype/Form/BBox[0 0 300 200]/Resources<</XObject<</I 5 0 R>>>>", "300 0 0 200 0 0 cm /I Do"),
				"<</Type/Annot/Subtype/Stamp/Rect[200 20 260 80]/F 4/AP<</N 8 0 R>>>>",
				stream("/Type/XObject/Subtype/Form/BBox[0 0 60 60]", "1 0 0 RG 4 w 5 5 50 50 re S"),
				small,
				stream("/Type/XObject/Subtype/Image/Width 2/Height 1/BitsPerComponent 8/ColorSpace/DeviceGray", "\x40\xff"),
				stream("/Type/XObject/Subtype/Image/Width 8/Height 2/BitsPerComponent 1/ImageMask true", "\xf0\x0f"),
				strings.Replace(picture, "/BitsPerComponent", "/Decode[1 0 1 0 1 0]/BitsPerComponent", 1))
			if strings.Contains(page, "/MediaBox") {
				data = []byte(strings.Replace(string(data), "/MediaBox[0 0 300 200]", "", 1))
			}
			path := write(t, "a.pdf", data)
			got := pageOf(t, path, 1)
			if got.Text != nil || got.Frame != c.frame {
				t.Errorf("frame %q, text %v; want %q", got.Frame, textsOf(got.Text), c.frame)
			}
			checkAgainstPoppler(t, path, got)
		})
	}
}

// What another program's OCR put under a scan is not the document.
func TestOCRLayerOfAnotherProgramIsNotTrusted(t *testing.T) {
	page := born(t)
	tool(t, "pdftoppm", "-r", "150", "-gray", "-png", "-singlefile", page, strings.TrimSuffix(in(t, "scan.png"), ".png"))
	base := strings.TrimSuffix(in(t, "tess.pdf"), ".pdf")
	tool(t, "tesseract", in(t, "scan.png"), base, "--dpi", "150", "-l", "chi_sim", "pdf")
	if text := string(tool(t, "pdftotext", in(t, "tess.pdf"), "-")); len(strings.TrimSpace(text)) < 50 {
		t.Fatalf("tesseract left no text layer: %q", text)
	}
	got := pageOf(t, in(t, "tess.pdf"), 1)
	if got.Text != nil || got.Frame != "embedded" {
		t.Errorf("frame %q, text %q", got.Frame, textsOf(got.Text))
	}
	same(t, got.Image, oracle(t, in(t, "scan.png")), 3)
}
