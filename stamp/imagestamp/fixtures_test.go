package imagestamp_test

import (
	"bytes"
	"context"
	"image"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"onewindow/stamp"
	"onewindow/stamp/imagestamp"
	"onewindow/stamp/pdfstamp"
	"onewindow/stamp/stamptest"
)

// dpi is the resolution of the fixtures; a page rendered at it has their pixels.
const dpi = 75

func mark() stamp.Mark {
	return stamp.Mark{
		System: "湖南省工程建设项目审批管理系统", ProjectName: "示例项目", UnitName: "示例市住房和城乡建设局", UnitShort: "市住建局",
		DocumentName: "建筑工程施工许可证", DocumentNo: "430199202601010101",
		UploadedAt: time.Date(2026, 11, 23, 2, 3, 4, 0, time.UTC), Code: "23456789ABC4", BaseURL: "https://spgl.example.gov.cn",
	}
}

// recorder keeps the unmarked pages that were handed to the PDF stamper.
type recorder struct {
	stamp.Stamper
	pages string
}

func (r *recorder) Stamp(ctx context.Context, in, out string, m stamp.Mark, tpl stamp.Template) (stamp.Report, error) {
	b, err := os.ReadFile(in)
	if err == nil {
		err = os.WriteFile(r.pages, b, 0o600)
	}
	if err != nil {
		return stamp.Report{}, err
	}
	return r.Stamper.Stamp(ctx, in, out, m, tpl)
}

type result struct {
	pages, out string // before and after marking
	report     stamp.Report
}

func stampPicture(t testing.TB, path string) (result, error) {
	t.Helper()
	pdf, err := pdfstamp.New(pdfstamp.Options{FontPath: stamptest.Font})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { pdf.Close() })
	dir := t.TempDir()
	r := &recorder{pdf, filepath.Join(t.TempDir(), "pages.pdf")}
	s, err := imagestamp.New(imagestamp.Options{PDF: r, MaxPixels: 20_000_000, MaxPages: 5})
	if err != nil {
		t.Fatal(err)
	}
	out := filepath.Join(dir, "out.pdf")
	report, err := s.Stamp(t.Context(), path, out, mark(), stamp.DefaultTemplate())
	left, _ := os.ReadDir(dir)
	if want := map[bool]int{true: 1, false: 0}[err == nil]; len(left) != want {
		t.Errorf("%d files in the folder after error %v, want %d (W10)", len(left), err, want)
	}
	return result{r.pages, out, report}, err
}

func writePNG(t testing.TB, img image.Image) string {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	return writeFile(t, "scan.png", b.Bytes())
}

func writeFile(t testing.TB, name string, content []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// tool runs an image program of other people; $IN and $OUT stand for files.
func tool(t testing.TB, in, name string, args ...string) string {
	t.Helper()
	out := filepath.Join(t.TempDir(), name)
	for i, a := range args {
		switch a {
		case "$IN":
			args[i] = in
		case "$OUT":
			args[i] = out
		}
	}
	if b, err := exec.Command(args[0], args[1:]...).CombinedOutput(); err != nil {
		t.Fatalf("%v: %v: %.300s", args, err, b)
	}
	return out
}

// convert runs ImageMagick, which writes the resolution too.
func convert(t testing.TB, in, name string, args ...string) string {
	t.Helper()
	all := append([]string{"convert", "$IN", "-units", "PixelsPerInch", "-density", strconv.Itoa(dpi)}, args...)
	return tool(t, in, name, append(all, "$OUT")...)
}

// pictures are files of one scan in every form offices send.
func pictures(t testing.TB) map[string]string {
	scan := stamptest.Scan(t, dpi)
	colour, grey, fax := writePNG(t, scan), writePNG(t, stamptest.Grey(scan)), writePNG(t, stamptest.Bilevel(scan))
	faxTIFF := convert(t, fax, "fax.tif", "-monochrome", "-compress", "Group4")
	rgbTIFF := convert(t, colour, "rgb.tif", "-compress", "None")
	tiffcp := func(in, name string, args ...string) string {
		return tool(t, in, name, append(append([]string{"tiffcp"}, args...), "$IN", "$OUT")...)
	}
	return map[string]string{
		"png colour":          convert(t, colour, "a.png"),
		"png grey":            convert(t, grey, "a.png"),
		"png 1-bit":           convert(t, fax, "a.png", "-monochrome"),
		"png palette":         convert(t, colour, "a.png", "-colors", "16", "-type", "Palette"),
		"png 16-bit":          convert(t, colour, "a.png", "-depth", "16", "-define", "png:bit-depth=16"),
		"png interlaced":      convert(t, colour, "a.png", "-interlace", "PNG"),
		"png transparent":     convert(t, colour, "a.png", "-fuzz", "10%", "-transparent", "white"),
		"jpeg colour":         convert(t, colour, "a.jpg", "-quality", "90"),
		"jpeg grey":           convert(t, grey, "a.jpg", "-quality", "90"),
		"jpeg progressive":    convert(t, colour, "a.jpg", "-interlace", "JPEG"),
		"jpeg cmyk":           convert(t, colour, "a.jpg", "-colorspace", "CMYK", "-quality", "92"),
		"tiff g4":             faxTIFF,
		"tiff g4 strips":      tiffcp(faxTIFF, "a.tif", "-c", "g4", "-r", "100"),
		"tiff g4 bits turned": tiffcp(faxTIFF, "a.tif", "-c", "g4", "-f", "lsb2msb"),
		"tiff g3":             tiffcp(faxTIFF, "a.tif", "-c", "g3"),
		"tiff g3 2d":          tiffcp(faxTIFF, "a.tif", "-c", "g3:2d"),
		"tiff white is one":   convert(t, fax, "a.tif", "-monochrome", "-define", "quantum:polarity=min-is-black", "-compress", "Group4"),
		"tiff raw":            rgbTIFF,
		"tiff lzw":            tiffcp(rgbTIFF, "a.tif", "-c", "lzw:2"),
		"tiff deflate tiles":  tiffcp(rgbTIFF, "a.tif", "-c", "zip", "-t", "-w", "256", "-l", "256"),
		"tiff jpeg":           tiffcp(rgbTIFF, "a.tif", "-c", "jpeg:90", "-r", "64"),
		"tiff jpeg rgb":       tiffcp(rgbTIFF, "a.tif", "-c", "jpeg:90:r", "-r", "64"),
		"tiff jpeg tiles":     tiffcp(rgbTIFF, "a.tif", "-c", "jpeg:90", "-t", "-w", "128", "-l", "128"),
		"tiff cmyk":           convert(t, colour, "a.tif", "-colorspace", "CMYK", "-compress", "LZW"),
		"tiff big endian":     tiffcp(rgbTIFF, "a.tif", "-B"),
		"bmp":                 convert(t, colour, "a.bmp", "-type", "TrueColor"),
		"webp":                convert(t, colour, "a.webp", "-define", "webp:lossless=true"),
		"heic":                convert(t, colour, "a.heic", "-quality", "90"),
		"gif":                 convert(t, grey, "a.gif"),
	}
}
