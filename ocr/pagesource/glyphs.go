package pagesource

import (
	"fmt"
	"math"
	"unicode"

	"github.com/klippa-app/go-pdfium/enums"
	"github.com/klippa-app/go-pdfium/references"
	"github.com/klippa-app/go-pdfium/requests"
)

// glyph is one character of a text layer.
type glyph struct {
	r        rune
	x0, y0   float64 // box of its ink, y down; points at first, pixels later
	x1, y1   float64
	ox, base float64    // origin: the left end of its baseline
	cell     [4]float64 // the ink and its margins, as set by the font
	em       float64    // height of its font
	angle    float64    // reading direction, clockwise degrees, 0 is to the right
	blank    bool       // a space
	breaks   bool       // a line break PDFium put in
	apart    bool       // belongs to a seal or note laid over the text
	unmapped bool       // its font does not say which character it is
}

// maxGlyphs bounds the characters read of one page.
const maxGlyphs = 200_000

// glyphs reads the text layer, in displayed points. shown leaves out text that
// is drawn invisibly; asking costs time.
func (p *pdfPage) glyphs(shown bool) ([]glyph, error) {
	inst := p.doc.inst
	text, err := inst.FPDFText_LoadPage(&requests.FPDFText_LoadPage{Page: p.by})
	if err != nil {
		return nil, fmt.Errorf("load text: %w", err)
	}
	defer func() {
		_, err := inst.FPDFText_ClosePage(&requests.FPDFText_ClosePage{TextPage: text.TextPage})
		_ = ignoreTrap(err)
	}()
	n, err := inst.FPDFText_CountChars(&requests.FPDFText_CountChars{TextPage: text.TextPage})
	if err != nil {
		return nil, fmt.Errorf("count characters: %w", err)
	}
	out := make([]glyph, 0, min(max(n.Count, 0), maxGlyphs))
	for i := range min(n.Count, maxGlyphs) {
		g, err := p.glyph(text.TextPage, i)
		if err != nil {
			return nil, err
		}
		if shown && !g.blank && !g.breaks && !p.shown(text.TextPage, i) {
			continue
		}
		out = append(out, g)
	}
	evenOut(out)
	return out, nil
}

// shown reports whether a character is drawn visibly.
func (p *pdfPage) shown(text references.FPDF_TEXTPAGE, i int) bool {
	obj, err := p.doc.inst.FPDFText_GetTextObject(&requests.FPDFText_GetTextObject{TextPage: text, Index: i})
	if err != nil {
		return true
	}
	p.doc.handles++
	mode, err := p.doc.inst.FPDFTextObj_GetTextRenderMode(&requests.FPDFTextObj_GetTextRenderMode{PageObject: obj.TextObject})
	if err != nil {
		return true
	}
	return mode.TextRenderMode != enums.FPDF_TEXTRENDERMODE_INVISIBLE && mode.TextRenderMode != enums.FPDF_TEXTRENDERMODE_CLIP
}

func (p *pdfPage) glyph(text references.FPDF_TEXTPAGE, i int) (glyph, error) {
	inst := p.doc.inst
	u, err := inst.FPDFText_GetUnicode(&requests.FPDFText_GetUnicode{TextPage: text, Index: i})
	if err != nil {
		return glyph{}, fmt.Errorf("get character: %w", err)
	}
	g := glyph{r: rune(uint32(u.Unicode))}
	if g.r == '\r' || g.r == '\n' {
		g.breaks = true
		return g, nil
	}
	if unicode.IsSpace(g.r) {
		g.blank = true
		return g, nil
	}
	bad, err := inst.FPDFText_HasUnicodeMapError(&requests.FPDFText_HasUnicodeMapError{TextPage: text, Index: i})
	if err != nil {
		return glyph{}, fmt.Errorf("get character map: %w", err)
	}
	g.unmapped = bad.HasUnicodeMapError
	if err := p.locate(&g, text, i); err != nil {
		return glyph{}, err
	}
	return g, nil
}

