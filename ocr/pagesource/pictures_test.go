package pagesource

import (
	"strings"
	"testing"

	"onewindow/document"
	"onewindow/ocr"
)

func TestBMP(t *testing.T) {
	for name, args := range map[string]string{
		"24 bit": "-type truecolor", "32 bit": "-alpha set", "8 bit": "-type palette",
		"1 bit": "-threshold 50% -type bilevel", "top down": "-type truecolor -flip -flip",
	} {
		t.Run(name, func(t *testing.T) {
			path := corners(t, "a.bmp", 121, 79, append(strings.Fields(args), "-compress", "none")...)
			if f := inspect(t, path); f.MediaType != "image/bmp" || f.Extension != ".bmp" {
				t.Errorf("facts %+v", f)
			}
			same(t, pageOf(t, path, 1).Image, oracle(t, path), 0.1)
		})
	}
	whole := read(t, corners(t, "a.bmp", 120, 80, "-type", "truecolor"))
	for _, cut := range []int{18, 53, 60, len(whole) / 2, len(whole) - 1} {
		refused(t, write(t, "cut.bmp", whole[:cut]), document.CodeCorrupt, ocr.OpenOptions{})
	}
}

func TestBMPRunLengthIsRefusedClearly(t *testing.T) {
	path := corners(t, "a.bmp", 120, 80, "-type", "palette", "-compress", "RLE")
	r := refused(t, path, document.CodeUnsupported, ocr.OpenOptions{})
	if !strings.Contains(r.Message, "BMP") {
		t.Errorf("message %q", r.Message)
	}
}

func TestWebP(t *testing.T) {
	base := corners(t, "base.png", 120, 80)
	clear := corners(t, "clear.png", 120, 80, "-alpha", "set", "-channel", "A", "-evaluate", "multiply", "0.5")
	for name, args := range map[string][]string{
		"lossy":          {"-quiet", "-q", "95", base},
		"lossless":       {"-quiet", "-lossless", base},
		"lossy alpha":    {"-quiet", "-q", "95", clear},
		"lossless alpha": {"-quiet", "-lossless", "-exact", clear},
		"metadata":       {"-quiet", "-lossless", "-metadata", "all", clear},
	} {
		t.Run(name, func(t *testing.T) {
			path := in(t, "a.webp")
			tool(t, "cwebp", append(args, "-o", path)...)
			if f := inspect(t, path); f.MediaType != "image/webp" || f.Animated {
				t.Errorf("facts %+v", f)
			}
			same(t, pageOf(t, path, 1).Image, oracle(t, path), 3)
		})
	}
	path := in(t, "a.webp")
	tool(t, "cwebp", "-quiet", base, "-o", path)
	whole := read(t, path)
	for _, cut := range []int{13, 25, len(whole) / 2, len(whole) - 1} {
		refused(t, write(t, "cut.webp", whole[:cut]), document.CodeCorrupt, ocr.OpenOptions{})
	}
}

// Only the first frame of an animation is read, and the facts say so.
func TestAnimationsGiveTheFirstFrame(t *testing.T) {
	first, second := corners(t, "1.png", 120, 80), corners(t, "2.png", 120, 80, "-negate")
	gif, webp, still := in(t, "a.gif"), in(t, "a.webp"), in(t, "still.gif")
	tool(t, "convert", "-delay", "20", first, second, "-loop", "0", gif)
	tool(t, "img2webp", "-lossless", first, second, "-o", webp)
	tool(t, "convert", first, still)
	for _, path := range []string{gif, webp} {
		f := inspect(t, path)
		if !f.Animated || f.Pages != 1 {
			t.Errorf("%s: facts %+v", f.MediaType, f)
		}
		same(t, pageOf(t, path, 1).Image, oracle(t, first), 0.5)
	}
	if f := inspect(t, still); f.Animated || f.MediaType != "image/gif" || f.Extension != ".gif" {
		t.Errorf("facts %+v", f)
	}
	same(t, pageOf(t, still, 1).Image, oracle(t, first), 0.5)
	whole := read(t, gif)
	for _, cut := range []int{8, 40, len(whole) / 2, len(whole) - 1} {
		refused(t, write(t, "cut.gif", whole[:cut]), document.CodeCorrupt, ocr.OpenOptions{})
	}
}

func TestHEIC(t *testing.T) {
	base := corners(t, "base.jpg", 256, 192, "-quality", "98")
	path := in(t, "a.heic")
	tool(t, "heif-enc", "-q", "90", base, "-o", path)
	if f := inspect(t, path); f.MediaType != "image/heic" || f.Extension != ".heic" || f.Pages != 1 {
		t.Errorf("facts %+v", f)
	}
	got := pageOf(t, path, 1).Image
	same(t, got, oracle(t, base), 6)
	whole := read(t, path)
	for _, cut := range []int{13, 60, len(whole) / 2, len(whole) - 1} {
		refused(t, write(t, "cut.heic", whole[:cut]), document.CodeCorrupt, ocr.OpenOptions{})
	}
	refused(t, path, document.CodeTooLarge, ocr.OpenOptions{Limits: ocr.Limits{MaxPixels: 256*192 - 1}})
}

// In HEIC the turn is a property of the picture, and EXIF orientation is for
// information only: applying it too would turn phone photos twice.
func TestHEICIgnoresEXIFOrientation(t *testing.T) {
	base := corners(t, "base.jpg", 256, 192, "-quality", "98")
	tool(t, "exiftool", "-q", "-overwrite_original", "-n", "-Orientation=6", base)
	path := in(t, "a.heic")
	tool(t, "heif-enc", "-q", "90", base, "-o", path)
	if c := cornersOf(pageOf(t, path, 1).Image); c != cornersOf(oracle(t, path)) || c != upright {
		t.Errorf("corners %s, libheif says %s", c, cornersOf(oracle(t, path)))
	}
}
