package pdfstamp_test

import (
	"bytes"
	"compress/zlib"
	"context"
	"errors"
	"image"
	"image/png"
	"iter"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"onewindow/document"
	"onewindow/stamp"
	"onewindow/stamp/pdfstamp"
	"onewindow/stamp/stamptest"
)

func checkTwice(t *testing.T, once, twice string) {
	t.Helper()
	a, c := stamptest.Render(t, once, dpi)[0], stamptest.Render(t, twice, dpi)[0]
	if c.Rect.Dy() != a.Rect.Dy()+bandPixels {
		t.Errorf("height %d, was %d", c.Rect.Dy(), a.Rect.Dy())
	}
	if m := stamptest.Compare(a, c); m.Dark > 1 || m.DarkSeen == 0 {
		t.Errorf("the first mark changed: %+v", m)
	}
}

// poppler renders pages for the last rung, as the page source of the house will.
type poppler struct{ dpi int }

func (p poppler) Pages(ctx context.Context, path string) iter.Seq2[pdfstamp.RasterPage, error] {
	return func(yield func(pdfstamp.RasterPage, error) bool) {
		out, err := exec.CommandContext(ctx, "pdftoppm", "-q", "-cropbox", "-r", "100", "-png", path).Output()
		for err == nil && len(out) > 0 {
			r := bytes.NewReader(out)
			var img image.Image
			if img, err = png.Decode(r); err == nil {
				out = out[len(out)-r.Len():]
				if !yield(pdfstamp.RasterPage{Image: img, DPI: 100}, nil) {
					return
				}
			}
		}
		if err != nil {
			yield(pdfstamp.RasterPage{}, err)
		}
	}
}

func withPoppler(o *pdfstamp.Options) { o.Rasterizer = poppler{100} }

// damaged are files with what a person would still call a readable page.
func damaged(t *testing.T) map[string][]byte {
	whole := sheets()["many pages"]
	at := bytes.LastIndex(whole, []byte("xref\n0 "))
	return map[string][]byte{
		"no xref":      whole[:at],
		"wrong offset": bytes.Replace(whole, []byte("startxref\n"), []byte("startxref\n9"), 1),
		"junk before":  append(bytes.Repeat([]byte("junk\n"), 60), whole...),
		"junk behind":  append(bytes.Clone(whole), bytes.Repeat([]byte{0}, 3000)...),
		"wrong length": bytes.ReplaceAll(whole, []byte("/Length "), []byte("/Length 9")),
	}
}

func TestW10_DamagedFilesAreMarkedOrRefused(t *testing.T) {
	s := newStamper(t, withPoppler)
	for name, content := range damaged(t) {
		_, out, report := stampFile(t, s, content)
		if report.Pages != 3 || stamptest.Check(t, out) != 3 {
			t.Errorf("%s: %+v", name, report)
			continue
		}
		for i, page := range stamptest.Render(t, out, dpi) {
			band := stamptest.Part(page, image.Rect(0, page.Rect.Dy()-bandPixels, page.Rect.Dx(), page.Rect.Dy()))
			checkBand(t, i+1, band)
		}
		t.Logf("%s: by %s", name, report.Method)
	}
}

// brokenQpdf is a rung that always fails.
func brokenQpdf(o *pdfstamp.Options) { o.QpdfPath = "/bin/false"; o.StreamAbove = 1 }

// inPieces is a page in two content streams, the first of which is damaged: viewers
// show what they can, but nothing can be drawn after it with any certainty.
func inPieces() []byte {
	var packed bytes.Buffer
	z := zlib.NewWriter(&packed)
	_, _ = z.Write([]byte(strings.Repeat(stamptest.Form, 3)))
	_ = z.Close()
	broken := packed.Bytes()
	copy(broken[40:], bytes.Repeat([]byte{0xFF}, 20))
	var f stamptest.File
	f.Add("<</Type/Catalog/Pages 2 0 R>>")
	f.Add("<</Type/Pages/Kids[3 0 R 6 0 R]/Count 2/MediaBox[0 0 595.2 841.44]>>")
	f.Add("<</Type/Page/Parent 2 0 R/Contents[4 0 R 5 0 R]/Resources<<>>>>")
	f.AddRaw("/Filter/FlateDecode", broken)
	f.AddStream("", []byte("0 g 60 700 100 50 re f"))
	f.Add("<</Type/Page/Parent 2 0 R/Contents 5 0 R/Rotate 90/Resources<<>>>>")
	return f.Bytes()
}

func TestW10_RasterIsTheLastRung(t *testing.T) {
	in, out, report := stampFile(t, newStamper(t, withPoppler), inPieces())
	if report.Method != "raster" || report.Pages != 2 {
		t.Fatalf("report %+v", report)
	}
	before, after := stamptest.Render(t, in, 100), stamptest.Render(t, out, 100)
	for i := range before {
		if m := stamptest.Compare(before[i], after[i]); m.White < 0.2 && m.WhiteSeen > 0 {
			t.Errorf("page %d: %+v", i+1, m)
		}
		if dx := after[i].Rect.Dx() - before[i].Rect.Dx(); dx < -1 || dx > 1 {
			t.Errorf("page %d is %v, was %v", i+1, after[i].Rect.Size(), before[i].Rect.Size())
		}
	}
}

