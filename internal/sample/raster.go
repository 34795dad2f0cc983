package sample

import (
	"image"
	"image/draw"
	"math"

	"golang.org/x/image/vector"
)

// raster is the canvas of pixels.
type raster struct {
	studio *Studio
	img    *image.RGBA
	scale  float64 // pixels per mm
}

// maskKey names a glyph drawn at a size; size in 1/64 pixel.
type maskKey struct {
	face Face
	r    rune
	size int
}

// mask is coverage with its offset from the origin on the baseline.
type mask struct {
	alpha *image.Alpha
	x, y  int
}

func (r *raster) outline(f Face, c rune) path { return r.studio.outline(f, c) }

func (r *raster) text(t Text) {
	x := t.X
	for _, c := range t.String {
		if c != ' ' && c != '　' {
			m := r.studio.mask(t.Face, c, t.Size*r.scale)
			r.blend(m.alpha, int(math.Round(x*r.scale))+m.x, int(math.Round(t.Y*r.scale))+m.y, t.Ink)
		}
		x += runeWidth(t.Face, c)*t.Size + t.Tracking
	}
}

func (r *raster) fill(p path, ink Ink) {
	if x, y, w, h, ok := p.rect(); ok {
		r.fillRect(x, y, w, h, ink)
		return
	}
	if len(p) == 0 {
		return
	}
	m := cover(p.transform(affine{a: r.scale, d: r.scale}))
	r.blend(m.alpha, m.x, m.y, ink)
}

// fillRect fills whole pixels; a line is never thinner than one.
func (r *raster) fillRect(x, y, w, h float64, ink Ink) {
	x0, y0 := int(math.Round(x*r.scale)), int(math.Round(y*r.scale))
	x1, y1 := max(int(math.Round((x+w)*r.scale)), x0+1), max(int(math.Round((y+h)*r.scale)), y0+1)
	area := image.Rect(x0, y0, x1, y1).Intersect(r.img.Bounds())
	for py := area.Min.Y; py < area.Max.Y; py++ {
		row := r.img.Pix[r.img.PixOffset(area.Min.X, py):r.img.PixOffset(area.Max.X, py)]
		for i := 0; i < len(row); i += 4 {
			mix(row[i:i+4:i+4], ink, uint32(ink.A))
		}
	}
}

// blend lays ink through a mask whose top left corner is at x, y.
func (r *raster) blend(alpha *image.Alpha, x, y int, ink Ink) {
	if alpha == nil {
		return
	}
	size := alpha.Bounds().Size()
	area := image.Rect(x, y, x+size.X, y+size.Y).Intersect(r.img.Bounds())
	for py := area.Min.Y; py < area.Max.Y; py++ {
		cov := alpha.Pix[(py-y)*alpha.Stride+area.Min.X-x:]
		row := r.img.Pix[r.img.PixOffset(area.Min.X, py):r.img.PixOffset(area.Max.X, py)]
		for i := 0; i < len(row); i += 4 {
			a := uint32(cov[i/4])
			if a == 0 {
				continue
			}
			a = a * uint32(ink.A) / 255
			if ink.Wear > 0 {
				a = worn(a, area.Min.X+i/4, py, r.scale, ink.Wear)
			}
			mix(row[i:i+4:i+4], ink, a)
		}
	}
}

// mix multiplies towards the ink, as pigment on paper does: print under a seal
// stays dark. Opaque ink covers.
func mix(px []uint8, ink Ink, a uint32) {
	if ink.A == 255 {
		px[0] = uint8((uint32(px[0])*(255-a) + uint32(ink.R)*a) / 255)
		px[1] = uint8((uint32(px[1])*(255-a) + uint32(ink.G)*a) / 255)
		px[2] = uint8((uint32(px[2])*(255-a) + uint32(ink.B)*a) / 255)
		return
	}
	px[0] = uint8(uint32(px[0]) * (255*255 - a*(255-uint32(ink.R))) / (255 * 255))
	px[1] = uint8(uint32(px[1]) * (255*255 - a*(255-uint32(ink.G))) / (255 * 255))
	px[2] = uint8(uint32(px[2]) * (255*255 - a*(255-uint32(ink.B))) / (255 * 255))
}

// worn lets ink fail in grains and patches; it depends on the place only.
func worn(a uint32, x, y int, scale, wear float64) uint32 {
	fine := hash2(int(float64(x)/scale*12), int(float64(y)/scale*12))
	patch := hash2(int(float64(x)/scale/2.2), int(float64(y)/scale/2.2))
	keep := 1 - wear*(0.75*float64(fine)/255+0.45*float64(patch)/255)
	return uint32(float64(a) * max(keep, 0))
}

// hash2 is a cheap even noise of a lattice point, 0…255.
func hash2(x, y int) uint8 {
	h := uint32(x)*0x9E3779B1 ^ uint32(y)*0x85EBCA6B
	h ^= h >> 15
	h *= 0x2C1B3C6D
	h ^= h >> 12
	h *= 0x297A2D39
	return uint8(h >> 24)
}

// mask returns the glyph at size pixels per em, from the cache if it was drawn before.
func (s *Studio) mask(f Face, c rune, size float64) *mask {
	key := maskKey{f, c, int(size*64 + 0.5)}
	s.mu.Lock()
	defer s.mu.Unlock()
	if m, ok := s.masks[key]; ok {
		return m
	}
	m := cover(s.faces[f].glyph(f, c).transform(affine{a: size, d: size}))
	if len(s.masks) > maxMasks {
		clear(s.masks)
	}
	s.masks[key] = m
	return m
}

// maxMasks bounds the cache to some 100 MB.
const maxMasks = 30000

// cover rasterizes a path given in pixels.
func cover(p path) *mask {
	if len(p) == 0 {
		return &mask{}
	}
	x0, y0, x1, y1 := p.bounds()
	ox, oy := math.Floor(x0), math.Floor(y0)
	w, h := int(math.Ceil(x1)-ox)+1, int(math.Ceil(y1)-oy)+1
	z := vector.NewRasterizer(w, h)
	z.DrawOp = draw.Src
	f := func(q point) (float32, float32) { return float32(q.x - ox), float32(q.y - oy) }
	for i, s := range p {
		ax, ay := f(s.pts[0])
		bx, by := f(s.pts[1])
		cx, cy := f(s.pts[2])
		switch s.op {
		case 'M':
			if i > 0 {
				z.ClosePath()
			}
			z.MoveTo(ax, ay)
		case 'L':
			z.LineTo(ax, ay)
		case 'Q':
			z.QuadTo(ax, ay, bx, by)
		case 'C':
			z.CubeTo(ax, ay, bx, by, cx, cy)
		}
	}
	z.ClosePath()
	out := image.NewAlpha(image.Rect(0, 0, w, h))
	z.Draw(out, out.Bounds(), image.Opaque, image.Point{})
	return &mask{out, int(ox), int(oy)}
}
