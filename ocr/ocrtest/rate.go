package ocrtest

import (
	"strings"

	"onewindow/internal/score"
)

// errorRate is the character error rate: the edits that turn got into want, over
// the length of want. Spaces do not count, and full-width forms of ASCII count
// as the ASCII character: both are printed alike.
func errorRate(want, got string) float64 {
	a, b := fold(want), fold(got)
	if len(a) == 0 {
		return float64(len(b))
	}
	return float64(score.Edits(a, b)) / float64(len(a))
}

func fold(s string) []rune {
	var out []rune
	for _, r := range s {
		if r >= 0xFF01 && r <= 0xFF5E {
			r -= 0xFF01 - '!'
		}
		if r == '￥' {
			r = '¥'
		}
		if !strings.ContainsRune(" \t\r\n\u3000", r) {
			out = append(out, r)
		}
	}
	return out
}
