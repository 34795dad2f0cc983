package sample

import "strings"

// Chinese type sizes in points.
const (
	pt42  = 42.0 // 初号
	pt36  = 36.0 // 小初
	pt26  = 26.0 // 一号
	pt22  = 22.0 // 二号
	pt18  = 18.0 // 小二
	pt16  = 16.0 // 三号
	pt15  = 15.0 // 小三
	pt14  = 14.0 // 四号
	pt12  = 12.0 // 小四
	pt105 = 10.5 // 五号
	pt9   = 9.0  // 小五
)

// style is how a run looks. Size is in points, tracking in em.
type style struct {
	face     Face
	size     float64
	ink      Ink
	tracking float64
}

func (s style) em() float64 { return s.size * mmPerPt }

func (s style) width(text string) float64 {
	n := len([]rune(text))
	if n == 0 {
		return 0
	}
	return (advance(s.face, text) + float64(n-1)*s.tracking) * s.em()
}

// fit returns the style made smaller, if need be, so that text fits into w mm.
func (s style) fit(text string, w float64) style {
	if have := s.width(text); have > w {
		s.size *= w / have
	}
	return s
}

// sheet is a page being set. Its y is always the top of the em box.
type sheet struct{ page Page }

func newSheet(width, height float64) *sheet { return &sheet{Page{Width: width, Height: height}} }

func a4() *sheet { return newSheet(210, 297) }

func (s *sheet) add(m ...Mark) { s.page.Marks = append(s.page.Marks, m...) }

// left sets text from x. field names the field it is the value of, "" for none.
func (s *sheet) left(x, y float64, st style, text, field string) {
	if text == "" {
		return
	}
	s.add(Text{X: x, Y: y + emAscent*st.em(), Size: st.em(), Face: st.face, Ink: st.ink,
		Tracking: st.tracking * st.em(), String: text, Field: field})
}

// centre sets text in the middle of x0…x1, smaller if it would not fit.
func (s *sheet) centre(x0, x1, y float64, st style, text, field string) {
	st = st.fit(text, x1-x0)
	s.left((x0+x1-st.width(text))/2, y, st, text, field)
}

// right sets text so that it ends at x.
func (s *sheet) right(x, y float64, st style, text, field string) {
	s.left(x-st.width(text), y, st, text, field)
}

// centreLines sets a heading on as many lines as it needs, balanced, and
// returns the y below it.
func (s *sheet) centreLines(x0, x1, y float64, st style, leading float64, text, field string) float64 {
	for _, part := range splitLines(text) {
		for _, line := range balance(part, st, x1-x0) {
			s.centre(x0, x1, y, st, line, field)
			y += leading
		}
	}
	return y
}

// para is a paragraph: indent in em on the first line, leading in mm.
type para struct {
	x, y, w float64
	st      style
	indent  float64
	leading float64
	field   string
}

// paragraph sets text justified and returns the y below it.
func (s *sheet) paragraph(p para, text string) float64 {
	lines := wrap(text, p.st, p.w, p.indent*p.st.em())
	for i, line := range lines {
		s.line(p, line, i, i == len(lines)-1)
		p.y += p.leading
	}
	return p.y
}

// line sets line i of a paragraph, stretched to the measure unless it is the last.
func (s *sheet) line(p para, line string, i int, last bool) {
	x, w := p.x, p.w
	if i == 0 {
		x += p.indent * p.st.em()
		w -= p.indent * p.st.em()
	}
	st := p.st
	if n := len([]rune(line)); !last && n > 1 {
		if extra := (w - st.width(line)) / float64(n-1) / st.em(); extra > 0 && extra < 0.12 {
			st.tracking += extra
		}
	}
	s.left(x, p.y, st, line, p.field)
}

// spread sets the characters of a label evenly over w, as forms do: 建 设 单 位.
func (s *sheet) spread(x, y, w float64, st style, text string) {
	n := len([]rune(text))
	if have := st.width(text); n > 1 && have < w {
		st.tracking += (w - have) / float64(n-1) / st.em()
	}
	s.left(x, y, st.fit(text, w), text, "")
}

func (s *sheet) hline(x0, x1, y, w float64, ink Ink) { s.add(Rule{x0, y - w/2, x1 - x0, w, ink}) }
func (s *sheet) vline(x, y0, y1, w float64, ink Ink) { s.add(Rule{x - w/2, y0, w, y1 - y0, ink}) }

func (s *sheet) frame(x, y, w, h, line float64, ink Ink) {
	s.hline(x-line/2, x+w+line/2, y, line, ink)
	s.hline(x-line/2, x+w+line/2, y+h, line, ink)
	s.vline(x, y, y+h, line, ink)
	s.vline(x+w, y, y+h, line, ink)
}

// notAtStart and notAtEnd are the line-breaking rules (避头尾).
const (
	notAtStart = "，。、；：？！）》〕”’】…％%)],.;:㎡号"
	notAtEnd   = "（《〔“‘【(["
)

// wrap breaks text into lines of at most w mm; the first is shorter by indent mm.
// Numbers and Latin words stay whole where they fit on a line.
func wrap(text string, st style, w, indent float64) []string {
	var lines []string
	rest := []rune(text)
	room := w - indent
	for len(rest) > 0 {
		n := breakAt(rest, st, room)
		lines = append(lines, string(rest[:n]))
		rest = rest[n:]
		room = w
	}
	return lines
}

// breakAt returns how many runes go on a line of w mm; at least one.
func breakAt(r []rune, st style, w float64) int {
	n, have := 0, 0.0
	for n < len(r) {
		step := (runeWidth(st.face, r[n]) + st.tracking) * st.em()
		if have+step-st.tracking*st.em() > w+1e-9 {
			break
		}
		have += step
		n++
	}
	if n == len(r) || n <= 1 {
		return max(n, 1)
	}
	full := n
	for n > 1 && (strings.ContainsRune(notAtStart, r[n]) || strings.ContainsRune(notAtEnd, r[n-1]) || (isWord(r[n]) && isWord(r[n-1]))) {
		n--
	}
	if n > full/2 {
		return n
	}
	for n = full; n > 1 && strings.ContainsRune(notAtStart, r[n]); { // one unbroken word: cut it
		n--
	}
	return n
}

func isWord(r rune) bool {
	return r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z' || r == '.' || r == '-'
}

// afterName breaks a title after the project's name, as the sense asks, if a
// break helps to keep the name whole.
func afterName(title, name string) string {
	if before, after, ok := strings.Cut(title, name); ok && len([]rune(title)) > 15 && len([]rune(after)) > 3 {
		return before + name + "\n" + after
	}
	return title
}

// balance breaks a heading into the fewest lines, of about equal length.
func balance(text string, st style, w float64) []string {
	n := len(wrap(text, st, w, 0))
	if n <= 1 {
		return []string{text}
	}
	best := wrap(text, st, w, 0)
	for try := w; try > w/2; try -= st.em() / 2 {
		lines := wrap(text, st, try, 0)
		if len(lines) > n {
			break
		}
		best = lines
	}
	return best
}
