package pagesource

import (
	"math"
	"unicode"

	"golang.org/x/image/font/sfnt"
)

// text draws a TextObject (11) and notes its characters.
func (d *ofdDrawer) text(n *node, m matrix, s style) {
	size := number(n.attrs["Size"], 0)
	if s.invisible || size <= 0 || size > 10000 {
		return
	}
	fill, stroke := flag(n.attrs["Fill"], true), flag(n.attrs["Stroke"], false)
	if !fill && !stroke {
		return
	}
	if !fill {
		s.fill = s.stroke // outlined letters are drawn filled: they read the same
	}
	run := ofdRun{d: d, m: m, size: size, wide: number(n.attrs["HScale"], 1), f: d.fonts.face(d.body, n.attrs["Font"]),
		turn: number(n.attrs["CharDirection"], 0), down: number(n.attrs["ReadDirection"], 0) == 90}
	run.glyphIDs = glyphIDs(n)
	d.out.WriteString("q ")
	d.paint(s)
	for _, code := range n.all("TextCode") {
		run.code(code)
	}
	d.out.WriteString("Q\n")
	d.glyphs = append(d.glyphs, glyph{breaks: true})
}

// glyphIDs reads the glyphs given for characters by position (11.4).
func glyphIDs(n *node) map[int]sfnt.GlyphIndex {
	out := map[int]sfnt.GlyphIndex{}
	for _, t := range n.all("CGTransform") {
		at := int(number(t.attrs["CodePosition"], 0))
		for i, v := range numbers(t.value("Glyphs")) {
			if v > 0 && v < 1<<16 {
				out[at+i] = sfnt.GlyphIndex(v)
			}
		}
	}
	return out
}

// ofdRun is the state while the characters of a TextObject are placed.
type ofdRun struct {
	d          *ofdDrawer
	f          *ofdFace
	m          matrix
	size, wide float64
	turn       float64 // of each character, clockwise degrees
	down       bool    // without distances, characters follow downwards
	glyphIDs   map[int]sfnt.GlyphIndex
	at         int // characters so far in the object
	x, y       float64
}

// code places one TextCode.
func (r *ofdRun) code(n *node) {
	runes := []rune(n.text)
	r.x, r.y = number(n.attrs["X"], r.x), number(n.attrs["Y"], r.y)
	dx, dy := deltas(n.attrs["DeltaX"], len(runes)), deltas(n.attrs["DeltaY"], len(runes))
	for i, c := range runes {
		given := len(dx) > 0 || len(dy) > 0
		room := 0.0
		if given && r.turn == 0 {
			room = nth(dx, i)
		}
		advance := r.put(c, room)
		r.at++
		switch {
		case given:
			r.x += nth(dx, i)
			r.y += nth(dy, i)
		case r.down:
			r.y += r.size
		default:
			r.x += advance
		}
	}
}

// nth returns distance i; where the list is too short its last one goes on, as
// invoices rely on.
func nth(list []float64, i int) float64 {
	if len(list) == 0 {
		return 0
	}
	return list[min(i, len(list)-1)]
}

// put draws one character and returns its advance. room is the distance to the
// next one, 0 when it is not given: a glyph of the substitute font that is wider
// is squeezed, and one that is narrower still owns the room.
func (r *ofdRun) put(c rune, room float64) float64 {
	o, own := r.f.look(c, r.glyphIDs[r.at])
	wide := r.size * r.wide
	advance := o.advance * wide
	if unicode.IsSpace(c) {
		r.d.glyphs = append(r.d.glyphs, glyph{r: ' ', blank: true})
		return advance
	}
	if !own && room > 0.2*r.size && advance > room {
		wide *= room / advance
	}
	sin, cos := math.Sincos(r.turn * math.Pi / 180)
	local := matrix{wide, 0, 0, r.size, 0, 0}.then(matrix{cos, sin, -sin, cos, r.x, r.y}).then(r.m)
	if o.path != "" {
		r.d.out.WriteString("q ")
		r.d.cm(local)
		r.d.out.WriteString(o.path + "Q ")
	}
	most := 0.7
	if isHan(c) {
		most = 1.2
	}
	r.d.glyphs = append(r.d.glyphs, r.d.located(c, o, min(room/wide, most), local))
	return advance
}

// located makes the glyph of the text layer, in points from the page's corner.
func (d *ofdDrawer) located(c rune, o outline, room float64, local matrix) glyph {
	to := local.then(matrix{pointsPerMM, 0, 0, pointsPerMM, -d.box.x * pointsPerMM, -d.box.y * pointsPerMM})
	g := glyph{r: c, apart: d.over, angle: math.Atan2(to[1], to[0]) * 180 / math.Pi, em: math.Hypot(to[2], to[3])}
	if o.path == "" {
		o.x0, o.y0, o.x1, o.y1 = 0, -0.8, max(o.advance, 0.3), 0
	}
	g.x0, g.y0, g.x1, g.y1 = to.box(o.x0, o.y0, o.x1, o.y1)
	g.ox, g.base = to.at(0, 0)
	g.cell[0], g.cell[1], g.cell[2], g.cell[3] = to.box(0, -0.88, max(o.advance, o.x1, room), 0.12)
	return g
}
