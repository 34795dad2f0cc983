package sample

import "time"

// certificate is the two-panel form of planning and construction permits: an
// open booklet, A3 landscape, title and seal on the left, table and notes on
// the right.
type certificate struct {
	s      *sheet
	d      dice
	accent Ink // colour of frame and ground
	noRule bool
}

// The table of the right panel, in mm.
const panelX, panelW = 232.0, 166.0

var (
	certificateGreen = Ink{R: 70, G: 130, B: 90, A: 255}
	certificateRed   = Ink{R: 178, G: 52, B: 40, A: 255}
	certificateBlue  = Ink{R: 60, G: 100, B: 160, A: 255}
)

func newCertificate(d dice, accent Ink) *certificate {
	c := &certificate{s: newSheet(420, 297), d: d, accent: accent}
	for _, x := range []float64{15, 225} {
		c.ground(x, 15, 180, 267)
	}
	return c
}

// ground draws the frame and the faint pattern of a panel.
func (c *certificate) ground(x, y, w, h float64) {
	if c.d.chance(0.8) {
		c.s.add(Guilloche{X: x + 6, Y: y + 6, W: w - 12, H: h - 12, Ink: c.accent.faint(34), Phase: c.d.Float64()})
	}
	c.s.frame(x, y, w, h, 1.1, c.accent)
	c.s.frame(x+2.2, y+2.2, w-4.4, h-4.4, 0.35, c.accent)
	c.s.frame(x+4.2, y+4.2, w-8.4, h-8.4, 0.2, c.accent)
}

// faint returns the ink with opacity a.
func (i Ink) faint(a uint8) Ink {
	i.A = a
	return i
}

// heading sets 中华人民共和国, the title and the number on the left panel.
func (c *certificate) heading(title, number, numberField string) {
	s := c.s
	s.centre(25, 185, 43, style{SerifBold, pt36, Black, 0.12}, "中华人民共和国", "")
	s.centre(30, 180, 74, style{SansBold, 44, Black, 0.06}, title, "")
	st := style{Serif, pt16, Black, 0.02}
	y := 106.0
	x := 100 - st.width(number)*0.1
	if label := c.numberLabel(); label != "" {
		s.left(x-st.width(label)-2, y, st, label, "")
	}
	s.left(x, y, st, number, numberField)
}

// numberLabel is 编号 for permits that are numbered in digits only.
func (c *certificate) numberLabel() string {
	if c.noRule {
		return ""
	}
	return "编号"
}

// statement sets the legal sentence and what follows it.
func (c *certificate) statement(y float64, text, then string) {
	st := style{Serif, pt18, Black, 0}
	y = c.s.paragraph(para{x: 38, y: y, w: 134, st: st, indent: 2, leading: 10.5}, text)
	if then != "" {
		c.s.left(38+2*st.em(), y+4, st, then, "")
	}
}

// sign sets issuer, date and seal at the foot of the left panel.
func (c *certificate) sign(doc *Document, issuerLabel, dateLabel, issuer string, day time.Time) {
	s := c.s
	st := style{Serif, pt16, Black, 0}
	label, printed := issuerLabel, paperDate(day)
	if c.d.chance(0.2) {
		printed = hanziDate(day)
	}
	s.left(82, 216, st, label, "")
	issuerStyle := st.fit(issuer, 78)
	s.left(110, 216+(st.em()-issuerStyle.em())/2, issuerStyle, issuer, "issuer")
	s.spread(82, 236, st.width(label), st, dateLabel)
	s.left(110, 236, st, printed, "issue_date")
	s.add(officeSeal(c.d, 138, 228, issuer, ""))
	doc.same("issuer", issuer)
	doc.set("issue_date", isoDate(day), printed)
}

// notes sets the numbered remarks at the foot of the right panel.
func (c *certificate) notes(y float64, title string, notes []string) {
	s := c.s
	s.centre(panelX, panelX+panelW, y, style{SansBold, pt16, Black, 0.6}, title, "")
	y += 11
	st := style{Serif, pt12, Black, 0}
	for _, n := range notes {
		y = s.paragraph(para{x: panelX + 2, y: y, w: panelW - 4, st: st, indent: 0, leading: 6.6}, n) + 1.6
	}
}

// rows sets label and value pairs as a table on the right panel.
func (c *certificate) rows(y, h float64, pairs []pair) float64 {
	g := &grid{s: c.s, x: panelX, y: y, line: 0.35, ink: c.accent, pad: 2.4}
	label := style{Serif, pt14, Black, 0}
	value := style{Serif, pt14, Black, 0}
	if c.d.chance(0.3) {
		value.face = Sans
	}
	for _, p := range pairs {
		lw := 42.0
		if label.width(p.label) > lw-5 {
			small := style{Serif, pt12, Black, 0}
			g.row(h, cell{p.label, "", lw, small, alignCentre}, cell{p.value, p.field, panelW - lw, value, alignLeft})
			continue
		}
		g.row(h, cell{p.label, "", lw, label, alignSpread}, cell{p.value, p.field, panelW - lw, value, alignLeft})
	}
	return g.y
}

// pair is one label with its value, and the field it fills.
type pair struct{ label, value, field string }
