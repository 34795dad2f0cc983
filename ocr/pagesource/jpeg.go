package pagesource

import (
	"bufio"
	"encoding/binary"
	"errors"
	"image"
	"image/jpeg"
	"io"

	"onewindow/ocr/pagesource/turbojpeg"
)

// jpegInfo is what the markers of a JPEG say.
type jpegInfo struct {
	width, height int
	components    int
	precision     int
	dpi           float64
	turn          turn
	adobe         bool // an Adobe marker: four components are stored inverted
}

// probeJPEG walks the markers to the end-of-image marker, without decoding.
// Bytes after it are allowed: phones append previews and videos there.
func probeJPEG(in *input) (raster, error) {
	info, err := walkJPEG(bufio.NewReaderSize(in.reader(), 1<<16))
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return raster{}, refuseTruncated("JPEG without end-of-image marker")
	}
	if err != nil {
		return raster{}, err
	}
	return single(frame{
		width: info.width, height: info.height, dpi: info.dpi, turn: info.turn,
		decode: func() (image.Image, error) { return decodeJPEG(in, info) },
		asPDF:  func() ([]byte, error) { return wrapJPEG(in, info) },
	}), nil
}

// mostInMemory is the size in bytes of a JPEG file that is read whole for the
// quick decoder.
const mostInMemory = 64 << 20

// decodeJPEG decodes ordinary pictures quickly, all others carefully.
func decodeJPEG(in *input, info jpegInfo) (image.Image, error) {
	if in.size <= mostInMemory && (info.components == 1 || info.components == 3) {
		file, err := in.at(0, int(in.size))
		if err != nil {
			return nil, err
		}
		if img, err := turbojpeg.Decode(file, int64(info.width)*int64(info.height)); err == nil {
			return img, nil
		}
	}
	return jpeg.Decode(bufio.NewReader(in.reader()))
}

const (
	markSOI  = 0xd8
	markEOI  = 0xd9
	markSOS  = 0xda
	markAPP0 = 0xe0
	markAPP1 = 0xe1
	markAPPE = 0xee
)

func walkJPEG(r *bufio.Reader) (jpegInfo, error) {
	var info jpegInfo
	if _, err := r.Discard(2); err != nil {
		return info, err
	}
	for {
		mark, err := nextMarker(r)
		if err != nil {
			return info, err
		}
		switch {
		case mark == markEOI:
			if info.width == 0 {
				return info, refuseCorrupt("JPEG without frame header")
			}
			return info, nil
		case mark == markSOI, mark == 0x01, mark >= 0xd0 && mark <= 0xd7:
			continue // stand alone, no segment
		}
		if err := info.segment(r, mark); err != nil {
			return info, err
		}
	}
}

// nextMarker skips to the next marker. Inside entropy-coded data 0xff 0x00 is a
// byte, not a marker; fill bytes 0xff may stand before one.
func nextMarker(r *bufio.Reader) (byte, error) {
	for {
		if _, err := r.ReadSlice(0xff); err != nil {
			if errors.Is(err, bufio.ErrBufferFull) {
				continue
			}
			return 0, err
		}
		b := byte(0xff)
		var err error
		for b == 0xff {
			if b, err = r.ReadByte(); err != nil {
				return 0, err
			}
		}
		if b != 0 {
			return b, nil
		}
	}
}

// segment reads one marker segment and keeps what matters.
func (j *jpegInfo) segment(r *bufio.Reader, mark byte) error {
	var n [2]byte
	if _, err := io.ReadFull(r, n[:]); err != nil {
		return err
	}
	size := int(binary.BigEndian.Uint16(n[:])) - 2
	if size < 0 {
		return refuseCorrupt("JPEG segment of negative length")
	}
	switch {
	case isFrameHeader(mark), mark == markAPP0, mark == markAPP1, mark == markAPPE:
	default:
		_, err := r.Discard(size)
		return err
	}
	b := make([]byte, size)
	if _, err := io.ReadFull(r, b); err != nil {
		return err
	}
	switch {
	case isFrameHeader(mark) && size >= 6:
		j.precision = int(b[0])
		j.height, j.width = int(binary.BigEndian.Uint16(b[1:])), int(binary.BigEndian.Uint16(b[3:]))
		j.components = int(b[5])
	case mark == markAPP0 && size >= 12 && string(b[:5]) == "JFIF\x00":
		j.setDensity(float64(binary.BigEndian.Uint16(b[8:])), b[7])
	case mark == markAPP1 && size >= 6 && string(b[:6]) == "Exif\x00\x00" && j.turn == 0:
		e := readEXIF(b[6:])
		j.turn = e.turn
		if j.dpi == 0 {
			j.dpi = e.dpi
		}
	case mark == markAPPE && size >= 12 && string(b[:5]) == "Adobe":
		j.adobe = true
	}
	return nil
}

func (j *jpegInfo) setDensity(v float64, unit byte) {
	switch unit {
	case 1:
		j.dpi = credibleDPI(v)
	case 2:
		j.dpi = credibleDPI(v * 2.54)
	}
}

// isFrameHeader reports the SOF markers; DHT, JPG and DAC lie in the same range.
func isFrameHeader(mark byte) bool {
	return mark >= 0xc0 && mark <= 0xcf && mark != 0xc4 && mark != 0xc8 && mark != 0xcc
}
