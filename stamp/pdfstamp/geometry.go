package pdfstamp

import (
	"math"

	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"
)

// rect is a rectangle in user space units, x0 < x1 and y0 < y1.
type rect struct{ x0, y0, x1, y1 float64 }

// letter is what viewers show when a page has no usable MediaBox.
var letter = rect{0, 0, 612, 792}

func (r rect) width() float64  { return r.x1 - r.x0 }
func (r rect) height() float64 { return r.y1 - r.y0 }
func (r rect) usable() bool {
	return r.width() >= 1 && r.height() >= 1 && r.width() < 1e6 && r.height() < 1e6 &&
		math.Abs(r.x0) < 1e7 && math.Abs(r.y0) < 1e7
}

func (r rect) intersect(o rect) rect {
	return rect{max(r.x0, o.x0), max(r.y0, o.y0), min(r.x1, o.x1), min(r.y1, o.y1)}
}

func (r rect) union(o rect) rect {
	return rect{min(r.x0, o.x0), min(r.y0, o.y0), max(r.x1, o.x1), max(r.y1, o.y1)}
}

func (r rect) array() types.Array {
	return types.Array{types.Float(r.x0), types.Float(r.y0), types.Float(r.x1), types.Float(r.y1)}
}

// readRect reads a box and puts its corners in order. ok is false when there is
// none that a viewer would use.
func readRect(g graph, o types.Object) (r rect, ok bool) {
	a := array(g, o)
	if len(a) != 4 {
		return r, false
	}
	var v [4]float64
	for i := range v {
		if v[i], ok = number(g, a[i]); !ok {
			return r, false
		}
	}
	r = rect{min(v[0], v[2]), min(v[1], v[3]), max(v[0], v[2]), max(v[1], v[3])}
	return r, r.usable()
}

// geometry is how a page is seen: the box that is shown, turned by rotate
// clockwise, unit points to the user space unit.
type geometry struct {
	media, crop rect
	hasCrop     bool
	rotate      int // 0, 90, 180, 270
	unit        float64
}

// size is the width and height of the page as it is seen, in points.
func (p geometry) size() (width, height float64) {
	width, height = p.crop.width()*p.unit, p.crop.height()*p.unit
	if p.rotate%180 != 0 {
		width, height = height, width
	}
	return width, height
}

// matrix takes points from the bottom left corner as it is seen to user space.
func (p geometry) matrix() [6]float64 {
	s := 1 / p.unit
	switch p.rotate {
	case 90: // the right side of user space is seen at the bottom
		return [6]float64{0, s, -s, 0, p.crop.x1, p.crop.y0}
	case 180:
		return [6]float64{-s, 0, 0, -s, p.crop.x1, p.crop.y1}
	case 270:
		return [6]float64{0, -s, s, 0, p.crop.x0, p.crop.y1}
	}
	return [6]float64{s, 0, 0, s, p.crop.x0, p.crop.y0}
}

// extended adds points points to the bottom as it is seen (W2): the content box
// keeps its coordinates. Media grows only as far as the crop needs.
func (p geometry) extended(points float64) geometry {
	d := points / p.unit
	switch p.rotate {
	case 90:
		p.crop.x1 += d
	case 180:
		p.crop.y1 += d
	case 270:
		p.crop.x0 -= d
	default:
		p.crop.y0 -= d
	}
	p.media = p.media.union(p.crop)
	return p
}

// readGeometry reads the page attributes as viewers do: inherited, and defaults
// for what is missing or absurd.
func readGeometry(g graph, attributes types.Dict) geometry {
	p := geometry{unit: 1}
	var ok bool
	if p.media, ok = readRect(g, attributes["MediaBox"]); !ok {
		p.media = letter
	}
	p.crop = p.media
	if crop, ok := readRect(g, attributes["CropBox"]); ok {
		if crop = crop.intersect(p.media); crop.usable() {
			p.crop, p.hasCrop = crop, true
		}
	}
	if turn, ok := number(g, attributes["Rotate"]); ok && math.Abs(turn) < 1e6 {
		p.rotate = ((int(math.Round(turn/90))*90)%360 + 360) % 360
	}
	if u, ok := number(g, attributes["UserUnit"]); ok && u >= 0.01 && u <= 1e4 {
		p.unit = u
	}
	return p
}
