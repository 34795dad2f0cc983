package searchable

import (
	"bufio"
	"bytes"
	"compress/zlib"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"html"
	"image"
	"io"
	"math"
	"strings"
	"unicode/utf16"

	"onewindow/document"
)

// Page is one page to be written: a picture, upright, and the lines on it in the
// picture's pixels.
type Page struct {
	Picture Picture
	DPI     float64 // of the picture; 0 makes the longer side that of A4
	Lines   []document.Line
	// LineScale is the picture's pixels per pixel of the lines; 0 is 1.
	LineScale float64
}

// Writer writes one file. It is used by one goroutine.
type Writer struct {
	out     *bufio.Writer
	at      int64
	offsets []int64 // by object number, from 1
	kids    []int
	digest  []byte // of all that was written, for the file's ID
	id      string
	title   string
	err     error
}

// Objects every file has, in this order.
const (
	objCatalog = iota + 1
	objPages
	objMetadata
	objProfile
	objFont
	objDescendant
	objDescriptor
	objFontFile
	objGlyphMap
	objUnicode
	fixedObjects
)

// New begins a file. id and title are put into its metadata.
func New(w io.Writer, id, title string) *Writer {
	s := &Writer{out: bufio.NewWriterSize(w, 1<<16), offsets: make([]int64, fixedObjects), id: id, title: title}
	s.write([]byte("%PDF-1.7\n%\xE2\xE3\xCF\xD3\n"))
	return s
}

// Add writes a page.
func (s *Writer) Add(p Page) error {
	w, h := p.Picture.Width, p.Picture.Height
	if w <= 0 || h <= 0 {
		return fmt.Errorf("write page: picture of %d x %d pixels", w, h)
	}
	dpi := p.DPI
	if dpi <= 0 {
		dpi = float64(max(w, h)) / (297 / 25.4)
	}
	// PDF pages are 3 to 14,400 points long.
	dpi = max(dpi, float64(max(w, h))*72/14400)
	width, height := max(float64(w)*72/dpi, 3), max(float64(h)*72/dpi, 3)
	picture := s.stream(p.Picture.dictionary(), p.Picture.Data)
	var c bytes.Buffer
	fmt.Fprintf(&c, "q %s 0 0 %s 0 0 cm /Im Do Q\nBT 3 Tr\n", number(width), number(height))
	scale := 72 / dpi
	if p.LineScale > 0 {
		scale *= p.LineScale
	}
	for _, l := range p.Lines {
		line(&c, l, scale, height)
	}
	c.WriteString("ET\n")
	content := s.packed("", c.Bytes())
	s.kids = append(s.kids, s.object(fmt.Sprintf(
		"<</Type/Page/Parent %d 0 R/MediaBox[0 0 %s %s]/Resources<</XObject<</Im %d 0 R>>/Font<</F %d 0 R>>>>/Contents %d 0 R>>",
		objPages, number(width), number(height), picture, objFont, content)))
	return s.err
}

// line sets one line of text: stretched to the width of its box, its em box as
// high as the print. Columns are set upright, turned to run downwards.
func line(c *bytes.Buffer, l document.Line, scale, pageHeight float64) {
	units := utf16.Encode([]rune(strings.TrimSpace(l.Text)))
	if len(units) == 0 || l.Box.Width() <= 0 || l.Box.Height() <= 0 {
		return
	}
	ems := 0.0
	var hex strings.Builder
	for _, u := range units {
		fmt.Fprintf(&hex, "%04X", u)
		if half(u) {
			ems += 0.5
		} else {
			ems++
		}
	}
	w, h := l.Box.Width()*scale, l.Box.Height()*scale
	x, y := l.Box[0]*scale, pageHeight-l.Box[3]*scale
	if h > 1.5*w && ems > 1.5 { // a column
		size := w
		fmt.Fprintf(c, "/F %s Tf %s Tz 0 -1 1 0 %s %s Tm <%s> Tj\n", number(size), number(100*h/(ems*size)),
			number(x+0.2*size), number(y+h), hex.String())
		return
	}
	fmt.Fprintf(c, "/F %s Tf %s Tz 1 0 0 1 %s %s Tm <%s> Tj\n", number(h), number(100*w/(ems*h)), number(x), number(y+0.2*h), hex.String())
}

