package pagesource

import (
	"encoding/binary"
)

// exif is what EXIF data says of how to show a picture.
type exif struct {
	turn turn
	dpi  float64
}

// readEXIF reads the first directory of a TIFF structure as EXIF embeds it.
// Anything odd yields the zero value: damage in metadata is no reason to refuse
// a picture.
func readEXIF(b []byte) exif {
	var e exif
	if len(b) < 8 {
		return e
	}
	var order binary.ByteOrder = binary.LittleEndian
	if string(b[:2]) == "MM" {
		order = binary.BigEndian
	}
	at := int64(order.Uint32(b[4:]))
	if at < 8 || at+2 > int64(len(b)) {
		return e
	}
	count := int(order.Uint16(b[at:]))
	unit := 2.0 // inches
	var res float64
	for i := range count {
		off := at + 2 + int64(i)*12
		if off+12 > int64(len(b)) {
			break
		}
		entry := b[off : off+12]
		switch order.Uint16(entry) {
		case tagOrientation:
			e.turn = turn(order.Uint16(entry[8:])).known()
		case tagXResolution:
			res = exifRational(b, order, int64(order.Uint32(entry[8:])))
		case tagResolutionUnit:
			unit = float64(order.Uint16(entry[8:]))
		}
	}
	if unit == 3 {
		res *= 2.54
	}
	e.dpi = credibleDPI(res)
	return e
}

func exifRational(b []byte, order binary.ByteOrder, at int64) float64 {
	if at < 0 || at+8 > int64(len(b)) {
		return 0
	}
	num, den := order.Uint32(b[at:]), order.Uint32(b[at+4:])
	if den == 0 {
		return 0
	}
	return float64(num) / float64(den)
}
