package sample

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"image"
	"image/jpeg"
	"image/png"
)

// EncodeJPEG writes a JPEG with its resolution in the JFIF header, which
// image/jpeg leaves out and scanners do not.
func EncodeJPEG(img image.Image, dpi float64, quality int) ([]byte, error) {
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, &jpeg.Options{Quality: quality}); err != nil {
		return nil, fmt.Errorf("encode jpeg: %w", err)
	}
	d := uint16(dpi + 0.5)
	jfif := []byte{0xff, 0xe0, 0, 16, 'J', 'F', 'I', 'F', 0, 1, 1, 1, byte(d >> 8), byte(d), byte(d >> 8), byte(d), 0, 0}
	return spliceAfter(b.Bytes(), 2, jfif), nil
}

// EncodePhoto writes a JPEG as a telephone does: the pixels lie as the sensor
// stood and EXIF orientation (1, 3, 6 or 8) tells how to turn them.
func EncodePhoto(img *image.RGBA, orientation, quality int) ([]byte, error) {
	back := map[int]int{1: 0, 3: 180, 6: -90, 8: 90}
	turn, ok := back[orientation]
	if !ok {
		return nil, fmt.Errorf("encode photo: orientation %d is not 1, 3, 6 or 8", orientation)
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, turned(img, turn), &jpeg.Options{Quality: quality}); err != nil {
		return nil, fmt.Errorf("encode photo: %w", err)
	}
	return spliceAfter(b.Bytes(), 2, exifOrientation(orientation)), nil
}

// exifOrientation is an APP1 segment with one tag, 0x0112.
func exifOrientation(o int) []byte {
	tiff := []byte{'I', 'I', 42, 0, 8, 0, 0, 0, 1, 0, 0x12, 0x01, 3, 0, 1, 0, 0, 0, byte(o), 0, 0, 0, 0, 0, 0, 0}
	body := append([]byte("Exif\x00\x00"), tiff...)
	n := len(body) + 2
	return append([]byte{0xff, 0xe1, byte(n >> 8), byte(n)}, body...)
}

// EncodePNG writes a PNG with its resolution (pHYs).
func EncodePNG(img image.Image, dpi float64) ([]byte, error) {
	var b bytes.Buffer
	enc := png.Encoder{CompressionLevel: png.BestSpeed}
	if err := enc.Encode(&b, img); err != nil {
		return nil, fmt.Errorf("encode png: %w", err)
	}
	perMetre := uint32(dpi/mmPerInch*1000 + 0.5)
	body := binary.BigEndian.AppendUint32([]byte("pHYs"), perMetre)
	body = append(binary.BigEndian.AppendUint32(body, perMetre), 1)
	chunk := binary.BigEndian.AppendUint32(nil, uint32(len(body)-4))
	chunk = binary.BigEndian.AppendUint32(append(chunk, body...), crc32.ChecksumIEEE(body))
	const afterHeader = 8 + 25 // signature and IHDR
	return spliceAfter(b.Bytes(), afterHeader, chunk), nil
}

func spliceAfter(b []byte, at int, insert []byte) []byte {
	out := make([]byte, 0, len(b)+len(insert))
	out = append(out, b[:at]...)
	out = append(out, insert...)
	return append(out, b[at:]...)
}
