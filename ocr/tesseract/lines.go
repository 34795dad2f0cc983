package tesseract

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"onewindow/document"
)

const (
	columnGap = 1.2 // a gap in a line this wide, in heights, parts two cells
	spaceGap  = 0.2 // a gap between Latin words
)

// linesOf joins words to lines. A line of Tesseract that spans several cells of
// a table becomes several.
func linesOf(words []word) []document.Line {
	var out []document.Line
	for len(words) > 0 {
		n := 1
		for n < len(words) && sameLine(words[0], words[n]) {
			n++
		}
		for _, part := range atGaps(words[:n]) {
			if l, ok := lineOf(part); ok {
				out = append(out, l)
			}
		}
		words = words[n:]
	}
	return out
}

func sameLine(a, b word) bool {
	return a.block == b.block && a.par == b.par && a.line == b.line
}

// atGaps cuts a line where the gap between words is wide.
func atGaps(words []word) [][]word {
	h := height(words)
	var out [][]word
	from := 0
	for i := 1; i < len(words); i++ {
		if float64(words[i].box.Min.X-words[i-1].box.Max.X) > columnGap*h {
			out = append(out, words[from:i])
			from = i
		}
	}
	return append(out, words[from:])
}

// height is the typical height of the words.
func height(words []word) float64 {
	heights := make([]int, len(words))
	for i, w := range words {
		heights[i] = w.box.Dy()
	}
	slices.Sort(heights)
	return float64(heights[len(heights)*3/4])
}

// lineOf joins the words of one cell.
func lineOf(words []word) (document.Line, bool) {
	slices.SortStableFunc(words, func(a, b word) int { return cmp.Compare(a.box.Min.X, b.box.Min.X) })
	var text strings.Builder
	var sum, n float64
	box := words[0].box
	h := height(words)
	for i, w := range words {
		if i > 0 && spaced(words[i-1], w, h) {
			text.WriteByte(' ')
		}
		text.WriteString(tight(w.text))
		box = box.Union(w.box)
		c := float64(utf8.RuneCountInString(w.text))
		sum += w.confidence * c
		n += c
	}
	l := document.Line{Text: text.String(), Confidence: sum / n, Box: document.Box{
		float64(box.Min.X), float64(box.Min.Y), float64(box.Max.X), float64(box.Max.Y),
	}}
	return l, legible(l)
}

// spaced reports whether a space belongs between two words: Tesseract puts one
// between any two, but Chinese has none.
func spaced(a, b word, h float64) bool {
	last, _ := utf8.DecodeLastRuneInString(a.text)
	first, _ := utf8.DecodeRuneInString(b.text)
	return latin(last) && latin(first) && float64(b.box.Min.X-a.box.Max.X) > spaceGap*h
}

// tight drops the spaces beside Chinese characters inside a word.
func tight(s string) string {
	if !strings.ContainsRune(s, ' ') {
		return s
	}
	runes := []rune(s)
	out := runes[:0:0]
	for i, r := range runes {
		if r == ' ' && i > 0 && i+1 < len(runes) && (!latin(runes[i-1]) || !latin(runes[i+1])) {
			continue
		}
		out = append(out, r)
	}
	return string(out)
}

func latin(r rune) bool { return r < 0x250 && !unicode.IsSpace(r) }

// legible tells text from what Tesseract makes of rules, specks and stamps.
func legible(l document.Line) bool {
	const leastConfidence, leastMarks = 0.3, 0.75
	if l.Confidence < leastConfidence {
		return false
	}
	for _, r := range l.Text {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return true
		}
	}
	return l.Confidence >= leastMarks && l.Box.Height() < 3*l.Box.Width()
}
