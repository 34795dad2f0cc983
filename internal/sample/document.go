package sample

import (
	"fmt"

	"onewindow/document"
)

// Document describes a printed paper and knows what is true of it.
type Document struct {
	Type  string // result type (rd-…), material code, or "" for a confusable that must stay unrecognized
	Kind  string // the code given to Make; differs from Type for confusables and variants
	Title string // as printed, joined on one line
	Pages []Page
	Truth Truth
}

// Page is one side of paper. Width and Height are in millimetres.
type Page struct {
	Width, Height float64
	Marks         []Mark // in drawing order
}

// Truth is what a perfect reader would find.
type Truth struct {
	Type   string            // as Document.Type
	Fields map[string]string // normalised: dates 2006-01-02, areas in m², money as a number in the unit of the catalogue
	Raw    map[string]string // the same as printed
	// Secrecy is the marking printed on page 1 (机密★10年), "" when there is none.
	Secrecy string
}

// Place is where a field stands: page from 1, box in millimetres.
type Place struct {
	Page int
	Box  document.Box
}

// Lines returns the text of the page in drawing order with boxes in pixels at
// dpi, the exact counterpart of what recognition should return. Confidence is 1.
func (p Page) Lines(dpi float64) []document.Line {
	var out []document.Line
	scale := dpi / mmPerInch
	for _, m := range p.Marks {
		if t, ok := m.(Text); ok && t.String != "" {
			out = append(out, document.Line{Text: t.String, Box: scaleBox(t.Box(), scale), Confidence: 1})
		}
	}
	return out
}

// Truth returns the page as a perfect reader would give it, upright at dpi.
func (p Page) Truth(number int, dpi float64) document.Page {
	w, h := p.Pixels(dpi)
	lines := p.Lines(dpi)
	return document.Page{
		Number: number, Width: w, Height: h, DPI: dpi, Source: document.SourceOCR,
		Lines: lines, Confidence: 1, Blank: len(lines) == 0, Engine: "sample",
	}
}

// Pixels returns the size of the page image at dpi.
func (p Page) Pixels(dpi float64) (width, height int) {
	return int(p.Width*dpi/mmPerInch + 0.5), int(p.Height*dpi/mmPerInch + 0.5)
}

// Read returns all pages as a perfect reader would give them at dpi.
func (d Document) Read(dpi float64) []document.Page {
	out := make([]document.Page, len(d.Pages))
	for i, p := range d.Pages {
		out[i] = p.Truth(i+1, dpi)
	}
	return out
}

// Places tells where each field stands; a field inside running text has the box
// of the lines that hold it. Fields that are not printed as such are absent.
func (d Document) Places() map[string]Place {
	out := map[string]Place{}
	for n, p := range d.Pages {
		for _, m := range p.Marks {
			t, ok := m.(Text)
			if !ok || t.Field == "" {
				continue
			}
			at, seen := out[t.Field]
			if seen && at.Page != n+1 {
				continue
			}
			out[t.Field] = Place{Page: n + 1, Box: at.Box.Union(t.Box())}
		}
	}
	return out
}

// set records a field's truth: value normalised, raw as printed.
func (d *Document) set(key, value, raw string) {
	if d.Truth.Fields == nil {
		d.Truth.Fields, d.Truth.Raw = map[string]string{}, map[string]string{}
	}
	d.Truth.Fields[key], d.Truth.Raw[key] = value, raw
}

// same records a field whose normal form is what is printed.
func (d *Document) same(key, value string) string {
	d.set(key, value, value)
	return value
}

// String names the document for messages.
func (d Document) String() string {
	return fmt.Sprintf("%s %s (%d pages)", d.Kind, d.Title, len(d.Pages))
}

const (
	mmPerInch = 25.4
	mmPerPt   = mmPerInch / 72
)

func scaleBox(b document.Box, s float64) document.Box {
	return document.Box{b[0] * s, b[1] * s, b[2] * s, b[3] * s}
}
