package ocrtest

import "strings"

// errorRate is the character error rate: the edits that turn got into want, over
// the length of want. Spaces do not count, and full-width forms of ASCII count
// as the ASCII character: both are printed alike.
func errorRate(want, got string) float64 {
	a, b := fold(want), fold(got)
	if len(a) == 0 {
		return float64(len(b))
	}
	return float64(edits(a, b)) / float64(len(a))
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

// edits is the Levenshtein distance.
func edits(a, b []rune) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i, ra := range a {
		diagonal := row[0]
		row[0] = i + 1
		for j, rb := range b {
			cost := diagonal
			if ra != rb {
				cost = 1 + min(diagonal, row[j], row[j+1])
			}
			diagonal, row[j+1] = row[j+1], cost
		}
	}
	return row[len(b)]
}
