package pagesource

import (
	"strconv"
	"strings"
	"testing"

	"onewindow/document"
	"onewindow/ocr"
)

// The eight EXIF orientations: the stored picture is the upright one turned the
// other way, and ImageMagick's own auto-orientation is the oracle.
func TestJPEGOrientation(t *testing.T) {
	stored := []string{"", "-flop", "-rotate 180", "-flip", "-transpose", "-rotate 270", "-transverse", "-rotate 90"}
	for i, how := range stored {
		t.Run(strconv.Itoa(i+1), func(t *testing.T) {
			base := corners(t, "base.png", 120, 80)
			path := in(t, "photo.jpg")
			tool(t, "convert", append(append([]string{base}, strings.Fields(how)...), "-quality", "95", path)...)
			tool(t, "exiftool", "-q", "-overwrite_original", "-n", "-Orientation="+strconv.Itoa(i+1), path)
			got := pageOf(t, path, 1)
			if c := cornersOf(got.Image); c != upright {
				t.Errorf("corners %s, want %s", c, upright)
			}
			same(t, got.Image, oracle(t, path, "-auto-orient"), 2)
			if got.Frame != "decoded" {
				t.Errorf("frame %q", got.Frame)
			}
		})
	}
}

func TestJPEGFlavours(t *testing.T) {
	for name, args := range map[string]string{
		"baseline":      "-quality 90",
		"progressive":   "-quality 90 -interlace JPEG",
		"grey":          "-colorspace Gray -quality 90",
		"444":           "-sampling-factor 1x1",
		"420 odd size":  "-sampling-factor 2x2 -crop 117x73+0+0 +repage",
		"411":           "-sampling-factor 4x1",
		"311 by PDFium": "-sampling-factor 3x1",
		"114 by PDFium": "-sampling-factor 1x4",
		"CMYK":          "-colorspace CMYK -quality 95",
		"restart marks": "-define jpeg:restart-interval=2",
		"DPI":           "-units PixelsPerInch -density 300",
	} {
		t.Run(name, func(t *testing.T) {
			path := corners(t, "a.jpg", 120, 80, strings.Fields(args)...)
			facts := inspect(t, path)
			if facts.MediaType != "image/jpeg" || facts.Extension != ".jpg" || facts.Pages != 1 {
				t.Errorf("facts %+v", facts)
			}
			got := pageOf(t, path, 1)
			same(t, got.Image, oracle(t, path), 3)
			if name == "DPI" && got.DPI != 300 {
				t.Errorf("DPI %v, want 300", got.DPI)
			}
		})
	}
}

func TestJPEGTruncated(t *testing.T) {
	whole := read(t, corners(t, "a.jpg", 400, 300))
	for _, cut := range []int{3, 20, 200, len(whole) / 2, len(whole) - 200, len(whole) - 2, len(whole) - 1} {
		r := refused(t, write(t, "cut.jpg", whole[:cut]), document.CodeCorrupt, ocr.OpenOptions{})
		if r.Message != sayTruncated {
			t.Errorf("cut at %d: message %q", cut, r.Message)
		}
	}
}

// Phones append previews and videos behind the picture.
func TestJPEGWithTrailer(t *testing.T) {
	whole := read(t, corners(t, "a.jpg", 120, 80))
	path := write(t, "b.jpg", append(whole, make([]byte, 5000)...))
	if c := cornersOf(pageOf(t, path, 1).Image); c != upright {
		t.Errorf("corners %s", c)
	}
}

func TestJPEGDamagedInside(t *testing.T) {
	b := read(t, corners(t, "a.jpg", 400, 300, "-quality", "95"))
	for i := len(b) / 3; i < len(b)/3+60; i++ {
		b[i] = 0xff
	}
	path := write(t, "b.jpg", b)
	pages, err := source.Open(t.Context(), path, ocr.OpenOptions{})
	if err == nil {
		defer pages.Close()
		_, err = pages.Page(t.Context(), 1)
	}
	if err != nil {
		asRefusal(t, err)
	}
}
