package sample

import (
	"bytes"
	"compress/zlib"
	"crypto/sha256"
	"fmt"
)

// pdfWriter collects numbered objects and writes a PDF 1.6 with a plain
// cross-reference table. The same objects give the same bytes.
type pdfWriter struct{ objects [][]byte }

// ref is an object number; 0 is none.
type ref int

func (r ref) String() string { return fmt.Sprintf("%d 0 R", int(r)) }

// reserve takes a number for an object written later.
func (w *pdfWriter) reserve() ref {
	w.objects = append(w.objects, nil)
	return ref(len(w.objects))
}

func (w *pdfWriter) put(r ref, format string, args ...any) {
	w.objects[r-1] = fmt.Appendf(nil, format, args...)
}

func (w *pdfWriter) add(format string, args ...any) ref {
	r := w.reserve()
	w.put(r, format, args...)
	return r
}

// stream adds data as it is; dict holds the entries but Length.
func (w *pdfWriter) stream(dict string, data []byte) ref {
	r := w.reserve()
	b := fmt.Appendf(nil, "<<%s/Length %d>>\nstream\n", dict, len(data))
	b = append(b, data...)
	w.objects[r-1] = append(b, "\nendstream"...)
	return r
}

// packed adds data compressed.
func (w *pdfWriter) packed(dict string, data []byte) ref {
	return w.stream(dict+"/Filter/FlateDecode", deflate(data))
}

func deflate(data []byte) []byte {
	var b bytes.Buffer
	z := zlib.NewWriter(&b)
	_, _ = z.Write(data) // a bytes.Buffer does not fail
	_ = z.Close()
	return b.Bytes()
}

// bytes writes the file. title goes into the document information.
func (w *pdfWriter) bytes(catalog ref, title string) []byte {
	info := w.add("<</Title %s/Producer(onewindow sample)>>", utf16String(title))
	var b bytes.Buffer
	b.WriteString("%PDF-1.6\n%\xe2\xe3\xcf\xd3\n")
	offsets := make([]int, len(w.objects))
	for i, o := range w.objects {
		offsets[i] = b.Len()
		fmt.Fprintf(&b, "%d 0 obj\n", i+1)
		b.Write(o)
		b.WriteString("\nendobj\n")
	}
	sum := sha256.Sum256(b.Bytes())
	at := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(offsets)+1)
	for _, o := range offsets {
		fmt.Fprintf(&b, "%010d 00000 n \n", o)
	}
	fmt.Fprintf(&b, "trailer\n<</Size %d/Root %v/Info %v/ID[<%x><%x>]>>\nstartxref\n%d\n%%%%EOF\n",
		len(offsets)+1, catalog, info, sum[:16], sum[:16], at)
	return b.Bytes()
}

// utf16String writes a text string of PDF.
func utf16String(s string) string {
	out := "<FEFF"
	for _, u := range utf16Units(s) {
		out += fmt.Sprintf("%04X", u)
	}
	return out + ">"
}
