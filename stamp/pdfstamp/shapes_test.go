package pdfstamp_test

import (
	"bytes"
	"fmt"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"onewindow/stamp"
	"onewindow/stamp/stamptest"
)

// qpdfAs rewrites a file with qpdf.
func qpdfAs(t *testing.T, content []byte, args ...string) []byte {
	t.Helper()
	out := filepath.Join(t.TempDir(), "as.pdf")
	if b, err := exec.Command("qpdf", append(args, write(t, content), out)...).CombinedOutput(); err != nil {
		t.Fatalf("qpdf %v: %v: %s", args, err, b)
	}
	return read(t, out)
}

// tree is a deep page tree: attributes come from ancestors, one page stands in it
// twice, one has no type.
func tree() []byte {
	var f stamptest.File
	f.Add("<</Type/Catalog/Pages 2 0 R/Outlines 12 0 R>>")
	f.Add("<</Type/Pages/Kids[3 0 R 4 0 R]/Count 4/MediaBox[0 0 595.2 841.44]/Resources<</Font<</F<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>>>")
	f.Add("<</Type/Pages/Parent 2 0 R/Kids[5 0 R 6 0 R]/Count 2/Rotate 90>>")
	f.Add("<</Type/Pages/Parent 2 0 R/Kids[7 0 R 5 0 R]/Count 2/CropBox[50 50 500 700]>>")
	f.Add("<</Type/Page/Parent 3 0 R/Contents 8 0 R>>")
	f.Add("<</Type/Page/Parent 3 0 R/Contents[8 0 R 9 0 R]/Rotate 0>>")
	f.Add("<</Parent 4 0 R/Contents 8 0 R/MediaBox 10 0 R>>")
	f.AddStream("", []byte(stamptest.Form))
	f.AddStream("", []byte("0 g BT /F 20 Tf 60 60 Td (second stream) Tj ET"))
	f.Add("[0 0 11 0 R 841.44]")
	f.Add("595.2")
	f.Add("<</Type/Outlines/First 13 0 R/Last 13 0 R/Count 1>>")
	f.Add("<</Title(to page 2)/Parent 12 0 R/Dest[6 0 R/Fit]>>")
	return f.Bytes()
}

func TestPageTreeShapes(t *testing.T) {
	for method, s := range rungs(t) {
		in, out, report := stampFile(t, s, tree())
		if n := stamptest.Check(t, out); n != 4 || report.Pages != 4 {
			t.Errorf("%s: %d pages, reported %d, want 4", method, n, report.Pages)
		}
		if !strings.Contains(stamptest.Objects(t, out), "to page 2") {
			t.Errorf("%s: the outline is gone", method)
		}
		before, after := stamptest.Render(t, in, dpi), stamptest.Render(t, out, dpi)
		for i := range before {
			checkPage(t, i+1, before[i], after[i])
		}
		if a, c := stamptest.Text(t, in), stamptest.Text(t, out); a != c || strings.Count(c, "second stream") != 1 {
			t.Errorf("%s: text %q, was %q", method, c, a)
		}
	}
}

// TestFileForms takes the same pages in every form PDF files are stored in.
func TestFileForms(t *testing.T) {
	plain := sheets()["many pages"]
	update := append(bytes.Clone(plain), fmt.Appendf(nil, "\nxref\n0 0\ntrailer\n<</Size 9/Root 1 0 R/Prev %d>>\nstartxref\n%d\n%%%%EOF\n",
		bytes.LastIndex(plain, []byte("xref\n0 ")), len(plain)+1)...)
	forms := map[string][]byte{
		"object streams": qpdfAs(t, plain, "--object-streams=generate"),
		"linearized":     qpdfAs(t, plain, "--linearize"),
		"owner password": qpdfAs(t, plain, "--encrypt", "", "owner", "256", "--print=none", "--"),
		"rc4":            qpdfAs(t, plain, "--allow-weak-crypto", "--encrypt", "", "owner", "128", "--use-aes=n", "--"),
		"pdf 2.0":        qpdfAs(t, plain, "--force-version=2.0"),
		"appended":       update,
	}
	want := stamptest.Render(t, write(t, plain), 50)
	for method, s := range rungs(t) {
		for form, content := range forms {
			_, out, report := stampFile(t, s, content)
			if report.Pages != 3 || report.Method != method || stamptest.Check(t, out) != 3 {
				t.Errorf("%s, %s: %+v", method, form, report)
			}
			if bytes.Contains(read(t, out), []byte("/Encrypt")) {
				t.Errorf("%s, %s: the copy is encrypted", method, form)
			}
			for i, page := range stamptest.Render(t, out, 50) {
				if m := stamptest.Compare(want[i], page); m.Dark > 1 || m.Seal > 1 || page.Rect.Dx() != want[i].Rect.Dx() {
					t.Errorf("%s, %s, page %d: %+v", method, form, i+1, m)
				}
			}
		}
	}
}