// Close finishes the file; the writer below it stays open.
func (s *Writer) Close() error {
	kids := make([]string, len(s.kids))
	for i, k := range s.kids {
		kids[i] = fmt.Sprintf("%d 0 R", k)
	}
	s.put(objCatalog, fmt.Sprintf("<</Type/Catalog/Pages %d 0 R/Metadata %d 0 R/Lang(zh-CN)/MarkInfo<</Marked false>>/ViewerPreferences<</DisplayDocTitle true>>"+
		"/OutputIntents[<</Type/OutputIntent/S/GTS_PDFA1/OutputConditionIdentifier(sRGB)/Info(sRGB IEC61966-2.1)/DestOutputProfile %d 0 R>>]>>",
		objPages, objMetadata, objProfile))
	s.put(objPages, fmt.Sprintf("<</Type/Pages/Count %d/Kids[%s]>>", len(kids), strings.Join(kids, " ")))
	s.putStream(objMetadata, "/Type/Metadata/Subtype/XML", metadata(s.id, s.title))
	s.putPacked(objProfile, "/N 3", profile())
	s.font()
	return s.finish()
}

func (s *Writer) font() {
	s.put(objFont, fmt.Sprintf("<</Type/Font/Subtype/Type0/BaseFont/Glyphless/Encoding/Identity-H/DescendantFonts[%d 0 R]/ToUnicode %d 0 R>>", objDescendant, objUnicode))
	s.put(objDescendant, fmt.Sprintf("<</Type/Font/Subtype/CIDFontType2/BaseFont/Glyphless/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>"+
		"/FontDescriptor %d 0 R/DW 1000/W[32 126 500 160 255 500]/CIDToGIDMap %d 0 R>>", objDescriptor, objGlyphMap))
	s.put(objDescriptor, fmt.Sprintf("<</Type/FontDescriptor/FontName/Glyphless/Flags 4/FontBBox[0 -200 1000 800]/ItalicAngle 0/Ascent 800/Descent -200/CapHeight 800/StemV 80/FontFile2 %d 0 R>>", objFontFile))
	file := glyphless()
	s.putPacked(objFontFile, fmt.Sprintf("/Length1 %d", len(file)), file)
	s.putPacked(objGlyphMap, "", glyphMap())
	s.putPacked(objUnicode, "", toUnicode())
}

func (s *Writer) finish() error {
	start := s.at
	var b bytes.Buffer
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(s.offsets))
	for _, o := range s.offsets[1:] {
		fmt.Fprintf(&b, "%010d 00000 n \n", o)
	}
	id := sha256.Sum256(s.digest)
	mark := hex.EncodeToString(id[:16])
	fmt.Fprintf(&b, "trailer\n<</Size %d/Root %d 0 R/ID[<%s><%s>]>>\nstartxref\n%d\n%%%%EOF\n", len(s.offsets), objCatalog, mark, mark, start)
	s.write(b.Bytes())
	if s.err == nil {
		s.err = s.out.Flush()
	}
	if s.err != nil {
		return fmt.Errorf("write searchable file: %w", s.err)
	}
	return nil
}

// metadata is the XMP packet that says what the file claims to be.
func metadata(id, title string) []byte {
	return []byte("<?xpacket begin=\"\uFEFF\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n" +
		`<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">` +
		`<rdf:Description rdf:about="" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/"><pdfaid:part>2</pdfaid:part><pdfaid:conformance>B</pdfaid:conformance></rdf:Description>` +
		`<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title><rdf:Alt><rdf:li xml:lang="x-default">` + html.EscapeString(title) +
		`</rdf:li></rdf:Alt></dc:title><dc:identifier>` + html.EscapeString(id) + `</dc:identifier></rdf:Description></rdf:RDF></x:xmpmeta>` + "\n<?xpacket end=\"w\"?>")
}

// object writes a new object and returns its number.
func (s *Writer) object(body string) int {
	s.offsets = append(s.offsets, 0)
	n := len(s.offsets) - 1
	s.put(n, body)
	return n
}

