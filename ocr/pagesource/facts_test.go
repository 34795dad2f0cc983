package pagesource

import (
	"bytes"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"onewindow/document"
	"onewindow/ocr"
)

func TestActiveContentIsReported(t *testing.T) {
	for name, c := range map[string]struct {
		catalog, page string
		objects       []string
		want          []string
	}{
		"nothing":               {},
		"opens at a page":       {catalog: "/OpenAction[3 0 R/Fit]"},
		"goes to a page":        {catalog: "/OpenAction<</S/GoTo/D[3 0 R/Fit]>>"},
		"goes to a page by ref": {catalog: "/OpenAction 5 0 R", objects: []string{"<</S/GoTo/D[3 0 R/Fit]>>"}},
		"script on opening":     {catalog: "/OpenAction<</S/JavaScript/JS(app.alert\\(1\\))>>", want: []string{"javascript", "open_action"}},
		"script by reference":   {catalog: "/OpenAction 5 0 R", objects: []string{"<</S/JavaScript/JS 6 0 R>>", "(app.alert)"}, want: []string{"javascript", "open_action"}},
		"script tree":           {catalog: "/Names<</JavaScript<</Names[(a)5 0 R]>>>>", objects: []string{"<</S/JavaScript/JS(1)>>"}, want: []string{"javascript"}},
		"hidden by escapes":     {catalog: "/OpenAction<</#53/J#61vaScript/J#53(1)>>", want: []string{"javascript", "open_action"}},
		"launch":                {page: "/Annots[<</Type/Annot/Subtype/Link/Rect[0 0 9 9]/A<</S/Launch/F(cmd.exe)>>>>]", want: []string{"launch"}},
		"page action":           {page: "/AA<</O<</S/URI/URI(http://example.com)>>>>", want: []string{"open_action"}},
		"embedded file": {catalog: "/Names<</EmbeddedFiles<</Names[(a.txt)5 0 R]>>>>",
			objects: []string{"<</Type/Filespec/F(a.txt)/EF<</F 6 0 R>>>>", stream("/Type/EmbeddedFile", "hello")}, want: []string{"embedded_files"}},
		"attachment":                {page: "/Annots[<</Type/Annot/Subtype/FileAttachment/Rect[0 0 9 9]>>]", want: []string{"embedded_files"}},
		"xfa":                       {catalog: "/AcroForm<</Fields[]/XFA[(template)5 0 R]>>", objects: []string{stream("", "<xdp/>")}, want: []string{"xfa"}},
		"behind an odd parenthesis": {objects: []string{"(", "<</S/Launch/F(cmd.exe)>>"}, want: []string{"launch"}},
	} {
		t.Run(name, func(t *testing.T) {
			data := onePage(c.catalog, c.page, "", c.objects...)
			path := write(t, "a.pdf", data)
			check := func(path string, opts ocr.OpenOptions) {
				t.Helper()
				f, err := source.Inspect(t.Context(), path, opts)
				if err != nil {
					t.Fatal(err)
				}
				if !slices.Equal(f.Active, c.want) {
					t.Errorf("active %v, want %v", f.Active, c.want)
				}
			}
			check(path, ocr.OpenOptions{})
			if name == "behind an odd parenthesis" {
				return // qpdf drops what nothing refers to
			}
			// The same packed into object streams, and packed and encrypted.
			packed, locked := in(t, "packed.pdf"), in(t, "locked.pdf")
			tool(t, "qpdf", "--warning-exit-0", "--object-streams=generate", path, packed)
			check(packed, ocr.OpenOptions{})
			tool(t, "qpdf", "--warning-exit-0", "--object-streams=generate", "--encrypt", "user", "owner", "256", "--", path, locked)
			check(locked, ocr.OpenOptions{Password: "user"})
		})
	}
}

