package pagesource

import (
	"image"
	"math"

	"onewindow/document"
	seals "onewindow/ocr/ink"
)

// ink is a small picture of a page, to hold a text layer against.
type ink struct {
	img   *image.Gray // brightness
	red   *image.Gray // the red part only, in which seals vanish
	scale float64     // its pixels per pixel of the page
	seals []document.Seal
}

func newInk(src *image.RGBA, scale float64) ink {
	k := ink{img: image.NewGray(src.Rect), red: image.NewGray(src.Rect), scale: scale, seals: sealsOn(src, scale)}
	for i := range k.img.Pix {
		r, g, b := int(src.Pix[4*i]), int(src.Pix[4*i+1]), int(src.Pix[4*i+2])
		k.img.Pix[i], k.red.Pix[i] = byte((77*r+151*g+28*b)>>8), byte(r)
	}
	return k
}

// sealsOn finds the seals on a picture that has scale pixels per pixel of the page.
func sealsOn(src *image.RGBA, scale float64) []document.Seal {
	var c seals.Converter
	var plane seals.Plane
	c.Convert(&plane, src)
	var out []document.Seal
	for _, s := range c.Seals() {
		r := s.Frame
		out = append(out, document.Seal{Coverage: s.Coverage, Box: document.Box{
			float64(r.Min.X) / scale, float64(r.Min.Y) / scale, float64(r.Max.X) / scale, float64(r.Max.Y) / scale}})
	}
	return out
}

const (
	inkDPI       = 100
	inkMaxPixels = 16_000_000
	darkBelow    = 150 // grey value that counts as ink
	contrast     = 40  // difference inside a box that counts as printed
	faint        = 10  // less than this is nothing
)

// visible returns the share of glyphs with something printed where they stand.
func (k ink) visible(glyphs []glyph) float64 {
	seen, all := 0, 0
	for _, g := range glyphs {
		if g.blank || g.breaks || g.em <= 0 || quarter(g.angle) != 0 {
			continue
		}
		all++
		lo, hi := k.extremes(g.x0, g.y0, g.x1, g.y1)
		if hi-lo >= contrast {
			seen++
		}
	}
	if all == 0 {
		return 1
	}
	return float64(seen) / float64(all)
}

// seen drops the glyphs where nothing at all is printed: white on white, as marks
// for machines are.
func (k ink) seen(glyphs []glyph) []glyph {
	out := make([]glyph, 0, len(glyphs))
	for _, g := range glyphs {
		if !g.blank && !g.breaks && g.em > 0 {
			if lo, hi := k.extremes(g.x0, g.y0, g.x1, g.y1); hi-lo < faint {
				continue
			}
		}
		out = append(out, g)
	}
	return out
}

// extremes returns the darkest and lightest value in a box and a pixel around it.
func (k ink) extremes(x0, y0, x1, y1 float64) (lo, hi int) {
	r := image.Rect(int(x0*k.scale)-1, int(y0*k.scale)-1, int(x1*k.scale)+2, int(y1*k.scale)+2).Intersect(k.img.Rect)
	lo, hi = 255, 0
	for y := r.Min.Y; y < r.Max.Y; y++ {
		for _, v := range k.img.Pix[y*k.img.Stride+r.Min.X : y*k.img.Stride+r.Max.X] {
			lo, hi = min(lo, int(v)), max(hi, int(v))
		}
	}
	return lo, hi
}

// ruled reports a vertical rule between x0 and x1 that reaches beyond y0 and y1:
// a column darker than its paper over the whole height. No stroke of a character
// does, and the columns next to the neighbours are left out.
func (k ink) ruled(x0, x1, y0, y1 float64) bool {
	reach := 0.2 * (y1 - y0)
	left, right := int(math.Ceil(x0*k.scale))+1, int(x1*k.scale)-2
	top, bottom := int((y0-reach)*k.scale), int(math.Ceil((y1+reach)*k.scale))
	left, right = max(left, 0), min(right, k.img.Rect.Dx()-1)
	top, bottom = max(top, 0), min(bottom, k.img.Rect.Dy()-1)
	if bottom-top < 3 {
		return false
	}
	for x := left; x <= right; x++ {
		dark := 0
		for y := top; y <= bottom; y++ {
			if k.img.Pix[y*k.img.Stride+x] < 225 {
				dark++
			}
		}
		if 20*dark >= 19*(bottom-top+1) {
			return true
		}
	}
	return false
}