// TestOddNamesAndStrings sends names and strings of all bytes through both rungs.
func TestOddNamesAndStrings(t *testing.T) {
	var f stamptest.File
	f.Add("<</Type/Catalog/Pages 2 0 R/Lang(zh\\255CN)>>")
	f.Add("<</Type/Pages/Kids[3 0 R]/Count 1/MediaBox[0 0 595 842]>>")
	f.Add("<</Type/Page/Parent 2 0 R/Contents 4 0 R/Resources<</Font<</A#20B 5 0 R/\xe5\x90\x8d 5 0 R/C#23 5 0 R/D#ff#fe 5 0 R>>>>>>")
	f.AddStream("", []byte("BT /A#20B 12 Tf 60 700 Td (one) Tj /\xe5\x90\x8d 12 Tf 0 -20 Td (two) Tj /C#23 12 Tf 0 -20 Td (three) Tj /D#ff#fe 12 Tf 0 -20 Td (four) Tj ET"))
	f.Add("<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>")
	f.Add("<</Title<FEFF5BA16279>/Author(a\\(b\\)\\\\c\\000\\377)/Subject()>>")
	f.Trailer = "/Info 6 0 R"
	for method, s := range rungs(t) {
		in, out, _ := stampFile(t, s, f.Bytes())
		if a, c := stamptest.Text(t, in), stamptest.Text(t, out); a != c || !strings.Contains(c, "four") {
			t.Errorf("%s: text %q, was %q", method, c, a)
		}
		a, c := info(t, in), info(t, out)
		if a != c || !strings.Contains(c, "审批") {
			t.Errorf("%s: document information %q, was %q", method, c, a)
		}
	}
}

func info(t *testing.T, path string) string {
	t.Helper()
	out, err := exec.Command("pdfinfo", path).Output()
	if err != nil {
		t.Fatal(err)
	}
	head, _, _ := strings.Cut(string(out), "Producer")
	head, _, _ = strings.Cut(head, "Custom Metadata")
	return head
}

// TestW4_PagesThatBlendThemselves: white paper laid below would change what they
// show, so the soft edges of their print may take a little tint.
func TestW4_PagesThatBlendThemselves(t *testing.T) {
	for kind, extra := range map[string]string{
		"screen":     "/Resources<</Font<</F<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>/ExtGState<</B<</BM/Screen>>>>>>",
		"cmyk group": "/Group<</S/Transparency/CS/DeviceCMYK>>",
	} {
		content := stamptest.Form
		if kind == "screen" {
			content = "/B gs " + content
		}
		var f stamptest.File
		f.Add("<</Type/Catalog/Pages 2 0 R>>")
		f.Add("<</Type/Pages/Kids[3 0 R]/Count 1/MediaBox[0 0 595.2 841.44]/Resources<</Font<</F<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>>>")
		f.Add("<</Type/Page/Parent 2 0 R/Contents 4 0 R" + extra + ">>")
		f.AddStream("", []byte(content))
		in, out, _ := stampFile(t, newStamper(t), f.Bytes())
		m := stamptest.Compare(stamptest.Render(t, in, dpi)[0], stamptest.Render(t, out, dpi)[0])
		if m.Dark > 8 || m.White < 0.2 || m.DarkSeen < 1000 {
			t.Errorf("%s: %+v", kind, m)
		}
	}
}

// TestW9_TheOriginalIsNeverTouched: marking makes a copy; what was signed or issued
// stays bit for bit.
func TestW9_TheOriginalIsNeverTouched(t *testing.T) {
	for method, s := range rungs(t) {
		for name, content := range map[string][]byte{"signed": signed(), "active": active(), "damaged": damaged(t)["junk before"]} {
			in, _, _ := stampFile(t, s, content)
			if !bytes.Equal(read(t, in), content) {
				t.Errorf("%s: the original of %q was changed", method, name)
			}
		}
	}
}

func TestManyAtOnce(t *testing.T) {
	s := newStamper(t)
	in, out, _ := stampFile(t, s, sheets()["upright"])
	want := read(t, out)
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			out := filepath.Join(t.TempDir(), "out.pdf")
			if _, err := s.Stamp(t.Context(), in, out, mark(), stamp.DefaultTemplate()); err != nil {
				t.Error(err)
			} else if !bytes.Equal(read(t, out), want) {
				t.Error("one of many differs")
			}
		})
	}
	all.Wait()
}

func TestPreviewShowsBothWaysOfPaper(t *testing.T) {
	out := filepath.Join(t.TempDir(), "preview.pdf")
	report, err := stamp.Preview(t.Context(), stamp.ByContent{PDF: newStamper(t)}, out, stamp.SampleMark("http://127.0.0.1:8080"), stamp.DefaultTemplate())
	if err != nil || report.Pages != 2 {
		t.Fatalf("%+v, %v", report, err)
	}
	if n := stamptest.Check(t, out); n != 2 {
		t.Errorf("%d pages", n)
	}
	pages := stamptest.Render(t, out, 300)
	for i, want := range []string{"tall", "wide"} {
		if got := map[bool]string{true: "tall", false: "wide"}[pages[i].Rect.Dy() > pages[i].Rect.Dx()]; got != want {
			t.Errorf("page %d is %s", i+1, got)
		}
		if got := stamptest.Zbar(t, pages[i]); got != "http://127.0.0.1:8080/v/23456789ABC4" {
			t.Errorf("page %d: QR %q", i+1, got)
		}
	}
}
