// Package fuzzy compares Chinese text that may carry recognition errors.
package fuzzy

// Distance returns the Levenshtein distance of a and b in characters.
func Distance(a, b []rune) int {
	if len(a) < len(b) {
		a, b = b, a
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := 1; i <= len(a); i++ {
		diagonal := row[0]
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := diagonal
			if a[i-1] != b[j-1] {
				cost++
			}
			diagonal = row[j]
			row[j] = min(cost, row[j]+1, row[j-1]+1)
		}
	}
	return row[len(b)]
}

// Similarity is 1 for equal texts and 0 for texts with nothing in common.
func Similarity(a, b string) float64 {
	x, y := []rune(a), []rune(b)
	longest := max(len(x), len(y))
	if longest == 0 {
		return 1
	}
	return 1 - float64(Distance(x, y))/float64(longest)
}

// Match is where a phrase stands in a text.
type Match struct {
	Start, End int // runes
	Distance   int // 0 or 1
}

// Find looks for phrase in text: exactly, or else with one character replaced,
// lost or added if tolerant. The first and the last character of the phrase
// must be there: the last one says what kind of document a title names (证, 表,
// 书), and one wrong there is another document, not a recognition error. Of
// several places the last exact one wins, else the last tolerant one, because
// the head noun of a Chinese title stands at its end.
func Find(text, phrase []rune, tolerant bool) (Match, bool) {
	if len(phrase) == 0 {
		return Match{}, false
	}
	for i := len(text) - len(phrase); i >= 0; i-- {
		if equal(text[i:i+len(phrase)], phrase) {
			return Match{i, i + len(phrase), 0}, true
		}
	}
	if !tolerant || len(phrase) < 3 {
		return Match{}, false
	}
	for i := len(text) - len(phrase) + 1; i >= 0; i-- {
		if end, ok := near(text[i:], phrase); ok {
			return Match{i, i + end, 1}, true
		}
	}
	return Match{}, false
}

// Prefix reports whether text begins with phrase but for at most one inner
// character, and where that beginning ends.
func Prefix(text, phrase []rune) (end int, ok bool) {
	if len(phrase) < 3 {
		if len(text) >= len(phrase) && equal(text[:len(phrase)], phrase) {
			return len(phrase), true
		}
		return 0, false
	}
	return near(text, phrase)
}

// near reports whether text begins with phrase but for one inner character, and
// where that beginning ends.
func near(text, phrase []rune) (int, bool) {
	if len(text) == 0 || text[0] != phrase[0] {
		return 0, false
	}
	n, last := len(phrase), phrase[len(phrase)-1]
	k := 0 // characters that agree
	for k < n && k < len(text) && text[k] == phrase[k] {
		k++
	}
	if k == n {
		return n, true
	}
	for _, size := range []int{n, n + 1, n - 1} { // replaced, added, lost
		if size > len(text) || size < 2 || text[size-1] != last {
			continue
		}
		skipText, skipPhrase := 1, 1
		switch size {
		case n + 1:
			skipPhrase = 0
		case n - 1:
			skipText = 0
		}
		if k+skipText <= size && k+skipPhrase <= n && equal(text[k+skipText:size], phrase[k+skipPhrase:]) {
			return size, true
		}
	}
	return 0, false
}

func equal(a, b []rune) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}
