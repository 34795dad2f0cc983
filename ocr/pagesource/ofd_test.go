package pagesource

import (
	"archive/zip"
	"bytes"
	"encoding/asn1"
	"fmt"
	"image"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding/simplifiedchinese"

	"onewindow/document"
	"onewindow/ocr"
)

// ofdFile builds OFD packages: pages is the content of each page, extra more
// entries as pairs of name and content.
type ofdFile struct {
	template string   // content of the template page
	pages    []string // content of each page
	res      string   // resources
	body     string   // more entries of Document.xml
	docBody  string   // more entries of OFD.xml
	extra    []string
}

const ofdNS = `xmlns:ofd="http://www.ofdspec.org/2016"`

func (f ofdFile) entries() []string {
	var list strings.Builder
	out := []string{"OFD.xml", `<?xml version="1.0" encoding="UTF-8"?><ofd:OFD ` + ofdNS + ` DocType="OFD" Version="1.1"><ofd:DocBody>` +
		`<ofd:DocInfo><ofd:DocID>1</ofd:DocID></ofd:DocInfo><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot>` + f.docBody + `</ofd:DocBody></ofd:OFD>`}
	for i, p := range f.pages {
		fmt.Fprintf(&list, `<ofd:Page ID="%d" BaseLoc="Pages/Page_%d/Content.xml"/>`, i+1, i)
		use := ""
		if f.template != "" {
			use = `<ofd:Template TemplateID="100" ZOrder="Background"/>`
		}
		out = append(out, fmt.Sprintf("Doc_0/Pages/Page_%d/Content.xml", i),
			`<ofd:Page `+ofdNS+`>`+use+`<ofd:Content><ofd:Layer ID="9">`+p+`</ofd:Layer></ofd:Content></ofd:Page>`)
	}
	common := `<ofd:PageArea><ofd:PhysicalBox>0 0 210 140</ofd:PhysicalBox></ofd:PageArea><ofd:PublicRes>PublicRes.xml</ofd:PublicRes>`
	if f.template != "" {
		common += `<ofd:TemplatePage ID="100" BaseLoc="Tpl.xml"/>`
		out = append(out, "Doc_0/Tpl.xml", `<ofd:Page `+ofdNS+`><ofd:Content><ofd:Layer>`+f.template+`</ofd:Layer></ofd:Content></ofd:Page>`)
	}
	out = append(out,
		"Doc_0/Document.xml", `<ofd:Document `+ofdNS+`><ofd:CommonData>`+common+`</ofd:CommonData><ofd:Pages>`+list.String()+`</ofd:Pages>`+f.body+`</ofd:Document>`,
		"Doc_0/PublicRes.xml", `<ofd:Res `+ofdNS+` BaseLoc="Res"><ofd:Fonts><ofd:Font ID="1" FontName="宋体"/></ofd:Fonts>`+f.res+`</ofd:Res>`)
	return append(out, f.extra...)
}

func (f ofdFile) write(t testing.TB) string {
	t.Helper()
	return write(t, "a.ofd", zipOf(t, f.entries()...))
}

// ofdText is a TextObject at x, y of 4 mm letters, one em apart.
func ofdText(x, y float64, text string) string {
	n := len([]rune(text)) - 1
	return fmt.Sprintf(`<ofd:TextObject Boundary="%g %g 100 6" Font="1" Size="4"><ofd:TextCode X="0" Y="4" DeltaX="g %d 4">%s</ofd:TextCode></ofd:TextObject>`, x, y, n, text)
}

