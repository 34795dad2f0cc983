package sample

import "fmt"

// flow sets running text over as many A4 pages as it needs.
type flow struct {
	sheets      []*sheet
	x, w        float64
	top, bottom float64
	y           float64
	body        style
	leading     float64
	folio       func(s *sheet, page int) // draws the page number
}

// newFlow starts a text with the margins of GB/T 9704: 28 mm left, 26 mm right,
// 37 mm above, 22 lines of 28 characters.
func newFlow() *flow {
	f := &flow{x: 28, w: 156, top: 37, bottom: 262, body: style{Serif, pt16, Black, 0}, leading: 10.2, folio: officialFolio}
	f.newPage()
	return f
}

// newPlainFlow starts a text as word processors set it: contracts, reports.
func newPlainFlow() *flow {
	f := &flow{x: 30, w: 150, top: 28, bottom: 268, body: style{Serif, pt12, Black, 0}, leading: 7.2, folio: plainFolio}
	f.newPage()
	return f
}

func (f *flow) sheet() *sheet { return f.sheets[len(f.sheets)-1] }

func (f *flow) newPage() {
	f.sheets = append(f.sheets, a4())
	f.y = f.top
}

// need starts a new page unless h mm are left.
func (f *flow) need(h float64) {
	if f.y+h > f.bottom {
		f.newPage()
	}
}

func (f *flow) skip(h float64) { f.y += h }

// para sets a paragraph with an indent of two characters.
func (f *flow) para(text string) { f.set(text, "", 2, f.body) }

// set sets a paragraph that breaks over pages. field marks all of its lines.
func (f *flow) set(text, field string, indent float64, st style) {
	lines := wrap(text, st, f.w, indent*st.em())
	p := para{x: f.x, w: f.w, st: st, indent: indent, leading: f.leading, field: field}
	for i, line := range lines {
		f.need(f.leading)
		p.y = f.y
		f.sheet().line(p, line, i, i == len(lines)-1)
		f.y += f.leading
	}
}

// item is a line "label：value" whose value is a field.
func (f *flow) item(label, value, field string) {
	f.need(f.leading)
	st, x := f.body, f.x+2*f.body.em()
	head := label + "："
	if st.width(head+value) > f.w-2*st.em() {
		f.set(head+value, field, 2, st)
		return
	}
	f.sheet().left(x, f.y, st, head, "")
	f.sheet().left(x+st.width(head), f.y, st, value, field)
	f.y += f.leading
}

// centre sets a heading over the measure.
func (f *flow) centre(st style, leading float64, text, field string) {
	f.need(leading)
	f.y = f.sheet().centreLines(f.x, f.x+f.w, f.y, st, leading, text, field)
}

// pages returns what was set, with page numbers.
func (f *flow) pages() []Page {
	out := make([]Page, len(f.sheets))
	for i, s := range f.sheets {
		if f.folio != nil {
			f.folio(s, i+1)
		}
		out[i] = s.page
	}
	return out
}

// officialFolio sets — 1 — outside: right on odd pages, left on even ones.
func officialFolio(s *sheet, page int) {
	st := style{Serif, pt14, Black, 0}
	text := fmt.Sprintf("— %d —", page)
	if page%2 == 1 {
		s.right(28+156-st.em(), 269, st, text, "")
		return
	}
	s.left(28+st.em(), 269, st, text, "")
}

func plainFolio(s *sheet, page int) {
	s.centre(30, 180, 279, style{Serif, pt9, Black, 0}, fmt.Sprint(page), "")
}
