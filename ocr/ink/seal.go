package ink

import "image"

const (
	// sealShare is the least side of a seal, as a share of the page's short side.
	// Seals of offices are 38 mm and more across, 18 % of A4 and 13 % of A3; the
	// characters of a red heading are 22 mm at most (GB/T 9704), 10 % of A4.
	sealShare = 0.115
	// sealMost is the largest part of the page a seal, or several that touch,
	// covers; more is a red cover.
	sealMost = 0.35
	// sealFill is how much of its frame red print fills at most: a seal is lines.
	sealFill = 0.75
	// sealCells is how many cells the short side of the page is divided in.
	sealCells = 310
	// sealAspect is how long a seal, or two side by side, may be for its height.
	sealAspect = 2.2
	// sealGap is how many cells apart the parts of a seal may be: print over the
	// rim and faint stamping break it. It is a third of a centimetre on A4.
	sealGap = 5
	// cellFill is the part of a cell that must be red, as 1/n.
	cellFill = 16
)

// redMap counts the red pixels of a page by cells.
type redMap struct {
	w, h, size int // in cells; the size of a cell in pixels
	width      int // of the page in pixels
	height     int
	counts     []uint16
	any        bool
}

func (m *redMap) reset(width, height int) {
	m.width, m.height = width, height
	m.size = max(min(width, height)/sealCells, 2)
	m.w, m.h = (width+m.size-1)/m.size, (height+m.size-1)/m.size
	if cap(m.counts) < m.w*m.h {
		m.counts = make([]uint16, m.w*m.h)
	}
	m.counts = m.counts[:m.w*m.h]
	clear(m.counts)
	m.any = false
}

// count notes the red pixels of row y.
func (m *redMap) count(y int, over []byte) {
	cells := m.counts[y/m.size*m.w:]
	for x, d := range over {
		if d >= redFrom {
			cells[x/m.size]++
			m.any = true
		}
	}
}

// Seal is the place of a red seal on a picture and the share of it that is red.
type Seal struct {
	Frame    image.Rectangle
	Coverage float64
}

// Turned returns the place of the seal once a picture of the given size is turned
// clockwise by 0, 90, 180 or 270 degrees.
func (s Seal) Turned(size image.Point, turn int) Seal {
	r := s.Frame
	switch turn {
	case 90:
		r = image.Rect(size.Y-r.Max.Y, r.Min.X, size.Y-r.Min.Y, r.Max.X)
	case 180:
		r = image.Rect(size.X-r.Max.X, size.Y-r.Max.Y, size.X-r.Min.X, size.Y-r.Min.Y)
	case 270:
		r = image.Rect(r.Min.Y, size.X-r.Max.X, r.Max.Y, size.X-r.Min.X)
	}
	return Seal{r, s.Coverage}
}

// seals returns the frames, in pixels, of the connected red things that are as
// large as a seal and no heading, rule or cover.
func (m *redMap) seals() []Seal {
	if !m.any {
		return nil
	}
	var out []Seal
	var stack []int
	for start := range m.counts {
		first, ok := m.take(start)
		if !ok {
			continue
		}
		frame, n := image.Rectangle{}, 0
		red := first
		stack = append(stack[:0], start)
		for len(stack) > 0 {
			at := stack[len(stack)-1]
			stack = stack[:len(stack)-1]
			x, y := at%m.w, at/m.w
			frame = frame.Union(image.Rect(x, y, x+1, y+1))
			n++
			stack, red = m.near(x, y, stack, red)
		}
		if m.isSeal(frame, n) {
			at := m.pixels(frame)
			out = append(out, Seal{at, min(1, float64(red)/float64(at.Dx()*at.Dy()))})
		}
	}
	return out
}

// take empties a cell and returns its red pixels; ok is whether it counts as red.
func (m *redMap) take(cell int) (red int, ok bool) {
	red = int(m.counts[cell])
	m.counts[cell] = 0
	return red, red >= max(m.size*m.size/cellFill, 1)
}

// near takes the red cells around (x, y), adds them to stack and their red
// pixels to red.
func (m *redMap) near(x, y int, stack []int, red int) ([]int, int) {
	for ny := max(y-sealGap, 0); ny <= min(y+sealGap, m.h-1); ny++ {
		for nx := max(x-sealGap, 0); nx <= min(x+sealGap, m.w-1); nx++ {
			if n, ok := m.take(ny*m.w + nx); ok {
				stack = append(stack, ny*m.w+nx)
				red += n
			}
		}
	}
	return stack, red
}

func (m *redMap) isSeal(frame image.Rectangle, cells int) bool {
	w, h := frame.Dx(), frame.Dy()
	least := sealShare * float64(min(m.width, m.height)) / float64(m.size)
	area := float64(w * h)
	return float64(min(w, h)) >= least && float64(max(w, h)) <= sealAspect*float64(min(w, h)) && area <= sealMost*float64(m.w*m.h) && float64(cells) <= sealFill*area
}

func (m *redMap) pixels(frame image.Rectangle) image.Rectangle {
	r := image.Rect((frame.Min.X-1)*m.size, (frame.Min.Y-1)*m.size, (frame.Max.X+1)*m.size, (frame.Max.Y+1)*m.size)
	return r.Intersect(image.Rect(0, 0, m.width, m.height))
}