func TestOFDGivesTextOfTemplateAndPage(t *testing.T) {
	f := ofdFile{
		template: ofdText(10, 10, "发证机关：") + ofdText(10, 20, "建设单位：") +
			`<ofd:PathObject Boundary="5 8 200 0.4"><ofd:AbbreviatedData>M 0 0.2 L 200 0.2</ofd:AbbreviatedData></ofd:PathObject>`,
		pages: []string{ofdText(40, 10, "某某市自然资源局") + ofdText(40, 20, "某某公司"), ofdText(40, 20, "另一公司")},
	}
	path := f.write(t)
	facts := inspect(t, path)
	if facts.MediaType != "application/ofd" || facts.Extension != ".ofd" || facts.Pages != 2 || facts.Signed || len(facts.Active) > 0 {
		t.Errorf("facts %+v", facts)
	}
	for n, want := range [][]string{
		{"发证机关：", "某某市自然资源局", "建设单位：", "某某公司"},
		{"发证机关：", "建设单位：", "另一公司"},
	} {
		c := pageOf(t, path, n+1)
		if c.Text == nil {
			t.Fatal("no text")
		}
		if diff := cmp.Diff(want, textsOf(c.Text)); diff != "" {
			t.Errorf("page %d (-want +got):\n%s", n+1, diff)
		}
		if c.Text.Number != n+1 || c.Text.Width != 2480 || c.Text.Height != 1654 {
			t.Errorf("page %d: number %d, %d x %d", n+1, c.Text.Number, c.Text.Width, c.Text.Height)
		}
		checkBoxes(t, c)
	}
	// Reading pages in any order, and rendering an earlier one late.
	pages := open(t, path, ocr.OpenOptions{})
	first, err := pages.Page(t.Context(), 1)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := pages.Page(t.Context(), 2); err != nil {
		t.Fatal(err)
	}
	checkBoxes(t, first)
}

func TestOFDDistancesBetweenCharacters(t *testing.T) {
	for name, c := range map[string]struct{ object, want string }{
		"runs":        {`Size="4"><ofd:TextCode X="0" Y="4" DeltaX="g 3 4 2 2">建设单位ab</ofd:TextCode>`, "建设单位ab"},
		"one for all": {`Size="4"><ofd:TextCode X="0" Y="4" DeltaX="2">0500017</ofd:TextCode>`, "0500017"},
		"none":        {`Size="4"><ofd:TextCode X="0" Y="4">建设单位2023</ofd:TextCode>`, "建设单位2023"},
		"two lines":   {`Size="4"><ofd:TextCode X="0" Y="4" DeltaX="4 -4 4" DeltaY="0 6 0">建设单位</ofd:TextCode>`, "建设\n单位"},
		"two codes":   {`Size="4"><ofd:TextCode X="0" Y="4" DeltaX="4">建设</ofd:TextCode><ofd:TextCode X="8" Y="4" DeltaX="4">单位</ofd:TextCode>`, "建设单位"},
		"scaled":      {`CTM="0.3528 0 0 0.3528 0 0" Size="12"><ofd:TextCode X="0" Y="12" DeltaX="g 3 12">建设单位</ofd:TextCode>`, "建设单位"},
		"glyph list":  {`Size="4"><ofd:CGTransform CodePosition="0" CodeCount="4" GlyphCount="4"><ofd:Glyphs>9 8 7 6</ofd:Glyphs></ofd:CGTransform><ofd:TextCode X="0" Y="4" DeltaX="4">建设单位</ofd:TextCode>`, "建设单位"},
		"invisible":   {`Size="4" Alpha="0"><ofd:TextCode X="0" Y="4" DeltaX="4">密</ofd:TextCode></ofd:TextObject>` + strings.TrimSuffix(ofdText(0, 30, "建设单位"), "</ofd:TextObject>"), "建设单位"},
		"turned":      {`CTM="0 1 -1 0 20 0" Size="4"><ofd:TextCode X="0" Y="4" DeltaX="4">建设单位</ofd:TextCode>`, "建设单位"},
		"bad numbers": {`Size="4"><ofd:TextCode X="?" Y="4" DeltaX="g 99999999 4 g x">建设单位</ofd:TextCode>`, "建设单位"},
	} {
		t.Run(name, func(t *testing.T) {
			path := ofdFile{pages: []string{`<ofd:TextObject Boundary="20 20 100 60" Font="1" ` + c.object + `</ofd:TextObject>`}}.write(t)
			got := pageOf(t, path, 1)
			if s := strings.Join(textsOf(got.Text), "\n"); s != c.want {
				t.Errorf("text %q, want %q", s, c.want)
			}
			if got.Text != nil {
				checkBoxes(t, got)
			}
			if name == "turned" && got.Text.Rotation != 270 {
				t.Errorf("rotation %d", got.Text.Rotation)
			}
		})
	}
}

