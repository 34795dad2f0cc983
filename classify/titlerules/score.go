package titlerules

import (
	"fmt"
	"slices"
	"strings"

	"onewindow/approval/identifier"
	"onewindow/document"
	"onewindow/internal/fuzzy"
)

// finding is how well one class fits.
type finding struct {
	class    *class
	score    float64 // 0..1, becomes the confidence
	length   int     // characters of the phrase that matched, less errors
	span     span
	evidence []string
}

// span is where the phrase stood, so that a phrase inside a longer one of
// another class can be told.
type span struct {
	block      *block
	start, end int
}

func (s span) inside(t span) bool {
	return s.block == t.block && s.block != nil && s.start >= t.start && s.end <= t.end && s.end-s.start < t.end-t.start
}

// tolerantFrom is the length from which a phrase may hold one wrong character:
// shorter ones become other words by one character (供水方案, 供电方案).
const tolerantFrom = 6

// view is a read document as the rules see it.
type view struct {
	pages  []document.Page
	blocks []block
	text   string   // first pages, folded, without spaces
	lines  []string // the same by line
	starts []string // beginnings of lines, squeezed
	file   []rune
}

// lookAhead is how many pages are read for supporting words and numbers.
const lookAhead = 3

func newView(pages []document.Page, filename string) *view {
	v := &view{file: []rune(squeeze(stem(filename)))}
	for _, p := range pages {
		if p.Blank || len(p.Lines) == 0 {
			continue
		}
		if v.pages = append(v.pages, p); len(v.pages) == lookAhead {
			break
		}
	}
	var text strings.Builder
	for i, p := range v.pages {
		for _, l := range p.Lines {
			folded := identifier.Fold(l.Text)
			v.lines = append(v.lines, folded)
			text.WriteString(folded)
			v.starts = append(v.starts, squeeze(l.Text))
		}
		if i == 0 {
			v.blocks = blocksOf(p)
		}
	}
	v.text = text.String()
	return v
}

// second returns a view whose title is looked for on the second page: a cover or
// a swapped panel may come first.
func (v *view) second() *view {
	w := *v
	w.blocks = blocksOf(v.pages[1])
	return &w
}

