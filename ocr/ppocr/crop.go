package ppocr

import (
	"math"

	"onewindow/ocr/ink"
)

// plane is an ink plane that boxes can be cut from.
type plane struct{ ink.Plane }

// lineHeight is the height of a line as the recognizer and the classifier want it.
const lineHeight = 48

// cropInto cuts the rotated rectangle q out of p, scaled to w x lineHeight.
// Text larger than that is averaged down, so that thin strokes survive.
func (p *plane) cropInto(dst *plane, q quad, w int) {
	dst.Reset(w, lineHeight)
	samples := int(math.Ceil(max(q.length()/float64(w), q.height()/lineHeight) - 0.25))
	if samples <= 1 {
		p.sampleInto(dst, q)
		return
	}
	samples = min(samples, 8)
	p.averageInto(dst, q, samples)
}

// sampleInto interpolates one point of p for each pixel of dst.
func (p *plane) sampleInto(dst *plane, q quad) {
	stepX, stepY := q.u.scale(2/float64(dst.W)), q.v.scale(2/float64(dst.H))
	origin := q.c.minus(q.u).minus(q.v).plus(stepX.scale(0.5)).plus(stepY.scale(0.5)).minus(point{0.5, 0.5})
	for y := range dst.H {
		at := origin.plus(stepY.scale(float64(y)))
		row := dst.Pix[y*dst.W : (y+1)*dst.W]
		for x := range row {
			row[x] = p.Between(at.x, at.y)
			at = at.plus(stepX)
		}
	}
}

// averageInto takes n x n points of p for each pixel of dst.
func (p *plane) averageInto(dst *plane, q quad, n int) {
	stepX, stepY := q.u.scale(2/float64(dst.W*n)), q.v.scale(2/float64(dst.H*n))
	origin := q.c.minus(q.u).minus(q.v).plus(stepX.scale(0.5)).plus(stepY.scale(0.5))
	for y := range dst.H {
		row := dst.Pix[y*dst.W : (y+1)*dst.W]
		for x := range row {
			sum := 0
			for i := range n {
				at := origin.plus(stepX.scale(float64(x * n))).plus(stepY.scale(float64(y*n + i)))
				for range n {
					sx := min(max(int(at.x), 0), p.W-1)
					sy := min(max(int(at.y), 0), p.H-1)
					sum += int(p.Pix[sy*p.W+sx])
					at = at.plus(stepX)
				}
			}
			row[x] = byte(sum / (n * n))
		}
	}
}

// squeeze takes columns out of the blank between from and to so that keep stay.
func (p *plane) squeeze(from, to, keep int) {
	from, to = max(from+keep/2, 0), min(to-keep/2, p.W)
	if to <= from {
		return
	}
	w := p.W - (to - from)
	for y := range p.H {
		row := p.Pix[y*p.W : (y+1)*p.W]
		copy(p.Pix[y*w:], row[:from])
		copy(p.Pix[y*w+from:], row[to:])
	}
	p.W, p.Pix = w, p.Pix[:w*p.H]
}

// normalise writes the crop as the networks want it: three equal channels of
// -1 (ink) to 1 (paper), w wide, what is right of the crop being 0.
func (p *plane) normalise(dst []float32, w int) {
	size := w * p.H
	clear(dst[:size])
	for y := range p.H {
		out := dst[y*w : y*w+p.W]
		for x, v := range p.Pix[y*p.W : (y+1)*p.W] {
			out[x] = float32(v)/127.5 - 1
		}
	}
	copy(dst[size:2*size], dst[:size])
	copy(dst[2*size:3*size], dst[:size])
}