// A page whose labels exist only in its background picture is read as a picture.
func TestOFDWithLabelsInAPictureIsRecognized(t *testing.T) {
	back := in(t, "back.png")
	font := "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc"
	tool(t, "convert", "-size", "1240x827", "xc:white", "-font", font, "-pointsize", "30", "-fill", "black",
		"-draw", "text 60,100 '中华人民共和国建设工程规划许可证发证机关'", "-draw", "text 60,200 '建设单位项目名称建设位置建设规模附图及附件名称'",
		"-draw", "text 60,300 '遵守事项本证是经自然资源主管部门依法审核'", back)
	f := ofdFile{
		pages: []string{`<ofd:ImageObject Boundary="0 0 210 140" CTM="210 0 0 140 0 0" ResourceID="5"/>` + ofdText(120, 100, "某某公司")},
		res:   `<ofd:MultiMedias><ofd:MultiMedia ID="5" Type="Image"><ofd:MediaFile>back.png</ofd:MediaFile></ofd:MultiMedia></ofd:MultiMedias>`,
		extra: []string{"Doc_0/Res/back.png", string(read(t, back))},
	}
	c := pageOf(t, f.write(t), 1)
	if c.Text != nil || c.Image == nil {
		t.Fatalf("text %q, image %v", textsOf(c.Text), c.Image)
	}
	if ink := inkBounds(c.Image, document.Box{1400, 1160, 1900, 1260}, 0); ink.Width() < 150 {
		t.Errorf("the text over the picture is not drawn: ink %v", ink)
	}
	if ink := inkBounds(c.Image, document.Box{100, 100, 1400, 260}, 0); ink.Width() < 800 {
		t.Errorf("the picture is not drawn: ink %v", ink)
	}
	f.pages = []string{`<ofd:ImageObject Boundary="0 0 210 140" CTM="210 0 0 140 0 0" ResourceID="5"/>`}
	if c := pageOf(t, f.write(t), 1); c.Frame != "embedded" {
		t.Errorf("a scan in OFD: frame %q", c.Frame)
	} else {
		same(t, c.Image, oracle(t, back), 1)
	}
}

func TestOFDPicturesOfEveryKind(t *testing.T) {
	for name, args := range map[string][]string{
		"a.jpg": nil, "b.png": nil, "c.png": {"-alpha", "set", "-channel", "A", "-evaluate", "multiply", "0.99"},
		"d.bmp": {"-type", "truecolor"}, "e.gif": nil, "f.tif": {"-compress", "lzw"}, "g.png": {"-colorspace", "Gray", "-colorspace", "sRGB"},
	} {
		t.Run(name, func(t *testing.T) {
			data := read(t, corners(t, name, 120, 80, args...))
			f := ofdFile{
				pages: []string{`<ofd:ImageObject Boundary="10 20 60 40" CTM="60 0 0 40 0 0" ResourceID="5"/>`},
				res:   `<ofd:MultiMedias><ofd:MultiMedia ID="5" Type="Image"><ofd:MediaFile>` + name + `</ofd:MediaFile></ofd:MultiMedia></ofd:MultiMedias>`,
				extra: []string{"Doc_0/Res/" + name, string(data)},
			}
			img := pageOf(t, f.write(t), 1).Image.(interface {
				SubImage(image.Rectangle) image.Image
			})
			part := img.SubImage(image.Rect(118, 236, 827, 709)) // 10 to 70 by 20 to 60 mm
			got := overWhiteAny(part)
			if c := cornersOf(got); name != "g.png" && c != upright {
				t.Errorf("corners %s", c)
			}
		})
	}
}

