package pagesource

import (
	"fmt"
	"image"
	"image/draw"
	"math"

	"github.com/klippa-app/go-pdfium/enums"
	"github.com/klippa-app/go-pdfium/requests"
	xdraw "golang.org/x/image/draw"
)

// embedded returns the pixels of the cover as the page shows them: turned,
// mirrored and cropped like the page, on white where it does not reach. ok is
// false when the page must be rendered instead. dpi is that of the result.
func (p *pdfPage) embedded(l *layout, maxPixels int64) (img image.Image, dpi float64, ok bool, err error) {
	pic := *l.cover
	f, ok := fit(pic, p.width, p.height, maxPixels)
	if !ok {
		return nil, 0, false, nil
	}
	raw := p.jpegPixels(pic, maxPixels)
	if raw == nil {
		if raw, err = p.pixels(pic); err != nil {
			return nil, 0, false, err
		}
	}
	return f.lay(f.turn.apply(raw)), f.scale * 72, true, nil
}

// scanLike reports a page that is one picture and nothing else to be seen. Of
// several pictures each may hold what another lacks: compact scans keep the text
// in a second one.
func (l *layout) scanLike(maxPixels int64) bool {
	return l.cover != nil && l.above == 0 && !l.partial && len(l.pictures) == 1 &&
		int64(l.cover.width)*int64(l.cover.height) <= maxPixels
}

// fitting says how a stored picture becomes the page.
type fitting struct {
	turn   turn
	scale  float64 // pixels per point
	canvas image.Point
	at     image.Rectangle // of the upright picture on the canvas
}

// fit works out the fitting; ok is false when the picture stands askew, where
// a rendering is better than turning pixels.
func fit(pic picture, pageW, pageH float64, maxPixels int64) (f fitting, ok bool) {
	m := pic.place // unit square: u to the right, v up; stored rows run down
	// Where one stored pixel to the right, and one down, goes on the page.
	rx, ry := m[0]/float64(pic.width), m[1]/float64(pic.width)
	dx, dy := -m[2]/float64(pic.height), -m[3]/float64(pic.height)
	var straight bool
	f.turn, straight = orientation(rx, ry, dx, dy)
	if !straight {
		return f, false
	}
	// Drift over the whole picture must stay within two pixels.
	off := max(math.Min(math.Abs(m[0]), math.Abs(m[1])), math.Min(math.Abs(m[2]), math.Abs(m[3])))
	w, h := pic.width, pic.height
	if f.turn.swaps() {
		w, h = h, w
	}
	x0, y0, x1, y1 := m.box(0, 0, 1, 1)
	if x1-x0 <= 0 || y1-y0 <= 0 {
		return f, false
	}
	sx, sy := float64(w)/(x1-x0), float64(h)/(y1-y0)
	f.scale = max(sx, sy) // fax scans have fewer rows than columns per inch
	if off*f.scale > 2 || f.scale > 4*min(sx, sy) {
		return f, false
	}
	cw, ch := math.Round(pageW*f.scale), math.Round(pageH*f.scale)
	if !(cw >= 1 && ch >= 1 && cw*ch <= float64(maxPixels)) {
		return f, false
	}
	f.canvas = image.Pt(int(cw), int(ch))
	f.at = image.Rect(int(math.Round(x0*f.scale)), int(math.Round(y0*f.scale)), int(math.Round(x1*f.scale)), int(math.Round(y1*f.scale)))
	if math.Abs(sx/sy-1) < 0.01 { // same resolution both ways: keep the pixels as they are
		f.at.Max = f.at.Min.Add(image.Pt(w, h))
	}
	return f, true
}

// orientation tells which of the eight turns makes a picture upright whose next
// pixel to the right goes to (rx, ry) and next row to (dx, dy).
func orientation(rx, ry, dx, dy float64) (turn, bool) {
	if math.Abs(rx) > math.Abs(ry) {
		if math.Abs(dy) <= math.Abs(dx) {
			return 0, false
		}
		switch {
		case rx > 0 && dy > 0:
			return turnNone, true
		case rx < 0 && dy > 0:
			return turnFlipX, true
		case rx < 0:
			return turn180, true
		}
		return turnFlipY, true
	}
	if math.Abs(dx) <= math.Abs(dy) {
		return 0, false
	}
	switch {
	case ry > 0 && dx > 0:
		return turnTranspose, true
	case ry > 0:
		return turn90, true
	case dx < 0:
		return turnAnti, true
	}
	return turn270, true
}

