package sample

import (
	"github.com/boombuler/barcode"
	"github.com/boombuler/barcode/qr"
)

// QR is a QR code of Side mm, quiet zone not included.
type QR struct {
	X, Y, Side float64
	Content    string
}

func (q QR) draw(c canvas) {
	code, err := qr.Encode(q.Content, qr.M, qr.Auto)
	if err != nil {
		return // longer than a QR code holds: leave the place empty, as a broken printer would
	}
	c.fill(modules(code, q.X, q.Y, q.Side), Black)
}

// modules joins dark modules of a row into one rectangle each, with a hair of
// overlap so that rows do not part when the page is scaled.
func modules(code barcode.Barcode, x, y, side float64) path {
	n := code.Bounds().Dx()
	unit := side / float64(n)
	var p path
	for row := range n {
		for col := 0; col < n; {
			run := 0
			for col+run < n && dark(code, col+run, row) {
				run++
			}
			if run > 0 {
				p.addRect(x+float64(col)*unit, y+float64(row)*unit, float64(run)*unit, unit)
			}
			col += max(run, 1)
		}
	}
	return p
}

func dark(code barcode.Barcode, x, y int) bool {
	r, _, _, _ := code.At(x, y).RGBA()
	return r < 0x8000
}