func TestSignatureIsReported(t *testing.T) {
	field := "<</Type/Annot/Subtype/Widget/FT/Sig/T(seal)/Rect[0 0 0 0]/F 132%s>>"
	value := "<</Type/Sig/Filter/Adobe.PPKLite/SubFilter/adbe.pkcs7.detached/ByteRange[0 100 300 50]/Contents<" + strings.Repeat("30", 200) + ">>>"
	for name, c := range map[string]struct {
		objects []string
		want    bool
	}{
		"signed":         {[]string{fmt.Sprintf(field, "/V 6 0 R"), value}, true},
		"field to sign":  {[]string{fmt.Sprintf(field, "")}, false},
		"inside a field": {[]string{fmt.Sprintf(field, "/V"+value)}, true},
	} {
		t.Run(name, func(t *testing.T) {
			path := write(t, "a.pdf", onePage("/AcroForm<</Fields[5 0 R]/SigFlags 3>>", "/Annots[5 0 R]", "", c.objects...))
			if f := inspect(t, path); f.Signed != c.want {
				t.Errorf("signed %v, want %v", f.Signed, c.want)
			}
		})
	}
}

func TestTruncatedPDFIsRefused(t *testing.T) {
	whole := read(t, born(t))
	linear := in(t, "linear.pdf")
	tool(t, "qpdf", "--linearize", born(t), linear)
	updated := append(bytes.Clone(whole), "\n9999 0 obj\n<</Type/Page>>\nendobj\nxref\n9999 1\n0000"...)
	cases := map[string][]byte{
		"in an update": updated,
		"zeros at end": append(bytes.Clone(whole[:len(whole)*3/4]), make([]byte, len(whole)/4)...),
	}
	for _, at := range []int{9, 100, len(whole) / 4, len(whole) / 2, len(whole) - 500, len(whole) - 30} {
		cases[fmt.Sprintf("at %d of %d", at, len(whole))] = whole[:at]
	}
	lin := read(t, linear)
	for _, at := range []int{1500, len(lin) / 2, len(lin) - 100} {
		cases[fmt.Sprintf("linearized at %d of %d", at, len(lin))] = lin[:at]
	}
	for name, data := range cases {
		t.Run(name, func(t *testing.T) {
			path := write(t, "cut.pdf", data)
			if r := refused(t, path, document.CodeCorrupt, ocr.OpenOptions{}); r.Message != sayTruncated {
				t.Errorf("message %q", r.Message)
			}
			if _, err := source.Open(t.Context(), path, ocr.OpenOptions{}); err == nil {
				t.Error("Open accepts it")
			}
		})
	}
	for name, data := range map[string][]byte{
		"whole": whole, "linearized": lin, "without last line end": bytes.TrimRight(whole, "\r\n"),
		"marker cut": bytes.TrimRight(whole, "\r\n")[:len(bytes.TrimRight(whole, "\r\n"))-2],
		"padded":     append(bytes.Clone(whole), make([]byte, 5000)...),
		"junk first": append([]byte("HTTP/1.1 200 OK\r\n\r\n"), whole...),
	} {
		t.Run(name, func(t *testing.T) {
			c := pageOf(t, write(t, "a.pdf", data), 1)
			if c.Text == nil {
				t.Error("no text")
			}
		})
	}
}

func TestBrokenIndexIsRepaired(t *testing.T) {
	whole := read(t, born(t))
	for name, spoil := range map[string]func([]byte) []byte{
		"startxref wrong": func(b []byte) []byte {
			i := bytes.LastIndex(b, []byte("startxref"))
			return append(append(bytes.Clone(b[:i]), "startxref\n12\n%%EOF\n"...), '\n')
		},
		"table wrong": func(b []byte) []byte {
			i := bytes.LastIndex(b, []byte("xref\n0"))
			return append(bytes.Clone(b[:i]), bytes.ReplaceAll(b[i:], []byte("0000"), []byte("9999"))...)
		},
		"bytes lost": func(b []byte) []byte { return append([]byte("%PDF-1.4\n"), b[40:]...) },
	} {
		t.Run(name, func(t *testing.T) {
			path := write(t, "a.pdf", spoil(whole))
			if f := inspect(t, path); !f.Repaired || f.Pages != 1 {
				t.Errorf("facts %+v, want repaired", f)
			}
			if c := pageOf(t, path, 1); c.Text == nil || len(c.Text.Lines) != len(bornLines) {
				t.Errorf("lines %q", textsOf(c.Text))
			}
		})
	}
}

