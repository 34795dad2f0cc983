package imagestamp_test

import (
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"onewindow/document"
	"onewindow/stamp/stamptest"
)

// TestW8_EveryKindOfPicture stamps the same scan in every form and measures W2, W4
// and W5 on the pages, and that the pixels of the scan are those on the page.
func TestW8_EveryKindOfPicture(t *testing.T) {
	scan := stamptest.Scan(t, dpi)
	for kind, path := range pictures(t) {
		t.Run(kind, func(t *testing.T) {
			r, err := stampPicture(t, path)
			if err != nil {
				t.Fatal(err)
			}
			if r.report.Method != "image" || r.report.Pages != 1 || stamptest.Check(t, r.out) != 1 {
				t.Errorf("report %+v", r.report)
			}
			before, after := stamptest.Render(t, r.pages, dpi)[0], stamptest.Render(t, r.out, dpi)[0]
			if size := before.Rect.Size(); size != scan.Rect.Size() {
				t.Fatalf("page is %v, scan %v", size, scan.Rect.Size())
			}
			if band := after.Rect.Dy() - before.Rect.Dy(); after.Rect.Dx() != before.Rect.Dx() || band < 35 || band > 36 {
				t.Errorf("W2: page is %v, was %v", after.Rect.Size(), before.Rect.Size())
			}
			m := stamptest.Compare(before, after)
			if m.Dark > 1 || m.Seal > 1 || m.White < 0.2 || m.DarkSeen < 400 {
				t.Errorf("W4, W5: %+v", m)
			}
			if got := averageDifference(scan, before); got > tolerance(kind) {
				t.Errorf("the page is %.2f/255 from the scan", got)
			}
			if lossless[kind] {
				if embedded := stamptest.Images(t, r.out); len(embedded) != 1 || averageDifference(scan, embedded[0]) != 0 {
					t.Error("the pixels of the scan are not those in the copy")
				}
			}
		})
	}
}

// lossless are the forms in one piece that keep every pixel.
var lossless = map[string]bool{
	"png colour": true, "png interlaced": true, "png 16-bit": true, "tiff raw": true, "tiff lzw": true, "tiff deflate tiles": true,
	"tiff big endian": true, "bmp": true, "webp": true,
}

// tolerance is how far a lossy form is from the scan on average. White noise and the
// seal make most of it.
func tolerance(kind string) float64 {
	switch {
	case strings.Contains(kind, "cmyk"), strings.Contains(kind, "palette"):
		return 8
	case strings.Contains(kind, "1-bit"), strings.Contains(kind, " g4"), strings.Contains(kind, " g3"), strings.Contains(kind, "white is one"):
		return 16
	case strings.Contains(kind, "transparent"):
		return 12 // paper became white
	case strings.Contains(kind, "jpeg"), kind == "heic":
		return 9
	case strings.Contains(kind, "grey"), kind == "gif":
		return 9 // the seal lost its colour
	}
	return 8 // where the renderer moves it by a pixel
}

func averageDifference(a, c *image.RGBA) float64 {
	sum := 0
	for y := range a.Rect.Dy() {
		for x := range a.Rect.Dx() {
			i, j := a.PixOffset(x, y), c.PixOffset(x, y)
			for k := range 3 {
				d := int(a.Pix[i+k]) - int(c.Pix[j+k])
				sum += max(d, -d)
			}
		}
	}
	return float64(sum) / float64(3*a.Rect.Dx()*a.Rect.Dy())
}

// TestFaxStaysCompact: a fax must not grow to the size of a photo.
func TestFaxStaysCompact(t *testing.T) {
	scan := writePNG(t, stamptest.Bilevel(stamptest.Scan(t, 200)))
	path := convert(t, scan, "a.tif", "-monochrome", "-compress", "Group4")
	in, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	r, err := stampPicture(t, path)
	if err != nil {
		t.Fatal(err)
	}
	out, err := os.Stat(r.out)
	if err != nil {
		t.Fatal(err)
	}
	if grown := out.Size() - in.Size(); grown > 60_000 {
		t.Errorf("%d bytes became %d", in.Size(), out.Size())
	}
}

