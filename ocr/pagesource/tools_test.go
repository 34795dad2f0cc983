package pagesource

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/color"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"onewindow/document"
	"onewindow/ocr"
)

// source is shared: compiling PDFium takes seconds, and a Source is safe for
// concurrent use.
var source *Source

func TestMain(m *testing.M) {
	os.Exit(runTests(m))
}

func runTests(m *testing.M) int {
	cache, err := os.UserCacheDir()
	if err != nil {
		cache = os.TempDir()
	}
	source, err = New(Options{CacheDir: filepath.Join(cache, "onewindow-test", "pdfium")})
	if err != nil {
		println(err.Error())
		return 1
	}
	defer source.Close()
	return m.Run()
}

// tool runs an independent program; a missing one fails the test.
func tool(t testing.TB, name string, args ...string) []byte {
	t.Helper()
	cmd := exec.Command(name, args...)
	var errs bytes.Buffer
	cmd.Stderr = &errs
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s %s: %v\n%s", name, strings.Join(args, " "), err, errs.String())
	}
	return out
}

// in returns a path in the test's folder.
func in(t testing.TB, name string) string {
	t.Helper()
	dir, ok := folders[t]
	if !ok {
		dir = t.TempDir()
		folders[t] = dir
		t.Cleanup(func() { delete(folders, t) })
	}
	return filepath.Join(dir, name)
}

var folders = map[testing.TB]string{}

