package ppocr

// plane is a picture with one byte per pixel: 0 is ink, 255 is paper.
type plane struct {
	w, h int
	pix  []byte
}

// reset gives p the size w x h; its content is then undefined.
func (p *plane) reset(w, h int) {
	if cap(p.pix) < w*h {
		p.pix = make([]byte, w*h)
	}
	p.w, p.h, p.pix = w, h, p.pix[:w*h]
}

// turnInto writes p turned clockwise by 0, 90, 180 or 270 degrees into dst.
func (p *plane) turnInto(dst *plane, turn int) {
	if turn == 90 || turn == 270 {
		dst.reset(p.h, p.w)
	} else {
		dst.reset(p.w, p.h)
	}
	for y := range p.h {
		row := p.pix[y*p.w : (y+1)*p.w]
		// (at, step) walks where the pixels of this row go in dst.
		at, step := y*p.w, 1
		switch turn {
		case 90:
			at, step = p.h-1-y, dst.w
		case 180:
			at, step = (p.h-y)*p.w-1, -1
		case 270:
			at, step = (p.w-1)*dst.w+y, -dst.w
		}
		for _, v := range row {
			dst.pix[at] = v
			at += step
		}
	}
}

// shrinkInto writes p scaled to w x h into dst, averaging the pixels that fall
// on one: thin strokes pale but do not vanish. Enlarging repeats pixels.
func (p *plane) shrinkInto(dst *plane, w, h int) {
	dst.reset(w, h)
	sums := make([]uint32, w)
	edges := make([]int, w+1)
	for x := range edges {
		edges[x] = x * p.w / w
	}
	for y := range h {
		top := y * p.h / h
		bottom := max((y+1)*p.h/h, top+1)
		clear(sums)
		for sy := top; sy < bottom; sy++ {
			row := p.pix[sy*p.w : (sy+1)*p.w]
			for x := range w {
				left, right := edges[x], max(edges[x+1], edges[x]+1)
				var sum uint32
				for _, v := range row[left:right] {
					sum += uint32(v)
				}
				sums[x] += sum
			}
		}
		out := dst.pix[y*w : (y+1)*w]
		for x := range w {
			n := max(edges[x+1]-edges[x], 1) * (bottom - top)
			out[x] = byte(sums[x] / uint32(n))
		}
	}
}
