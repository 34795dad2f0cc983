package pdfstamp_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"onewindow/stamp"
	"onewindow/stamp/stamptest"
)

// active is a file with every kind of active content, some of it hidden well.
func active() []byte {
	var f stamptest.File
	script := `<</Type/Nonsense/S/JavaScript/JS(app.alert\(1\))>>`
	f.Add("") // catalog
	f.Add(`<</Type/Pages/Kids[3 0 R]/Count 1/MediaBox[0 0 595 842]>>`)
	f.Add(`<</Type/Page/Parent 2 0 R/Contents 4 0 R/AA<</O 5 0 R>>/Thumb 12 0 R/PieceInfo<</X<</Private 14 0 R>>>>
		/Annots[6 0 R 7 0 R 8 0 R 9 0 R 10 0 R]/Resources<</Font<</AA 11 0 R/A 11 0 R/JS 11 0 R>>>>>>`)
	f.AddStream("", []byte("BT /AA 20 Tf 60 600 Td (kept) Tj ET"))
	f.Add(script)
	f.Add(`<</Type/Annot/Subtype/Link/Rect[10 10 90 90]/A 5 0 R>>`)
	f.Add(`<</Type/Annot/Subtype/Link/Rect[10 100 90 190]/A<</S/URI/URI(https://example.gov.cn)/Next[5 0 R]>>>>`)
	f.Add(`<</Type/Annot/Subtype/Link/Rect[10 200 90 290]/A<</S/Launch/P 1/Win<</F(calc.exe)>>>>>>`)
	f.Add(`<</Type/Annot/Subtype/FileAttachment/Rect[10 300 90 390]/FS 13 0 R>>`)
	f.Add(`<</Type/Annot/Subtype/Screen/Rect[10 400 90 490]/A<</S/Rendition/JS(app.alert\(2\))>>>>`)
	f.Add(`<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>`)
	f.AddStream(`/Type/XObject/Subtype/Image/Width 1/Height 1/BitsPerComponent 8/ColorSpace/DeviceGray`, []byte{7})
	f.Add(`<</Type/Filespec/F(malware.exe)/EF<</F 14 0 R>>>>`)
	f.AddStream(`/Type/EmbeddedFile`, []byte("MALWARE-BYTES"))
	f.Add(`<</Type/Page/MediaBox[0 0 100 100]/Contents 16 0 R>>`) // not in the tree
	f.AddStream("", []byte("%UNMARKED-PAGE"))
	f.Set(1, `<</Type/Catalog/Pages 2 0 R/OpenAction 5 0 R/AA<</WC 5 0 R>>/Names<</JavaScript<</Names[(a) 5 0 R]>>
		/EmbeddedFiles<</Names[(m) 13 0 R]>>>>/AcroForm<</Fields[]/XFA(<xdp/>)/CO[]>>/Dests<</hidden[15 0 R/Fit]>>
		/Outlines<</Type/Outlines/First<</Title(x)/A<</S/SubmitForm/F(https://evil.example)>>>>>>>>`)
	return f.Bytes()
}

func TestActiveContentIsStripped(t *testing.T) {
	for method, s := range rungs(t) {
		in, out, report := stampFile(t, s, active())
		want := []string{"additional_actions", "embedded_files", "javascript", "launch", "open_action", "private_data", "rich_media", "submit_form", "xfa"}
		if d := cmp.Diff(want, report.Stripped); d != "" {
			t.Errorf("%s: stripped: %s", method, d)
		}
		objects := stamptest.Objects(t, out)
		for _, trace := range []string{"JavaScript", "/JS (", "app.alert", "Launch", "calc.exe", "malware", "MALWARE", "EmbeddedFile", "Rendition",
			"SubmitForm", "XFA", "xdp", "UNMARKED", "FileAttachment", "/Thumb", "PieceInfo", "OpenAction"} {
			if strings.Contains(objects, trace) {
				t.Errorf("%s: %q is still in the copy", method, trace)
			}
		}
		if !strings.Contains(objects, "https://example.gov.cn") {
			t.Errorf("%s: the plain link is gone", method)
		}
		if got := stamptest.Text(t, out); got != stamptest.Text(t, in) || !strings.Contains(got, "kept") {
			t.Errorf("%s: text is %q: a font named like an action is gone", method, got)
		}
	}
}

