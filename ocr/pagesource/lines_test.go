package pagesource

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// typeset places a text with one em per Chinese character and half per other;
// '|' moves a cell further, '\n' starts a line.
func typeset(text string, em float64) []glyph {
	var out []glyph
	x, y := 100.0, 100.0
	for _, r := range text {
		switch r {
		case '\n':
			x, y = 100, y+1.8*em
			out = append(out, glyph{r: r, breaks: true})
			continue
		case '|':
			x += 4 * em
			continue
		case ' ':
			x += em / 2
			out = append(out, glyph{r: r, blank: true})
			continue
		}
		w := em / 2
		if isHan(r) {
			w = em
		}
		out = append(out, glyph{r: r, x0: x + w/10, x1: x + w*9/10, y0: y - 0.8*em, y1: y, base: y, em: em,
			cell: [4]float64{x, y - em, x + w, y + em/5}})
		x += w
	}
	return out
}

func linesOf(glyphs []glyph) string {
	var out []string
	for _, l := range (lineMaker{}).lines(glyphs) {
		out = append(out, l.Text)
	}
	return strings.Join(out, "\n")
}

func TestLinesAreSplitWhereCellsAre(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"one line", "建设单位", "建设单位"},
		{"words", "Riverside Garden phase 1", "Riverside Garden phase 1"},
		{"mixed", "建字第 110101 号", "建字第110101号"},
		{"cells", "建设单位|某某公司\n建设规模|12.5㎡", "建设单位\n某某公司\n建设规模\n12.5㎡"},
		{"spread label", "建 设 单 位", "建设单位"},
		{"two fields in a line", "发证机关：某局    日期：2023年", "发证机关：某局 日期：2023年"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if diff := cmp.Diff(c.want, linesOf(typeset(c.text, 40))); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestLinesDoNotDependOnTheOrderOfTheFile(t *testing.T) {
	glyphs := typeset("建设单位|某某公司\n建设规模|十二", 40)
	want := linesOf(glyphs)
	for i := range glyphs {
		j := (i*7 + 3) % len(glyphs)
		glyphs[i], glyphs[j] = glyphs[j], glyphs[i]
	}
	if diff := cmp.Diff(want, linesOf(glyphs)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestRaisedFiguresStayInTheirLine(t *testing.T) {
	glyphs := typeset("面积12m", 40)
	up := typeset("2", 24)[0]
	last := glyphs[len(glyphs)-1]
	dx, dy := last.cell[2]-up.cell[0], -16.0
	up.x0, up.x1, up.cell[0], up.cell[2] = up.x0+dx, up.x1+dx, up.cell[0]+dx, up.cell[2]+dx
	up.y0, up.y1, up.base = up.y0+dy, up.y1+dy, up.base+dy
	if got := linesOf(append(glyphs, up)); got != "面积12m2" {
		t.Errorf("got %q", got)
	}
}

func TestTextPrintedTwiceIsReadOnce(t *testing.T) {
	glyphs := typeset("建设单位", 40)
	for _, g := range typeset("建设单位", 40) {
		g.x0, g.x1, g.cell[0], g.cell[2] = g.x0+1, g.x1+1, g.cell[0]+1, g.cell[2]+1
		glyphs = append(glyphs, g)
	}
	if got := linesOf(glyphs); got != "建设单位" {
		t.Errorf("got %q", got)
	}
}

// A watermark across the page is read too, behind the text: it may be a secrecy
// marking.
func TestAskewTextComesLast(t *testing.T) {
	mark := typeset("机密", 40)
	for i := range mark {
		mark[i].angle = -45
	}
	if got := linesOf(append(mark, typeset("建设单位", 40)...)); got != "建设单位\n机密" {
		t.Errorf("got %q", got)
	}
}

func TestRuleSplitsNarrowCells(t *testing.T) {
	glyphs := typeset("单位公司", 40)
	for i := 2; i < 4; i++ {
		glyphs[i].x0, glyphs[i].x1 = glyphs[i].x0+20, glyphs[i].x1+20
		glyphs[i].cell[0], glyphs[i].cell[2] = glyphs[i].cell[0]+20, glyphs[i].cell[2]+20
	}
	m := lineMaker{ruled: func(x0, x1, _, _ float64) bool { return x0 < 190 && x1 > 190 }}
	lines := m.lines(glyphs)
	if len(lines) != 2 || lines[0].Text != "单位" || lines[1].Text != "公司" {
		t.Errorf("lines %+v", lines)
	}
}
