package labels

import (
	"regexp"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"onewindow/document"
)

// segment is one line of a page, folded for comparison, with the way back to
// the characters as read.
type segment struct {
	page   int // number of the page
	panel  int // 0, or 1 for the right half of a sheet with two panels
	order  int // in reading order over the document
	raw    []rune
	text   []rune       // folded: NFKC, no spaces
	at     []int        // text[i] comes from raw[at[i]]
	box    document.Box // straightened, for geometry
	seen   document.Box // as read, for people
	conf   float64
	source document.FieldSource
}

func newSegment(page document.Page, l document.Line) *segment {
	s := &segment{page: page.Number, raw: []rune(l.Text), box: l.Box, seen: l.Box, conf: l.Confidence, source: document.FieldOCR}
	if page.Source == document.SourceTextLayer {
		s.source = document.FieldTextLayer
	}
	for i, r := range s.raw {
		for _, f := range norm.NFKC.String(string(r)) {
			if unicode.IsSpace(f) || unicode.Is(unicode.Cf, f) || f == 0 {
				continue
			}
			s.text = append(s.text, foldRune(f))
			s.at = append(s.at, i)
		}
	}
	return s
}

// foldRune brings the many dashes and colons together.
func foldRune(r rune) rune {
	switch r {
	case '‐', '‑', '‒', '–', '—', '―', '−', '﹣':
		return '-'
	case '∶', '︰', '﹕':
		return ':'
	case '〈': // engines read round brackets so
		return '('
	case '〉':
		return ')'
	}
	return r
}

// height is the height of the segment, never 0.
func (s *segment) height() float64 { return max(s.box.Height(), 1) }

// gapAfter reports whether white space stands between text[i-1] and text[i].
func (s *segment) gapAfter(i int) bool {
	if i <= 0 || i >= len(s.text) {
		return i >= len(s.text)
	}
	for _, r := range s.raw[s.at[i-1]+1 : s.at[i]] {
		if unicode.IsSpace(r) {
			return true
		}
	}
	return false
}

// spaced reports whether most characters are letter-spaced, so that a space
// says nothing.
func (s *segment) spaced() bool {
	n := 0
	for i := 1; i < len(s.text); i++ {
		if s.gapAfter(i) {
			n++
		}
	}
	return n*2 >= len(s.text)
}

// printed returns the characters as read of text[i:j].
func (s *segment) printed(i, j int) string {
	if i >= j {
		return ""
	}
	return strings.TrimSpace(string(s.raw[s.at[i] : s.at[j-1]+1]))
}

// boxOf returns where text[i:j] stands in b, the box of the segment, by the
// widths of the characters.
func (s *segment) boxOf(b document.Box, i, j int) document.Box {
	if i >= j || len(s.text) == 0 {
		return b
	}
	total := max(width(s.raw), 1)
	from, to := width(s.raw[:s.at[i]]), width(s.raw[:s.at[j-1]+1])
	left, w := b[0], b.Width()
	b[0], b[2] = left+w*from/total, left+w*to/total
	return b
}

// width of a text in half characters.
func width(rs []rune) float64 {
	n := 0.0
	for _, r := range rs {
		if r < 0x80 {
			n++
		} else {
			n += 2
		}
	}
	return n
}

// span is a part of a segment.
type span struct {
	seg      *segment
	from, to int // in seg.text
}

// sheet is a document ready to be searched.
type sheet struct {
	segs   []*segment // reading order, panel by panel
	panels map[side][]*segment
}

// side is one panel of one page.
type side struct{ page, panel int }

// on lists the segments of the panel s stands in.
func (s *sheet) on(g *segment) []*segment { return s.panels[side{g.page, g.panel}] }

// The most that is looked at of a page and of a document: no paper holds more,
// and hostile files are not to keep a worker busy. Of long documents the
// beginning and the signatures at the end are kept.
const (
	mostOnPage   = 500
	mostSegments = 4000
)