func TestHarmlessFilesReportNothing(t *testing.T) {
	for method, s := range rungs(t) {
		if _, _, report := stampFile(t, s, sheets()["upright"]); report.Stripped != nil || report.Signed {
			t.Errorf("%s: report %+v", method, report)
		}
	}
}

// signed is a file with one signature shown as a seal, one invisible, one empty
// signature field and a text field.
func signed() []byte {
	var f stamptest.File
	f.Add(`<</Type/Catalog/Pages 2 0 R/AcroForm<</SigFlags 3/Fields[5 0 R 6 0 R 7 0 R 8 0 R]>>/Perms<</DocMDP 9 0 R>>>>`)
	f.Add(`<</Type/Pages/Kids[3 0 R]/Count 1/MediaBox[0 0 595 842]>>`)
	f.Add(`<</Type/Page/Parent 2 0 R/Contents 4 0 R/Resources<<>>/Annots[5 0 R 6 0 R 7 0 R 8 0 R]>>`)
	f.AddStream("", []byte("0 g 60 600 200 50 re f"))
	widget := `/Type/Annot/Subtype/Widget/P 3 0 R`
	f.Add(`<<` + widget + `/FT/Sig/T(seal)/V 9 0 R/Rect[300 300 400 400]/F 4/AP<</N 10 0 R>>>>`)
	f.Add(`<<` + widget + `/FT/Sig/T(invisible)/V 9 0 R/Rect[0 0 0 0]/F 132>>`)
	f.Add(`<<` + widget + `/FT/Sig/T(empty)/Rect[300 100 400 150]/F 4>>`)
	f.Add(`<<` + widget + `/FT/Tx/T(name)/V(text)/Rect[60 100 200 120]/F 4>>`)
	f.Add(`<</Type/Sig/Filter/Adobe.PPKLite/SubFilter/adbe.pkcs7.detached/ByteRange[0 10 20 30]/Contents<3082>>>`)
	f.AddStream(`/Type/XObject/Subtype/Form/BBox[0 0 100 100]`, []byte("1 0 0 RG 8 w 10 10 80 80 re S"))
	return f.Bytes()
}

func TestSignedFilesGiveAMarkedCopyThatSaysSo(t *testing.T) {
	for method, s := range rungs(t) {
		in, out, report := stampFile(t, s, signed())
		if !report.Signed {
			t.Errorf("%s: not reported as signed", method)
		}
		objects := stamptest.Objects(t, out)
		for _, trace := range []string{"/Sig", "ByteRange", "SigFlags", "DocMDP"} {
			if strings.Contains(objects, trace) {
				t.Errorf("%s: %q is still in the copy: viewers would warn of a broken signature", method, trace)
			}
		}
		if !strings.Contains(objects, "/FT /Tx") {
			t.Errorf("%s: the text field is gone", method)
		}
		before, after := stamptest.Render(t, in, dpi)[0], stamptest.Render(t, out, dpi)[0]
		if m := stamptest.Compare(before, after); m.SealSeen < 1000 || m.Seal > 1 || m.Dark > 1 {
			t.Errorf("%s: the seal is not shown as it was: %+v", method, m)
		}
		m := mark()
		m.Notice = "原件带有数字签名，本件为加注标记的副本，签名以原件为准"
		told := filepath.Join(t.TempDir(), "told.pdf")
		if _, err := s.Stamp(t.Context(), in, told, m, stamp.DefaultTemplate()); err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(read(t, told), read(t, out)) {
			t.Errorf("%s: the notice is not printed by itself", method)
		}
	}
}

func read(t testing.TB, path string) []byte {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return b
}
