package pagesource

import (
	"image"
	"image/draw"
)

// turn is an orientation as EXIF and TIFF number it, 1 to 8; 0 counts as 1. It
// says where the stored first row and column stand on the upright page.
type turn int

const (
	turnNone      turn = 1 // row 1 is the top, column 1 the left
	turnFlipX     turn = 2 // top, right: mirrored
	turn180       turn = 3 // bottom, right
	turnFlipY     turn = 4 // bottom, left
	turnTranspose turn = 5 // left, top
	turn90        turn = 6 // right, top: a quarter clockwise makes it upright
	turnAnti      turn = 7 // right, bottom
	turn270       turn = 8 // left, bottom: a quarter counterclockwise
)

// swaps reports whether width and height change places.
func (t turn) swaps() bool { return t >= turnTranspose && t <= turn270 }

// known drops numbers outside 1 to 8, which count as upright.
func (t turn) known() turn {
	if t < turnNone || t > turn270 {
		return turnNone
	}
	return t
}

// clockwise returns the turn for 0, 90, 180 or 270 degrees.
func clockwise(degrees int) turn {
	switch degrees {
	case 90:
		return turn90
	case 180:
		return turn180
	case 270:
		return turn270
	}
	return turnNone
}

// source returns, for an upright picture whose stored form is w x h, the stored
// position of upright (0,0) and the steps for one to the right and one down.
func (t turn) source(w, h int) (x0, y0, rx, ry, dx, dy int) {
	switch t.known() {
	case turnFlipX:
		return w - 1, 0, -1, 0, 0, 1
	case turn180:
		return w - 1, h - 1, -1, 0, 0, -1
	case turnFlipY:
		return 0, h - 1, 1, 0, 0, -1
	case turnTranspose:
		return 0, 0, 0, 1, 1, 0
	case turn90:
		return 0, h - 1, 0, -1, 1, 0
	case turnAnti:
		return w - 1, h - 1, 0, -1, -1, 0
	case turn270:
		return w - 1, 0, 0, 1, -1, 0
	}
	return 0, 0, 1, 0, 0, 1
}

// apply returns img upright. The result of a real turn is *image.Gray for grey
// pictures and *image.RGBA for others.
func (t turn) apply(img image.Image) image.Image {
	if t.known() == turnNone {
		return img
	}
	if g, ok := img.(*image.Gray); ok {
		return t.gray(g)
	}
	return t.rgba(asRGBA(img))
}

func (t turn) size(b image.Rectangle) (w, h int) {
	if t.swaps() {
		return b.Dy(), b.Dx()
	}
	return b.Dx(), b.Dy()
}

func (t turn) gray(src *image.Gray) *image.Gray {
	b := src.Bounds()
	w, h := t.size(b)
	dst := image.NewGray(image.Rect(0, 0, w, h))
	x0, y0, rx, ry, dx, dy := t.source(b.Dx(), b.Dy())
	start, right, down := y0*src.Stride+x0, ry*src.Stride+rx, dy*src.Stride+dx
	for y := range h {
		row := dst.Pix[y*dst.Stride : y*dst.Stride+w]
		at := start + y*down
		for x := range row {
			row[x] = src.Pix[at]
			at += right
		}
	}
	return dst
}

func (t turn) rgba(src *image.RGBA) *image.RGBA {
	b := src.Bounds()
	w, h := t.size(b)
	dst := image.NewRGBA(image.Rect(0, 0, w, h))
	x0, y0, rx, ry, dx, dy := t.source(b.Dx(), b.Dy())
	start, right, down := y0*src.Stride+4*x0, ry*src.Stride+4*rx, dy*src.Stride+4*dx
	for y := range h {
		row := dst.Pix[y*dst.Stride : y*dst.Stride+4*w]
		at := start + y*down
		for x := 0; x < len(row); x += 4 {
			copy(row[x:x+4:x+4], src.Pix[at:at+4])
			at += right
		}
	}
	return dst
}

// asRGBA returns img as *image.RGBA with its origin at zero.
func asRGBA(img image.Image) *image.RGBA {
	b := img.Bounds()
	if r, ok := img.(*image.RGBA); ok && b.Min == (image.Point{}) {
		return r
	}
	dst := image.NewRGBA(image.Rect(0, 0, b.Dx(), b.Dy()))
	draw.Draw(dst, dst.Bounds(), img, b.Min, draw.Src)
	return dst
}
