package sample

import (
	"bytes"
	"fmt"
	"strings"
	"unicode/utf16"
)

const ptPerMM = 72 / mmPerInch

// PDF writes a born-digital PDF as an office program or an e-certificate
// platform does: embedded subset fonts, a text layer with Unicode, vector seals.
func (s *Studio) PDF(d Document) []byte {
	w, pages, kids := s.write(d)
	return w.tree(pages, kids, d.Title)
}

// write sets the pages of a document and leaves the tree above them open.
func (s *Studio) write(d Document) (w *pdfWriter, pages ref, kids []string) {
	w = &pdfWriter{}
	fonts := s.embed(w, d.Pages)
	contents := make([][]byte, len(d.Pages))
	for i, p := range d.Pages {
		c := &pdfCanvas{studio: s, fonts: fonts, height: p.Height}
		for _, m := range p.Marks {
			m.draw(c)
		}
		contents[i] = c.out.Bytes()
	}
	resources := w.add("<</Font<<%s>>/ExtGState<<%s>>>>", fonts.resources(), alphaStates())
	pages = w.reserve()
	for i, p := range d.Pages {
		body := w.packed("", contents[i])
		kids = append(kids, w.add("<</Type/Page/Parent %v/MediaBox[0 0 %.2f %.2f]/Resources %v/Contents %v>>",
			pages, p.Width*ptPerMM, p.Height*ptPerMM, resources, body).String())
	}
	return w, pages, kids
}

// tree finishes a file with its page tree.
func (w *pdfWriter) tree(pages ref, kids []string, title string) []byte {
	return w.catalog(pages, kids, "", title)
}

// catalog finishes a file whose catalog has more entries than the usual.
func (w *pdfWriter) catalog(pages ref, kids []string, entries, title string) []byte {
	w.put(pages, "<</Type/Pages/Count %d/Kids[%s]>>", len(kids), strings.Join(kids, " "))
	return w.bytes(w.add("<</Type/Catalog/Pages %v/Lang(zh-CN)%s>>", pages, entries), title)
}

// pdfCanvas writes a content stream in points, y up.
type pdfCanvas struct {
	studio *Studio
	fonts  embedded
	height float64 // mm
	out    bytes.Buffer
	hidden bool // text as recognition leaves it: selectable, not painted
}

func (c *pdfCanvas) outline(f Face, r rune) path { return c.studio.outline(f, r) }

func (c *pdfCanvas) text(t Text) {
	font := c.fonts[t.Face]
	fmt.Fprintf(&c.out, "q %sBT /F%d %.3f Tf ", c.ink(t.Ink), t.Face, t.Size*ptPerMM)
	if c.hidden {
		c.out.WriteString("3 Tr ")
	}
	fmt.Fprintf(&c.out, "%.4f Tc 1 0 0 1 %.3f %.3f Tm <", t.Tracking*ptPerMM, t.X*ptPerMM, (c.height-t.Y)*ptPerMM)
	for _, r := range t.String {
		fmt.Fprintf(&c.out, "%04X", font.subset.ids[r])
	}
	c.out.WriteString("> Tj ET Q\n")
}

func (c *pdfCanvas) fill(p path, ink Ink) {
	if len(p) == 0 {
		return
	}
	fmt.Fprintf(&c.out, "q %s", c.ink(ink))
	k := affine{a: ptPerMM, d: -ptPerMM, f: c.height * ptPerMM}
	if x, y, w, h, ok := p.rect(); ok {
		fmt.Fprintf(&c.out, "%.3f %.3f %.3f %.3f re f Q\n", x*ptPerMM, (c.height-y-h)*ptPerMM, w*ptPerMM, h*ptPerMM)
		return
	}
	var at point
	for i, s := range p.transform(k) {
		switch s.op {
		case 'M':
			if i > 0 {
				c.out.WriteString("h ")
			}
			fmt.Fprintf(&c.out, "%.2f %.2f m ", s.pts[0].x, s.pts[0].y)
		case 'L':
			fmt.Fprintf(&c.out, "%.2f %.2f l ", s.pts[0].x, s.pts[0].y)
		case 'Q':
			s = elevate(at, s)
			fallthrough
		case 'C':
			fmt.Fprintf(&c.out, "%.2f %.2f %.2f %.2f %.2f %.2f c ", s.pts[0].x, s.pts[0].y, s.pts[1].x, s.pts[1].y, s.pts[2].x, s.pts[2].y)
		}
		at = s.pts[s.last]
	}
	c.out.WriteString("h f Q\n")
}

// elevate turns a quadratic into a cubic; PDF has no other.
func elevate(from point, s segment) segment {
	q, to := s.pts[0], s.pts[1]
	third := func(a, b point) point { return point{a.x + (b.x-a.x)*2/3, a.y + (b.y-a.y)*2/3} }
	return segment{op: 'C', pts: [3]point{third(from, q), third(to, q), to}, last: 2}
}

// ink sets colour and, for stamps and faint grounds, opacity.
func (c *pdfCanvas) ink(i Ink) string {
	s := fmt.Sprintf("%.3f %.3f %.3f rg ", float64(i.R)/255, float64(i.G)/255, float64(i.B)/255)
	if i.A < 255 {
		s = fmt.Sprintf("/A%d gs ", alphaStep(i.A)) + s
	}
	return s
}

// Opacity comes in sixteen steps, each a graphics state A0…A15.
func alphaStep(a uint8) int { return int(a) / 16 }

func alphaStates() string {
	var b strings.Builder
	for i := range 16 {
		fmt.Fprintf(&b, "/A%d<</ca %.3f/BM/Multiply>>", i, (float64(i)+0.5)/16)
	}
	return b.String()
}

func utf16Units(s string) []uint16 { return utf16.Encode([]rune(s)) }
