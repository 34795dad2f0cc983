package pdfstamp_test

import (
	"image"
	"math"
	"strings"
	"testing"

	"onewindow/stamp"
	"onewindow/stamp/artwork"
	"onewindow/stamp/pdfstamp"
	"onewindow/stamp/stamptest"
)

// bandPixels is the height of the standard band: 12 mm in whole pixels.
const bandPixels = 71

// rungs are the ways a sound file can take; they must not be told apart.
func rungs(t *testing.T) map[string]*pdfstamp.Stamper {
	return map[string]*pdfstamp.Stamper{"pdfcpu": newStamper(t), "qpdf": newStamper(t, throughQpdf)}
}

// TestW8_EveryKindOfPage stamps every kind of page both ways and measures W1, W2,
// W4 and W5 on each.
func TestW8_EveryKindOfPage(t *testing.T) {
	for method, s := range rungs(t) {
		for kind, content := range sheets() {
			if method == "qpdf" && strings.HasPrefix(kind, "a") {
				continue // sizes are the same to both
			}
			t.Run(method+"/"+kind, func(t *testing.T) {
				in, out, report := stampFile(t, s, content)
				if report.Method != method {
					t.Fatalf("method %q, want %q", report.Method, method)
				}
				before, after := stamptest.Render(t, in, dpi), stamptest.Render(t, out, dpi)
				if n := stamptest.Check(t, out); n != len(before) || report.Pages != n || len(after) != n {
					t.Fatalf("%d pages, rendered %d, reported %d, want %d", n, len(after), report.Pages, len(before))
				}
				for i := range before {
					checkPage(t, i+1, before[i], after[i])
				}
				if a, c := stamptest.Text(t, in), stamptest.Text(t, out); a != c {
					t.Errorf("text changed from %q to %q", a, c)
				}
			})
		}
	}
}

func checkPage(t *testing.T, n int, a, c *image.RGBA) {
	t.Helper()
	if c.Rect.Dx() != a.Rect.Dx() || c.Rect.Dy() < a.Rect.Dy()+bandPixels/3 {
		t.Fatalf("W2: page %d is %v, was %v", n, c.Rect.Size(), a.Rect.Size())
	}
	m := stamptest.Compare(a, c)
	if m.Dark > 1 || m.Seal > 1 { // W4 asks for 8; ours is exact but for rounding
		t.Errorf("W4: page %d: dark pixels changed by %d, seal by %d", n, m.Dark, m.Seal)
	}
	if m.Lightened > 1 { // one step is rounding of the renderer
		t.Errorf("W4: page %d: pixels became lighter by %d", n, m.Lightened)
	}
	if m.WhiteSeen > 0 && m.White < 0.2 {
		t.Errorf("W5: page %d: %.1f %% of the white changed, want 20", n, 100*m.White)
	}
	checkBand(t, n, stamptest.Part(c, image.Rect(0, a.Rect.Dy(), c.Rect.Dx(), c.Rect.Dy())))
}

// checkBand looks for print on white that keeps clear of the edges.
func checkBand(t *testing.T, n int, band *image.RGBA) {
	t.Helper()
	ink, edge := 0, 0
	for y := range band.Rect.Dy() {
		for x := range band.Rect.Dx() {
			p := band.Pix[band.PixOffset(x, y):]
			if max(p[0], p[1], p[2]) > 200 {
				continue
			}
			ink++
			if x < 2 || x >= band.Rect.Dx()-2 || y >= band.Rect.Dy()-1 {
				edge++
			}
		}
	}
	if share := float64(ink) / float64(band.Rect.Dx()*band.Rect.Dy()); share < 0.02 || share > 0.5 {
		t.Errorf("W1: page %d: %.1f %% of the band is inked", n, 100*share)
	}
	if edge > 0 {
		t.Errorf("W1: page %d: %d inked pixels on the edges of the band: it overflows", n, edge)
	}
}

// TestW1_QRHoldsTheURL reads the code of every page with two readers of other
// people.
func TestW1_QRHoldsTheURL(t *testing.T) {
	s := newStamper(t)
	for _, base := range []string{"https://spgl.example.gov.cn", "http://127.0.0.1:8080", "https://gcjs-approval.example-municipality.gov.cn:8443/onewindow/"} {
		m := mark()
		m.BaseURL = base
		want := strings.TrimRight(base, "/") + "/v/23456789ABC4"
		in, out := write(t, sheets()["many pages"]), t.TempDir()+"/out.pdf"
		if _, err := s.Stamp(t.Context(), in, out, m, stamp.DefaultTemplate()); err != nil {
			t.Fatal(err)
		}
		for i, page := range stamptest.Render(t, out, 300) {
			corner := stamptest.Part(page, image.Rect(page.Rect.Dx()*3/4, page.Rect.Dy()-160, page.Rect.Dx(), page.Rect.Dy()))
			if got := stamptest.ZXing(t, corner); got != want {
				t.Errorf("page %d: gozxing reads %q, want %q", i+1, got, want)
			}
			if got := stamptest.Zbar(t, page); got != want {
				t.Errorf("page %d: zbar reads %q, want %q", i+1, got, want)
			}
		}
	}
}

