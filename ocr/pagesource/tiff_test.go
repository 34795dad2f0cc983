package pagesource

import (
	"encoding/binary"
	"fmt"
	"os"
	"strings"
	"testing"

	"onewindow/document"
	"onewindow/ocr"
)

// Every coding libtiff writes, in every layout, against the picture it was made of.
func TestTIFFBilevel(t *testing.T) {
	base := scan(t, "base.tif", 333, 301, "-threshold", "50%", "-compress", "Group4")
	want := oracle(t, base)
	for _, coding := range []string{"g3:1d", "g3:1d:fill", "g3:2d", "g3:2d:fill", "g4", "lzw", "zip", "packbits", "none"} {
		for _, layout := range []string{"", "-f lsb2msb -r 16", "-B -r 50"} {
			t.Run(coding+" "+layout, func(t *testing.T) {
				path := in(t, "a.tif")
				tool(t, "tiffcp", append(strings.Fields(layout), "-c", coding, base, path)...)
				same(t, pageOf(t, path, 1).Image, want, 0)
			})
		}
	}
}

func TestTIFFSamples(t *testing.T) {
	for _, kind := range []struct{ name, args, layouts string }{
		{"grey", "-colorspace Gray -depth 8 -type grayscale", "|-B -t -w 64 -l 48|-r 7"},
		{"grey 4", "-colorspace Gray -depth 4 -type grayscale", "|-r 7"},
		{"grey 16", "-colorspace Gray -depth 16 -type grayscale", "|-B|-r 7"},
		{"rgb", "-depth 8 -type truecolor", "|-B|-t -w 64 -l 48|-r 7|-p separate|-8"},
		{"rgb 16", "-depth 16 -type truecolor", "|-B|-t -w 64 -l 48"},
		{"rgba", "-depth 8 -alpha set -channel A -evaluate multiply 0.5 -type truecolormatte", "|-p separate"},
		{"palette", "-depth 8 -type palette", "|-B"},
		{"cmyk", "-depth 8 -colorspace CMYK", "|-p separate"},
	} {
		base := corners(t, "base "+kind.name+".tif", 120, 80, append(strings.Fields(kind.args), "-compress", "none")...)
		want := oracle(t, base)
		for _, coding := range []string{"none", "lzw", "lzw:2", "zip:2", "packbits"} {
			if strings.HasSuffix(coding, ":2") && strings.Contains("palette grey 4", kind.name) {
				continue // differences of packed samples make no sense
			}
			for _, layout := range strings.Split(kind.layouts, "|") {
				t.Run(kind.name+" "+coding+" "+layout, func(t *testing.T) {
					path := in(t, "a.tif")
					tool(t, "tiffcp", append(strings.Fields(layout), "-c", coding, base, path)...)
					same(t, pageOf(t, path, 1).Image, want, 3.5) // ImageMagick mixes inks a little darker
				})
			}
		}
	}
}

func TestTIFFJPEG(t *testing.T) {
	for _, kind := range []string{"-colorspace Gray -type grayscale", "-type truecolor"} {
		base := corners(t, "base.tif", 128, 96, append(strings.Fields(kind), "-depth", "8", "-compress", "none")...)
		want := oracle(t, base)
		for _, how := range []string{"-c jpeg:90 -r 96", "-c jpeg:r:90 -r 96", "-c jpeg:90 -t -w 64 -l 64", "-c jpeg:r:90 -r 16"} {
			t.Run(kind+" "+how, func(t *testing.T) {
				path := in(t, "a.tif")
				tool(t, "tiffcp", append(strings.Fields(how), base, path)...)
				same(t, pageOf(t, path, 1).Image, want, 4)
			})
		}
	}
	t.Run("cmyk", func(t *testing.T) {
		path := corners(t, "a.tif", 128, 96, "-colorspace", "CMYK", "-alpha", "off", "-type", "ColorSeparation", "-compress", "jpeg", "-quality", "95")
		same(t, pageOf(t, path, 1).Image, oracle(t, path), 4)
	})
}

func TestTIFFFacts(t *testing.T) {
	path := corners(t, "a.tif", 120, 80, "-compress", "lzw")
	if f := inspect(t, path); f.MediaType != "image/tiff" || f.Extension != ".tif" || f.Pages != 1 {
		t.Errorf("facts %+v", f)
	}
}

