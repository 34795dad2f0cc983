package pipeline

import (
	"strings"

	"onewindow/document"
)

// lookalikes are characters that engines read surely and wrongly, since only a
// hair tells them apart: 汨 (罗) and 汩, 戌 and 戍. A value that holds one is not
// published unseen.
var lookalikes = []rune("汨汩戌戍祗祇")

// lookalikeSure is the confidence of such a character.
const lookalikeSure = 0.6

// doubtScale puts every doubt an engine reports below sureField: three in four of
// the characters it names are wrong, so a value with one is looked at.
const doubtScale = sureField / 0.9

// weighDoubts lowers the confidence of fields to that of their least sure
// character, scaled: a line's mean hides one wrong character among twenty right ones.
func weighDoubts(fields document.Fields, pages []document.Page) {
	for key, f := range fields {
		for _, p := range pages {
			if p.Number != f.Page {
				continue
			}
			for _, l := range p.Lines {
				if !overlap(l.Box, f.Box) {
					continue
				}
				for _, d := range l.Doubts {
					if concerns(d, l, f) {
						f.Confidence = min(f.Confidence, doubtScale*d.Confidence)
					}
				}
			}
		}
		if f.Source == document.FieldOCR && strings.ContainsAny(strings.ReplaceAll(f.Value, "汨罗", ""), string(lookalikes)) {
			f.Confidence = min(f.Confidence, lookalikeSure)
		}
		fields[key] = f
	}
}

// concerns reports whether a doubtful character of a line is part of a value.
func concerns(d document.Doubt, l document.Line, f document.Field) bool {
	read := l.Raw
	if read == "" {
		read = l.Text
	}
	runes := []rune(read)
	if d.At < 0 || d.At >= len(runes) {
		return false
	}
	// The character with its neighbours, as far as the line goes: in a line with a
	// label and a value, both may hold the same one.
	from, to := max(d.At-1, 0), min(d.At+2, len(runes))
	around := string(runes[from:to])
	for _, in := range []string{f.Raw, f.Value} {
		if strings.Contains(in, around) {
			return true
		}
		// At the value's own end a neighbour is not part of it.
		if d.Read != "" && (strings.HasPrefix(in, string(runes[d.At:to])) || strings.HasSuffix(in, string(runes[from:d.At+1]))) {
			return true
		}
	}
	return false
}

func overlap(a, b document.Box) bool {
	return min(a[2], b[2]) > max(a[0], b[0]) && min(a[3], b[3]) > max(a[1], b[1])
}
