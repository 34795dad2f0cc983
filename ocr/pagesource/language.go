package pagesource

import (
	"fmt"
	"unicode"
)

// language judges whether the characters of a text layer are language. It
// returns "" or why not. Layers that fail exist in the wild: bytes swapped,
// fonts whose codes mean nothing, UTF-8 taken for GBK.
func language(glyphs []glyph) string {
	var t tally
	for _, g := range glyphs {
		if !g.blank && !g.breaks {
			t.add(plain(g.r), g.unmapped)
		}
	}
	return t.verdict()
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
