package artwork

import (
	"fmt"
	"image/color"

	"github.com/boombuler/barcode"
	"github.com/boombuler/barcode/qr"
)

// encodeQR makes the code with the fewest modules, and among those the one that
// survives most damage: on 10 mm, coarse modules matter more to a phone or a
// photocopy than spare check words.
func encodeQR(text string) (barcode.Barcode, error) {
	best, err := qr.Encode(text, qr.L, qr.Auto)
	if err != nil {
		return nil, fmt.Errorf("encode QR: %w", err)
	}
	for _, level := range []qr.ErrorCorrectionLevel{qr.M, qr.Q, qr.H} {
		code, err := qr.Encode(text, level, qr.Auto)
		if err != nil || code.Bounds().Dx() > best.Bounds().Dx() {
			break
		}
		best = code
	}
	return best, nil
}

// qrPath draws the QR code of text as filled squares in the unit square, y up, and
// counts the modules on a side.
func qrPath(text string) (path []byte, modules int, err error) {
	code, err := encodeQR(text)
	if err != nil {
		return nil, 0, err
	}
	n := code.Bounds().Dx()
	dark := func(x, y int) bool { return color.GrayModel.Convert(code.At(x, y)).(color.Gray).Y < 128 }
	path = fmt.Appendf(nil, "%.8f 0 0 %.8f 0 0 cm\n", 1/float64(n), 1/float64(n))
	for y := range n {
		for x := 0; x < n; x++ {
			start := x
			for x < n && dark(x, y) {
				x++
			}
			if x > start { // one rectangle per run: no seams between its modules
				path = fmt.Appendf(path, "%d %d %d 1 re\n", start, n-1-y, x-start)
			}
		}
	}
	return append(path, "f\n"...), n, nil
}
