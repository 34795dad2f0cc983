package workroom_test

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"slices"
	"strings"
	"testing"

	"onewindow/document"
	"onewindow/internal/sample"
	"onewindow/ocr"
)

// TestScanQualityIsMeasured reads one permit as several scanners deliver it.
func TestScanQualityIsMeasured(t *testing.T) {
	s, doc := permit(t)
	room := newRoom(t, nil)
	for _, c := range []struct {
		name     string
		scan     sample.ScanOptions
		lo, hi   float64 // effective dpi
		warnings []string
	}{
		{"good", sample.ScanOptions{DPI: 300}, 290, 310, nil},
		{"below 200", sample.ScanOptions{DPI: 170}, 155, 175, []string{"coarse"}},
		{"below 150", sample.ScanOptions{DPI: 120}, 100, 125, []string{"low_resolution"}},
		{"faint", sample.ScanOptions{DPI: 300, Gray: true, Codec: sample.Flate, Damage: []sample.Degradation{{Kind: sample.Uneven, Strength: 1}, {Kind: sample.Faint, Strength: 1}}}, 250, 310, nil},
	} {
		pdf, err := s.Scan(doc, c.scan)
		if err != nil {
			t.Fatal(err)
		}
		p, err := room.ReadPage(t.Context(), put(t, "scan.pdf", pdf), 1, "", ocr.OpenOptions{})
		if err != nil {
			t.Fatal(err)
		}
		if p.Scan == nil || p.Scan.DPI < c.lo || p.Scan.DPI > c.hi || p.Scan.Contrast <= 0 {
			t.Errorf("%s: %+v, want %v to %v dpi", c.name, p.Scan, c.lo, c.hi)
		}
		for _, w := range c.warnings {
			if !slices.Contains(p.Warnings, w) {
				t.Errorf("%s: warnings %v lack %s", c.name, p.Warnings, w)
			}
		}
		if c.name == "good" && len(p.Warnings) > 0 {
			t.Errorf("a good scan is warned of: %v", p.Warnings)
		}
		if len(p.Lines) < 10 {
			t.Errorf("%s: read as %d lines only; it should be read as well as it can be", c.name, len(p.Lines))
		}
	}
}

// TestSealsAreEvidence finds the office's seal where it was put, on a scan lying
// on its side too, and in a born-digital file.
func TestSealsAreEvidence(t *testing.T) {
	s, doc := permit(t)
	var want document.Box
	for _, m := range doc.Pages[0].Marks {
		if seal, ok := m.(sample.Seal); ok {
			r := seal.Diameter / 2
			want = document.Box{seal.CX - r, seal.CY - r, seal.CX + r, seal.CY + r}
		}
	}
	if want == (document.Box{}) {
		t.Fatal("the sample has no seal")
	}
	side, err := s.Scan(doc, sample.ScanOptions{DPI: 200, Damage: []sample.Degradation{{Kind: sample.Turn90, Strength: 1}}})
	if err != nil {
		t.Fatal(err)
	}
	room := newRoom(t, nil)
	for name, file := range map[string][]byte{"born digital": s.PDF(doc), "sideways": side} {
		p, err := room.ReadPage(t.Context(), put(t, "sealed.pdf", file), 1, "", ocr.OpenOptions{})
		if err != nil {
			t.Fatal(err)
		}
		perMM := float64(p.Width) / doc.Pages[0].Width
		found := false
		for _, seal := range p.Seals {
			near := seal.Coverage > 0.05 && seal.Coverage < 0.8
			for i := range want {
				d := seal.Box[i]/perMM - want[i]
				near = near && d > -5 && d < 5
			}
			found = found || near
		}
		if !found {
			t.Errorf("%s: seals %+v, want one at %v mm (%v pixels a mm)", name, p.Seals, want, perMM)
		}
	}
	plain := sample.Make("rd-filing-cert", sample.NewProject(7), 7)
	for i, m := range plain.Pages[0].Marks {
		if seal, ok := m.(sample.Seal); ok {
			seal.Diameter = 0.1
			plain.Pages[0].Marks[i] = seal
		}
	}
	p, err := room.ReadPage(t.Context(), put(t, "plain.pdf", s.PDF(plain)), 1, "", ocr.OpenOptions{})
	if err != nil || len(p.Seals) != 0 {
		t.Errorf("without a seal: %+v %v", p.Seals, err)
	}
}