// TestW1_QRIsReadAtScreenResolution: modules are whole pixels at 150 dots per inch.
func TestW1_QRIsReadAtScreenResolution(t *testing.T) {
	for _, kind := range []string{"upright", "a3 landscape", "rotated 90"} {
		_, out, _ := stampFile(t, newStamper(t), sheets()[kind])
		if got := stamptest.Zbar(t, stamptest.Render(t, out, 150)[0]); got != "https://spgl.example.gov.cn/v/23456789ABC4" {
			t.Errorf("%s: zbar reads %q", kind, got)
		}
	}
}

// TestW2_ContentBoxMapsOneToOne reads the boxes: one side moves by 12 mm, the
// others and the coordinates of the content stay.
func TestW2_ContentBoxMapsOneToOne(t *testing.T) {
	s := newStamper(t)
	band := math.Ceil(12*artwork.MM/0.48) * 0.48
	for _, tt := range []struct {
		page        stamptest.Page
		media, crop [4]float64
	}{
		{stamptest.Page{Media: stamptest.Box(0, 0, 500, 700)}, [4]float64{0, -band, 500, 700}, [4]float64{0, -band, 500, 700}},
		{stamptest.Page{Media: stamptest.Box(0, 0, 500, 700), Rotate: 90}, [4]float64{0, 0, 500 + band, 700}, [4]float64{0, 0, 500 + band, 700}},
		{stamptest.Page{Media: stamptest.Box(0, 0, 500, 700), Rotate: 180}, [4]float64{0, 0, 500, 700 + band}, [4]float64{0, 0, 500, 700 + band}},
		{stamptest.Page{Media: stamptest.Box(0, 0, 500, 700), Rotate: 270}, [4]float64{-band, 0, 500, 700}, [4]float64{-band, 0, 500, 700}},
		{stamptest.Page{Media: stamptest.Box(0, 0, 700, 900), Crop: stamptest.Box(50, 100, 600, 800)}, [4]float64{0, 0, 700, 900}, [4]float64{50, 100 - band, 600, 800}},
		{stamptest.Page{Media: stamptest.Box(0, 0, 700, 900), Crop: stamptest.Box(50, 10, 600, 800)}, [4]float64{0, 10 - band, 700, 900}, [4]float64{50, 10 - band, 600, 800}},
		{stamptest.Page{Media: stamptest.Box(0, 0, 250, 350), UserUnit: 2}, [4]float64{0, -band / 2, 250, 350}, [4]float64{0, -band / 2, 250, 350}},
	} {
		_, out, _ := stampFile(t, s, stamptest.PDF(tt.page))
		media, crop := stamptest.Boxes(t, out, 1)
		for i := range 4 {
			if math.Abs(media[i]-tt.media[i]) > 0.02 || math.Abs(crop[i]-tt.crop[i]) > 0.02 {
				t.Errorf("%+v: media %v crop %v, want %v %v", tt.page, media, crop, tt.media, tt.crop)
				break
			}
		}
	}
}

// TestW4_W5_AnotherRendererAgrees measures with MuPDF what poppler showed.
func TestW4_W5_AnotherRendererAgrees(t *testing.T) {
	in, out, _ := stampFile(t, newStamper(t), sheets()["upright"])
	m := stamptest.Compare(stamptest.RenderMuPDF(t, in, 1, dpi), stamptest.RenderMuPDF(t, out, 1, dpi))
	if m.Dark > 8 || m.Seal > 8 || m.White < 0.2 || m.DarkSeen == 0 || m.SealSeen == 0 {
		t.Errorf("W4, W5: %+v", m)
	}
}

// TestW4_CanFail shows that the measure finds a mark that is too strong.
func TestW4_CanFail(t *testing.T) {
	white := image.NewRGBA(image.Rect(0, 0, 10, 10))
	for i := range white.Pix {
		white.Pix[i] = 255
	}
	red, darker := stamptest.RGBA(white), stamptest.RGBA(white)
	for i := 0; i < len(red.Pix); i += 4 {
		copy(red.Pix[i:], []byte{230, 20, 20})
		copy(darker.Pix[i:], []byte{215, 20, 20})
	}
	if m := stamptest.Compare(red, darker); m.Seal != 15 || m.SealSeen != 100 {
		t.Errorf("Compare = %+v", m)
	}
	if m := stamptest.Compare(white, white); m.White != 0 || m.WhiteSeen != 100 {
		t.Errorf("Compare = %+v", m)
	}
}
