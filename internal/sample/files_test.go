package sample

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"io"
	"testing"

	"github.com/pdfcpu/pdfcpu/pkg/api"
	"golang.org/x/image/bmp"
	"golang.org/x/image/ccitt"
	"golang.org/x/image/tiff"
	"golang.org/x/image/webp"
)

func openStudio(t testing.TB) *Studio {
	t.Helper()
	s, err := OpenStudio()
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestPDFsAreSound(t *testing.T) {
	s := openStudio(t)
	d := Make("rd-eia-reply", NewProject(2), 2)
	files := map[string][]byte{"born": s.PDF(d)}
	for name, o := range map[string]ScanOptions{
		"jpeg":    {DPI: 100, Layer: SoundLayer},
		"gray":    {DPI: 100, Gray: true},
		"g4":      {DPI: 100, Codec: G4},
		"flate":   {DPI: 100, Codec: Flate, Turn: 90},
		"garbage": {DPI: 100, Layer: GarbageLayer, Turn: 180},
	} {
		data, err := s.Scan(d, o)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		files[name] = data
	}
	for name, data := range files {
		if err := api.Validate(bytes.NewReader(data), nil); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if n, err := api.PageCount(bytes.NewReader(data), nil); err != nil || n != len(d.Pages) {
			t.Errorf("%s: %d pages, want %d (%v)", name, n, len(d.Pages), err)
		}
	}
	if !bytes.Equal(files["born"], s.PDF(d)) {
		t.Error("the same document gave two PDFs")
	}
}

func TestG4ReadsBackBitForBit(t *testing.T) {
	s := openStudio(t)
	d := newDice(1, "bits")
	random := image.NewGray(image.Rect(0, 0, 403, 97))
	for i := range random.Pix {
		if d.chance(0.7) == (i%50 < 25) {
			random.Pix[i] = 255
		}
	}
	long := image.NewGray(image.Rect(0, 0, 6001, 3)) // runs beyond 2560
	for i := range long.Pix {
		long.Pix[i] = 255
	}
	for i := 6001; i < 2*6001; i++ {
		long.Pix[i] = 0
	}
	page := Bilevel(s.Image(Make("rd-construction-permit", NewProject(1), 1).Pages[0], 200))
	for name, img := range map[string]*image.Gray{"random": random, "long runs": long, "page": page} {
		back := image.NewGray(img.Bounds())
		err := ccitt.DecodeIntoGray(back, bytes.NewReader(encodeG4(img)), ccitt.MSB, ccitt.Group4, &ccitt.Options{Invert: false})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if !bytes.Equal(back.Pix, img.Pix) {
			t.Errorf("%s differs after decoding", name)
		}
	}
}

func TestTIFFsReadBack(t *testing.T) {
	s := openStudio(t)
	pages := s.Images(Make("rd-eia-reply", NewProject(2), 2), 60)
	for _, packing := range []Packing{TIFFNone, TIFFLZW, TIFFDeflate, TIFFG4} {
		data, err := EncodeTIFF(pages, 60, packing)
		if err != nil {
			t.Fatal(err)
		}
		img, err := tiff.Decode(bytes.NewReader(data))
		if err != nil {
			t.Errorf("packing %d: %v", packing, err)
			continue
		}
		want := image.Image(pages[0])
		if packing == TIFFG4 {
			want = Bilevel(pages[0])
		}
		if at, ok := sameColours(want, img); !ok {
			t.Errorf("packing %d differs at %v", packing, at)
		}
	}
	for _, packing := range []Packing{TIFFJPEG, TIFFCMYK} { // x/image does not read these
		if _, err := EncodeTIFF(pages, 60, packing); err != nil {
			t.Errorf("packing %d: %v", packing, err)
		}
	}
	if _, err := EncodeTIFF(nil, 60, TIFFNone); err == nil {
		t.Error("no pages made a file")
	}
}

func sameColours(a, b image.Image) (image.Point, bool) {
	if a.Bounds() != b.Bounds() {
		return image.Point{-1, -1}, false
	}
	for y := range a.Bounds().Dy() {
		for x := range a.Bounds().Dx() {
			if color.RGBAModel.Convert(a.At(x, y)) != color.RGBAModel.Convert(b.At(x, y)) {
				return image.Point{x, y}, false
			}
		}
	}
	return image.Point{}, true
}

func TestImageFilesReadBack(t *testing.T) {
	s := openStudio(t)
	img := s.Image(Make("rd-land-use-permit", NewProject(2), 2).Pages[0], 60)
	data, err := EncodePNG(img, 60)
	if err != nil {
		t.Fatal(err)
	}
	back, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	if at, ok := sameColours(img, back); !ok {
		t.Errorf("png differs at %v", at)
	}
	for name, codec := range map[string]struct {
		encode func(*image.RGBA) ([]byte, error)
		decode func(io.Reader) (image.Image, error)
	}{"webp": {EncodeWebP, webp.Decode}, "bmp": {EncodeBMP, bmp.Decode}} {
		data, err := codec.encode(img)
		if err != nil {
			t.Fatal(err)
		}
		back, err := codec.decode(bytes.NewReader(data))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if at, ok := sameColours(img, back); !ok {
			t.Errorf("%s differs at %v", name, at)
		}
	}
	for orientation, landscape := range map[int]bool{1: true, 3: true, 6: false, 8: false} {
		data, err := EncodePhoto(img, orientation, 80)
		if err != nil {
			t.Fatal(err)
		}
		cfg, err := jpeg.DecodeConfig(bytes.NewReader(data))
		if err != nil || (cfg.Width > cfg.Height) != landscape {
			t.Errorf("orientation %d lies %d × %d (%v)", orientation, cfg.Width, cfg.Height, err)
		}
	}
	if _, err := EncodePhoto(img, 5, 80); err == nil {
		t.Error("orientation 5 was accepted")
	}
}

// TestSidewaysScanKeepsItsShape asks that a sheet fed sideways gives a page as
// wide as the sheet is high: a stretched one is no scan that exists.
func TestSidewaysScanKeepsItsShape(t *testing.T) {
	s, err := OpenStudio()
	if err != nil {
		t.Fatal(err)
	}
	d := Make("rd-eia-reply", NewProject(3), 3)
	pdf, err := s.Scan(d, ScanOptions{DPI: 60, Damage: []Degradation{{Turn90, 1}}})
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Contains(pdf, []byte("/MediaBox[0 0 841.89 595.28]")) {
		t.Error("the page of a sheet of A4 fed sideways is not A4 lying")
	}
}
