package layout

import (
	"cmp"
	"math"
	"slices"
)

const (
	panelRows    = 4    // a panel has at least so many lines
	panelExtent  = 0.25 // and takes at least this share of the text's width
	panelGap     = 1.3  // of typical line heights between two panels
	columnGap    = 0.35 // the same where a column clearly begins in the middle of a landscape page
	columnStarts = 3    // lines that must start there
	foldSlack    = 0.06 // the fold of a booklet is this near to the middle, as a share of the width
	columnFill   = 0.6  // in a column of running text the typical line fills this share
)

// panels splits a page that shows two pages or columns side by side (an A3 sheet
// with two A4 pages, a permit with its table on the right) and returns one panel
// otherwise. Lines that span both stand alone above or below them.
//
// A table must stay whole, as its rows are read across: so a gap counts on a
// landscape page near its middle, and on a portrait page only between two
// columns of running text.
func panels(frames []frame, width, height float64) [][]frame {
	if len(frames) == 0 {
		return nil
	}
	landscape := width > height
	if landscape {
		if left, right, ok := folded(frames, width); ok {
			return [][]frame{left, right}
		}
	}
	least := panelGap * typical(frames, frame.height)
	gap, ok := widestGap(frames)
	if landscape && gap.begins(frames, width) {
		least = columnGap * typical(frames, frame.height)
	}
	ok = ok && gap.right-gap.left >= least
	if !ok {
		return [][]frame{frames}
	}
	var above, left, right, below []frame
	for _, f := range frames {
		switch {
		case f.y1 <= gap.top:
			above = append(above, f)
		case f.y0 >= gap.bottom:
			below = append(below, f)
		case f.x1 <= gap.right:
			left = append(left, f)
		default:
			right = append(right, f)
		}
	}
	if !isPanel(left, frames) || !isPanel(right, frames) {
		return [][]frame{frames}
	}
	if !landscape && (!isColumn(left) || !isColumn(right)) {
		return [][]frame{frames}
	}
	return [][]frame{above, left, right, below}
}

// folded splits the two pages of an open booklet: nothing at all stands across
// the fold, and each page has lines of its own.
func folded(frames []frame, width float64) (left, right []frame, ok bool) {
	if len(frames) < panelRows {
		return nil, nil, false
	}
	middle := width / 2
	end, begin := 0.0, width
	for _, f := range frames {
		if f.x0+f.x1 < width {
			left, end = append(left, f), max(end, f.x1)
		} else {
			right, begin = append(right, f), min(begin, f.x0)
		}
	}
	least := panelGap * typical(frames, frame.height)
	clear := begin-end >= least && end <= middle+foldSlack*width && begin >= middle-foldSlack*width
	return left, right, clear && len(left) > 1 && len(right) > 1 && !aligned(left, right)
}

// aligned reports whether most lines of the shorter side stand level with one of
// the other: then both are columns of one table.
func aligned(a, b []frame) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	level := 0
	for _, f := range a {
		if slices.ContainsFunc(b, func(o frame) bool { return math.Abs(f.middle()-o.middle()) < 0.35*min(f.height(), o.height()) }) {
			level++
		}
	}
	return 2*level > len(a)
}

// gap is a vertical strip without text, and where the text beside it begins and ends.
type gap struct{ left, right, top, bottom float64 }

// widestGap finds the widest strip near the middle of the text that only lines
// at the top or the bottom cross.
func widestGap(frames []frame) (gap, bool) {
	if len(frames) < 2*panelRows {
		return gap{}, false
	}
	x0, x1 := extent(frames)
	lo, hi := x0+0.3*(x1-x0), x1-0.3*(x1-x0)
	var best gap
	for _, f := range frames {
		if f.x1 < lo || f.x1 > hi {
			continue
		}
		if g, ok := gapAt(frames, f.x1); ok && g.right-g.left > best.right-best.left {
			best = g
		}
	}
	return best, best.right > best.left
}

// begins reports whether a column begins behind the gap, in the middle of the
// page: several lines start there one below the other.
func (g gap) begins(frames []frame, width float64) bool {
	if math.Abs((g.left+g.right)/2-width/2) > 0.1*width {
		return false
	}
	n := 0
	for _, f := range frames {
		if math.Abs(f.x0-g.right) < 0.4*f.height() {
			n++
		}
	}
	return n >= columnStarts
}

// gapAt measures the strip that starts at x.
func gapAt(frames []frame, x float64) (gap, bool) {
	const nudge = 1
	g := gap{left: x, right: x, top: -1 << 30, bottom: 1 << 30}
	var crossing, beside []frame
	for _, f := range frames {
		if f.x0 < x-nudge && f.x1 > x+nudge {
			crossing = append(crossing, f)
		} else {
			beside = append(beside, f)
		}
	}
	if len(crossing) > len(frames)/4 {
		return g, false
	}
	slices.SortFunc(beside, func(a, b frame) int { return cmp.Compare(a.middle(), b.middle()) })
	for _, c := range crossing {
		// What spans the strip must be a heading above or a footer below.
		before, _ := slices.BinarySearchFunc(beside, c.middle(), func(f frame, y float64) int { return cmp.Compare(f.middle(), y) })
		switch {
		case before <= len(beside)/4:
			g.top = max(g.top, c.y1)
		case before >= len(beside)-len(beside)/4:
			g.bottom = min(g.bottom, c.y0)
		default:
			return g, false
		}
	}
	return g.widen(beside, crossing)
}

// widen moves the right edge of g to the nearest text between top and bottom. A
// line that reaches into the strip without spanning it makes it none.
func (g gap) widen(beside, crossing []frame) (gap, bool) {
	next := float64(1 << 30)
	for _, f := range beside {
		if f.x0 >= g.left-1 && f.y1 > g.top && f.y0 < g.bottom {
			next = min(next, f.x0)
		}
	}
	for _, c := range crossing {
		if c.x1 <= next {
			return g, false
		}
	}
	g.right = next
	return g, next < 1<<30
}

func isPanel(side, all []frame) bool {
	if len(side) < panelRows {
		return false
	}
	x0, x1 := extent(side)
	a0, a1 := extent(all)
	return x1-x0 >= panelExtent*(a1-a0)
}

// isColumn reports whether the frames look like running text.
func isColumn(side []frame) bool {
	x0, x1 := extent(side)
	return typical(side, func(f frame) float64 { return f.x1 - f.x0 }) >= columnFill*(x1-x0)
}

func extent(frames []frame) (x0, x1 float64) {
	x0, x1 = frames[0].x0, frames[0].x1
	for _, f := range frames {
		x0, x1 = min(x0, f.x0), max(x1, f.x1)
	}
	return x0, x1
}

// typical is the median of a measure.
func typical(frames []frame, measure func(frame) float64) float64 {
	values := make([]float64, len(frames))
	for i, f := range frames {
		values[i] = measure(f)
	}
	slices.Sort(values)
	return values[len(values)/2]
}
