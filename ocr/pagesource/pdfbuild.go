package pagesource

import (
	"bytes"
	"fmt"
	"strings"
)

// pdfBuild writes small PDFs: pictures whose coding PDFium knows and Go does
// not, and OFD pages to be drawn. Object 1 is the catalog, object 2 the page tree.
type pdfBuild struct {
	buf     bytes.Buffer
	offsets []int
	pages   []int
}

func newPDFBuild() *pdfBuild {
	b := &pdfBuild{offsets: make([]int, 2)}
	b.buf.WriteString("%PDF-1.7\n")
	return b
}

// add writes an object and returns its number.
func (b *pdfBuild) add(body string) int {
	b.offsets = append(b.offsets, b.buf.Len())
	n := len(b.offsets)
	fmt.Fprintf(&b.buf, "%d 0 obj\n%s\nendobj\n", n, body)
	return n
}

// stream writes a stream object; dict holds the entries but for the length.
func (b *pdfBuild) stream(dict string, data []byte) int {
	b.offsets = append(b.offsets, b.buf.Len())
	n := len(b.offsets)
	fmt.Fprintf(&b.buf, "%d 0 obj\n<<%s/Length %d>>stream\n", n, dict, len(data))
	b.buf.Write(data)
	b.buf.WriteString("\nendstream\nendobj\n")
	return n
}

// page adds a page of w x h points.
func (b *pdfBuild) page(w, h float64, resources string, content []byte) {
	c := b.stream("", content)
	b.pages = append(b.pages, b.add(fmt.Sprintf(
		"<</Type/Page/Parent 2 0 R/MediaBox[0 0 %s %s]/Resources<<%s>>/Contents %d 0 R>>", num(w), num(h), resources, c)))
}

// bytes finishes the file.
func (b *pdfBuild) bytes() []byte {
	var kids strings.Builder
	for _, p := range b.pages {
		fmt.Fprintf(&kids, "%d 0 R ", p)
	}
	b.offsets[0] = b.buf.Len()
	b.buf.WriteString("1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n")
	b.offsets[1] = b.buf.Len()
	fmt.Fprintf(&b.buf, "2 0 obj\n<</Type/Pages/Count %d/Kids[%s]>>\nendobj\n", len(b.pages), kids.String())
	xref := b.buf.Len()
	fmt.Fprintf(&b.buf, "xref\n0 %d\n0000000000 65535 f \n", len(b.offsets)+1)
	for _, off := range b.offsets {
		fmt.Fprintf(&b.buf, "%010d 00000 n \n", off)
	}
	fmt.Fprintf(&b.buf, "trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n", len(b.offsets)+1, xref)
	return b.buf.Bytes()
}

// num writes a number as PDF wants it: no exponent.
func num(v float64) string {
	s := strings.TrimSuffix(strings.TrimRight(fmt.Sprintf("%.4f", v), "0"), ".")
	if s == "-0" {
		return "0"
	}
	return s
}
