package pagesource

import (
	"context"
	"errors"
	"image"
	"math"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"onewindow/document"
	"onewindow/ocr"
)

func chromium(dir, html, pdf string) error {
	return exec.Command("chromium", "--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer",
		"--user-data-dir="+filepath.Join(dir, "profile"), "--print-to-pdf="+pdf, html).Run()
}

func textsOf(p *document.Page) []string {
	if p == nil {
		return nil
	}
	var out []string
	for _, l := range p.Lines {
		out = append(out, l.Text)
	}
	return out
}

func TestBornDigitalPDFGivesItsText(t *testing.T) {
	path := born(t)
	f := inspect(t, path)
	if f.MediaType != "application/pdf" || f.Extension != ".pdf" || f.Pages != 1 || f.Encrypted || f.Signed || f.Repaired || len(f.Active) > 0 {
		t.Errorf("facts %+v", f)
	}
	c := pageOf(t, path, 1)
	if c.Text == nil || c.Image != nil {
		t.Fatalf("text %v, image %v; want text only", c.Text, c.Image)
	}
	if diff := cmp.Diff(bornLines, textsOf(c.Text)); diff != "" {
		t.Errorf("lines (-want +got):\n%s", diff)
	}
	if c.Text.Number != 1 || c.Text.Source != document.SourceTextLayer || c.Text.Confidence != 1 || len(c.Text.Warnings) > 0 {
		t.Errorf("page %+v", c.Text)
	}
	checkBoxes(t, c)
}