// marks counts the blots of ink that have the size of characters, inside and
// outside the lines. Red ink does not count: it is seals.
func (k ink) marks(lines []document.Line) (inside, outside int) {
	const slack = 3
	cover := newMask(k.img.Rect.Dx(), k.img.Rect.Dy())
	for _, l := range lines {
		cover.fill(int(l.Box[0]*k.scale)-slack, int(l.Box[1]*k.scale)-slack, int(l.Box[2]*k.scale)+slack, int(l.Box[3]*k.scale)+slack)
	}
	for _, b := range blots(k.red, darkBelow) {
		w, h := b.Dx(), b.Dy()
		if h < 5 && w < 5 || h < 2 || w < 2 || h > 60 || w > 12*h || h > 12*w {
			continue // dust, rules, frames, pictures
		}
		if cover.has((b.Min.X+b.Max.X)/2, (b.Min.Y+b.Max.Y)/2) {
			inside++
		} else {
			outside++
		}
	}
	return inside, outside
}

// mask marks pixels.
type mask struct {
	w, h int
	set  []bool
}

func newMask(w, h int) *mask { return &mask{w, h, make([]bool, w*h)} }

func (m *mask) fill(x0, y0, x1, y1 int) {
	for y := max(y0, 0); y < min(y1, m.h); y++ {
		row := m.set[y*m.w : (y+1)*m.w]
		for x := max(x0, 0); x < min(x1, m.w); x++ {
			row[x] = true
		}
	}
}

func (m *mask) has(x, y int) bool {
	return x >= 0 && y >= 0 && x < m.w && y < m.h && m.set[y*m.w+x]
}

// span is a run of ink in one pixel row.
type span struct {
	x0, x1, y int
	parent    int
}

// blots returns the boxes of connected ink.
func blots(img *image.Gray, below byte) []image.Rectangle {
	var spans []span
	prev, start := 0, 0 // spans of the row above are spans[prev:start]
	for y := range img.Rect.Dy() {
		row := img.Pix[y*img.Stride : y*img.Stride+img.Rect.Dx()]
		at := len(spans)
		for x := 0; x < len(row); x++ {
			if row[x] >= below {
				continue
			}
			x0 := x
			for x < len(row) && row[x] < below {
				x++
			}
			spans = append(spans, span{x0, x, y, len(spans)})
		}
		link(spans, prev, start, at)
		prev, start = at, len(spans)
	}
	return boxesOf(spans)
}

// link joins the spans from at on with those of the row above that touch them.
func link(spans []span, prev, start, at int) {
	j := prev
	for i := at; i < len(spans); i++ {
		for j < start && spans[j].x1 < spans[i].x0 {
			j++
		}
		for k := j; k < start && spans[k].x0 <= spans[i].x1; k++ {
			a, b := rootOf(spans, i), rootOf(spans, k)
			spans[max(a, b)].parent = min(a, b)
		}
	}
}

func rootOf(spans []span, i int) int {
	for spans[i].parent != i {
		spans[i].parent = spans[spans[i].parent].parent
		i = spans[i].parent
	}
	return i
}

func boxesOf(spans []span) []image.Rectangle {
	boxes := map[int]image.Rectangle{}
	for i, s := range spans {
		root := rootOf(spans, i)
		boxes[root] = boxes[root].Union(image.Rect(s.x0, s.y, s.x1, s.y+1))
	}
	out := make([]image.Rectangle, 0, len(boxes))
	for _, b := range boxes {
		out = append(out, b)
	}
	return out
}