// lay puts the upright picture where it belongs on the page.
func (f fitting) lay(img image.Image) image.Image {
	full := image.Rectangle{Max: f.canvas}
	size := img.Bounds().Size()
	if f.whole(size) {
		return img
	}
	var dst draw.Image = image.NewRGBA(full)
	if _, grey := img.(*image.Gray); grey {
		dst = image.NewGray(full)
	}
	draw.Draw(dst, full, image.White, image.Point{}, draw.Src)
	if f.at.Size() == size {
		draw.Draw(dst, f.at, img, image.Point{}, draw.Src)
	} else {
		xdraw.ApproxBiLinear.Scale(dst, f.at, img, img.Bounds(), draw.Src, nil)
	}
	return dst
}

// whole reports that an upright picture of a size is, but for rounding, the page.
func (f fitting) whole(size image.Point) bool {
	return near(f.at.Min, image.Point{}) && near(f.at.Max, f.canvas) && near(size, f.canvas)
}

func near(a, b image.Point) bool {
	return max(a.X-b.X, b.X-a.X, a.Y-b.Y, b.Y-a.Y) <= 2
}

// pixels decodes the picture as stored, with PDFium, which knows every coding
// and colour space of PDF.
func (p *pdfPage) pixels(pic picture) (image.Image, error) {
	inst := p.doc.inst
	got, err := inst.FPDFImageObj_GetBitmap(&requests.FPDFImageObj_GetBitmap{ImageObject: pic.ref})
	if err != nil {
		return nil, fmt.Errorf("decode picture: %w", err)
	}
	defer p.destroy(got.Bitmap)
	format, err := inst.FPDFBitmap_GetFormat(&requests.FPDFBitmap_GetFormat{Bitmap: got.Bitmap})
	if err != nil {
		return nil, fmt.Errorf("get bitmap format: %w", err)
	}
	w, err := inst.FPDFBitmap_GetWidth(&requests.FPDFBitmap_GetWidth{Bitmap: got.Bitmap})
	if err != nil {
		return nil, fmt.Errorf("get bitmap width: %w", err)
	}
	h, err := inst.FPDFBitmap_GetHeight(&requests.FPDFBitmap_GetHeight{Bitmap: got.Bitmap})
	if err != nil {
		return nil, fmt.Errorf("get bitmap height: %w", err)
	}
	if w.Width != pic.width || h.Height != pic.height {
		return nil, fmt.Errorf("bitmap of %d x %d pixels, wanted %d x %d", w.Width, h.Height, pic.width, pic.height)
	}
	stride, err := inst.FPDFBitmap_GetStride(&requests.FPDFBitmap_GetStride{Bitmap: got.Bitmap})
	if err != nil {
		return nil, fmt.Errorf("get bitmap stride: %w", err)
	}
	buf, err := inst.FPDFBitmap_GetBuffer(&requests.FPDFBitmap_GetBuffer{Bitmap: got.Bitmap})
	if err != nil {
		return nil, fmt.Errorf("get bitmap: %w", err)
	}
	return fromBitmap(buf.Buffer, format.Format, pic.width, pic.height, stride.Stride)
}

// fromBitmap copies PDFium's pixels (grey, or blue, green, red) into Go's form.
func fromBitmap(pix []byte, format enums.FPDF_BITMAP_FORMAT, w, h, stride int) (image.Image, error) {
	step := map[enums.FPDF_BITMAP_FORMAT]int{
		enums.FPDF_BITMAP_FORMAT_GRAY: 1, enums.FPDF_BITMAP_FORMAT_BGR: 3,
		enums.FPDF_BITMAP_FORMAT_BGRX: 4, enums.FPDF_BITMAP_FORMAT_BGRA: 4,
	}[format]
	if step == 0 || stride < w*step || len(pix) < stride*(h-1)+w*step {
		return nil, fmt.Errorf("bitmap format %d with stride %d", format, stride)
	}
	if step == 1 {
		img := image.NewGray(image.Rect(0, 0, w, h))
		for y := range h {
			copy(img.Pix[y*w:(y+1)*w], pix[y*stride:])
		}
		return img, nil
	}
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		src, dst := pix[y*stride:y*stride+w*step], img.Pix[y*img.Stride:y*img.Stride+4*w]
		for i, j := 0, 0; j+3 < len(dst); i, j = i+step, j+4 {
			dst[j], dst[j+1], dst[j+2], dst[j+3] = src[i+2], src[i+1], src[i], 255
		}
	}
	return img, nil
}
