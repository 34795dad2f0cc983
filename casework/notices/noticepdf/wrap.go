package noticepdf

import "strings"

// Signs that no line begins with, and signs that none ends with (禁则).
const (
	notFirst = "，。；：、！？）〕》」』”’％%…—"
	notLast  = "（〔《「『“‘"
)

// wrap breaks a text into lines of a width in points; the first is shorter by
// indent. Numbers and Latin words stay whole where they fit.
func (s *sheet) wrap(text string, width, indent float64) []string {
	var lines []string
	for part := range strings.SplitSeq(text, "\n") {
		var line [][]rune
		room := width - indent
		for _, word := range words(part) {
			if len(line) > 0 && s.width(join(line)+string(word)) > room {
				var kept [][]rune
				line, kept = carry(line, word)
				lines = append(lines, join(line))
				line, room = kept, width
			}
			for len(line) == 0 && len(word) > 1 && s.width(string(word)) > room { // a word wider than the line
				n := len(word) - 1
				for n > 1 && s.width(string(word[:n])) > room {
					n--
				}
				lines, word, room = append(lines, string(word[:n])), word[n:], width
			}
			line = append(line, word)
		}
		lines = append(lines, join(line))
	}
	return lines
}

func join(line [][]rune) string {
	var b strings.Builder
	for _, word := range line {
		b.WriteString(string(word))
	}
	return b.String()
}

// carry takes whole words from the end of a line to the next one where a rule
// wants it: no line begins with next's sign, and none ends with an opening one.
func carry(line [][]rune, next []rune) (rest, kept [][]rune) {
	for len(line) > 1 && len(kept) < 3 {
		last := line[len(line)-1]
		head := next
		if len(kept) > 0 {
			head = kept[0]
		}
		if !strings.ContainsRune(notFirst, head[0]) && !strings.ContainsRune(notLast, last[len(last)-1]) {
			break
		}
		line, kept = line[:len(line)-1], append([][]rune{last}, kept...)
	}
	return line, kept
}

// words splits a text where a line may break: after every Chinese character, and
// between words.
func words(text string) [][]rune {
	var out [][]rune
	for _, r := range text {
		if n := len(out); n > 0 && joins(out[n-1][len(out[n-1])-1]) && joins(r) {
			out[n-1] = append(out[n-1], r)
			continue
		}
		out = append(out, []rune{r})
	}
	return out
}

// joins reports whether a character belongs to a word or number.
func joins(r rune) bool {
	return r < 0x80 && r > ' ' || r == '²' || r == '¥'
}
