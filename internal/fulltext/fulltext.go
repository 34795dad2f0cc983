// Package fulltext finds words in text, Chinese of one character and up, numbers
// and both mixed, the same way over every database: texts are indexed by pairs
// of neighbouring characters, and what an index proposes is checked character by
// character before anybody sees it.
package fulltext

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Limits of a query; what is beyond them is left out.
const (
	maxTerms    = 8
	maxTermSize = 100 // characters
	// maxPairs bounds what one term asks of an index: more pairs hardly narrow it.
	maxPairs = 12
)

// folded is a text as it is compared, and where each character came from.
type folded struct {
	runes []rune
	at    []int // index of the source's character (NFC)
}

// fold makes texts comparable: full-width and compatibility forms, upper and
// lower case, kinds of brackets and dashes are one, and spaces do not count,
// since recognition puts and loses them and words run on over lines.
func fold(source []rune) folded {
	var f folded
	for i, r := range source {
		for _, k := range norm.NFKC.String(string(r)) {
			if k = same(k); k != 0 {
				f.runes, f.at = append(f.runes, k), append(f.at, i)
			}
		}
	}
	return f
}

// same is the character that stands for all that count as one, 0 for none.
func same(r rune) rune {
	switch {
	case r == 0 || unicode.IsSpace(r) || unicode.Is(unicode.Cf, r):
		return 0
	case strings.ContainsRune("〔[【﹝", r):
		return '('
	case strings.ContainsRune("〕]】﹞", r):
		return ')'
	case strings.ContainsRune("‐‑‒–—―−", r):
		return '-'
	}
	return unicode.ToLower(r)
}

func composed(s string) []rune { return []rune(norm.NFC.String(strings.ToValidUTF8(s, "\uFFFD"))) }

// Tokens returns what a text is indexed by: each pair of neighbouring characters
// once, and its last character, so that every character begins a token.
func Tokens(s string) []string {
	rs := fold(composed(s)).runes
	seen := map[string]bool{}
	var out []string
	for i := range rs {
		token := string(rs[i:min(i+2, len(rs))])
		if !seen[token] {
			seen[token] = true
			out = append(out, token)
		}
	}
	return out
}

// Terms splits a query at its spaces. Every term has to be found.
func Terms(query string) []string {
	var out []string
	for _, word := range strings.Fields(strings.ToValidUTF8(query, "\uFFFD")) {
		rs := fold(composed(word)).runes
		if len(rs) > 0 && len(out) < maxTerms {
			out = append(out, string(rs[:min(len(rs), maxTermSize)]))
		}
	}
	return out
}

// Needs returns tokens that a text with the term must have; for a term of one
// character, prefix is true and a token must begin with it.
func Needs(term string) (tokens []string, prefix bool) {
	if utf8.RuneCountInString(term) == 1 {
		return []string{term}, true
	}
	rs := []rune(term)
	seen := map[string]bool{}
	for i := 0; i+2 <= len(rs) && len(tokens) < maxPairs; i++ {
		if pair := string(rs[i : i+2]); !seen[pair] {
			seen[pair] = true
			tokens = append(tokens, pair)
		}
	}
	return tokens, false
}

// Count tells how often a term stands in a text.
func Count(text, term string) int {
	if term == "" {
		return 0
	}
	return strings.Count(string(fold(composed(text)).runes), term)
}

// Snippet is a piece of a text with the places of the terms in it.
type Snippet struct {
	Text  string   `json:"text"`
	Marks [][2]int `json:"marks" doc:"起止位置，以字符计，不含止"`
}

// Cut returns the piece around the first place of any term, about width
// characters long, with every term in it marked. Line breaks become spaces.
func Cut(text string, terms []string, width int) Snippet {
	source := composed(text)
	f := fold(source)
	marks := places(f, terms)
	if len(marks) == 0 {
		return Snippet{Marks: [][2]int{}}
	}
	from := max(0, marks[0][0]-width/3)
	to := min(len(source), max(from+width, marks[0][1]))
	out := Snippet{Marks: [][2]int{}}
	piece := make([]rune, to-from)
	for i, r := range source[from:to] {
		if unicode.IsSpace(r) || unicode.IsControl(r) {
			r = ' '
		}
		piece[i] = r
	}
	out.Text = string(piece)
	for _, m := range marks {
		if m[1] <= to {
			out.Marks = append(out.Marks, [2]int{m[0] - from, m[1] - from})
		}
	}
	return out
}

// places lists where terms stand in the source, in order and without overlap.
func places(f folded, terms []string) [][2]int {
	covered := make([]bool, len(f.runes)+1)
	whole := string(f.runes)
	for _, term := range terms {
		n := utf8.RuneCountInString(term)
		start, index := 0, 0 // of the rest: byte and character
		for term != "" {
			i := strings.Index(whole[start:], term)
			if i < 0 {
				break
			}
			index += utf8.RuneCountInString(whole[start : start+i])
			for k := index; k < index+n; k++ {
				covered[k] = true
			}
			_, size := utf8.DecodeRuneInString(whole[start+i:])
			start, index = start+i+size, index+1
		}
	}
	var out [][2]int
	for i := 0; i < len(f.runes); i++ {
		if !covered[i] {
			continue
		}
		k := i
		for covered[k+1] {
			k++
		}
		out = append(out, [2]int{f.at[i], f.at[k] + 1})
		i = k
	}
	return out
}