func (s *Writer) put(n int, body string) {
	s.offsets[n] = s.at
	s.write([]byte(fmt.Sprintf("%d 0 obj\n%s\nendobj\n", n, body)))
}

func (s *Writer) stream(entries string, data []byte) int {
	s.offsets = append(s.offsets, 0)
	n := len(s.offsets) - 1
	s.putStream(n, entries, data)
	return n
}

func (s *Writer) putStream(n int, entries string, data []byte) {
	s.offsets[n] = s.at
	s.write([]byte(fmt.Sprintf("%d 0 obj\n<<%s/Length %d>>stream\n", n, entries, len(data))))
	s.write(data)
	s.write([]byte("\nendstream\nendobj\n"))
	h := sha256.Sum256(append(append([]byte(nil), s.digest...), data...))
	s.digest = h[:]
}

func (s *Writer) packed(entries string, data []byte) int {
	return s.stream(entries+"/Filter/FlateDecode", deflated(data))
}

func (s *Writer) putPacked(n int, entries string, data []byte) {
	s.putStream(n, entries+"/Filter/FlateDecode", deflated(data))
}

func deflated(data []byte) []byte {
	var b bytes.Buffer
	z := zlib.NewWriter(&b)
	_, _ = z.Write(data) // a buffer takes everything
	_ = z.Close()
	return b.Bytes()
}

func (s *Writer) write(b []byte) {
	if s.err == nil {
		_, s.err = s.out.Write(b)
		s.at += int64(len(b))
	}
}

func number(f float64) string {
	t := fmt.Sprintf("%.3f", f)
	return strings.TrimRight(strings.TrimRight(t, "0"), ".")
}

// Picture is a page picture as it lies in the file.
type Picture struct {
	Width, Height int
	Space         string // DeviceRGB or DeviceGray
	Bits          int    // of a component: 8, or 1 for black and white
	Filter        string // DCTDecode or FlateDecode
	Data          []byte
}

func (p Picture) dictionary() string {
	return fmt.Sprintf("/Type/XObject/Subtype/Image/Width %d/Height %d/ColorSpace/%s/BitsPerComponent %d/Filter/%s",
		p.Width, p.Height, p.Space, p.Bits, p.Filter)
}

// mostShades is how many pixels may be neither black nor white in a picture that
// is stored as two colours, as a share.
const mostShades = 0.0005

// Pack prepares a picture: black and white without loss, all else as JPEG made
// by encode, which returns the file of an *image.Gray or of any other picture in
// colour.
func Pack(img image.Image, encode func(image.Image) ([]byte, error)) (Picture, error) {
	size := img.Bounds().Size()
	p := Picture{Width: size.X, Height: size.Y, Space: "DeviceRGB", Bits: 8, Filter: "DCTDecode"}
	if g, ok := img.(*image.Gray); ok {
		p.Space = "DeviceGray"
		if bits := twoColours(g); bits != nil {
			p.Bits, p.Filter, p.Data = 1, "FlateDecode", deflated(bits)
			return p, nil
		}
	}
	var err error
	if p.Data, err = encode(img); err != nil {
		return p, fmt.Errorf("pack picture: %w", err)
	}
	return p, nil
}

// Stored is a picture that is a JPEG file already.
func Stored(file []byte, width, height int, grey bool) Picture {
	p := Picture{Width: width, Height: height, Space: "DeviceRGB", Bits: 8, Filter: "DCTDecode", Data: file}
	if grey {
		p.Space = "DeviceGray"
	}
	return p
}

// twoColours returns the pixels as bits, 1 for white, or nil when there are shades.
func twoColours(g *image.Gray) []byte {
	w, h := g.Rect.Dx(), g.Rect.Dy()
	stride := (w + 7) / 8
	out := make([]byte, stride*h)
	left := int(math.Ceil(mostShades * float64(w*h)))
	for y := range h {
		row := g.Pix[y*g.Stride : y*g.Stride+w]
		bits := out[y*stride:]
		for x, v := range row {
			if v >= 128 {
				bits[x/8] |= 0x80 >> (x % 8)
			}
			if v > 8 && v < 247 {
				if left--; left < 0 {
					return nil
				}
			}
		}
	}
	return out
}