func TestMultiPageTIFF(t *testing.T) {
	one := convert(t, writePNG(t, stamptest.Bilevel(stamptest.Scan(t, dpi))), "a.tif", "-monochrome", "-compress", "Group4")
	colour := convert(t, writePNG(t, stamptest.Scan(t, dpi)), "b.tif", "-compress", "LZW")
	three := tool(t, one, "c.tif", "tiffcp", "$IN", colour, one, "$OUT")
	r, err := stampPicture(t, three)
	if err != nil {
		t.Fatal(err)
	}
	if n := stamptest.Check(t, r.out); n != 3 || r.report.Pages != 3 {
		t.Fatalf("%d pages, reported %d", n, r.report.Pages)
	}
	before, after := stamptest.Render(t, r.pages, dpi), stamptest.Render(t, r.out, dpi)
	for i := range before {
		if m := stamptest.Compare(before[i], after[i]); m.Dark > 1 || m.White < 0.2 || m.DarkSeen < 400 {
			t.Errorf("page %d: %+v", i+1, m)
		}
	}
	if m := stamptest.Compare(before[1], after[1]); m.SealSeen < 500 {
		t.Errorf("the second page lost its colour: %+v", m)
	}
}

// TestOrientation turns a picture as each EXIF value says and looks where its
// corner is.
func TestOrientation(t *testing.T) {
	img := image.NewRGBA(image.Rect(0, 0, 300, 200))
	for i := range img.Pix {
		img.Pix[i] = 255
	}
	for y := range 60 {
		for x := range 100 {
			img.Set(x, y, color.RGBA{0, 0, 200, 255}) // top left of the stored picture
		}
	}
	source := writePNG(t, img)
	for value, corner := range map[string]string{
		"TopLeft": "top left", "TopRight": "top right", "BottomRight": "bottom right", "BottomLeft": "bottom left",
		"LeftTop": "top left", "RightTop": "top right", "RightBottom": "bottom right", "LeftBottom": "bottom left",
	} {
		for _, name := range []string{"a.jpg", "a.tif"} {
			path := convert(t, source, name, "-orient", value, "-quality", "95", "-compress", map[string]string{"a.jpg": "JPEG", "a.tif": "LZW"}[name])
			if name == "a.jpg" {
				path = withEXIF(t, path, orientations[value])
			}
			r, err := stampPicture(t, path)
			if err != nil {
				t.Fatal(err)
			}
			page := stamptest.Render(t, r.pages, dpi)[0]
			turned := strings.HasPrefix(value, "Left") || strings.HasPrefix(value, "Right")
			if tall := page.Rect.Dy() > page.Rect.Dx(); tall != turned {
				t.Errorf("%s %s: page is %v", name, value, page.Rect.Size())
			}
			if got := blueCorner(page); got != corner {
				t.Errorf("%s %s: the corner is %q, want %q", name, value, got, corner)
			}
			band := stamptest.Render(t, r.out, dpi)[0]
			if grown := band.Rect.Dy() - page.Rect.Dy(); band.Rect.Dx() != page.Rect.Dx() || grown < 10 {
				t.Errorf("%s %s: band is not at the bottom as seen: %v, was %v", name, value, band.Rect.Size(), page.Rect.Size())
			}
		}
	}
}

var orientations = map[string]byte{
	"TopLeft": 1, "TopRight": 2, "BottomRight": 3, "BottomLeft": 4, "LeftTop": 5, "RightTop": 6, "RightBottom": 7, "LeftBottom": 8,
}

// withEXIF puts an EXIF block with an orientation into a JPEG, as phones do.
func withEXIF(t *testing.T, path string, orientation byte) string {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	exif := append([]byte("Exif\x00\x00MM\x00*\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01\x00"), orientation, 0, 0, 0, 0, 0, 0)
	segment := append([]byte{0xFF, 0xE1, 0, byte(len(exif) + 2)}, exif...)
	return writeFile(t, "phone.jpg", append(append(b[:2:2], segment...), b[2:]...))
}

func blueCorner(img *image.RGBA) string {
	w, h := img.Rect.Dx(), img.Rect.Dy()
	for name, p := range map[string]image.Point{
		"top left": {5, 5}, "top right": {w - 6, 5}, "bottom left": {5, h - 6}, "bottom right": {w - 6, h - 6},
	} {
		if c := img.RGBAAt(p.X, p.Y); c.B > 150 && c.R < 100 {
			return name
		}
	}
	return ""
}

func TestSizeOnPaper(t *testing.T) {
	scan := writePNG(t, stamptest.Scan(t, 60))
	for name, tt := range map[string]struct {
		args          []string
		width, height float64
	}{
		"resolution in the file": {[]string{"-density", "100"}, 496 * 0.72, 702 * 0.72},
		"nonsense resolution":    {[]string{"-density", "3"}, 595, 842},
		"camera":                 {[]string{"-scale", "400%", "-density", "72"}, 595, 842},
		"across":                 {[]string{"-rotate", "90", "-density", "3"}, 842, 595},
	} {
		for _, file := range []string{"a.png", "a.jpg", "a.tif", "a.bmp"} {
			r, err := stampPicture(t, convert(t, scan, file, tt.args...))
			if err != nil {
				t.Fatal(err)
			}
			_, crop := stamptest.Boxes(t, r.pages, 1)
			if dw, dh := crop[2]-tt.width, crop[3]-tt.height; dw*dw > 9 || dh*dh > 9 {
				t.Errorf("%s, %s: %.0f × %.0f points, want %.0f × %.0f", name, file, crop[2], crop[3], tt.width, tt.height)
			}
		}
	}
}

