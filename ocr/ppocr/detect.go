package ppocr

import (
	"context"
	"fmt"
	"math"
)

// Constants of the detector as the models were trained and are used upstream.
const (
	detectStride    = 32   // the network halves the picture five times
	detectThreshold = 0.3  // a pixel is text from here
	boxThreshold    = 0.6  // a box is kept from this mean probability
	unclipRatio     = 1.5  // boxes are learned shrunk; they are grown by area*ratio/perimeter
	smallestText    = 3    // a shrunk box thinner than this, in detector pixels, is noise
	mostBoxes       = 3000 // on one page; more is a pattern, not text
)

// Size of the picture given to the detector, in pixels.
const (
	detectScale     = 0.27      // 10.5-point print on A4 at 300 dpi becomes 12 pixels high
	detectLongest   = 1280      // the long side of a large page, such as A3, grows to this
	detectShortSide = 640       // a long strip keeps its short side at least this large
	detectMost      = 4_000_000 // whatever the shape
)

// detector finds where text is.
type detector struct {
	network  *network
	longSide int // of the picture given to the network
	small    plane
	input    []float32
	shades   [3][256]float32
	regions  regions
}

func openDetector(threads, longSide int) (*detector, error) {
	n, err := openNetwork(detection, threads)
	if err != nil {
		return nil, err
	}
	d := &detector{network: n, longSide: longSide}
	mean, deviation := [3]float32{0.485, 0.456, 0.406}, [3]float32{0.229, 0.224, 0.225}
	for c := range 3 {
		for v := range 256 {
			d.shades[c][v] = (float32(v)/255 - mean[c]) / deviation[c]
		}
	}
	return d, nil
}

// detectSize returns the size of the picture given to the network for a page of
// w x h pixels: never enlarged, long side at least as configured, sides multiples
// of 32.
func detectSize(w, h, longSide int) (int, int) {
	long, short := float64(max(w, h)), float64(min(w, h))
	side := max(float64(longSide), min(detectLongest, detectScale*long))
	scale := max(side/long, detectShortSide/short)
	scale = min(scale, 1, math.Sqrt(detectMost/(long*short)))
	fit := func(side int) int {
		return max(int(math.Round(float64(side)*scale/detectStride)), 1) * detectStride
	}
	return fit(w), fit(h)
}

// detect returns the boxes of text on p, in its pixels.
func (d *detector) detect(ctx context.Context, p *plane) ([]quad, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if p.W == 0 || p.H == 0 {
		return nil, nil
	}
	w, h := detectSize(p.W, p.H, d.longSide)
	p.ShrinkInto(&d.small.Plane, w, h)
	if cap(d.input) < 3*w*h {
		d.input = make([]float32, 3*w*h)
	}
	d.input = d.input[:3*w*h]
	for c := range 3 {
		shades, channel := &d.shades[c], d.input[c*w*h:(c+1)*w*h]
		for i, v := range d.small.Pix {
			channel[i] = shades[v]
		}
	}
	probability, err := d.network.run(d.input, h, w, 1, 1, int64(h), int64(w))
	if err != nil {
		return nil, fmt.Errorf("detect text: %w", err)
	}
	return d.boxes(probability, w, h, float64(p.W)/float64(w), float64(p.H)/float64(h)), nil
}

// boxes turns the probability map into boxes on the page, which is sx and sy
// times larger.
func (d *detector) boxes(probability []float32, w, h int, sx, sy float64) []quad {
	var out []quad
	for outline := range d.regions.find(probability, w, h) {
		shrunk := smallestRect(hull(outline))
		if min(shrunk.length(), shrunk.height()) < smallestText || meanInside(shrunk, probability, w, h) < boxThreshold {
			continue
		}
		l, t := shrunk.length(), shrunk.height()
		box := shrunk.grown(l * t * unclipRatio / (2 * (l + t)))
		// The two scales differ by rounding to multiples of 32 only, so the
		// corners stay square within a fraction of a degree.
		out = append(out, quad{
			point{box.c.x * sx, box.c.y * sy},
			point{box.u.x * sx, box.u.y * sy},
			point{box.v.x * sx, box.v.y * sy},
		})
		if len(out) == mostBoxes {
			break
		}
	}
	return out
}

// meanInside is the mean probability of the pixels whose centre lies in q.
func meanInside(q quad, probability []float32, w, h int) float64 {
	b := q.bounds(w, h)
	var sum float64
	var n int
	for y := int(b[1]); y < int(b[3]); y++ {
		for x := int(b[0]); x < int(b[2]); x++ {
			if q.holds(point{float64(x) + 0.5, float64(y) + 0.5}) {
				sum += float64(probability[y*w+x])
				n++
			}
		}
	}
	if n == 0 {
		return 0
	}
	return sum / float64(n)
}