func TestHopelessFilesAreRefused(t *testing.T) {
	for name, c := range map[string]struct {
		data []byte
		code document.RefusalCode
		say  string
	}{
		"nothing":           {nil, document.CodeEmpty, sayEmpty},
		"zeros":             {make([]byte, 100_000), document.CodeCorrupt, sayZeros},
		"header only":       {[]byte("%PDF-1.7\n"), document.CodeCorrupt, sayTruncated},
		"no objects":        {[]byte("%PDF-1.7\ntrailer<</Root 1 0 R>>\nstartxref\n9\n%%EOF"), document.CodeCorrupt, sayCorrupt},
		"no pages":          {rawPDF("", "<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[]/Count 0>>"), document.CodeEmpty, sayNoPages},
		"pages in a ring":   {rawPDF("", "<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[2 0 R]/Count 1>>"), "", ""},
		"count of a lie":    {rawPDF("", "<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[]/Count 2000000000>>"), "", ""},
		"page not a page":   {rawPDF("", "<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[3 0 R]/Count 1>>", "(x)"), document.CodeCorrupt, sayCorrupt},
		"deep nesting":      {rawPDF("", "<</Type/Catalog/Pages 2 0 R/X"+strings.Repeat("[", 200_000)+">>"), "", ""},
		"text":              {[]byte("这是一个文本文件，不是 PDF。"), document.CodeUnsupported, "系统不读取文本文件。请另存为 PDF 后上传。"},
		"noise":             {bytes.Repeat([]byte{0x8f, 3, 0xd2, 0x11}, 500), document.CodeUnsupported, "无法识别文件的类型。" + doAny},
		"old office":        {append([]byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), make([]byte, 4000)...), document.CodeUnsupported, ""},
		"rich text":         {[]byte(`{\rtf1\ansi hello}`), document.CodeUnsupported, "系统不读取RTF 文档。请另存为 PDF 后上传。"},
		"rar":               {[]byte("Rar!\x1a\x07\x01\x00aaaaaaaaaaaaaaaa"), document.CodeUnsupported, "系统不读取压缩包。请解压后把里面的文件逐个上传。"},
		"dwg":               {[]byte("AC1027\x00\x00\x00\x00\x00aaaaaaaaaaaaaaa"), document.CodeUnsupported, "系统不读取CAD 图纸。请打印（导出）为 PDF 后上传。"},
		"avif":              {[]byte("\x00\x00\x00\x1cftypavif\x00\x00\x00\x00avifmif1miaf"), document.CodeUnsupported, ""},
		"windows program":   {append([]byte("MZ"), make([]byte, 400)...), document.CodeUnsupported, ""},
		"text that says BM": {[]byte("BMW ist ein Auto, kein Bild, und dieser Text ist lang genug."), document.CodeUnsupported, ""},
	} {
		t.Run(name, func(t *testing.T) {
			path := write(t, "a.bin", c.data)
			_, err := source.Inspect(t.Context(), path, ocr.OpenOptions{})
			r := asRefusal(t, err)
			if c.code != "" && r.Code != c.code || c.say != "" && r.Message != c.say {
				t.Errorf("refusal %+v", r)
			}
			if !strings.Contains(r.Message, "请") {
				t.Errorf("message %q does not tell what to do", r.Message)
			}
			pages, err := source.Open(t.Context(), path, ocr.OpenOptions{})
			if err == nil { // what is wrong shows when the page is read
				_, err = pages.Page(t.Context(), 1)
				pages.Close()
			}
			asRefusal(t, err)
		})
	}
}

// Office files come zipped; the advice names what they are.
func TestOfficeFilesAreToldToSaveAsPDF(t *testing.T) {
	for part, want := range map[string]string{
		"word/document.xml": "Word", "xl/workbook.xml": "Excel", "ppt/presentation.xml": "PowerPoint", "notes.txt": "压缩包",
	} {
		path := write(t, "a.zip", zipOf(t, "[Content_Types].xml", "<Types/>", "_rels/.rels", "<Relationships/>", part, "<x/>"))
		r := refused(t, path, document.CodeUnsupported, ocr.OpenOptions{})
		if !strings.Contains(r.Message, want) {
			t.Errorf("%s: message %q", part, r.Message)
		}
	}
}