// TestW10_FailureLeavesNothing: no failure of any kind leaves a file under the name
// of the copy, or anything else in the folder.
func TestW10_FailureLeavesNothing(t *testing.T) {
	encrypted := filepath.Join(t.TempDir(), "encrypted.pdf")
	if out, err := exec.Command("qpdf", "--encrypt", "geheim", "geheim", "256", "--", write(t, sheets()["upright"]), encrypted).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	noPages := new(stamptest.File)
	noPages.Add("<</Type/Catalog/Pages 2 0 R>>")
	noPages.Add("<</Type/Pages/Kids[]/Count 0>>")
	loop := new(stamptest.File)
	loop.Add("<</Type/Catalog/Pages 2 0 R>>")
	loop.Add("<</Type/Pages/Kids[2 0 R]/Count 1>>")
	for _, tt := range []struct {
		name    string
		content []byte
		want    document.RefusalCode
	}{
		{"empty", nil, document.CodeEmpty},
		{"encrypted", read(t, encrypted), document.CodeEncrypted},
		{"not a pdf", []byte(strings.Repeat("text ", 500)), document.CodeCorrupt},
		{"header only", []byte("%PDF-1.4\n"), document.CodeCorrupt},
		{"no pages", noPages.Bytes(), document.CodeEmpty},
		{"page tree in a circle", loop.Bytes(), document.CodeCorrupt},
		{"truncated", sheets()["upright"][:300], document.CodeCorrupt},
		{"damaged in pieces, no renderer", inPieces(), document.CodeCorrupt},
	} {
		for method, s := range rungs(t) {
			dir := t.TempDir()
			in, out := filepath.Join(dir, "in.pdf"), filepath.Join(dir, "out.pdf")
			if err := os.WriteFile(in, tt.content, 0o600); err != nil {
				t.Fatal(err)
			}
			_, err := s.Stamp(t.Context(), in, out, mark(), stamp.DefaultTemplate())
			refusal, ok := document.AsRefusal(err)
			if !ok || refusal.Code != tt.want {
				t.Errorf("%s, %s: %v, want %s", tt.name, method, err, tt.want)
			} else if refusal.Message == "" || strings.Contains(refusal.Detail, dir) || strings.Contains(refusal.Detail, "geheim") {
				t.Errorf("%s, %s: refusal %+v", tt.name, method, refusal)
			}
			onlyInput(t, tt.name, dir)
		}
	}
}

func onlyInput(t *testing.T, name, dir string) {
	t.Helper()
	left, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range left {
		if e.Name() != "in.pdf" {
			t.Errorf("%s: %s is left behind", name, e.Name())
		}
	}
}

// hanging never answers, as pdfcpu on some files.
type hanging struct{}

func (hanging) Pages(ctx context.Context, _ string) iter.Seq2[pdfstamp.RasterPage, error] {
	return func(func(pdfstamp.RasterPage, error) bool) { select {} }
}

func TestW10_HangingParserTimesOut(t *testing.T) {
	s := newStamper(t, brokenQpdf, func(o *pdfstamp.Options) { o.Rasterizer = hanging{}; o.RungTimeout = 300 * time.Millisecond })
	dir := t.TempDir()
	in := filepath.Join(dir, "in.pdf")
	if err := os.WriteFile(in, sheets()["upright"], 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := s.Stamp(t.Context(), in, filepath.Join(dir, "out.pdf"), mark(), stamp.DefaultTemplate())
	if refusal, ok := document.AsRefusal(err); !ok || refusal.Code != document.CodeTimeout {
		t.Errorf("Stamp = %v, want a refusal for its time", err)
	}
	onlyInput(t, "hanging", dir)
}

func TestW10_CancelledIsNotTheFilesFault(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	dir := t.TempDir()
	in := filepath.Join(dir, "in.pdf")
	if err := os.WriteFile(in, sheets()["upright"], 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := newStamper(t).Stamp(ctx, in, filepath.Join(dir, "out.pdf"), mark(), stamp.DefaultTemplate())
	if _, refused := document.AsRefusal(err); refused || !errors.Is(err, context.Canceled) {
		t.Errorf("Stamp = %v, want context.Canceled", err)
	}
	onlyInput(t, "cancelled", dir)
}

// TestW10_OldCopyIsReplacedWholeOrNotAtAll: a failure must not harm what is there.
func TestW10_OldCopyIsReplacedWholeOrNotAtAll(t *testing.T) {
	s := newStamper(t)
	out := filepath.Join(t.TempDir(), "out.pdf")
	if err := os.WriteFile(out, []byte("earlier copy"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Stamp(t.Context(), write(t, []byte("%PDF-1.4 junk")), out, mark(), stamp.DefaultTemplate()); err == nil {
		t.Fatal("junk was stamped")
	}
	if got := string(read(t, out)); got != "earlier copy" {
		t.Errorf("the earlier copy is %q", got)
	}
}

// TestOnlyFilesAreReplaced: a rename would turn a device or a link into a file.
func TestOnlyFilesAreReplaced(t *testing.T) {
	dir := t.TempDir()
	link := filepath.Join(dir, "link.pdf")
	if err := os.Symlink("elsewhere.pdf", link); err != nil {
		t.Fatal(err)
	}
	for _, out := range []string{dir, link} {
		if _, err := newStamper(t).Stamp(t.Context(), write(t, sheets()["upright"]), out, mark(), stamp.DefaultTemplate()); err == nil {
			t.Errorf("%s was replaced", out)
		}
	}
}
