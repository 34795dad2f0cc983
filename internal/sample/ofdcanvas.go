package sample

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"strings"
)

// ofdCanvas writes page objects. Coordinates of OFD are millimetres from the
// top left, as ours are.
type ofdCanvas struct {
	w   *ofdWriter
	out strings.Builder
}

func (c *ofdCanvas) outline(f Face, r rune) path { return c.w.studio.outline(f, r) }

func (c *ofdCanvas) text(t Text) {
	if !c.w.options.PerCharacter {
		c.textObject(t)
		return
	}
	x := t.X
	for _, r := range t.String {
		one := t
		one.X, one.String = x, string(r)
		if r != ' ' {
			c.textObject(one)
		}
		x += runeWidth(t.Face, r)*t.Size + t.Tracking
	}
}

func (c *ofdCanvas) textObject(t Text) {
	b := t.Box()
	var deltas []string
	runes := []rune(t.String)
	for _, r := range runes[:len(runes)-1] {
		deltas = append(deltas, fmt.Sprintf("%.4g", runeWidth(t.Face, r)*t.Size+t.Tracking))
	}
	delta := ""
	if deltas != nil {
		delta = fmt.Sprintf(` DeltaX="%s"`, strings.Join(deltas, " "))
	}
	fmt.Fprintf(&c.out, `<ofd:TextObject ID="%d" Boundary="%.3f %.3f %.3f %.3f" Font="%d" Size="%.4f">%s`,
		c.w.next(), b[0], b[1], b.Width(), b.Height(), 1+int(t.Face), t.Size, fillColour(t.Ink))
	if sub, ok := c.w.subsets[t.Face]; ok {
		var ids []string
		for _, r := range runes {
			ids = append(ids, fmt.Sprint(sub.ids[r]))
		}
		fmt.Fprintf(&c.out, `<ofd:CGTransform CodePosition="0" CodeCount="%d" GlyphCount="%[1]d"><ofd:Glyphs>%s</ofd:Glyphs></ofd:CGTransform>`, len(runes), strings.Join(ids, " "))
	}
	fmt.Fprintf(&c.out, `<ofd:TextCode X="0" Y="%.4f"%s>%s</ofd:TextCode></ofd:TextObject>`, t.Y-b[1], delta, escapeXML(t.String))
}

func (c *ofdCanvas) fill(p path, ink Ink) {
	if len(p) == 0 {
		return
	}
	x0, y0, x1, y1 := p.bounds()
	fmt.Fprintf(&c.out, `<ofd:PathObject ID="%d" Boundary="%.3f %.3f %.3f %.3f" Fill="true" Stroke="false">%s<ofd:AbbreviatedData>`,
		c.w.next(), x0, y0, max(x1-x0, 0.01), max(y1-y0, 0.01), fillColour(ink))
	for i, s := range p.transform(affine{a: 1, d: 1, e: -x0, f: -y0}) {
		if s.op == 'M' && i > 0 {
			c.out.WriteString("C ")
		}
		op := map[byte]string{'M': "M", 'L': "L", 'Q': "Q", 'C': "B"}[s.op]
		c.out.WriteString(op)
		for k := 0; k <= s.last; k++ {
			fmt.Fprintf(&c.out, " %.3f %.3f", s.pts[k].x, s.pts[k].y)
		}
		c.out.WriteByte(' ')
	}
	c.out.WriteString("C</ofd:AbbreviatedData></ofd:PathObject>")
}

func fillColour(i Ink) string {
	alpha := ""
	if i.A < 255 {
		alpha = fmt.Sprintf(` Alpha="%d"`, i.A)
	}
	return fmt.Sprintf(`<ofd:FillColor Value="%d %d %d"%s/>`, i.R, i.G, i.B, alpha)
}

func escapeXML(s string) string {
	var b bytes.Buffer
	_ = xml.EscapeText(&b, []byte(s)) // a bytes.Buffer does not fail
	return b.String()
}
