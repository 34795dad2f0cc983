package labels

import (
	"math"

	"onewindow/document"
)

// steepest is the skew looked for: 0.08 is 4.6 degrees, more than engines leave.
const steepest = 0.08

// deskew straightens the boxes the geometry works with. Engines give upright
// boxes around slanting lines: too high, and lower on one side of the page than
// on the other, so that a label meets the value of the next row. The boxes
// reported for fields stay as they were read.
func deskew(segs []*segment) {
	slope := slopeOf(segs)
	if slope == 0 {
		return
	}
	for _, s := range segs {
		b := s.seen
		mid := (b[1]+b[3])/2 - slope*(b[0]+b[2])/2
		h := max(b.Height()-math.Abs(slope)*b.Width(), 0.6*s.size())
		s.box = document.Box{b[0], mid - h/2, b[2], mid + h/2}
	}
}

// size is the height of a character, by the width of the line where that is
// less than its height.
func (s *segment) size() float64 {
	return min(s.seen.Height(), s.seen.Width()/max(width(s.raw), 1)*2)
}

// slopeOf finds the slope at which most segments beside each other stand on one
// line. It is 0 unless another slope explains clearly more of them.
func slopeOf(segs []*segment) float64 {
	const steps = 32
	pairs := neighbours(segs)
	level, best, slope := rowsAt(pairs, 0), 0.0, 0.0
	for i := -steps; i <= steps; i++ {
		s := steepest * float64(i) / steps
		if n := rowsAt(pairs, s); n > best {
			best, slope = n, s
		}
	}
	if math.Abs(slope) < 0.004 || best < level*1.05+1 {
		return 0
	}
	return slope
}

// pair is how far two segments stand apart, in characters: along a line and
// across it. A margin is a line too, turned by a quarter.
type pair struct{ along, across float64 }

// neighbours lists the pairs of segments that some slope puts on one line: beside
// each other, or with their left edges on one margin.
func neighbours(segs []*segment) []pair {
	var pairs []pair
	for i, a := range segs {
		for _, b := range segs[i+1:] {
			size := min(a.size(), b.size())
			if size <= 0 {
				continue
			}
			p := pair{(middleX(b.seen) - middleX(a.seen)) / size, (middle(b.seen) - middle(a.seen)) / size}
			if b.seen[0] < a.seen[2] && a.seen[0] < b.seen[2] { // one above the other
				p = pair{-p.across, (b.seen[0] - a.seen[0]) / size}
				if math.Abs(p.along) < 4 {
					continue // too near to tell a slope
				}
			}
			if math.Abs(p.across) < steepest*math.Abs(p.along)+onLine {
				pairs = append(pairs, p)
			}
		}
	}
	return pairs
}

// onLine is how far off a common line two segments may stand, in characters.
const onLine = 0.3

// rowsAt counts pairs on one line of the slope, the nearer to it the better.
func rowsAt(pairs []pair, slope float64) float64 {
	n := 0.0
	for _, p := range pairs {
		if off := math.Abs(p.across - slope*p.along); off < onLine {
			n += 1 - off/onLine
		}
	}
	return n
}

func middleX(b document.Box) float64 { return (b[0] + b[2]) / 2 }