func TestTIFFMultiPage(t *testing.T) {
	var pages []string
	for i, compress := range []string{"Group4", "LZW", "Zip"} {
		path := in(t, fmt.Sprintf("%d.tif", i))
		tool(t, "convert", "-size", "200x"+fmt.Sprint(100+i*10), "xc:white", "-fill", "black",
			"-draw", fmt.Sprintf("rectangle 10,10 %d,40", 50+40*i), "-threshold", "50%", "-density", "300", "-units", "PixelsPerInch", "-compress", compress, path)
		pages = append(pages, path)
	}
	path := in(t, "all.tif")
	tool(t, "tiffcp", append(pages, path)...)
	if n := inspect(t, path).Pages; n != 3 {
		t.Fatalf("%d pages, want 3", n)
	}
	for i, single := range pages {
		got := pageOf(t, path, i+1)
		same(t, got.Image, oracle(t, single), 0)
		if got.DPI != 300 {
			t.Errorf("page %d: DPI %v", i+1, got.DPI)
		}
	}
	refused(t, path, document.CodeTooLarge, ocr.OpenOptions{Limits: ocr.Limits{MaxPages: 2}})
}

func TestTIFFOrientation(t *testing.T) {
	for i, how := range []string{"", "-flop", "-rotate 180", "-flip", "-transpose", "-rotate 270", "-transverse", "-rotate 90"} {
		base := corners(t, "base.png", 120, 80)
		path := in(t, "a.tif")
		tool(t, "convert", append(append([]string{base}, strings.Fields(how)...), "+repage", "-compress", "lzw", path)...)
		tool(t, "tiffset", "-s", "274", fmt.Sprint(i+1), path)
		if c := cornersOf(pageOf(t, path, 1).Image); c != upright {
			t.Errorf("orientation %d: corners %s", i+1, c)
		}
	}
}

// A fax has half as many rows as columns per inch; the page must not come out squashed.
func TestTIFFFaxResolution(t *testing.T) {
	path := scan(t, "fax.tif", 1728, 1078, "-threshold", "50%", "-density", "204x98", "-units", "PixelsPerInch", "-compress", "Fax")
	b := pageOf(t, path, 1).Image.Bounds()
	if b.Dx() != 1728 || b.Dy() < 2200 || b.Dy() > 2280 {
		t.Errorf("size %v, want about 1728 x 2244", b)
	}
}

// A preview is no page.
func TestTIFFPreviewIsNoPage(t *testing.T) {
	main, preview := corners(t, "m.tif", 120, 80), corners(t, "p.tif", 30, 20)
	tool(t, "tiffset", "-s", "254", "1", preview)
	path := in(t, "a.tif")
	tool(t, "tiffcp", main, preview, path)
	if n := inspect(t, path).Pages; n != 1 {
		t.Errorf("%d pages, want 1", n)
	}
}

func TestTIFFTruncated(t *testing.T) {
	// libtiff writes the directory behind the pixels, ImageMagick too.
	for _, compress := range []string{"none", "lzw", "Group4"} {
		whole := read(t, scan(t, "a.tif", 300, 400, "-threshold", "50%", "-compress", compress))
		for _, cut := range []int{5, 17, 100, len(whole) / 2, len(whole) - 40, len(whole) - 9} {
			refused(t, write(t, "cut.tif", whole[:cut]), document.CodeCorrupt, ocr.OpenOptions{})
		}
	}
}

func TestTIFFRingOfDirectories(t *testing.T) {
	path := corners(t, "a.tif", 20, 20, "-compress", "none")
	b := read(t, path)
	ifd := binary.LittleEndian.Uint32(b[4:])
	n := binary.LittleEndian.Uint16(b[ifd:])
	binary.LittleEndian.PutUint32(b[ifd+2+12*uint32(n):], ifd)
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
	refused(t, path, document.CodeCorrupt, ocr.OpenOptions{})
}

func TestTIFFPixelBomb(t *testing.T) {
	path := corners(t, "a.tif", 20, 20, "-compress", "zip")
	tool(t, "tiffset", "-s", "256", "60000", path)
	tool(t, "tiffset", "-s", "257", "60000", path)
	refused(t, path, document.CodeTooLarge, ocr.OpenOptions{})
}