func write(t testing.TB, name string, data []byte) string {
	t.Helper()
	path := in(t, name)
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func read(t testing.TB, path string) []byte {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// corners makes a picture of w x h whose four quarters differ: red, green above
// blue, white, with black text-like bars so that it is not symmetric.
func corners(t testing.TB, name string, w, h int, more ...string) string {
	t.Helper()
	half := func(c string) string { return "xc:" + c }
	size := func(n int) string { return strconv.Itoa(n) }
	args := []string{
		"(", "-size", size(w/2) + "x" + size(h/2), half("red"), half("lime"), "+append", ")",
		"(", "-size", size(w/2) + "x" + size(h/2), half("blue"), half("white"), "+append", ")",
		"-append", "-fill", "black", "-draw", "rectangle 4,4 20,8", "-draw", "rectangle 4,12 12,15",
	}
	path := in(t, name)
	tool(t, "convert", append(append(args, more...), path)...)
	return path
}

// page makes a grey picture like a scanned page: black bars and slanted strokes on white.
func scan(t testing.TB, name string, w, h int, more ...string) string {
	t.Helper()
	args := []string{"-size", strconv.Itoa(w) + "x" + strconv.Itoa(h), "xc:white", "-fill", "black", "-stroke", "black", "-strokewidth", "2"}
	for y := 20; y < h-20; y += 24 {
		args = append(args, "-draw", "line 20,"+strconv.Itoa(y)+" "+strconv.Itoa(20+(y*7)%(w-60))+","+strconv.Itoa(y+6))
		args = append(args, "-draw", "rectangle "+strconv.Itoa(w/2)+","+strconv.Itoa(y)+" "+strconv.Itoa(w/2+y%40)+","+strconv.Itoa(y+10))
	}
	path := in(t, name)
	tool(t, "convert", append(append(args, more...), path)...)
	return path
}

func inspect(t testing.TB, path string) ocr.Facts {
	t.Helper()
	facts, err := source.Inspect(context.Background(), path, ocr.OpenOptions{})
	if err != nil {
		t.Fatalf("Inspect: %v", err)
	}
	return facts
}

// refused checks that Inspect and Open refuse a file with a code and a Chinese
// sentence that tells what to do.
func refused(t testing.TB, path string, code document.RefusalCode, opts ocr.OpenOptions) *document.Refusal {
	t.Helper()
	_, err := source.Inspect(context.Background(), path, opts)
	r := asRefusal(t, err)
	if r.Code != code {
		t.Fatalf("Inspect: code %q (%s), want %q", r.Code, r.Detail, code)
	}
	if !strings.Contains(r.Message, "请") {
		t.Errorf("message %q does not tell what to do", r.Message)
	}
	if strings.Contains(r.Detail, filepath.Dir(path)) || strings.Contains(r.Message, filepath.Base(path)) {
		t.Errorf("refusal names the file: %q %q", r.Message, r.Detail)
	}
	return r
}

func asRefusal(t testing.TB, err error) *document.Refusal {
	t.Helper()
	var r *document.Refusal
	if !errors.As(err, &r) {
		t.Fatalf("error %v is no refusal", err)
	}
	return r
}

// pageOf opens a file and reads one page.
func pageOf(t testing.TB, path string, n int) ocr.PageContent {
	t.Helper()
	pages := open(t, path, ocr.OpenOptions{})
	c, err := pages.Page(context.Background(), n)
	if err != nil {
		t.Fatalf("Page %d: %v", n, err)
	}
	if c.Render == nil {
		t.Fatal("Render is nil")
	}
	return c
}

func open(t testing.TB, path string, opts ocr.OpenOptions) ocr.Pages {
	t.Helper()
	pages, err := source.Open(context.Background(), path, opts)
	if err != nil {
		t.Fatalf("Open: %v", err)
	}
	t.Cleanup(func() {
		if err := pages.Close(); err != nil {
			t.Errorf("Close: %v", err)
		}
	})
	return pages
}

// oracle decodes a picture with ImageMagick, as 8-bit RGB on white.
func oracle(t testing.TB, path string, more ...string) *image.RGBA {
	t.Helper()
	args := append([]string{path}, more...)
	args = append(args, "-background", "white", "-alpha", "remove", "-alpha", "off", "-colorspace", "sRGB", "-depth", "8")
	ppm := tool(t, "convert", append(args, "ppm:-")...)
	return parsePPM(t, ppm)
}

func parsePPM(t testing.TB, b []byte) *image.RGBA {
	t.Helper()
	fields := bytes.Fields(b[:min(len(b), 64)])
	if len(fields) < 4 || string(fields[0]) != "P6" {
		t.Fatalf("not a PPM: %q", b[:min(len(b), 16)])
	}
	var w, h int
	if _, err := fmt.Sscan(string(fields[1])+" "+string(fields[2]), &w, &h); err != nil {
		t.Fatal(err)
	}
	pix := b[len(b)-3*w*h:]
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	for i := range w * h {
		copy(img.Pix[4*i:], []byte{pix[3*i], pix[3*i+1], pix[3*i+2], 255})
	}
	return img
}

// same checks that two pictures have the same size and differ by no more than
// mean grey values per sample on average.
func same(t testing.TB, got, want image.Image, mean float64) {
	t.Helper()
	if got == nil {
		t.Fatal("no picture")
	}
	if got.Bounds() != want.Bounds() {
		t.Fatalf("size %v, want %v", got.Bounds(), want.Bounds())
	}
	if d := difference(got, want); d > mean {
		t.Errorf("pictures differ by %.2f on average, want at most %.2f", d, mean)
	}
}

func difference(a, b image.Image) float64 {
	x, y := asRGBA(opaque(a)), asRGBA(opaque(b))
	sum := 0.0
	for i := range x.Pix {
		sum += max(float64(x.Pix[i])-float64(y.Pix[i]), float64(y.Pix[i])-float64(x.Pix[i]))
	}
	return sum / float64(len(x.Pix)) * 4 / 3 // alpha never differs
}

// colourAt names the colour of a quarter's middle.
func colourAt(img image.Image, x, y float64) string {
	b := img.Bounds()
	c := color.NRGBAModel.Convert(img.At(int(x*float64(b.Dx())), int(y*float64(b.Dy())))).(color.NRGBA)
	name := ""
	for _, v := range []byte{c.R, c.G, c.B} {
		if v > 127 {
			name += "1"
		} else {
			name += "0"
		}
	}
	return map[string]string{"100": "red", "010": "green", "001": "blue", "111": "white", "000": "black"}[name]
}

func cornersOf(img image.Image) string {
	return strings.Join([]string{colourAt(img, .3, .3), colourAt(img, .7, .3), colourAt(img, .3, .7), colourAt(img, .7, .7)}, " ")
}

const upright = "red green blue white"
