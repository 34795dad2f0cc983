package pagesource

import (
	"bytes"
	"compress/zlib"
	"fmt"
	"image"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// bornLines are the lines of the born-digital fixture, in reading order.
var bornLines = []string{
	"中华人民共和国",
	"建设工程规划许可证",
	"建字第110101202300012号",
	"根据《中华人民共和国土地管理法》和国家有关规定，经审核，本建设工程符合国土空间规划和",
	"用途管制要求，颁发此证。",
	"建设单位（个人）", "某某市城市建设投资有限公司",
	"建设项目名称", "滨江花园一期",
	"建设规模", "12345.67㎡",
	"发证机关：某某市自然资源和规划局",
}

const bornHTML = `<html><style>@page{size:A4;margin:25mm}body{font-family:'Noto Sans CJK SC';font-size:14px;line-height:1.8}
td{border:1px solid;padding:4px}table{border-collapse:collapse;width:100%}</style><body>
<h1 style="text-align:center;font-size:26px">中华人民共和国<br>建设工程规划许可证</h1>
<p style="text-align:right">建字第 110101202300012 号</p>
<p>根据《中华人民共和国土地管理法》和国家有关规定，经审核，本建设工程符合国土空间规划和<br>用途管制要求，颁发此证。</p>
<table><tr><td>建设单位（个人）</td><td>某某市城市建设投资有限公司</td></tr>
<tr><td>建设项目名称</td><td>滨江花园一期</td></tr><tr><td>建设规模</td><td>12345.67㎡</td></tr></table>
<p style="font-family:'Noto Serif CJK SC'">发证机关：某某市自然资源和规划局</p></body></html>`

var makeBorn = sync.OnceValues(func() ([]byte, error) {
	dir, err := os.MkdirTemp("", "born")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	html, pdf := filepath.Join(dir, "a.html"), filepath.Join(dir, "a.pdf")
	if err := os.WriteFile(html, []byte(bornHTML), 0o600); err != nil {
		return nil, err
	}
	if err := chromium(dir, html, pdf); err != nil {
		return nil, err
	}
	return os.ReadFile(pdf)
})

// born writes the born-digital fixture, printed by Chromium.
func born(t testing.TB) string {
	t.Helper()
	b, err := makeBorn()
	if err != nil {
		t.Fatalf("print with chromium: %v", err)
	}
	return write(t, "born.pdf", b)
}

// scanned makes a PDF of one full-page scan: 1240 x 1754 pixels at 150 dpi.
// how chooses the coding of tiff2pdf: -j JPEG, -z deflate, "" as it is in the TIFF.
func scanned(t testing.TB, name, how string, more ...string) (path string, picture image.Image) {
	t.Helper()
	args := append([]string{"-density", "150", "-units", "PixelsPerInch", "-depth", "8"}, more...)
	tif := scan(t, name+".tif", 1240, 1754, args...)
	path = in(t, name)
	tool(t, "tiff2pdf", append(strings.Fields(how), "-p", "A4", "-F", "-o", path, tif)...)
	return path, oracle(t, tif)
}

// rawPDF writes a PDF with the given objects, numbered from 1, the first being
// the catalog.
func rawPDF(trailer string, objects ...string) []byte {
	var b bytes.Buffer
	b.WriteString("%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
	offsets := make([]int, len(objects))
	for i, o := range objects {
		offsets[i] = b.Len()
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", i+1, o)
	}
	at := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(objects)+1)
	for _, off := range offsets {
		fmt.Fprintf(&b, "%010d 00000 n \n", off)
	}
	fmt.Fprintf(&b, "trailer\n<</Size %d/Root 1 0 R%s>>\nstartxref\n%d\n%%%%EOF\n", len(objects)+1, trailer, at)
	return b.Bytes()
}

func stream(dict, data string) string {
	return fmt.Sprintf("<<%s/Length %d>>\nstream\n%s\nendstream", dict, len(data), data)
}

func deflate(data []byte) string {
	var b bytes.Buffer
	w := zlib.NewWriter(&b)
	w.Write(data)
	w.Close()
	return b.String()
}

// onePage is a minimal document: catalog with extra entries, page with extra
// entries, and more objects from number 5 on.
func onePage(catalog, page, content string, more ...string) []byte {
	return rawPDF("", append([]string{
		"<</Type/Catalog/Pages 2 0 R" + catalog + ">>",
		"<</Type/Pages/Kids[3 0 R]/Count 1>>",
		"<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 200]/Contents 4 0 R" + page + ">>",
		stream("", content),
	}, more...)...)
}

// helvetica is a page resource and text that shows in it.
const helvetica = "/Resources<</Font<</F<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>"

func said(text string) string {
	return "BT /F 12 Tf 20 150 Td (" + text + ") Tj ET"
}