// stem is a file name without folders and extension.
func stem(name string) string {
	if i := strings.LastIndexAny(name, `/\`); i >= 0 {
		name = name[i+1:]
	}
	if i := strings.LastIndexByte(name, '.'); i > 0 && len(name)-i <= 6 {
		name = name[:i]
	}
	return name
}

// judge scores one class.
func (v *view) judge(c *class) finding {
	f := v.title(c)
	f.class = c
	number, found := v.number(c)
	if found {
		switch {
		case f.score > 0:
			f.score += 0.06
		case c.strong: // title hidden, say by a seal
			f.score, f.length = 0.62, 4
		}
		f.evidence = append(f.evidence, fmt.Sprintf("编号“%s”符合%s的编号规则", number, c.name))
	}
	if share, n := v.labelShare(c); n >= 4 && share >= 0.5 {
		if f.score > 0 {
			f.score += 0.06 * share
		} else {
			f.score = 0.45 * share
		}
		f.evidence = append(f.evidence, fmt.Sprintf("有该类文书的栏目%d个", n))
	}
	if words := v.supporting(c); len(words) > 0 && f.score > 0 {
		f.score += min(0.06, 0.03*float64(len(words)))
		f.evidence = append(f.evidence, "出现“"+strings.Join(words[:min(3, len(words))], "”“")+"”")
	}
	v.fromFile(c, &f)
	f.score = min(f.score, 0.99)
	return f
}

// title looks for the phrase of a class that fits the title best.
func (v *view) title(c *class) finding {
	var best finding
	for i := range v.blocks {
		b := &v.blocks[i]
		if word := c.forbids(string(b.norm)); word != "" {
			continue
		}
		for _, p := range c.phrases {
			m, ok := p.find(b.norm)
			if !ok {
				continue
			}
			length := len(p.head) + len(p.norm) - 2*m.Distance
			w := b.weight
			if m.End == len(b.norm) && length >= 6 && 4*length >= 3*len(b.norm) && w > 0.3 {
				w = max(w, 0.8) // a line that says nothing else
			}
			s := w * fit(length, len(b.norm), m.End == len(b.norm))
			if length <= 3 && !v.enough(c, length, len(b.norm), m.End == len(b.norm)) {
				s = min(s, 0.5)
			}
			if s > best.score || s == best.score && length > best.length {
				best = finding{score: s, length: length, span: span{b, m.Start, m.End}}
				best.evidence = []string{fmt.Sprintf("第%d页%s“%s”含“%s”", b.page, b.where, shorten(b.raw), p.text)}
				if m.Distance > 0 {
					best.evidence[0] += "（容许1个识别错字）"
				}
			}
		}
	}
	return best
}

// fit is how well a phrase of some length explains a title: long phrases that
// fill the title or end it speak loudest.
func fit(length, title int, ends bool) float64 {
	s := 0.55 + 0.3*min(1, float64(length)/9) + 0.1*min(1, float64(length)/float64(title))
	if ends {
		s += 0.05
	}
	return s
}

// enough reports whether so short a phrase may decide: it must fill half the
// title or end it as its head noun (…承诺书), or other words must speak for the
// class.
func (v *view) enough(c *class, length, title int, ends bool) bool {
	return length == 3 && (ends || 2*length >= title) || len(v.supporting(c)) >= 2
}

// number looks for a number of the class on a line of the first pages. A bare
// number of digits may be anybody's and does not count.
func (v *view) number(c *class) (string, bool) {
	for _, re := range c.numbers {
		for _, line := range v.lines {
			if m := re.FindString(line); m != "" && (len(m) > len([]rune(m)) || v.namesNumber(line)) {
				return identifier.MaskNumber(m), true
			}
		}
	}
	return "", false
}

// namesNumber reports lines that say that a number follows or is one.
func (v *view) namesNumber(line string) bool {
	return strings.HasPrefix(line, "编号") || strings.HasPrefix(line, "证号") || len([]rune(line)) <= 30 && !strings.ContainsAny(line, ",。;")
}

// labelShare counts the columns of the form that begin lines of the document.
func (v *view) labelShare(c *class) (float64, int) {
	n := 0
	for _, label := range c.labels {
		want := squeeze(inBrackets.ReplaceAllString(label, ""))
		if slices.ContainsFunc(v.starts, func(s string) bool { return strings.HasPrefix(s, want) }) {
			n++
		}
	}
	if len(c.labels) == 0 {
		return 0, 0
	}
	return float64(n) / float64(len(c.labels)), n
}

func (v *view) supporting(c *class) []string {
	var words []string
	for _, w := range c.support {
		if strings.Contains(v.text, w) {
			words = append(words, w)
		}
	}
	return words
}

// fromFile takes the file name into account: it confirms a title, and stands in
// for one on materials whose page says nothing. A result is never named by its
// file alone.
func (v *view) fromFile(c *class, f *finding) {
	if c.forbids(string(v.file)) != "" {
		return
	}
	best := 0
	for _, p := range c.phrases {
		if _, ok := fuzzy.Find(v.file, p.norm, false); ok && p.head == nil && len(p.norm) > best {
			best = len(p.norm)
		}
	}
	switch {
	case best < 3:
		return
	case f.score >= 0.5:
		f.score += 0.03
	case !c.result && best >= 4:
		f.score = max(f.score, 0.5+0.02*float64(min(best, 8)))
		f.length = max(f.length, best)
	case c.result:
		f.score = max(f.score, 0.4)
	}
	f.evidence = append(f.evidence, "文件名相符")
}

// shorten keeps evidence readable.
func shorten(s string) string {
	rs := []rune(strings.Join(strings.Fields(s), ""))
	if len(rs) > 40 {
		return string(rs[:39]) + "…"
	}
	return string(rs)
}
