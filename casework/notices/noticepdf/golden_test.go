package noticepdf_test

import (
	"bytes"
	"flag"
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"testing"
	"time"

	"onewindow/approval/catalogue"
	"onewindow/casework/notices"
	"onewindow/casework/notices/noticepdf"
	"onewindow/stamp/stamptest"
)

var update = flag.Bool("update", false, "rewrite the golden images; look at them before you commit")

// The pictures are small: they show that everything stands where it stood when
// somebody looked at it, not every stroke.
const (
	goldenDPI = 36
	// worst is how much the grey of one pixel may differ on average over a block of
	// 8 × 8: what another version of the renderer does to edges stays below it, a
	// line of text that moved does not.
	worst = 24
	block = 8
)

// Every kind of notice looks as it did when its picture was reviewed by eye.
func TestPrint_EveryKindLooksAsReviewed(t *testing.T) {
	p, err := noticepdf.New()
	if err != nil {
		t.Fatal(err)
	}
	cat := catalogue.Default()
	for _, kind := range cat.Notices {
		t.Run(kind.Code, func(t *testing.T) {
			got := sample(t, p, cat, kind)
			path := filepath.Join("testdata", "golden", kind.Code+".png")
			if *update {
				write(t, path, got)
				return
			}
			if at, diff := furthest(read(t, path), got); diff > worst {
				t.Errorf("differs from %s by %d around %v; with -update it is rewritten, to be looked at", path, diff, at)
			}
		})
	}
}

// A line that moved or is missing is noticed.
func TestPrint_GoldenCanFail(t *testing.T) {
	p, err := noticepdf.New()
	if err != nil {
		t.Fatal(err)
	}
	cat := catalogue.Default()
	kind, _ := cat.Notice("acceptance_notice")
	right := sample(t, p, cat, kind)
	kind.Footer = "一行"
	if _, diff := furthest(right, sample(t, p, cat, kind)); diff <= worst {
		t.Errorf("another footer differs by %d only", diff)
	}
}

func sample(t *testing.T, p *noticepdf.Printer, cat *catalogue.Catalogue, kind catalogue.Notice) *image.Gray {
	t.Helper()
	n, err := notices.Sample(cat, notices.Template{Kind: kind.Code, Title: kind.Title, Body: kind.Body, Commitment: kind.Commitment, Footer: kind.Footer},
		time.Date(2026, 11, 23, 2, 0, 0, 0, time.UTC))
	if err != nil {
		t.Fatal(err)
	}
	pdf, err := p.Print(n, "http://onewindow.test/v/SAMPLE")
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "n.pdf")
	if err := os.WriteFile(path, pdf, 0o600); err != nil {
		t.Fatal(err)
	}
	page := stamptest.Render(t, path, goldenDPI)[0]
	grey := image.NewGray(page.Bounds())
	for y := range page.Bounds().Dy() {
		for x := range page.Bounds().Dx() {
			grey.Set(x, y, color.GrayModel.Convert(page.At(x, y)))
		}
	}
	return grey
}

// furthest finds the block in which two pictures differ most, on average.
func furthest(a, b *image.Gray) (at image.Point, diff int) {
	if a.Bounds() != b.Bounds() {
		return image.Point{}, 255
	}
	for y := 0; y < a.Bounds().Dy(); y += block {
		for x := 0; x < a.Bounds().Dx(); x += block {
			sumA, sumB := 0, 0
			for j := y; j < min(y+block, a.Bounds().Dy()); j++ {
				for i := x; i < min(x+block, a.Bounds().Dx()); i++ {
					sumA += int(a.GrayAt(i, j).Y)
					sumB += int(b.GrayAt(i, j).Y)
				}
			}
			if d := max(sumA-sumB, sumB-sumA) / (block * block); d > diff {
				at, diff = image.Pt(x, y), d
			}
		}
	}
	return at, diff
}

func write(t *testing.T, path string, img image.Image) {
	t.Helper()
	var out bytes.Buffer
	if err := (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&out, img); err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, out.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
}

func read(t *testing.T, path string) *image.Gray {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	img, err := png.Decode(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	grey, ok := img.(*image.Gray)
	if !ok {
		t.Fatalf("%s is no grey picture", path)
	}
	return grey
}
