package pagesource

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"onewindow/document"
	"onewindow/ocr"
)

// FuzzInspect feeds anything to every parser: the answer is facts or a refusal
// with a known code, in bounded time, never a panic.
func FuzzInspect(f *testing.F) {
	for _, seed := range seeds(f) {
		f.Add(seed)
	}
	dir := f.TempDir()
	limits := ocr.Limits{MaxPages: 20, MaxPixels: 1 << 20, MaxObjects: 10_000, RenderPixels: 1 << 18, RenderDPI: 50}
	f.Fuzz(func(t *testing.T, data []byte) {
		path := filepath.Join(dir, "fuzz")
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		opts := ocr.OpenOptions{Limits: limits}
		facts, err := source.Inspect(ctx, path, opts)
		orderly(t, err)
		if err == nil && (facts.Pages < 1 || facts.MediaType == "" || facts.Extension == "") {
			t.Errorf("facts %+v", facts)
		}
		readAll(ctx, t, path, opts)
	})
}

func readAll(ctx context.Context, t *testing.T, path string, opts ocr.OpenOptions) {
	pages, err := source.Open(ctx, path, opts)
	orderly(t, err)
	if err != nil {
		return
	}
	defer pages.Close()
	for n := range min(pages.Count(), 3) {
		c, err := pages.Page(ctx, n+1)
		orderly(t, err)
		if err != nil {
			continue
		}
		if c.Render == nil || (c.Text == nil) == (c.Image == nil) {
			t.Errorf("page content %+v", c)
		}
	}
}

func orderly(t *testing.T, err error) {
	t.Helper()
	if err == nil {
		return
	}
	var r *document.Refusal
	if !errors.As(err, &r) {
		t.Fatalf("error %v is no refusal", err)
	}
	if r.Code == "" || r.Message == "" || r.Code == document.CodeInternal || r.Code == document.CodeTimeout {
		t.Errorf("refusal %+v", r)
	}
}

// seeds are small files of every kind.
func seeds(t testing.TB) [][]byte {
	var out [][]byte
	for name, args := range map[string][]string{
		"a.png": nil, "b.png": {"-depth", "16"}, "a.jpg": nil, "a.gif": nil, "a.bmp": {"-type", "truecolor"},
		"a.tif": {"-compress", "lzw"}, "b.tif": {"-threshold", "50%", "-compress", "Group4"},
		"c.tif": {"-threshold", "50%", "-compress", "Fax"}, "d.tif": {"-compress", "zip"},
	} {
		out = append(out, read(t, corners(t, name, 40, 32, args...)))
	}
	jpg := corners(t, "z.jpg", 40, 32)
	tool(t, "heif-enc", jpg, "-o", in(t, "a.heic"))
	tool(t, "cwebp", "-quiet", jpg, "-o", in(t, "a.webp"))
	tool(t, "cwebp", "-quiet", "-lossless", jpg, "-o", in(t, "b.webp"))
	tool(t, "img2webp", jpg, jpg, "-o", in(t, "c.webp"))
	for _, name := range []string{"a.heic", "a.webp", "b.webp", "c.webp"} {
		out = append(out, read(t, in(t, name)))
	}
	out = append(out,
		onePage("", helvetica, said("Hello, this is a text page")),
		onePage("/OpenAction<</S/JavaScript/JS(1)>>/AcroForm<</Fields[5 0 R]>>", helvetica+"/Annots[5 0 R]", said("a"),
			"<</Type/Annot/Subtype/Widget/FT/Tx/T(a)/V(b)/Rect[100 140 280 165]/AP<</N 6 0 R>>>>",
			stream("/Type/XObject/Subtype/Form/BBox[0 0 180 25]"+helvetica, "BT /F 12 Tf 2 10 Td (b) Tj ET")),
		onePage("", "/Resources<</XObject<</I 5 0 R>>>>", "300 0 0 200 0 0 cm /I Do",
			stream("/Type/XObject/Subtype/Image/Width 8/Height 2/BitsPerComponent 1/ColorSpace/DeviceGray", "\xf0\x0f")),
		onePage("", "", "", stream("/Type/ObjStm/N 1/First 4/Filter/FlateDecode", deflate([]byte("9 0 <</S/Launch>>")))),
		zipOf(t, "word/document.xml", "<x/>"),
	)
	return append(out, ofdSeeds(t)...)
}
