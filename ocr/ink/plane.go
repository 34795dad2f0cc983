package ink

// Plane is a picture with one byte per pixel, row by row: 0 is ink, 255 is paper.
// Its zero value is empty; buffers are reused when it is filled again.
type Plane struct {
	W, H int
	Pix  []byte
}

// Reset gives p the size w x h; its content is then undefined.
func (p *Plane) Reset(w, h int) {
	if cap(p.Pix) < w*h {
		p.Pix = make([]byte, w*h)
	}
	p.W, p.H, p.Pix = w, h, p.Pix[:w*h]
}

// TurnInto writes p turned clockwise by 0, 90, 180 or 270 degrees into dst.
func (p *Plane) TurnInto(dst *Plane, turn int) {
	if turn == 90 || turn == 270 {
		dst.Reset(p.H, p.W)
	} else {
		dst.Reset(p.W, p.H)
	}
	for y := range p.H {
		row := p.Pix[y*p.W : (y+1)*p.W]
		// (at, step) walks where the pixels of this row go in dst.
		at, step := y*p.W, 1
		switch turn {
		case 90:
			at, step = p.H-1-y, dst.W
		case 180:
			at, step = (p.H-y)*p.W-1, -1
		case 270:
			at, step = (p.W-1)*dst.W+y, -dst.W
		}
		for _, v := range row {
			dst.Pix[at] = v
			at += step
		}
	}
}

// ShrinkInto writes p scaled to w x h into dst, averaging the pixels that fall
// on one: thin strokes pale but do not vanish. Enlarging repeats pixels.
func (p *Plane) ShrinkInto(dst *Plane, w, h int) {
	dst.Reset(w, h)
	sums := make([]uint32, w)
	edges := make([]int, w+1)
	for x := range edges {
		edges[x] = x * p.W / w
	}
	for y := range h {
		top := y * p.H / h
		bottom := max((y+1)*p.H/h, top+1)
		clear(sums)
		for sy := top; sy < bottom; sy++ {
			row := p.Pix[sy*p.W : (sy+1)*p.W]
			for x := range w {
				left, right := edges[x], max(edges[x+1], edges[x]+1)
				var sum uint32
				for _, v := range row[left:right] {
					sum += uint32(v)
				}
				sums[x] += sum
			}
		}
		out := dst.Pix[y*w : (y+1)*w]
		for x := range w {
			n := max(edges[x+1]-edges[x], 1) * (bottom - top)
			out[x] = byte(sums[x] / uint32(n))
		}
	}
}