// TestBlankAndWordlessPages tells an empty side from a picture without words.
func TestBlankAndWordlessPages(t *testing.T) {
	s, _ := permit(t)
	room := newRoom(t, nil)
	for kind, want := range map[string]struct {
		blank   bool
		warning string
	}{"x-blank": {true, ""}, "x-photo": {false, "no_text"}} {
		if !sample.Has(kind) {
			t.Fatalf("no kind %s; there are %v", kind, sample.Confusables())
		}
		doc := sample.Make(kind, sample.NewProject(3), 3)
		pdf, err := s.Scan(doc, sample.ScanOptions{DPI: 150})
		if err != nil {
			t.Fatal(err)
		}
		p, err := room.ReadPage(t.Context(), put(t, kind+".pdf", pdf), 1, "", ocr.OpenOptions{})
		if err != nil {
			t.Fatal(err)
		}
		if p.Blank != want.blank || (want.warning != "") != slices.Contains(p.Warnings, "no_text") {
			t.Errorf("%s: blank %v, warnings %v, text %q", kind, p.Blank, p.Warnings, p.Text())
		}
	}
}

// TestPrintThatRunsOffThePageIsNoticed cuts the left centimetres off a scan.
func TestPrintThatRunsOffThePageIsNoticed(t *testing.T) {
	s, doc := permit(t)
	img := s.Image(doc.Pages[0], 200)
	cut := image.NewRGBA(image.Rect(0, 0, img.Rect.Dx()*2/3, img.Rect.Dy()))
	draw.Draw(cut, cut.Rect, image.NewUniform(color.White), image.Point{}, draw.Src)
	draw.Draw(cut, cut.Rect, img, image.Pt(img.Rect.Dx()/3, 0), draw.Src)
	file, err := sample.EncodePNG(cut, 200)
	if err != nil {
		t.Fatal(err)
	}
	p, err := newRoom(t, nil).ReadPage(t.Context(), put(t, "cut.png", file), 1, "", ocr.OpenOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if p.Scan == nil || !slices.Contains(p.Scan.Clipped, "left") || !slices.Contains(p.Warnings, "clipped") {
		t.Errorf("scan %+v, warnings %v", p.Scan, p.Warnings)
	}
}

// TestLabelsInAPictureJoinTheText lays a picture with words beside the words of
// the file itself: the page's text is both, and says so.
func TestLabelsInAPictureJoinTheText(t *testing.T) {
	s, _ := permit(t)
	pdf := withPicture(t, s)
	p, err := newRoom(t, nil).ReadPage(t.Context(), put(t, "mixed.pdf", pdf), 1, "", ocr.OpenOptions{})
	if err != nil {
		t.Fatal(err)
	}
	text := strings.ReplaceAll(p.Text(), " ", "")
	if p.Source != document.SourceMixed || !strings.Contains(text, "项目代码和建设单位由系统填写") || !strings.Contains(text, "linenumber30") {
		t.Errorf("source %s, text:\n%s", p.Source, p.Text())
	}
}

// withPicture is a PDF with lines of Latin text of its own and a picture that
// says something in Chinese below them.
func withPicture(t *testing.T, s *sample.Studio) []byte {
	t.Helper()
	words := sample.Page{Width: 150, Height: 40}
	for i, line := range []string{"项目代码和建设单位由系统填写", "其余各栏由申请单位填写并盖章"} {
		words.Marks = append(words.Marks, sample.Text{X: 6, Y: 14 + 14*float64(i), Size: 7, Ink: sample.Black, String: line})
	}
	picture, err := sample.EncodeJPEG(s.Image(words, 200), 200, 90)
	if err != nil {
		t.Fatal(err)
	}
	var content bytes.Buffer
	for i := range 30 {
		fmt.Fprintf(&content, "BT /F 11 Tf 60 %d Td (This text belongs to the file itself, line number %d of them all.) Tj ET\n", 780-18*i, i+1)
	}
	fmt.Fprintf(&content, "q 425 0 0 113 60 60 cm /Im Do Q\n")
	objects := []string{
		"<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Count 1/Kids[3 0 R]>>",
		"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F 4 0 R>>/XObject<</Im 5 0 R>>>>/Contents 6 0 R>>",
		"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
		fmt.Sprintf("<</Type/XObject/Subtype/Image/Width 1181/Height 315/ColorSpace/DeviceRGB/BitsPerComponent 8/Filter/DCTDecode/Length %d>>stream\n%s\nendstream", len(picture), picture),
		fmt.Sprintf("<</Length %d>>stream\n%s\nendstream", content.Len(), content.String()),
	}
	var out bytes.Buffer
	out.WriteString("%PDF-1.4\n")
	offsets := make([]int, len(objects))
	for i, o := range objects {
		offsets[i] = out.Len()
		fmt.Fprintf(&out, "%d 0 obj\n%s\nendobj\n", i+1, o)
	}
	start := out.Len()
	fmt.Fprintf(&out, "xref\n0 %d\n0000000000 65535 f \n", len(objects)+1)
	for _, o := range offsets {
		fmt.Fprintf(&out, "%010d 00000 n \n", o)
	}
	fmt.Fprintf(&out, "trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n", len(objects)+1, start)
	return out.Bytes()
}
