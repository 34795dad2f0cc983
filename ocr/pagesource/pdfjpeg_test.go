package pagesource

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"onewindow/ocr"
)

// JPEG files are taken out of a PDF and decoded outside of PDFium; whatever the
// PDF says about their samples must count nevertheless.
func TestJPEGInPDFIsShownAsThePDFSays(t *testing.T) {
	colour := string(read(t, corners(t, "a.jpg", 300, 200, "-quality", "95")))
	grey := string(read(t, corners(t, "b.jpg", 300, 200, "-quality", "95", "-colorspace", "Gray", "-type", "grayscale")))
	cmyk := string(read(t, corners(t, "c.jpg", 300, 200, "-quality", "95", "-colorspace", "CMYK")))
	var negative strings.Builder
	for v := range 256 {
		fmt.Fprintf(&negative, "%02x%02x%02x", 255-v, 255-v, 255-v)
	}
	for name, c := range map[string]struct {
		dict, jpeg string
		quick      bool
	}{
		"as stored":                 {"/ColorSpace/DeviceRGB/Filter/DCTDecode", colour, true},
		"filter in an array":        {"/ColorSpace/DeviceRGB/Filter[/DCTDecode]", colour, true},
		"usual colours":             {"/ColorSpace/DeviceRGB/Filter/DCTDecode/DecodeParms<</ColorTransform 1>>", colour, true},
		"colours not to be changed": {"/ColorSpace/DeviceRGB/Filter/DCTDecode/DecodeParms<</ColorTransform 0>>", colour, false},
		"inverted":                  {"/Decode[1 0 1 0 1 0]/ColorSpace/DeviceRGB/Filter/DCTDecode", colour, false},
		"grey":                      {"/ColorSpace/DeviceGray/Filter/DCTDecode", grey, true},
		"grey inverted":             {"/Decode[1 0]/ColorSpace/DeviceGray/Filter/DCTDecode", grey, false},
		"grey by palette":           {"/ColorSpace[/Indexed/DeviceRGB 255<" + negative.String() + ">]/Filter/DCTDecode", grey, false},
		"cmyk":                      {"/ColorSpace/DeviceCMYK/Filter/DCTDecode", cmyk, false},
		"packed twice":              {"/ColorSpace/DeviceRGB/Filter[/FlateDecode/DCTDecode]", deflate([]byte(colour)), false},
	} {
		t.Run(name, func(t *testing.T) {
			data := onePage("", "/Resources<</XObject<</I 5 0 R>>>>", "300 0 0 200 0 0 cm /I Do",
				stream("/Type/XObject/Subtype/Image/Width 300/Height 200/BitsPerComponent 8"+c.dict, c.jpeg))
			path := write(t, "a.pdf", data)
			got := pageOf(t, path, 1)
			if got.Frame != "embedded" {
				t.Errorf("frame %q", got.Frame)
			}
			checkAgainstPoppler(t, path, got)
			if quick := quickly(t, path); quick != c.quick {
				t.Errorf("decoded outside of PDFium: %v, want %v", quick, c.quick)
			}
		})
	}
}

// An encrypted file gives its JPEG files decrypted.
func TestJPEGInEncryptedPDF(t *testing.T) {
	plain, want := scanned(t, "a.pdf", "-j -q 90", "-type", "truecolor")
	locked := in(t, "locked.pdf")
	tool(t, "qpdf", "--encrypt", "", "owner", "256", "--", plain, locked)
	same(t, pageOf(t, locked, 1).Image, want, 3)
	if !quickly(t, locked) {
		t.Error("decoded by PDFium")
	}
}

// quickly reports whether the picture of page 1 is decoded outside of PDFium.
func quickly(t *testing.T, path string) (quick bool) {
	t.Helper()
	pages := open(t, path, ocr.OpenOptions{}).(*pdfPages)
	if _, err := pages.Page(context.Background(), 1); err != nil {
		t.Fatal(err)
	}
	err := pages.with(context.Background(), 1, func(page *pdfPage) error {
		l, err := page.survey()
		if err != nil {
			return err
		}
		l.cover.jpeg = pages.scan.jpegs[[2]int{l.cover.width, l.cover.height}] == jpegPlain
		quick = page.jpegPixels(*l.cover, pages.limits.RenderPixels) != nil
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return quick
}
