package titlerules

import (
	"math"
	"slices"
	"strings"

	"onewindow/document"
)

// block is a piece of a page that may be a title: one printed row, or several
// rows of one large title.
type block struct {
	raw    string
	norm   []rune
	box    document.Box
	page   int
	weight float64 // 0..1: how much it looks like a title
	where  string  // place in Chinese
}

// The title stands in the upper part of the page.
const (
	titleZone = 0.42
	farZone   = 0.70 // covers of reports have it lower; nothing below is a title
)

// row is one printed row: the segments that belong together.
type row struct {
	text   string
	box    document.Box
	height float64
}

// blocksOf returns the candidates of a page, and the text of the whole page.
func blocksOf(p document.Page) []block {
	rows := rowsOf(p)
	if len(rows) == 0 {
		return nil
	}
	body := bodyHeight(rows)
	var out []block
	for i := range rows {
		out = append(out, newBlock(p, rows[i:i+1], body))
		// A title over several rows: same size, one under the other.
		for n := 2; n <= 6 && i+n <= len(rows) && continues(rows[i+n-2], rows[i+n-1]); n++ {
			out = append(out, newBlock(p, rows[i:i+n], body))
		}
	}
	return slices.DeleteFunc(out, func(b block) bool { return len(b.norm) < 2 || b.weight <= 0 })
}

// rowsOf joins the segments of a page that stand side by side in one size: a
// letter-spaced title is often read in pieces.
func rowsOf(p document.Page) []row {
	lines := slices.Clone(p.Lines)
	if !hasBoxes(lines) {
		rows := make([]row, 0, len(lines))
		for i, l := range lines { // bare text: pretend one line under the other
			y := float64(i)
			rows = append(rows, row{l.Text, document.Box{0, y, 1, y + 1}, 1})
		}
		return rows
	}
	slices.SortStableFunc(lines, func(a, b document.Line) int {
		return int(math.Copysign(1, middle(a.Box)-middle(b.Box)))
	})
	var rows []row
	for _, l := range lines {
		if strings.TrimSpace(l.Text) == "" {
			continue
		}
		r := row{l.Text, l.Box, size(l)}
		joined := false
		for i := len(rows) - 1; i >= 0 && i >= len(rows)-6; i-- {
			if sideBySide(rows[i], r) {
				rows[i] = beside(rows[i], r)
				joined = true
				break
			}
		}
		if !joined {
			rows = append(rows, r)
		}
	}
	slices.SortStableFunc(rows, func(a, b row) int { return int(math.Copysign(1, a.box[1]-b.box[1])) })
	return rows
}

// size is the size of the characters by the width each takes: boxes of slanting
// lines are too high, and engines shrink those of large print. Letter-spacing
// may not pass for size, so the height of the box limits it.
func size(l document.Line) float64 {
	wide := 0.0
	for _, r := range l.Text {
		if r < 0x80 {
			wide += 0.5
		} else {
			wide++
		}
	}
	return min(1.15*l.Box.Height(), l.Box.Width()/max(wide, 1))
}

func sideBySide(a, b row) bool {
	overlap := min(a.box[3], b.box[3]) - max(a.box[1], b.box[1])
	size := min(a.height, b.height)
	if overlap < 0.5*size || max(a.height, b.height) > 1.35*size {
		return false
	}
	gap := max(a.box[0], b.box[0]) - min(a.box[2], b.box[2])
	return gap < 2.2*size
}

func beside(a, b row) row {
	if b.box[0] < a.box[0] {
		a, b = b, a
	}
	return row{a.text + b.text, a.box.Union(b.box), max(a.height, b.height)}
}

// continues reports whether b is the next row of the title a begins.
func continues(a, b row) bool {
	size := min(a.height, b.height)
	if max(a.height, b.height) > 1.3*size {
		return false
	}
	if gap := b.box[1] - a.box[3]; gap > 1.2*size || gap < -0.5*size {
		return false
	}
	across := min(a.box[2], b.box[2]) - max(a.box[0], b.box[0])
	return across > 0.5*min(a.box.Width(), b.box.Width())
}

func newBlock(p document.Page, rows []row, body float64) block {
	b := block{page: p.Number}
	var text strings.Builder
	height := 0.0
	for _, r := range rows {
		text.WriteString(r.text)
		b.box = b.box.Union(r.box)
		height = max(height, r.height)
	}
	b.raw = text.String()
	b.norm = []rune(squeeze(b.raw))
	b.weight = prominence(p, b, height, body, len(rows))
	b.where = place(p, b.box)
	return b
}

// prominence judges size, position and centring.
func prominence(p document.Page, b block, height, body float64, rows int) float64 {
	pageH, pageW := float64(p.Height), float64(p.Width)
	if !hasBoxes(p.Lines) || pageH <= 0 || pageW <= 0 {
		return bareProminence(b, rows)
	}
	y := (b.box[1] + height/2) / pageH
	if y > farZone && pageW/pageH > 1.2 && height/body >= 1.25 && rows == 1 {
		return 0.8 // the name of a drawing stands below it
	}
	if y > farZone {
		return 0
	}
	w := 0.35
	switch size := height / body; {
	case size >= 1.5:
		w = 0.85
	case size >= 1.2:
		w = 0.7
	case height/pageH > 0.028: // a cover with nothing but a title
		w = 0.75
	}
	if centred(b.box, pageW) {
		w += 0.12
	}
	if y <= titleZone {
		w += 0.08
	} else {
		w -= 0.1
	}
	if rows > 1 && w < 0.6 { // a paragraph, not a title of several rows
		return 0.2
	}
	return min(w, 1)
}

// bareProminence judges text without boxes by its place among the lines.
func bareProminence(b block, rows int) float64 {
	switch {
	case rows > 3 || b.box[1] > 15:
		return 0.2
	case len(b.norm) <= 45:
		return 0.8
	}
	return 0.4
}

// centred reports whether a box stands in the middle of the page, or of the left
// or right half of a sheet with two panels.
func centred(b document.Box, width float64) bool {
	mid := (b[0] + b[2]) / 2 / width
	for _, axis := range []float64{0.5, 0.25, 0.75} {
		if math.Abs(mid-axis) < 0.04 {
			return true
		}
	}
	return false
}

// bodyHeight is the usual height of running text: the median over characters.
func bodyHeight(rows []row) float64 {
	type sized struct {
		height float64
		chars  int
	}
	var all []sized
	total := 0
	for _, r := range rows {
		n := runes(r.text)
		all = append(all, sized{r.height, n})
		total += n
	}
	slices.SortFunc(all, func(a, b sized) int { return int(math.Copysign(1, a.height-b.height)) })
	seen := 0
	for _, s := range all {
		if seen += s.chars; seen*2 >= total {
			return max(s.height, 1)
		}
	}
	return 1
}

func hasBoxes(lines []document.Line) bool {
	return slices.ContainsFunc(lines, func(l document.Line) bool { return l.Box.Height() > 0 })
}

func middle(b document.Box) float64 { return (b[1] + b[3]) / 2 }

// place tells a person where to look.
func place(p document.Page, b document.Box) string {
	if p.Height == 0 || p.Width == 0 || b.Height() == 0 {
		return ""
	}
	vertical := []string{"上部", "中部", "下部"}[min(2, int(3*middle(b)/float64(p.Height)))]
	x := (b[0] + b[2]) / 2 / float64(p.Width)
	switch {
	case x < 0.4:
		return vertical + "左侧"
	case x > 0.6:
		return vertical + "右侧"
	}
	return vertical
}