// sealOf wraps a picture the way signed values hold it (GB/T 38540).
func sealOf(t testing.TB, kind string, data []byte) []byte {
	t.Helper()
	type picture struct {
		Kind          string `asn1:"ia5"`
		Data          []byte
		Width, Height int
	}
	type info struct {
		Header  string `asn1:"ia5"`
		Picture picture
	}
	b, err := asn1.Marshal(struct {
		Version int
		Info    struct{ Info info }
	}{1, struct{ Info info }{info{"ES", picture{kind, data, 40, 40}}}})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestOFDSealsAreDrawnAndReported(t *testing.T) {
	png := read(t, corners(t, "seal.png", 80, 80, "-transparent", "white"))
	inner := zipOf(t, ofdFile{pages: []string{ofdText(5, 5, "国家税务总局") +
		`<ofd:PathObject Boundary="0 0 210 140" Fill="true" Stroke="false"><ofd:FillColor Value="255 0 0"/><ofd:AbbreviatedData>M 0 100 L 210 100 L 210 140 L 0 140 C</ofd:AbbreviatedData></ofd:PathObject>`}}.entries()...)
	for kind, data := range map[string][]byte{"png": png, "ofd": inner} {
		t.Run(kind, func(t *testing.T) {
			f := ofdFile{
				pages:   []string{ofdText(10, 10, "建设工程规划许可证") + ofdText(10, 20, "某某市自然资源和规划局")},
				docBody: `<ofd:Signatures>/Doc_0/Signs/Signatures.xml</ofd:Signatures>`,
				extra: []string{
					"Doc_0/Signs/Signatures.xml", `<ofd:Signatures ` + ofdNS + `><ofd:Signature ID="1" BaseLoc="Sign_0/Signature.xml"/></ofd:Signatures>`,
					"Doc_0/Signs/Sign_0/Signature.xml", `<ofd:Signature ` + ofdNS + `><ofd:SignedInfo><ofd:StampAnnot ID="1" PageRef="1" Boundary="100 60 60 40"/></ofd:SignedInfo><ofd:SignedValue>SignedValue.dat</ofd:SignedValue></ofd:Signature>`,
					"Doc_0/Signs/Sign_0/SignedValue.dat", string(sealOf(t, kind, data)),
				},
			}
			path := f.write(t)
			if facts := inspect(t, path); !facts.Signed {
				t.Errorf("facts %+v", facts)
			}
			c := pageOf(t, path, 1)
			want := []string{"建设工程规划许可证", "某某市自然资源和规划局"}
			if kind == "ofd" {
				want = append(want, "国家税务总局") // behind the text it lies over
			}
			if diff := cmp.Diff(want, textsOf(c.Text)); diff != "" {
				t.Fatalf("lines (-want +got):\n%s", diff)
			}
			img, err := c.Render(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			const mm = 300 / 25.4
			at := map[string]image.Point{"png": image.Pt(115, 70), "ofd": image.Pt(130, 95)}[kind]
			r, g, b, _ := img.At(int(float64(at.X)*mm), int(float64(at.Y)*mm)).RGBA()
			if r < 0xc000 || g > 0x4000 || b > 0x4000 {
				t.Errorf("no red at %v: %x %x %x", at, r, g, b)
			}
		})
	}
}

func TestOFDFacts(t *testing.T) {
	f := ofdFile{pages: []string{ofdText(10, 10, "附件")},
		body:  `<ofd:Attachments>Attachments.xml</ofd:Attachments><ofd:Actions><ofd:Action Event="DO"/></ofd:Actions>`,
		extra: []string{"Doc_0/Attachments.xml", "<ofd:Attachments " + ofdNS + "/>"}}
	if facts := inspect(t, f.write(t)); !cmp.Equal(facts.Active, []string{activeEmbedded, activeOpen}) {
		t.Errorf("facts %+v", facts)
	}
}

// Windows programs zip Chinese names in GBK and use backslashes.
func TestOFDNamesOfWindows(t *testing.T) {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	entries := ofdFile{pages: []string{ofdText(10, 10, "建设单位")}}.entries()
	for i := 0; i < len(entries); i += 2 {
		name := strings.ReplaceAll(strings.ReplaceAll(entries[i], "Pages/Page_0", "页面/第一页"), "/", `\`)
		gbk, err := simplifiedchinese.GBK.NewEncoder().String(name)
		if err != nil {
			t.Fatal(err)
		}
		w, err := z.CreateHeader(&zip.FileHeader{Name: gbk, NonUTF8: true, Method: zip.Deflate})
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprint(w, strings.ReplaceAll(entries[i+1], "Pages/Page_0", "页面/第一页"))
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	c := pageOf(t, write(t, "a.ofd", b.Bytes()), 1)
	if diff := cmp.Diff([]string{"建设单位"}, textsOf(c.Text)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestBadOFDIsRefused(t *testing.T) {
	good := ofdFile{pages: []string{ofdText(10, 10, "建设单位")}}
	whole := zipOf(t, good.entries()...)
	for name, c := range map[string]struct {
		data []byte
		code document.RefusalCode
	}{
		"truncated":     {whole[:len(whole)*2/3], document.CodeCorrupt},
		"no pages":      {zipOf(t, ofdFile{}.entries()...), document.CodeEmpty},
		"no document":   {zipOf(t, "OFD.xml", "<OFD><DocBody><DocRoot>x.xml</DocRoot></DocBody></OFD>"), document.CodeCorrupt},
		"not XML":       {zipOf(t, "OFD.xml", "hello"), document.CodeCorrupt},
		"encrypted":     {zipOf(t, append(good.entries(), "Encryptions.xml", "<x/>")...), document.CodeEncrypted},
		"page missing":  {bytes.ReplaceAll(whole, []byte("Pages/Page_0"), []byte("Pages/Page_9")), document.CodeCorrupt},
		"bomb":          {zipOf(t, "OFD.xml", "<OFD>"+strings.Repeat(" ", 80<<20)+"</OFD>"), document.CodeTooLarge},
		"deep":          {zipOf(t, "OFD.xml", strings.Repeat("<a>", 100_000)), document.CodeTooLarge},
		"too many page": {zipOf(t, ofdFile{pages: make([]string, 2001)}.entries()...), document.CodeTooLarge},
	} {
		t.Run(name, func(t *testing.T) {
			refused(t, write(t, "a.ofd", c.data), c.code, ocr.OpenOptions{})
		})
	}
}

// Blocks that contain themselves, huge object counts: the page is refused, not
// the process killed.
func TestOFDPageLimits(t *testing.T) {
	ring := ofdFile{pages: []string{`<ofd:CompositeObject ResourceID="7" Boundary="0 0 10 10"/>`},
		res: `<ofd:CompositeGraphicUnits><ofd:CompositeGraphicUnit ID="7"><ofd:Content><ofd:CompositeObject ResourceID="7" Boundary="0 0 1 1"/></ofd:Content></ofd:CompositeGraphicUnit></ofd:CompositeGraphicUnits>`}
	pages := open(t, ring.write(t), ocr.OpenOptions{})
	_, err := pages.Page(t.Context(), 1)
	asRefusal(t, err)

	many := ofdFile{pages: []string{strings.Repeat(ofdText(1, 1, "多"), 1200)}}
	pages = open(t, many.write(t), ocr.OpenOptions{Limits: ocr.Limits{MaxObjects: 1000}})
	_, err = pages.Page(t.Context(), 1)
	if r := asRefusal(t, err); r.Code != document.CodeTooLarge {
		t.Errorf("refusal %+v", r)
	}
}

func TestOFDPaths(t *testing.T) {
	for data, want := range map[string]string{
		"M 1 2 L 3 4 C":              "1 2 m 3 4 l h ",
		"S 1 2 B 1 1 2 2 3 3":        "1 2 m 1 1 2 2 3 3 c ",
		"M 0 0 Q 3 0 3 3":            "0 0 m 2 0 3 1 3 3 c ",
		"M 1 2 L x 4 L 5 6":          "1 2 m 5 6 l ",
		"L 1 1":                      "0 0 m 1 1 l ",
		"C":                          "",
		"M 0 0 A 0 5 0 0 1 4 4":      "0 0 m 4 4 l ",
		"M -1 0 A 1 1 0 0 1 0 -1":    "-1 0 m -1 -0.5523 -0.5523 -1 0 -1 c ",
		"M":                          "",
		"M 1 2 M 3 4 L 1e99 2 L 1 1": "1 2 m 3 4 m 1 1 l ",
	} {
		if got := pathOps(data); got != want {
			t.Errorf("%q: %q, want %q", data, got, want)
		}
	}
}

// ofdSeeds feed the fuzzer.
func ofdSeeds(t testing.TB) [][]byte {
	return [][]byte{
		zipOf(t, ofdFile{template: ofdText(10, 10, "单位"), pages: []string{ofdText(40, 10, "公司"), ""}}.entries()...),
		storedZip(t, ofdFile{pages: []string{ofdText(40, 10, "公司") + `<ofd:PathObject Boundary="0 0 9 9"><ofd:AbbreviatedData>M 0 0 A 1 1 0 0 1 2 2 C</ofd:AbbreviatedData></ofd:PathObject>`}}.entries()...),
	}
}

// storedZip packs without compression, so that a fuzzer reaches the XML.
func storedZip(t testing.TB, pairs ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for i := 0; i < len(pairs); i += 2 {
		w, err := z.CreateHeader(&zip.FileHeader{Name: pairs[i], Method: zip.Store})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(pairs[i+1])); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
