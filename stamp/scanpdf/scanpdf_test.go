package scanpdf_test

import (
	"bytes"
	"errors"
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"testing"

	"onewindow/stamp/scanpdf"
	"onewindow/stamp/stamptest"
)

func picture(t *testing.T, img image.Image) scanpdf.Picture {
	t.Helper()
	p, err := scanpdf.Lossless(img)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// samples are pictures of the kinds decoders return.
func samples() map[string]image.Image {
	size := image.Rect(3, 5, 43, 35) // an origin that is not 0, 0
	colour, grey, fax := image.NewNRGBA(size), image.NewGray(size), image.NewGray(size)
	deep, print := image.NewGray16(size), image.NewCMYK(size)
	for y := size.Min.Y; y < size.Max.Y; y++ {
		for x := size.Min.X; x < size.Max.X; x++ {
			colour.Set(x, y, color.NRGBA{byte(6 * x), byte(7 * y), 90, 255})
			grey.Set(x, y, color.Gray{byte(5 * x)})
			fax.Set(x, y, color.Gray{byte(x * y % 2 * 255)})
			deep.Set(x, y, color.Gray16{uint16(1500 * x)})
			print.Set(x, y, color.CMYK{byte(6 * x), byte(7 * y), 0, 20})
		}
	}
	return map[string]image.Image{"colour": colour, "grey": grey, "fax": fax, "deep": deep, "print": print, "part": colour.SubImage(image.Rect(10, 10, 20, 25))}
}

func TestLosslessShowsThePixels(t *testing.T) {
	for name, img := range samples() {
		p := picture(t, img)
		path := write(t, scanpdf.Page{Width: 40, Height: 30, Pictures: []scanpdf.Picture{fill(p, 40, 30)}})
		stamptest.Check(t, path)
		got := stamptest.Images(t, path)
		if len(got) != 1 || got[0].Rect.Size() != img.Bounds().Size() {
			t.Fatalf("%s: %d pictures", name, len(got))
		}
		if name == "print" {
			continue // poppler has its own mind about CMYK
		}
		want := stamptest.RGBA(img)
		for i := range want.Pix {
			if d := int(want.Pix[i]) - int(got[0].Pix[i]); d > 1 || d < -1 {
				t.Fatalf("%s: byte %d is %d, want %d", name, i, got[0].Pix[i], want.Pix[i])
			}
		}
	}
}

func TestLosslessTakesTheFewestBits(t *testing.T) {
	for name, want := range map[string]struct {
		bits  int
		space string
	}{"colour": {8, "DeviceRGB"}, "grey": {8, "DeviceGray"}, "fax": {1, "DeviceGray"}, "deep": {8, "DeviceGray"}, "print": {8, "DeviceCMYK"}} {
		if p := picture(t, samples()[name]); p.Bits != want.bits || p.Space != want.space {
			t.Errorf("%s: %d bits %s", name, p.Bits, p.Space)
		}
	}
}

func TestPNGRefusesWhatPDFCannotHold(t *testing.T) {
	var clear, whole bytes.Buffer
	half := image.NewNRGBA(image.Rect(0, 0, 4, 4))
	if err := png.Encode(&clear, half); err != nil {
		t.Fatal(err)
	}
	if err := png.Encode(&whole, image.NewGray(image.Rect(0, 0, 4, 4))); err != nil {
		t.Fatal(err)
	}
	if _, err := scanpdf.PNG(bytes.NewReader(whole.Bytes())); err != nil {
		t.Errorf("a grey PNG: %v", err)
	}
	for name, b := range map[string][]byte{"transparent": clear.Bytes(), "cut": whole.Bytes()[:30], "text": []byte("hello world"), "empty": nil} {
		if _, err := scanpdf.PNG(bytes.NewReader(b)); !errors.Is(err, scanpdf.ErrPNG) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestWriterRefusesToWriteNothing(t *testing.T) {
	var b bytes.Buffer
	if err := scanpdf.NewWriter(&b).Close(); !errors.Is(err, scanpdf.ErrNoPages) {
		t.Errorf("Close = %v", err)
	}
}

// broken fails as a full disk does.
type broken struct{}

func (broken) Write([]byte) (int, error) { return 0, errors.New("no room") }

func TestWriterReportsAFailedWrite(t *testing.T) {
	w := scanpdf.NewWriter(broken{})
	p := picture(t, samples()["grey"])
	p.Data = bytes.NewReader(make([]byte, 1<<20))
	err := w.Add(scanpdf.Page{Width: 1, Height: 1, Pictures: []scanpdf.Picture{p}})
	if err = errors.Join(err, w.Close()); err == nil {
		t.Error("a failed write went unnoticed")
	}
}

func fill(p scanpdf.Picture, w, h float64) scanpdf.Picture {
	p.Box = [4]float64{0, 0, w, h}
	return p
}

func write(t *testing.T, pages ...scanpdf.Page) string {
	t.Helper()
	var b bytes.Buffer
	w := scanpdf.NewWriter(&b)
	for _, p := range pages {
		if err := w.Add(p); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "a.pdf")
	if err := os.WriteFile(path, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}