func TestTypeComesFromContent(t *testing.T) {
	pdf := write(t, "photo.jpg", read(t, born(t)))
	if f := inspect(t, pdf); f.MediaType != "application/pdf" || f.Extension != ".pdf" {
		t.Errorf("facts %+v", f)
	}
	jpg := write(t, "document.pdf", read(t, corners(t, "a.jpg", 120, 80)))
	if f := inspect(t, jpg); f.MediaType != "image/jpeg" || f.Extension != ".jpg" {
		t.Errorf("facts %+v", f)
	}
}

func TestMissingFileIsNotBlamedOnItself(t *testing.T) {
	_, err := source.Inspect(t.Context(), in(t, "none.pdf"), ocr.OpenOptions{})
	if err == nil {
		t.Fatal("no error")
	}
	if _, blamed := document.AsRefusal(err); blamed {
		t.Errorf("error %v is a refusal", err)
	}
	if strings.Contains(err.Error(), "none.pdf") {
		t.Errorf("error %v names the file", err)
	}
	if _, err := source.Inspect(t.Context(), os.TempDir(), ocr.OpenOptions{}); err == nil {
		t.Error("a folder is a document")
	}
}

func TestThousandsOfPages(t *testing.T) {
	many := func(n int) []byte {
		objects := []string{"<</Type/Catalog/Pages 2 0 R>>", ""}
		var kids strings.Builder
		for i := range n {
			fmt.Fprintf(&kids, "%d 0 R ", i+3)
			objects = append(objects, "<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 200]>>")
		}
		objects[1] = fmt.Sprintf("<</Type/Pages/Kids[%s]/Count %d>>", kids.String(), n)
		return rawPDF("", objects...)
	}
	r := refused(t, write(t, "5000.pdf", many(5000)), document.CodeTooLarge, ocr.OpenOptions{})
	if !strings.Contains(r.Message, "5000") || !strings.Contains(r.Message, "2000") {
		t.Errorf("message %q does not say how many", r.Message)
	}
	start := time.Now()
	if f := inspect(t, write(t, "2000.pdf", many(2000))); f.Pages != 2000 {
		t.Errorf("%d pages", f.Pages)
	}
	if d := time.Since(start); d > 5*time.Second {
		t.Errorf("2,000 pages took %v", d)
	}
	refused(t, in(t, "2000.pdf"), document.CodeTooLarge, ocr.OpenOptions{Limits: ocr.Limits{MaxObjects: 1000}})
}

func TestBombsInPDF(t *testing.T) {
	zeros := make([]byte, 300<<20)
	once := deflate(zeros)
	twice := deflate([]byte(once))
	picture := "/Type/XObject/Subtype/Image/Width 60000/Height 60000/BitsPerComponent 8/ColorSpace/DeviceRGB/Filter/FlateDecode"
	pack := "/Type/ObjStm/N 1/First 4/Filter/FlateDecode"
	for name, object := range map[string]string{
		"stream":         stream("/Filter/FlateDecode", once),
		"deflated twice": stream("/Filter[/FlateDecode/FlateDecode]", twice),
		"hidden length":  strings.Replace(stream("/Filter/FlateDecode", once), "/Length ", "/Length 6 0 R/X ", 1),
		"object stream":  stream(pack, deflate(append([]byte("9 0 <<"), zeros...))),
		"picture":        stream(picture, "x"),
		"many objects":   stream("/Type/ObjStm/N 600000/First 4/Filter/FlateDecode", deflate([]byte("9 0 null"))),
	} {
		t.Run(name, func(t *testing.T) {
			start := time.Now()
			refused(t, write(t, "a.pdf", onePage("", "", "", object)), document.CodeTooLarge, ocr.OpenOptions{})
			if d := time.Since(start); d > 10*time.Second {
				t.Errorf("took %v", d)
			}
		})
	}
}

// A large black-and-white drawing is no bomb.
func TestLargeDrawingIsAccepted(t *testing.T) {
	picture := "/Type/XObject/Subtype/Image/Width 19866/Height 28087/BitsPerComponent 1/ColorSpace/DeviceGray/Filter/CCITTFaxDecode/DecodeParms<</K -1/Columns 19866/Rows 28087>>"
	inspect(t, write(t, "a.pdf", onePage("", "", "", stream(picture, "x"))))
}