// checkBoxes renders the page and looks for ink in every box, and for none
// around it: a text layer whose boxes are off marks the wrong words.
func checkBoxes(t *testing.T, c ocr.PageContent) {
	t.Helper()
	img, err := c.Render(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if b := img.Bounds(); b.Dx() != c.Text.Width || b.Dy() != c.Text.Height {
		t.Fatalf("rendering of %v for a page of %d x %d", b, c.Text.Width, c.Text.Height)
	}
	for _, l := range c.Text.Lines {
		if l.Box[0] < 0 || l.Box[1] < 0 || l.Box[2] > float64(c.Text.Width) || l.Box[3] > float64(c.Text.Height) {
			t.Errorf("box %v of %q leaves the page", l.Box, l.Text)
		}
		first := inkBounds(img, l.Box, 3)
		for i := range first {
			if math.Abs(first[i]-l.Box[i]) > 6 {
				t.Errorf("box %v of %q, ink at %v", l.Box, l.Text, first)
				break
			}
		}
	}
}

// inkBounds returns the extent of dark pixels in a box widened by margin.
func inkBounds(img image.Image, b document.Box, margin int) document.Box {
	g := asRGBA(img)
	var out document.Box
	for y := int(b[1]) - margin; y < int(b[3])+margin; y++ {
		for x := int(b[0]) - margin; x < int(b[2])+margin; x++ {
			if image.Pt(x, y).In(g.Rect) && g.Pix[g.PixOffset(x, y)] < 128 {
				out = out.Union(document.Box{float64(x), float64(y), float64(x + 1), float64(y + 1)})
			}
		}
	}
	return out
}

// A page turned by /Rotate shows its text sideways; the text comes upright, and
// so does the rendering that belongs to it.
func TestRotatedTextPageComesUpright(t *testing.T) {
	path := born(t)
	plain := pageOf(t, path, 1)
	want, err := plain.Render(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for turn, rotation := range map[string]int{"+90": 270, "+180": 180, "+270": 90} {
		t.Run(turn, func(t *testing.T) {
			turned := in(t, "turned.pdf")
			tool(t, "qpdf", "--rotate="+turn+":1", path, turned)
			c := pageOf(t, turned, 1)
			if diff := cmp.Diff(bornLines, textsOf(c.Text)); diff != "" {
				t.Fatalf("lines (-want +got):\n%s", diff)
			}
			if c.Text.Rotation != rotation {
				t.Errorf("rotation %d, want %d", c.Text.Rotation, rotation)
			}
			checkBoxes(t, c)
			img, err := c.Render(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			same(t, img, want, 1)
		})
	}
}

// Chinese text in a font the file does not carry, as office programs with
// SimSun make it, must be drawn, not left blank.
func TestMissingChineseFontIsSubstituted(t *testing.T) {
	text := "建设工程规划许可证第号"
	hex := ""
	for _, r := range text {
		hex += string("0123456789abcdef"[r>>12&15]) + string("0123456789abcdef"[r>>8&15]) + string("0123456789abcdef"[r>>4&15]) + string("0123456789abcdef"[r&15])
	}
	path := write(t, "simsun.pdf", onePage("", "/Resources<</Font<</F 5 0 R>>>>", "BT /F 12 Tf 20 150 Td <"+hex+"> Tj ET",
		"<</Type/Font/Subtype/Type0/BaseFont/SimSun/Encoding/UniGB-UCS2-H/DescendantFonts[6 0 R]>>",
		"<</Type/Font/Subtype/CIDFontType2/BaseFont/SimSun/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)/Supplement 2>>/FontDescriptor 7 0 R/DW 1000>>",
		"<</Type/FontDescriptor/FontName/SimSun/Flags 6/FontBBox[0 -140 1000 860]/ItalicAngle 0/Ascent 860/Descent -140/CapHeight 700/StemV 80>>"))
	c := pageOf(t, path, 1)
	if diff := cmp.Diff([]string{text}, textsOf(c.Text)); diff != "" {
		t.Fatalf("lines (-want +got):\n%s", diff)
	}
	checkBoxes(t, c)
}

// Filled form fields and stamps are part of what a page says.
func TestFormFieldsAreText(t *testing.T) {
	path := write(t, "form.pdf", onePage("/AcroForm<</Fields[5 0 R]>>", helvetica+"/Annots[5 0 R]", said("Applicant:"),
		"<</Type/Annot/Subtype/Widget/FT/Tx/T(a)/V(Riverside Garden)/Rect[100 140 280 165]/F 4/AP<</N 6 0 R>>>>",
		stream("/Type/XObject/Subtype/Form/BBox[0 0 180 25]"+helvetica, "BT /F 12 Tf 2 10 Td (Riverside Garden) Tj ET")))
	if got := strings.Join(textsOf(pageOf(t, path, 1).Text), " "); got != "Applicant: Riverside Garden" {
		t.Errorf("text %q", got)
	}
}

// Signing platforms leave marks for machines in born-digital files, invisible or
// white. They are no part of the text, and no reason to distrust it.
func TestMarksForMachinesAreLeftOut(t *testing.T) {
	text := "BT /F 12 Tf 20 150 Td (Construction permit of the city) Tj ET "
	for name, mark := range map[string]string{
		"invisible": "BT 3 Tr /F 12 Tf 20 50 Td (SIGN-HERE) Tj ET",
		"white":     "BT 1 g /F 12 Tf 20 50 Td (SIGN) Tj ET",
	} {
		path := write(t, "a.pdf", onePage("", helvetica, text+mark))
		if diff := cmp.Diff([]string{"Construction permit of the city"}, textsOf(pageOf(t, path, 1).Text)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	path := write(t, "a.pdf", onePage("", helvetica, "BT 1 g /F 12 Tf 20 150 Td (All of it is white) Tj ET"))
	if c := pageOf(t, path, 1); c.Text != nil {
		t.Errorf("text %q of a blank page", textsOf(c.Text))
	}
}

func TestRenderIsCappedInPixels(t *testing.T) {
	data := strings.Replace(string(onePage("", helvetica, said("A huge sheet of paper"))), "[0 0 300 200]", "[0 0 3000 4000]", 1)
	path := write(t, "a0.pdf", []byte(data))
	c := pageOf(t, path, 1)
	if c.Text == nil {
		t.Fatal("no text")
	}
	limit := ocr.DefaultLimits().RenderPixels
	if px := int64(c.Text.Width) * int64(c.Text.Height); px > limit+10000 || px < limit*9/10 {
		t.Errorf("%d pixels, want just under %d", px, limit)
	}
	if math.Abs(c.DPI-float64(c.Text.Width)*72/3000) > 0.1 {
		t.Errorf("DPI %v for a width of %d", c.DPI, c.Text.Width)
	}
	checkBoxes(t, c)
}

func TestOneBadPageDoesNotSpoilTheOthers(t *testing.T) {
	objects := []string{
		"<</Type/Catalog/Pages 2 0 R>>",
		"<</Type/Pages/Kids[3 0 R 5 0 R 6 0 R]/Count 3>>",
		"<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 200]/Contents 4 0 R" + helvetica + ">>",
		stream("", said("A good page of text")),
		"(this is no page)",
		"<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 200]/Contents 4 0 R" + helvetica + ">>",
	}
	pages := open(t, write(t, "a.pdf", rawPDF("", objects...)), ocr.OpenOptions{})
	if pages.Count() != 3 {
		t.Fatalf("%d pages", pages.Count())
	}
	for n := 1; n <= 3; n++ {
		c, err := pages.Page(t.Context(), n)
		if n == 2 {
			if r := asRefusal(t, err); r.Code != document.CodeCorrupt || !strings.Contains(r.Message, "第 2 页") {
				t.Errorf("page 2: %+v", r)
			}
			continue
		}
		if err != nil || c.Text == nil {
			t.Errorf("page %d: %v", n, err)
		}
	}
	if _, err := pages.Page(t.Context(), 4); err == nil {
		t.Error("page 4 exists")
	} else if _, blamed := document.AsRefusal(err); blamed {
		t.Error("a caller's mistake is blamed on the file")
	}
}

// A page that exhausts the memory of PDFium is refused; the pages after it are
// read by a fresh instance.
func TestPageThatCrashesPDFiumCostsOnlyItself(t *testing.T) {
	opts := source.pdfium.opts
	opts.MemoryBytes = 24 << 20
	small, err := New(opts)
	if err != nil {
		t.Fatal(err)
	}
	defer small.Close()
	picture := stream("/Type/XObject/Subtype/Image/Width 5000/Height 5000/BitsPerComponent 8/ColorSpace/DeviceRGB/Filter/FlateDecode", deflate(make([]byte, 3*5000*5000)))
	path := write(t, "a.pdf", rawPDF("",
		"<</Type/Catalog/Pages 2 0 R>>",
		"<</Type/Pages/Kids[3 0 R 5 0 R]/Count 2>>",
		"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 600]/Contents 4 0 R/Resources<</XObject<</I 7 0 R>>>>>>",
		stream("", "600 0 0 600 0 0 cm /I Do"),
		"<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 200]/Contents 6 0 R"+helvetica+">>",
		stream("", said("The page after it")), picture))
	pages, err := small.Open(t.Context(), path, ocr.OpenOptions{})
	if err != nil {
		t.Fatal(err)
	}
	defer pages.Close()
	_, err = pages.Page(t.Context(), 1)
	asRefusal(t, err)
	c, err := pages.Page(t.Context(), 2)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"The page after it"}, textsOf(c.Text)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// A call given up must not leave half a page behind for the next.
func TestCancelledCallLeavesPagesUsable(t *testing.T) {
	pages := open(t, born(t), ocr.OpenOptions{})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := pages.Page(ctx, 1); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want context.Canceled", err)
	}
	c, err := pages.Page(t.Context(), 1)
	if err != nil || c.Text == nil {
		t.Fatalf("after a cancelled call: %v", err)
	}
	if _, err := source.Inspect(ctx, born(t), ocr.OpenOptions{}); !errors.Is(err, context.Canceled) {
		t.Errorf("Inspect: %v", err)
	}
}

func TestConcurrentUse(t *testing.T) {
	path := born(t)
	errs := make(chan error, 4)
	for range 4 {
		go func() {
			pages, err := source.Open(context.Background(), path, ocr.OpenOptions{})
			if err == nil {
				_, err = pages.Page(context.Background(), 1)
				err = errors.Join(err, pages.Close())
			}
			errs <- err
		}()
	}
	for range 4 {
		if err := <-errs; err != nil {
			t.Error(err)
		}
	}
}

func TestPasswords(t *testing.T) {
	path := born(t)
	for _, c := range []struct{ name, password, bits string }{
		{"RC4 40", "secret", "40"}, {"RC4 128", "secret", "128"}, {"AES 256", "secret", "256"}, {"Chinese", "规划许可", "256"},
	} {
		t.Run(c.name, func(t *testing.T) {
			locked := in(t, "locked.pdf")
			tool(t, "qpdf", "--allow-weak-crypto", "--encrypt", c.password, "owner", c.bits, "--", path, locked)
			r := refused(t, locked, document.CodeEncrypted, ocr.OpenOptions{})
			if !strings.Contains(r.Message, "密码") {
				t.Errorf("message %q", r.Message)
			}
			if wrong := refused(t, locked, document.CodeEncrypted, ocr.OpenOptions{Password: "wrong"}); wrong.Message == r.Message {
				t.Error("a wrong password is not told from none")
			}
			opts := ocr.OpenOptions{Password: c.password}
			f, err := source.Inspect(t.Context(), locked, opts)
			if err != nil || !f.Encrypted {
				t.Fatalf("facts %+v, %v", f, err)
			}
			page, err := open(t, locked, opts).Page(t.Context(), 1)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(bornLines, textsOf(page.Text)); diff != "" {
				t.Errorf("lines (-want +got):\n%s", diff)
			}
		})
	}
	t.Run("owner only", func(t *testing.T) {
		locked := in(t, "locked.pdf")
		tool(t, "qpdf", "--encrypt", "", "owner", "256", "--", path, locked)
		if f := inspect(t, locked); f.Encrypted {
			t.Errorf("facts %+v: no password was needed", f)
		}
	})
}

func TestWrongPasswordForPlainFileIsNoMatter(t *testing.T) {
	f, err := source.Inspect(t.Context(), born(t), ocr.OpenOptions{Password: "unneeded"})
	if err != nil || f.Encrypted {
		t.Errorf("facts %+v, %v", f, err)
	}
}

// The same page as other programs rewrite it: either its text comes through
// unharmed, or the layer is not trusted. Ghostscript loses the codes of a few
// characters and names others in their place.
func TestTextOfRewrittenFilesIsExactOrNotTrusted(t *testing.T) {
	path := born(t)
	for name, rewrite := range map[string]func(string){
		"cairo":             func(to string) { tool(t, "pdftocairo", "-pdf", path, to) },
		"mutool":            func(to string) { tool(t, "mutool", "clean", "-gggz", path, to) },
		"qpdf":              func(to string) { tool(t, "qpdf", "--object-streams=generate", "--recompress-flate", path, to) },
		"ghostscript":       func(to string) { tool(t, "gs", "-q", "-sDEVICE=pdfwrite", "-o", to, path) },
		"PostScript detour": func(to string) { tool(t, "pdftops", path, to+".ps"); tool(t, "ps2pdf", to+".ps", to) },
	} {
		t.Run(name, func(t *testing.T) {
			to := in(t, "a.pdf")
			rewrite(to)
			c := pageOf(t, to, 1)
			trusted := map[string]bool{"cairo": true, "mutool": true, "qpdf": true}[name]
			if c.Text == nil && trusted {
				t.Error("a good layer is not trusted")
			}
			if c.Text != nil {
				if diff := cmp.Diff(bornLines, textsOf(c.Text)); diff != "" {
					t.Errorf("lines (-want +got):\n%s", diff)
				}
			}
		})
	}
}
