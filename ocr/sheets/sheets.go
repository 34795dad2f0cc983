// Package sheets finds the printed sheets between scanned papers: cover sheets and
// separators, known by their QR code (document.Sheet), and pages without print,
// such as the back of one.
package sheets

import (
	"image"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"

	"onewindow/document"
	"onewindow/ocr"
	"onewindow/ocr/ink"
)

// longSides are the sizes at which a page is looked at, in pixels of its long
// side. A sheet's modules are about 1.7 mm: at the first size, 100 dpi of an A4
// page, they are six pixels wide, and averaging has taken the noise of the scan
// away. The second takes away more noise; the third is for sheets that were
// photocopied smaller.
var longSides = []int{1170, 820, 2000}

// redInk makes red print count as print: a page with nothing but a red remark is
// not blank.
const redInk = 200

// Finder looks at pages. It keeps its buffers; the zero value is ready. It is not
// safe for concurrent use.
type Finder struct {
	convert     ink.Converter
	page, small ink.Plane
}

// Look looks at one page of any orientation.
func (f *Finder) Look(img image.Image) ocr.Seen {
	f.convert.Red = redInk
	f.convert.Convert(&f.page, img)
	for _, side := range longSides {
		if sheet, ok := f.sheet(side); ok {
			return ocr.Seen{Sheet: &sheet}
		}
	}
	return ocr.Seen{Blank: f.blank()}
}

// sheet looks for the code at one size. Sheets are scanned in every orientation,
// which the code's corners tell.
func (f *Finder) sheet(side int) (document.Sheet, bool) {
	f.shrink(side)
	// A gray picture is read without copying it once more.
	pixels := &image.Gray{Pix: f.small.Pix, Stride: f.small.W, Rect: image.Rect(0, 0, f.small.W, f.small.H)}
	source := gozxing.NewLuminanceSourceFromImage(pixels)
	for _, binarizer := range []gozxing.Binarizer{gozxing.NewHybridBinarizer(source), gozxing.NewGlobalHistgramBinarizer(source)} {
		bitmap, err := gozxing.NewBinaryBitmap(binarizer)
		if err != nil {
			continue
		}
		read, err := qrcode.NewQRCodeReader().Decode(bitmap, nil)
		if err != nil {
			continue
		}
		if sheet, ok := document.ParseSheet(read.GetText()); ok {
			return sheet, true
		}
	}
	return document.Sheet{}, false
}

func (f *Finder) shrink(side int) {
	w, h := f.page.W, f.page.H
	if long := max(w, h); long > side {
		w, h = max(1, w*side/long), max(1, h*side/long)
	}
	f.page.ShrinkInto(&f.small, w, h)
}

// What counts as print when a page is looked at for blankness, at about 70 dpi.
const (
	blankSide = 820
	// inkDepth is how much darker than its paper a pixel of print is. The print of
	// the other side shows through by less.
	inkDepth = 48
	// blankInk is the share of such pixels that dust and staples make.
	blankInk = 0.0003
	// edge is the share of each side that is not looked at: scanners leave dark
	// rims there.
	edge = 0.04
)

// blank reports whether there is no print on the page, nor a seal.
func (f *Finder) blank() bool {
	if len(f.convert.Seals()) > 0 {
		return false
	}
	f.shrink(blankSide)
	w, h := f.small.W, f.small.H
	left, top := int(float64(w)*edge), int(float64(h)*edge)
	var count [256]int
	all := 0
	for y := top; y < h-top; y++ {
		for _, v := range f.small.Pix[y*w+left : (y+1)*w-left] {
			count[v]++
			all++
		}
	}
	paper := median(count, all)
	dark := 0
	for v := range max(0, paper-inkDepth) {
		dark += count[v]
	}
	return float64(dark) <= blankInk*float64(all)
}

func median(count [256]int, all int) int {
	left := all / 2
	for v, n := range count {
		if left -= n; left < 0 {
			return v
		}
	}
	return 255
}