// newSheet folds the pages. Blank pages and the band of our own watermark are
// left out: the band repeats names and numbers of other papers.
func newSheet(pages []document.Page) *sheet {
	s := &sheet{panels: map[side][]*segment{}}
	for _, p := range pages {
		if p.Blank {
			continue
		}
		gutter := gutterOf(p)
		var all, left, right []*segment
		for _, l := range p.Lines[:min(len(p.Lines), mostOnPage)] {
			for _, cell := range cells(l) {
				if g := newSegment(p, cell); len(g.text) > 0 && !ownMark(g) && !pageNumber(g, p) {
					all = append(all, g)
				}
			}
		}
		deskew(all)
		for _, g := range all {
			if gutter > 0 && g.seen[0] >= gutter {
				g.panel = 1
				right = append(right, g)
				continue
			}
			left = append(left, g)
		}
		s.segs = append(append(s.segs, byPlace(left)...), byPlace(right)...)
	}
	if n := len(s.segs); n > mostSegments {
		s.segs = slices.Delete(s.segs, mostSegments-mostOnPage, n-mostOnPage)
	}
	for i, g := range s.segs {
		g.order = i
		s.panels[side{g.page, g.panel}] = append(s.panels[side{g.page, g.panel}], g)
	}
	return s
}

// cells cuts a line at the table rules an engine read as |. A | between letters
// or digits is a misread character and stays.
func cells(l document.Line) []document.Line {
	rs := []rune(l.Text)
	var out []document.Line
	from := 0
	cut := func(to int) {
		if part := strings.TrimSpace(string(rs[from:to])); part != "" {
			c := l
			c.Text = part
			total, w := width(rs), l.Box.Width()
			c.Box[0], c.Box[2] = l.Box[0]+w*width(rs[:from])/total, l.Box[0]+w*width(rs[:to])/total
			out = append(out, c)
		}
		from = to + 1
	}
	for i, r := range rs {
		if (r == '|' || r == '｜' || r == '│') && (!isCodeRune(rs, i-1) || !isCodeRune(rs, i+1)) {
			cut(i)
		}
	}
	if from == 0 {
		return []document.Line{l}
	}
	cut(len(rs))
	return out
}

// isCodeRune reports a letter or digit at i.
func isCodeRune(rs []rune, i int) bool {
	return i >= 0 && i < len(rs) && rs[i] < 0x80 && (unicode.IsLetter(rs[i]) || unicode.IsDigit(rs[i]))
}

// byPlace sorts segments top to bottom and, in one row, left to right. Lines
// without boxes keep their order.
func byPlace(segs []*segment) []*segment {
	if !slices.ContainsFunc(segs, func(g *segment) bool { return g.box.Height() > 0 }) {
		return segs
	}
	slices.SortStableFunc(segs, func(a, b *segment) int { return compare(a.box[1]+a.box[3], b.box[1]+b.box[3]) })
	for i := 0; i < len(segs); { // rows: what overlaps the first of the row by half
		j := i + 1
		for j < len(segs) && overlap(segs[i], segs[j]) > 0.5 {
			j++
		}
		slices.SortStableFunc(segs[i:j], func(a, b *segment) int { return compare(a.box[0], b.box[0]) })
		i = j
	}
	return segs
}

func compare(a, b float64) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// overlap is the shared height of two segments as a share of the lower one.
func overlap(a, b *segment) float64 {
	shared := min(a.box[3], b.box[3]) - max(a.box[1], b.box[1])
	return shared / min(a.height(), b.height())
}

// gutterOf finds the fold of a sheet with two panels: a wide page whose middle
// hardly any line crosses. It returns 0 for other pages.
func gutterOf(p document.Page) float64 {
	w, h := float64(p.Width), float64(p.Height)
	if h == 0 || w/h < 1.15 {
		return 0
	}
	best, fewest := 0.0, len(p.Lines)
	for x := 0.42; x <= 0.58; x += 0.01 {
		crossing, left, right := 0, 0, 0
		for _, l := range p.Lines {
			switch {
			case l.Box[2] <= x*w:
				left++
			case l.Box[0] >= x*w:
				right++
			default:
				crossing++
			}
		}
		if left >= 3 && right >= 3 && crossing < fewest {
			best, fewest = x*w, crossing
		}
	}
	if fewest*10 > len(p.Lines) {
		return 0
	}
	return best
}

var folio = regexp.MustCompile(`^(?:[-一_~·.]*\d{1,3}[-一_~·.]*|第\d{1,3}页(?:[,/]?共\d{1,3}页)?|\d{1,3}/\d{1,3})$`)

// pageNumber reports the number at the foot of a page.
func pageNumber(s *segment, p document.Page) bool {
	return s.box[1] > 0.88*float64(p.Height) && folio.MatchString(string(s.text))
}

// ownMark reports lines of the footer band that stamping adds.
func ownMark(s *segment) bool {
	t := string(s.text)
	return strings.Contains(t, "校验码:") || strings.Contains(t, "后续审批事项依据,他用无效") || strings.Contains(t, "审批成果扫描件·")
}
