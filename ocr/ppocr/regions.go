package ppocr

import "iter"

// regions finds connected areas of text in a probability map. It keeps its
// buffers from page to page.
type regions struct {
	seen  []bool
	stack []int32
	left  []int32 // leftmost and rightmost text pixel by row of the region
	right []int32
}

// find yields, for each region of pixels above the threshold that touch (corners
// count), points whose convex hull is that of the region. The slice is valid
// until the next step.
func (r *regions) find(probability []float32, w, h int) iter.Seq[[]point] {
	return func(yield func([]point) bool) {
		r.mark(probability, h)
		var outline []point
		for i, seen := range r.seen {
			if seen {
				continue
			}
			top, bottom := r.fill(int32(i), int32(w), int32(h))
			outline = outline[:0]
			for y := top; y <= bottom; y++ {
				x0, x1 := float64(r.left[y]), float64(r.right[y]+1)
				outline = append(outline,
					point{x0, float64(y)}, point{x1, float64(y)},
					point{x0, float64(y + 1)}, point{x1, float64(y + 1)})
			}
			if !yield(outline) {
				return
			}
		}
	}
}

// mark resets the buffers: what is not text counts as seen.
func (r *regions) mark(probability []float32, h int) {
	if cap(r.seen) < len(probability) {
		r.seen = make([]bool, len(probability))
	}
	r.seen = r.seen[:len(probability)]
	for i, p := range probability {
		r.seen[i] = p <= detectThreshold
	}
	if len(r.left) < h {
		r.left, r.right = make([]int32, h), make([]int32, h)
	}
}

// fill visits the region around pixel start, leaves its extent by row in left
// and right, and returns its first and last row.
func (r *regions) fill(start, w, h int32) (top, bottom int32) {
	top, bottom = start/w, start/w-1
	r.seen[start] = true
	r.stack = append(r.stack[:0], start)
	for len(r.stack) > 0 {
		at := r.stack[len(r.stack)-1]
		r.stack = r.stack[:len(r.stack)-1]
		x, y := at%w, at/w
		top, bottom = r.note(x, y, top, bottom)
		for ny := max(y-1, 0); ny <= min(y+1, h-1); ny++ {
			for nx := max(x-1, 0); nx <= min(x+1, w-1); nx++ {
				if n := ny*w + nx; !r.seen[n] {
					r.seen[n] = true
					r.stack = append(r.stack, n)
				}
			}
		}
	}
	return top, bottom
}

// note widens the extent of row y by pixel x. Rows join one at a time above or
// below, as each pixel touches one already noted or about to be.
func (r *regions) note(x, y, top, bottom int32) (int32, int32) {
	for ; top > y; top-- {
		r.left[top-1], r.right[top-1] = 1<<30, -1
	}
	for ; bottom < y; bottom++ {
		r.left[bottom+1], r.right[bottom+1] = 1<<30, -1
	}
	r.left[y], r.right[y] = min(r.left[y], x), max(r.right[y], x)
	return top, bottom
}
