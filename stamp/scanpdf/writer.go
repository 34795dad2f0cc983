// Package scanpdf writes PDF files whose pages are pictures: scans and photos that
// are to be stamped, and renderings of files that could not be repaired. It knows
// no images but their bytes, and holds one at a time.
package scanpdf

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// Page is one page.
type Page struct {
	Width, Height float64 // points, before Rotate
	Rotate        int     // degrees clockwise: 0, 90, 180, 270
	Pictures      []Picture
}

// Picture is an image and where it goes.
type Picture struct {
	Box           [4]float64 // left, bottom, right, top on the page in points
	Width, Height int        // pixels
	Bits          int        // per component
	Space         string     // DeviceGray, DeviceRGB or DeviceCMYK; of the palette if there is one
	Palette       []byte     // colours of an indexed image in Space
	Inverted      bool       // components run the other way, as in Adobe's CMYK JPEGs
	Filter        string     // FlateDecode, DCTDecode or CCITTFaxDecode
	Parms         string     // dictionary of decode parameters, "" for none
	Data          io.Reader  // encoded as Filter says; read to its end by Add
}

// ErrNoPages is returned by Close when nothing was added.
var ErrNoPages = errors.New("no pages")

// Writer writes a PDF page by page. The same pages give the same bytes.
type Writer struct {
	out     *bufio.Writer
	offset  int64
	offsets []int64 // of the objects from 1 on
	pages   []int
	err     error
}

const pageTree = 2 // object number; 1 is the catalog

// NewWriter starts a file.
func NewWriter(out io.Writer) *Writer {
	w := &Writer{out: bufio.NewWriterSize(out, 1<<18), offsets: make([]int64, pageTree)}
	w.print("%%PDF-1.5\n%%\xe2\xe3\xcf\xd3\n")
	return w
}

func (w *Writer) print(format string, args ...any) {
	if w.err == nil {
		n, err := fmt.Fprintf(w.out, format, args...)
		w.offset += int64(n)
		w.err = err
	}
}

// begin starts object n, or a new one for 0, and returns its number.
func (w *Writer) begin(n int) int {
	if n == 0 {
		w.offsets = append(w.offsets, 0)
		n = len(w.offsets)
	}
	w.offsets[n-1] = w.offset
	w.print("%d 0 obj\n", n)
	return n
}

// Add writes a page.
func (w *Writer) Add(p Page) error {
	var names, content strings.Builder
	for i, picture := range p.Pictures {
		n := w.picture(picture)
		b := picture.Box
		fmt.Fprintf(&names, "/I%d %d 0 R", i, n)
		fmt.Fprintf(&content, "q %s 0 0 %s %s %s cm /I%d Do Q\n", num(b[2]-b[0]), num(b[3]-b[1]), num(b[0]), num(b[1]), i)
	}
	c := w.begin(0)
	w.print("<</Length %d>>\nstream\n%s\nendstream\nendobj\n", content.Len(), content.String())
	n := w.begin(0)
	w.print("<</Type/Page/Parent %d 0 R/MediaBox[0 0 %s %s]/Rotate %d/Contents %d 0 R/Resources<</XObject<<%s>>>>>>\nendobj\n",
		pageTree, num(p.Width), num(p.Height), p.Rotate, c, names.String())
	w.pages = append(w.pages, n)
	return w.failure()
}

func (w *Writer) picture(p Picture) int {
	space := "/" + p.Space
	if p.Palette != nil {
		space = fmt.Sprintf("[/Indexed/%s %d<%x>]", p.Space, len(p.Palette)/components(p.Space)-1, p.Palette)
	}
	more := ""
	if p.Inverted {
		more = "/Decode[" + strings.TrimSpace(strings.Repeat("1 0 ", components(p.Space))) + "]"
	}
	if p.Parms != "" {
		more += "/DecodeParms" + p.Parms
	}
	n := w.begin(0)
	// The length is not known before the data was read: it is an object of its own.
	w.print("<</Type/XObject/Subtype/Image/Width %d/Height %d/BitsPerComponent %d/ColorSpace%s/Filter/%s%s/Length %d 0 R>>\nstream\n",
		p.Width, p.Height, p.Bits, space, p.Filter, more, n+1)
	start := w.offset
	if w.err == nil {
		copied, err := io.Copy(w.out, p.Data)
		w.offset += copied
		w.err = err
	}
	length := w.offset - start
	w.print("\nendstream\nendobj\n")
	w.begin(0)
	w.print("%d\nendobj\n", length)
	return n
}

func components(space string) int {
	return map[string]int{"DeviceGray": 1, "DeviceRGB": 3, "DeviceCMYK": 4}[space]
}

// Close writes what follows the pages. It does not close the underlying writer.
// Errors: ErrNoPages.
func (w *Writer) Close() error {
	if len(w.pages) == 0 {
		return fmt.Errorf("write pdf: %w", ErrNoPages)
	}
	w.begin(1)
	w.print("<</Type/Catalog/Pages %d 0 R>>\nendobj\n", pageTree)
	w.begin(pageTree)
	w.print("<</Type/Pages/Count %d/Kids[", len(w.pages))
	for _, n := range w.pages {
		w.print("%d 0 R ", n)
	}
	w.print("]>>\nendobj\n")
	start := w.offset
	w.print("xref\n0 %d\n0000000000 65535 f \n", len(w.offsets)+1)
	for _, at := range w.offsets {
		w.print("%010d 00000 n \n", at)
	}
	w.print("trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n", len(w.offsets)+1, start)
	if w.err == nil {
		w.err = w.out.Flush()
	}
	return w.failure()
}

func (w *Writer) failure() error {
	if w.err != nil {
		return fmt.Errorf("write pdf: %w", w.err)
	}
	return nil
}

func num(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }
