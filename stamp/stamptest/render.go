package stamptest

import (
	"bytes"
	"fmt"
	"image"
	"image/draw"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"sort"
	"strconv"
	"strings"
	"testing"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"
)

// run runs a program and returns its output.
func run(t testing.TB, name string, args ...string) []byte {
	t.Helper()
	cmd := exec.Command(name, args...)
	var errs bytes.Buffer
	cmd.Stderr = &errs
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s %v: %v\n%.500s", name, args, err, errs.String())
	}
	return out
}

// Render renders all pages of a PDF with poppler, as seen (crop box).
func Render(t testing.TB, path string, dpi int) []*image.RGBA {
	t.Helper()
	dir := t.TempDir()
	run(t, "pdftoppm", "-q", "-cropbox", "-r", strconv.Itoa(dpi), path, filepath.Join(dir, "p"))
	names, err := filepath.Glob(filepath.Join(dir, "p-*.ppm"))
	if err != nil || len(names) == 0 {
		t.Fatalf("render %s: no pages (%v)", path, err)
	}
	sort.Strings(names)
	var pages []*image.RGBA
	for _, name := range names {
		pages = append(pages, readPPM(t, name))
	}
	return pages
}

// RenderMuPDF renders one page with another renderer.
func RenderMuPDF(t testing.TB, path string, page, dpi int) *image.RGBA {
	t.Helper()
	out := filepath.Join(t.TempDir(), "m.ppm")
	run(t, "mutool", "draw", "-q", "-r", strconv.Itoa(dpi), "-o", out, path, strconv.Itoa(page))
	return readPPM(t, out)
}

// readPPM reads what renderers write fastest: P6, 8 bits.
func readPPM(t testing.TB, path string) *image.RGBA {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var width, height, most int
	if _, err := fmt.Sscanf(string(b[:min(len(b), 60)]), "P6\n%d %d\n%d\n", &width, &height, &most); err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	img := image.NewRGBA(image.Rect(0, 0, width, height))
	pixels := b[len(b)-3*width*height:]
	for i := range width * height {
		copy(img.Pix[4*i:], pixels[3*i:3*i+3])
		img.Pix[4*i+3] = 255
	}
	return img
}

// Images takes the pictures out of a PDF as they are embedded, decoded.
func Images(t testing.TB, path string) []*image.RGBA {
	t.Helper()
	dir := t.TempDir()
	run(t, "pdfimages", "-png", path, filepath.Join(dir, "i"))
	names, err := filepath.Glob(filepath.Join(dir, "i-*.png"))
	if err != nil {
		t.Fatal(err)
	}
	sort.Strings(names)
	var all []*image.RGBA
	for _, name := range names {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		img, err := png.Decode(bytes.NewReader(b))
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, RGBA(img))
	}
	return all
}

// RGBA copies a picture to the origin.
func RGBA(img image.Image) *image.RGBA {
	out := image.NewRGBA(image.Rect(0, 0, img.Bounds().Dx(), img.Bounds().Dy()))
	draw.Draw(out, out.Bounds(), img, img.Bounds().Min, draw.Src)
	return out
}

// Part copies a part of a picture.
func Part(img *image.RGBA, r image.Rectangle) *image.RGBA { return RGBA(img.SubImage(r)) }

// Text is the text of a PDF as search and copy see it.
func Text(t testing.TB, path string) string {
	t.Helper()
	return string(run(t, "pdftotext", "-raw", path, "-"))
}

// Check checks the structure of a PDF with qpdf and counts its pages.
func Check(t testing.TB, path string) int {
	t.Helper()
	out, err := exec.Command("qpdf", "--check", path).CombinedOutput()
	if err != nil {
		t.Fatalf("qpdf --check: %v\n%.800s", err, out)
	}
	return Pages(t, path)
}

// Pages counts the pages as qpdf sees them.
func Pages(t testing.TB, path string) int {
	t.Helper()
	n, err := strconv.Atoi(strings.TrimSpace(string(run(t, "qpdf", "--show-npages", path))))
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// OCR reads a picture with Tesseract in simplified Chinese.
func OCR(t testing.TB, img image.Image, dpi int) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "ocr.png")
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("tesseract", path, "-", "-l", "chi_sim", "--psm", "6", "--dpi", strconv.Itoa(dpi))
	cmd.Env = append(os.Environ(), "OMP_THREAD_LIMIT=1")
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("tesseract: %v", err)
	}
	return string(out)
}

// Zbar reads the QR code in a picture with zbarimg; "" if there is none.
func Zbar(t testing.TB, img image.Image) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "q.png")
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	out, _ := exec.Command("zbarimg", "-q", "--raw", path).Output() // exits 4 when it sees nothing
	return strings.TrimSpace(string(out))
}

// ZXing reads the QR code in a picture with gozxing.
func ZXing(t testing.TB, img image.Image) string {
	t.Helper()
	bitmap, err := gozxing.NewBinaryBitmapFromImage(img)
	if err != nil {
		t.Fatal(err)
	}
	result, err := qrcode.NewQRCodeReader().Decode(bitmap, map[gozxing.DecodeHintType]any{gozxing.DecodeHintType_TRY_HARDER: true})
	if err != nil {
		return ""
	}
	return result.GetText()
}

// Objects is the whole content of a PDF with streams decoded, to look for what
// must not be in it.
func Objects(t testing.TB, path string) string {
	t.Helper()
	out := filepath.Join(t.TempDir(), "plain.pdf")
	run(t, "qpdf", "--qdf", "--object-streams=disable", "--decode-level=generalized", path, out)
	b, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// Boxes are the media and crop box of a page as poppler sees them.
func Boxes(t testing.TB, path string, page int) (media, crop [4]float64) {
	t.Helper()
	n := strconv.Itoa(page)
	for _, line := range strings.Split(string(run(t, "pdfinfo", "-box", "-f", n, "-l", n, path)), "\n") {
		for label, box := range map[string]*[4]float64{"MediaBox:": &media, "CropBox:": &crop} {
			if _, rest, ok := strings.Cut(line, label); ok && strings.HasPrefix(line, "Page") {
				if _, err := fmt.Sscan(rest, &box[0], &box[1], &box[2], &box[3]); err != nil {
					t.Fatalf("pdfinfo: %q: %v", line, err)
				}
			}
		}
	}
	return media, crop
}
