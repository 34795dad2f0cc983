package pagesource

import (
	"fmt"
	"strings"
	"unicode"
)

// language judges whether the characters of a text layer are language. It
// returns "" or why not. Layers that fail exist in the wild: bytes swapped,
// fonts whose codes mean nothing, UTF-8 taken for GBK.
func language(glyphs []glyph) string {
	if n := misfits(glyphs); n > 1 {
		return fmt.Sprintf("%d narrow characters stand for wide ones", n)
	}
	var t tally
	for _, g := range glyphs {
		if !g.blank && !g.breaks {
			t.add(plain(g.r), g.unmapped)
		}
	}
	return t.verdict()
}

// misfits counts characters that are narrow by nature but set as wide as the
// Chinese ones of their font: the font says "÷" where it draws "号". Programs
// that rewrite PDFs lose part of the codes in this way, and only part.
func misfits(glyphs []glyph) int {
	wide := map[int]float64{} // cell width of Chinese characters by cell height
	size := func(g glyph) (w float64, key int) {
		w, h := g.cell[2]-g.cell[0], g.cell[3]-g.cell[1]
		if quarter(g.angle)%180 == 90 {
			w, h = h, w
		}
		return w, int(h*20 + 0.5)
	}
	for _, g := range glyphs {
		if w, key := size(g); g.r >= 0x4e00 && g.r <= 0x9fff && w > wide[key] {
			wide[key] = w
		}
	}
	n := 0
	for _, g := range glyphs {
		w, key := size(g)
		if w > 0 && isNarrow(g.r) && wide[key] > 0 && w >= 0.9*wide[key] {
			n++
		}
	}
	return n
}

// isNarrow reports characters no font sets as wide as Chinese ones. Signs that
// Chinese fonts set wide, such as × and ·, are not among them.
func isNarrow(r rune) bool {
	switch {
	case r > ' ' && r < 0x7f:
		return !strings.ContainsRune("MWmw%@&#", r)
	case r >= 0xc0 && r <= 0x24f:
		return r != '×' && !strings.ContainsRune("àáèéêìíòóùúüāēěīńňōūǎǐǒǔǖǘǚǜɑɡ", r)
	}
	return false
}

type tally struct {
	all        int
	odd        int // not expected in a document, or without meaning
	han        int
	hanCommon  int
	letters    int // of the Latin alphabet
	vowels     int
	letterRuns int // longest run of one and the same character
	run        int
	last       rune
}

func (t *tally) add(r rune, unmapped bool) {
	t.all++
	if unmapped || r == 0 || !expected(r) {
		t.odd++
	}
	if r == t.last && isWord(r) {
		t.run++
		t.letterRuns = max(t.letterRuns, t.run)
	} else {
		t.run = 0
	}
	t.last = r
	switch {
	case r >= 0x4e00 && r <= 0x9fff:
		t.han++
		if common(r) {
			t.hanCommon++
		}
	case r < 0x80 && unicode.IsLetter(r):
		t.letters++
		switch r | 0x20 {
		case 'a', 'e', 'i', 'o', 'u', 'y':
			t.vowels++
		}
	}
}

func (t *tally) verdict() string {
	switch {
	case t.all == 0:
		return "no text"
	case 20*t.odd > t.all && t.odd > 1 || 2*t.odd > t.all:
		return fmt.Sprintf("%d of %d characters are no language", t.odd, t.all)
	case t.han >= 8 && 4*t.hanCommon < 3*t.han:
		return fmt.Sprintf("%d of %d Chinese characters are rare", t.han-t.hanCommon, t.han)
	case t.letterRuns > 40:
		return "one character repeated"
	case 10*t.han < t.all && t.letters >= 60 && (50*t.vowels < 11*t.letters || 5*t.vowels > 4*t.letters):
		return fmt.Sprintf("%d vowels in %d letters", t.vowels, t.letters)
	}
	return ""
}
