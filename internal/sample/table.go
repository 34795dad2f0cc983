package sample

// cell is one box of a form row.
type cell struct {
	text  string
	field string
	w     float64 // mm
	st    style
	align align
}

type align uint8

const (
	alignLeft align = iota
	alignCentre
	alignSpread // label characters spread over the cell
)

// grid sets rows of boxes one under the other.
type grid struct {
	s    *sheet
	x, y float64
	line float64 // rule thickness in mm
	ink  Ink
	pad  float64
}

// row draws cells of at least h mm, higher if a text needs it, and moves on.
func (g *grid) row(h float64, cells ...cell) {
	for _, c := range cells {
		n := float64(len(g.lines(c)))
		h = max(h, n*c.st.em()*lineFactor(n)+2*g.pad*0.6)
	}
	x := g.x
	for _, c := range cells {
		g.box(x, h, c)
		x += c.w
	}
	g.y += h
}

// lineFactor is the leading inside a cell: looser when there is one line only.
func lineFactor(n float64) float64 {
	if n <= 1 {
		return 1.1
	}
	return 1.3
}

func (g *grid) lines(c cell) []string {
	if c.text == "" {
		return nil
	}
	if c.align == alignSpread {
		return []string{c.text}
	}
	var out []string
	for _, part := range splitLines(c.text) {
		out = append(out, wrap(part, c.st, c.w-2*g.pad, 0)...)
	}
	return out
}

func (g *grid) box(x, h float64, c cell) {
	g.s.frame(x, g.y, c.w, h, g.line, g.ink)
	lines := g.lines(c)
	leading := c.st.em() * lineFactor(float64(len(lines)))
	y := g.y + (h-leading*float64(len(lines)-1)-c.st.em())/2
	for _, line := range lines {
		switch c.align {
		case alignCentre:
			g.s.centre(x+g.pad, x+c.w-g.pad, y, c.st, line, c.field)
		case alignSpread:
			g.s.spread(x+g.pad, y, c.w-2*g.pad, c.st, line)
		default:
			g.s.left(x+g.pad, y, c.st, line, c.field)
		}
		y += leading
	}
}

func splitLines(s string) []string {
	var out []string
	start := 0
	for i, r := range s {
		if r == '\n' {
			out = append(out, s[start:i])
			start = i + 1
		}
	}
	return append(out, s[start:])
}
