package score

import (
	"cmp"
	"slices"
	"strings"
)

// alike are characters printed alike, which no reader can tell apart.
var alike = map[rune]rune{
	'￥': '¥', '・': '·', '•': '·', '‧': '·', '∙': '·', '—': '-', '－': '-', '–': '-', '―': '-', '─': '-',
	// Document numbers are printed with either, and normalised to the first.
	'〔': '[', '〕': ']', '【': '[', '】': ']',
	'“': '"', '”': '"', '‘': '\'', '’': '\'', '〜': '~', '∶': ':', 'Ｏ': 'O',
}

// Fold removes what does not count: white space, the width of ASCII characters,
// and which of several characters of one look was chosen. ㎡ counts as m², № as No.
func Fold(s string) []rune {
	out := make([]rune, 0, len(s)/2)
	for _, r := range s {
		if r >= 0xFF01 && r <= 0xFF5E {
			r -= 0xFF01 - '!'
		}
		if same, ok := alike[r]; ok {
			r = same
		}
		switch r {
		case '㎡':
			out = append(out, 'm')
			r = '²'
		case '№':
			out = append(out, 'N')
			r = 'o'
		}
		if !strings.ContainsRune(" \t\r\n\u3000\u00a0", r) {
			out = append(out, r)
		}
	}
	return out
}

// Edits is the Levenshtein distance: the error of a page read as one sequence,
// where a line in the wrong place counts like a line misread.
func Edits(a, b []rune) int {
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

// used stands for characters of the reading that a line has claimed.
const used = rune(-1)

// FreeEdits is the error without regard to order: every line of the truth, the
// longest first, takes the part of the reading that is most like it, each part
// once. missed are the edits within the lines, extra the characters of the
// reading that no line took: invented ones.
func FreeEdits(lines []string, read string) (missed, extra int) {
	left := Fold(read)
	want := make([][]rune, len(lines))
	for i, l := range lines {
		want[i] = Fold(l)
	}
	slices.SortStableFunc(want, func(a, b []rune) int { return cmp.Compare(len(b), len(a)) })
	// First the lines that were read without a mistake, so that a misread line
	// does not take the place of one that was read well.
	var rest [][]rune
	for _, w := range want {
		if at := index(left, w); at >= 0 {
			claim(left[at : at+len(w)])
		} else {
			rest = append(rest, w)
		}
	}
	for _, w := range rest {
		cost, from, to := nearest(w, left)
		missed += cost
		claim(left[from:to])
	}
	for _, r := range left {
		if r != used {
			extra++
		}
	}
	return missed, extra
}

func claim(part []rune) {
	for i := range part {
		part[i] = used
	}
}

func index(in, what []rune) int {
	for i := 0; i+len(what) <= len(in); i++ {
		if slices.Equal(in[i:i+len(what)], what) {
			return i
		}
	}
	return -1
}

// nearest finds the part in[from:to] that what turns into with the fewest edits,
// the longest of several. Claimed characters match nothing and cost much.
func nearest(what, in []rune) (cost, from, to int) {
	type cell struct{ cost, from int }
	row := make([]cell, len(in)+1)
	for j := range row {
		row[j] = cell{0, j}
	}
	better := func(a, b cell) cell {
		if b.cost < a.cost || b.cost == a.cost && b.from < a.from {
			return b
		}
		return a
	}
	for i, w := range what {
		diagonal := row[0]
		row[0] = cell{i + 1, 0}
		for j, r := range in {
			step := 1
			switch r {
			case w:
				step = 0
			case used:
				step = len(what) + 1
			}
			best := cell{diagonal.cost + step, diagonal.from}
			best = better(best, cell{row[j+1].cost + 1, row[j+1].from})
			if r != used {
				best = better(best, cell{row[j].cost + 1, row[j].from})
			}
			diagonal, row[j+1] = row[j+1], best
		}
	}
	at := 0
	for j := range row {
		if row[j].cost <= row[at].cost {
			at = j
		}
	}
	return row[at].cost, row[at].from, at
}
