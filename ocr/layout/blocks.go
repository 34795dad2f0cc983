package layout

import (
	"cmp"
	"math"
	"slices"
)

const (
	blockIndent = 0.4 // lines of one cell start level within this share of their height, or share their middle
	blockGap    = 0.7 // and stand so many heights apart at most
	blockMost   = 6   // lines of one cell
	blockCentre = 0.4 // a single line beside them stands level with their middle within this share of its height
)

// block is the lines of one table cell, or a single line.
type block struct {
	frame
	lines []frame
}

// blocks puts the lines of a cell together where the table shows that they are
// one: a single line in the cell beside them is centred on all of them. Read row
// by row, the second half of a long name would come after its neighbours.
func blocks(frames []frame) []block {
	sorted := slices.Clone(frames)
	slices.SortStableFunc(sorted, func(a, b frame) int { return cmp.Compare(a.y0, b.y0) })
	used := make([]bool, len(sorted))
	var out []block
	for i := range sorted {
		if used[i] {
			continue
		}
		run := runFrom(sorted, used, i)
		for len(run) > 1 && !centredBeside(sorted, run) {
			run = run[:len(run)-1] // the lines of the next cell may follow as closely
		}
		b := block{frame: sorted[i]}
		for _, j := range run {
			used[j] = true
			f := sorted[j]
			b.lines = append(b.lines, f)
			b.x0, b.y0, b.x1, b.y1 = min(b.x0, f.x0), min(b.y0, f.y0), max(b.x1, f.x1), max(b.y1, f.y1)
		}
		out = append(out, b)
	}
	return out
}

// runFrom returns the lines that follow line i closely in its column.
func runFrom(sorted []frame, used []bool, i int) []int {
	run := []int{i}
	for j := i + 1; j < len(sorted) && len(run) < blockMost; j++ {
		last, f := sorted[run[len(run)-1]], sorted[j]
		if f.y0 > last.y1+blockGap*last.height() {
			break
		}
		h := max(last.height(), f.height())
		level := math.Abs(f.x0-last.x0) <= blockIndent*h || math.Abs((f.x0+f.x1)-(last.x0+last.x1)) <= blockIndent*h
		if !used[j] && level && f.y0 >= last.middle() && min(last.height(), f.height()) >= 0.7*h {
			run = append(run, j)
		}
	}
	return run
}

// centredBeside reports whether a line that stands alone in its column is level
// with the middle of the run.
func centredBeside(sorted []frame, run []int) bool {
	first, last := sorted[run[0]], sorted[run[len(run)-1]]
	x0, x1 := first.x0, first.x1
	for _, j := range run {
		x0, x1 = min(x0, sorted[j].x0), max(x1, sorted[j].x1)
	}
	middle := (first.y0 + last.y1) / 2
	for k, f := range sorted {
		if slices.Contains(run, k) || f.x1 > x0 && f.x0 < x1 || math.Abs(f.middle()-middle) > blockCentre*f.height() {
			continue
		}
		if aloneBetween(sorted, k, first.y0, last.y1) {
			return true
		}
	}
	return false
}

// aloneBetween reports whether no other line of k's column stands between y0 and y1.
func aloneBetween(sorted []frame, k int, y0, y1 float64) bool {
	f := sorted[k]
	for j, other := range sorted {
		if j != k && other.x0 < f.x1 && other.x1 > f.x0 && other.middle() > y0 && other.middle() < y1 {
			return false
		}
	}
	return true
}
