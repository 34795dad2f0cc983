package sample

import "strings"

// notice is a plain official paper on A4: a title, a number below it, text.
// Opinions of fire and civil defence authorities look like it.
type notice struct {
	*flow
	d   dice
	doc *Document
}

// noticeHead is what stands above the text.
type noticeHead struct {
	header      string // the authority, above the title
	title       string
	number      string // as printed, e.g. （文号：…）
	numberField string
	numberRight bool // at the right edge instead of centred
	red         bool // header in red
}

func newNotice(d dice, doc *Document, h noticeHead) *notice {
	n := &notice{flow: newFlow(), d: d, doc: doc}
	n.folio = nil
	n.bottom = 278
	doc.Title = strings.ReplaceAll(h.title, "\n", "")
	n.body, n.leading = style{Serif, pt15, Black, 0}, 9.2
	n.y = 30
	s := n.sheet()
	if h.header != "" {
		ink := Black
		if h.red {
			ink = Red
		}
		s.centre(n.x, n.x+n.w, n.y, style{SerifBold, pt26, ink, 0.05}, h.header, "")
		n.y += 16
	}
	n.y = s.centreLines(n.x, n.x+n.w, n.y, style{SerifBold, pt22, Black, 0.03}, 12, h.title, "") + 2
	if h.number != "" {
		st := style{Serif, pt14, Black, 0}
		if h.numberRight {
			s.right(n.x+n.w, n.y, st, h.number, h.numberField)
		} else {
			s.centre(n.x, n.x+n.w, n.y, st, h.number, h.numberField)
		}
		n.y += 12
	}
	return n
}

// salutation sets 单位名称： from the left edge.
func (n *notice) salutation(name string) {
	n.sheet().left(n.x, n.y, n.body, name+"：", "builder")
	n.y += n.leading
}

func (n *notice) finish() Document {
	n.doc.Pages = n.pages()
	return *n.doc
}

// pairTable sets label and value rows over the measure of a flow.
func (f *flow) pairTable(labelWidth, h float64, pairs []pair) {
	g := &grid{s: f.sheet(), x: f.x, y: f.y, line: 0.3, ink: Black, pad: 2}
	label, value := style{Serif, pt12, Black, 0}, style{Serif, pt12, Black, 0}
	for _, p := range pairs {
		if g.y+h > f.bottom {
			f.newPage()
			g.s, g.y = f.sheet(), f.y
		}
		align := alignSpread
		if label.width(p.label) > labelWidth-2*g.pad {
			align = alignCentre
		}
		g.row(h, cell{p.label, "", labelWidth, label, align}, cell{p.value, p.field, f.w - labelWidth, value, alignLeft})
	}
	f.y = g.y
}