// TestW3_RecognitionReadsTheSame compares what Tesseract reads before and after.
func TestW3_RecognitionReadsTheSame(t *testing.T) {
	const fine = 150
	scan := stamptest.Scan(t, fine)
	truth := strings.Join(stamptest.ScanText, "\n")
	for kind, img := range map[string]image.Image{"colour": scan, "1-bit": stamptest.Bilevel(scan)} {
		path := tool(t, writePNG(t, img), "a.png", "convert", "$IN", "-units", "PixelsPerInch", "-density", "150", "$OUT")
		r, err := stampPicture(t, path)
		if err != nil {
			t.Fatal(err)
		}
		before, after := stamptest.Render(t, r.pages, fine)[0], stamptest.Render(t, r.out, fine)[0]
		a := stamptest.ErrorRate(truth, stamptest.OCR(t, before, fine))
		c := stamptest.ErrorRate(truth, stamptest.OCR(t, stamptest.Part(after, before.Rect), fine))
		t.Logf("%s: character error rate %.2f %% before, %.2f %% after", kind, 100*a, 100*c)
		if a > 0.2 {
			t.Errorf("%s: the fixture cannot be read at all: %.2f", kind, a)
		}
		if c > a+0.01 {
			t.Errorf("%s: character error rate rose from %.4f to %.4f", kind, a, c)
		}
	}
}

// TestW10_BadPicturesAreRefused: each with its code, a sentence, and no file.
func TestW10_BadPicturesAreRefused(t *testing.T) {
	scan := stamptest.Scan(t, 50)
	content := func(path string) []byte {
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	jpeg := content(convert(t, writePNG(t, scan), "a.jpg"))
	tiff := content(convert(t, writePNG(t, stamptest.Bilevel(scan)), "a.tif", "-monochrome", "-compress", "Group4"))
	lzw := content(convert(t, writePNG(t, scan), "a.tif", "-compress", "LZW"))
	png := content(writePNG(t, scan))
	huge := append([]byte(nil), png...)
	copy(huge[16:], []byte{0, 1, 0, 0, 0, 1, 0, 0}) // 65536 × 65536
	binary.BigEndian.PutUint32(huge[29:], crc32.ChecksumIEEE(huge[12:29]))
	six := convert(t, writePNG(t, stamptest.Bilevel(scan)), "p.tif", "-monochrome", "-compress", "Group4")
	six = tool(t, six, "six.tif", "tiffcp", six, six, six, six, six, "$IN", "$OUT")
	for name, tt := range map[string]struct {
		content []byte
		want    document.RefusalCode
	}{
		"empty":          {nil, document.CodeEmpty},
		"unknown":        {[]byte("hello, this is no picture"), document.CodeUnsupported},
		"cut jpeg":       {jpeg[:len(jpeg)/2], document.CodeCorrupt},
		"jpeg head":      {jpeg[:20], document.CodeCorrupt},
		"cut png":        {png[:len(png)/2], document.CodeCorrupt},
		"png bomb":       {huge, document.CodeTooLarge},
		"cut fax":        {tiff[:len(tiff)/3], document.CodeCorrupt},
		"cut lzw":        {lzw[:len(lzw)/2], document.CodeCorrupt},
		"too many pages": {content(six), document.CodeTooLarge},
		"bmp head":       {[]byte("BM123456789012345"), document.CodeCorrupt},
		"webp head":      {[]byte("RIFF1234WEBPVP8 1234"), document.CodeCorrupt},
		"packed bmp":     {content(convert(t, writePNG(t, stamptest.Grey(scan)), "a.bmp", "-compress", "RLE")), document.CodeUnsupported},
		"heic head":      {[]byte("\x00\x00\x00\x18ftypheic1234567890"), document.CodeCorrupt},
	} {
		_, err := stampPicture(t, writeFile(t, "bad", tt.content))
		refusal, ok := document.AsRefusal(err)
		if !ok || refusal.Code != tt.want || refusal.Message == "" {
			t.Errorf("%s: %v, want %s", name, err, tt.want)
		}
	}
	if _, err := stampPicture(t, filepath.Join(t.TempDir(), "missing")); err == nil {
		t.Error("a missing file is stamped")
	} else if _, refused := document.AsRefusal(err); refused {
		t.Errorf("a missing file is its own fault: %v", err)
	}
}