// locate fills in where the glyph stands. Boxes PDFium cannot give stay empty.
func (p *pdfPage) locate(g *glyph, text references.FPDF_TEXTPAGE, i int) error {
	inst := p.doc.inst
	turn, err := inst.FPDFText_GetCharAngle(&requests.FPDFText_GetCharAngle{TextPage: text, Index: i})
	if err != nil {
		return fmt.Errorf("get character angle: %w", err)
	}
	sin, cos := math.Sincos(float64(turn.CharAngle))
	m := p.toDevice
	g.angle = math.Atan2(m[1]*cos+m[3]*sin, m[0]*cos+m[2]*sin) * 180 / math.Pi

	loose, err := inst.FPDFText_GetLooseCharBox(&requests.FPDFText_GetLooseCharBox{TextPage: text, Index: i})
	if err != nil {
		return nil // a glyph without size
	}
	lx0, ly0, lx1, ly1 := m.box(float64(loose.Rect.Left), float64(loose.Rect.Bottom), float64(loose.Rect.Right), float64(loose.Rect.Top))
	g.x0, g.y0, g.x1, g.y1 = lx0, ly0, lx1, ly1
	tight, err := inst.FPDFText_GetCharBox(&requests.FPDFText_GetCharBox{TextPage: text, Index: i})
	if err == nil && tight.Right > tight.Left && tight.Top > tight.Bottom {
		g.x0, g.y0, g.x1, g.y1 = m.box(tight.Left, tight.Bottom, tight.Right, tight.Top)
	}
	g.cell = [4]float64{lx0, ly0, lx1, ly1}
	g.em = emOf(g.r, lx1-lx0, ly1-ly0, g.angle)
	return p.origin(g, text, i)
}

func (p *pdfPage) origin(g *glyph, text references.FPDF_TEXTPAGE, i int) error {
	at, err := p.doc.inst.FPDFText_GetCharOrigin(&requests.FPDFText_GetCharOrigin{TextPage: text, Index: i})
	if err != nil {
		g.ox, g.base = g.x0, g.y1
		return nil
	}
	g.ox, g.base = p.toDevice.at(at.X, at.Y)
	return nil
}

// emOf estimates the font height from the cell of a glyph: Chinese characters
// are as wide as their font is high, other cells are a fifth higher than it.
func emOf(r rune, w, h, angle float64) float64 {
	if quarter(angle)%180 == 90 {
		w, h = h, w
	}
	if isHan(r) {
		return max(w, h/1.45)
	}
	return h / 1.2
}

// evenOut gives glyphs the font height of their neighbour on the same baseline
// where their own is less: fonts without metrics have cells as small as the ink,
// and a full stop is not a font of its own.
func evenOut(glyphs []glyph) {
	for i := 1; i < len(glyphs); i++ {
		adopt(&glyphs[i], &glyphs[i-1])
	}
	for i := len(glyphs) - 2; i >= 0; i-- {
		adopt(&glyphs[i], &glyphs[i+1])
	}
}

func adopt(g, from *glyph) {
	if g.blank || g.breaks || from.blank || from.breaks || g.em >= 0.95*from.em {
		return
	}
	apart := max(g.x0-from.x1, from.x0-g.x1, g.y0-from.y1, from.y0-g.y1)
	if quarter(g.angle) == quarter(from.angle) && apart < from.em && (math.Abs(g.base-from.base) < 0.1*from.em || math.Abs(g.ox-from.ox) < 0.1*from.em) {
		g.em = from.em
	}
}

// quarter rounds an angle to 0, 90, 180 or 270; -1 when it is askew.
func quarter(angle float64) int {
	q := math.Round(angle / 90)
	if math.Abs(angle-90*q) > 3 {
		return -1
	}
	return (int(q)*90%360 + 360) % 360
}

// mainAngle returns the direction most glyphs are read in.
func mainAngle(glyphs []glyph) int {
	count := map[int]int{}
	total := 0
	for _, g := range glyphs {
		if g.blank || g.breaks {
			continue
		}
		count[quarter(g.angle)]++
		total++
	}
	for _, q := range []int{90, 180, 270} {
		if 3*count[q] > 2*total {
			return q
		}
	}
	return 0
}

// moved maps the glyphs through scale and a clockwise turn of the page of w x h
// points, into pixels of the upright page.
func moved(glyphs []glyph, degrees int, w, h, scale float64) []glyph {
	m := matrix{scale, 0, 0, scale, 0, 0}
	switch degrees {
	case 90:
		m = matrix{0, scale, -scale, 0, h * scale, 0}
	case 180:
		m = matrix{-scale, 0, 0, -scale, w * scale, h * scale}
	case 270:
		m = matrix{0, -scale, scale, 0, 0, w * scale}
	}
	out := make([]glyph, len(glyphs))
	for i, g := range glyphs {
		if !g.blank && !g.breaks {
			g.x0, g.y0, g.x1, g.y1 = m.box(g.x0, g.y0, g.x1, g.y1)
			g.ox, g.base = m.at(g.ox, g.base)
			g.cell[0], g.cell[1], g.cell[2], g.cell[3] = m.box(g.cell[0], g.cell[1], g.cell[2], g.cell[3])
			g.em *= scale
			g.angle = math.Mod(g.angle+float64(degrees)+540, 360) - 180
		}
		out[i] = g
	}
	return out
}
