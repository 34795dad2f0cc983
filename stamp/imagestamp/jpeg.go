package imagestamp

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"os"

	"onewindow/stamp/scanpdf"
)

// jpegInfo is what the segments before the image data say.
type jpegInfo struct {
	width, height, components, bits int
	density                         density
	orientation                     orientation
	adobe                           bool // Adobe writes CMYK inverted
	process                         byte // the SOF marker
}

// jpegPage embeds the file as it is. Only mirrored pictures are drawn anew.
func (s *Stamper) jpegPage(source *os.File) (scanpdf.Page, error) {
	info, err := readJPEG(source)
	if err != nil {
		return scanpdf.Page{}, err
	}
	if err := s.checkPixels(info.width, info.height); err != nil {
		return scanpdf.Page{}, err
	}
	rotate, enough := info.orientation.rotation()
	if !enough || !info.embeddable() || !endsComplete(source) {
		return s.redrawnJPEG(source, info)
	}
	if _, err := source.Seek(0, io.SeekStart); err != nil {
		return scanpdf.Page{}, err
	}
	p := scanpdf.Picture{
		Width: info.width, Height: info.height, Bits: 8, Filter: "DCTDecode", Data: source,
		Space:    map[int]string{1: "DeviceGray", 3: "DeviceRGB", 4: "DeviceCMYK"}[info.components],
		Inverted: info.components == 4 && info.adobe,
	}
	return fullPage(p, info.density, rotate), nil
}

// embeddable: PDF knows baseline, extended and progressive pictures of 8 bits.
func (i jpegInfo) embeddable() bool {
	return i.bits == 8 && i.process <= 0xC2 && (i.components == 1 || i.components == 3 || i.components == 4)
}

func (s *Stamper) redrawnJPEG(source *os.File, info jpegInfo) (scanpdf.Page, error) {
	if _, err := source.Seek(0, io.SeekStart); err != nil {
		return scanpdf.Page{}, err
	}
	img, err := imagingDecode(source)
	if err != nil {
		return scanpdf.Page{}, fmt.Errorf("decode: %w", err)
	}
	p, err := scanpdf.Lossless(img)
	if err != nil {
		return scanpdf.Page{}, err
	}
	return fullPage(p, info.density.turned(info.orientation), 0), nil
}

// endsComplete looks for the end marker. Some scanners pad after it.
func endsComplete(source io.ReadSeeker) bool {
	const tail = 4 << 10
	size, err := source.Seek(0, io.SeekEnd)
	if err != nil {
		return false
	}
	if _, err := source.Seek(max(0, size-tail), io.SeekStart); err != nil {
		return false
	}
	b, err := io.ReadAll(io.LimitReader(source, tail))
	return err == nil && bytes.Contains(b, []byte{0xFF, 0xD9})
}

// readJPEG reads the segments up to the image data.
func readJPEG(source io.ReaderAt) (jpegInfo, error) {
	info := jpegInfo{orientation: 1}
	var exif density
	var head [4]byte
	for at := int64(2); ; {
		if _, err := source.ReadAt(head[:], at); err != nil {
			return info, fmt.Errorf("read segments: %w", noEOF(err))
		}
		if head[0] != 0xFF {
			return info, fmt.Errorf("read segments: no marker at %d", at)
		}
		marker, length := head[1], int64(binary.BigEndian.Uint16(head[2:]))
		switch {
		case marker == 0xFF: // fill byte
			at++
			continue
		case marker == 0xDA:
			if info.width == 0 {
				return info, fmt.Errorf("read segments: no frame before the data")
			}
			if exif.x > 0 && info.density.x == 0 {
				info.density = exif
			}
			return info, nil
		case length < 2:
			return info, fmt.Errorf("read segments: empty segment at %d", at)
		}
		body := make([]byte, length-2)
		if _, err := source.ReadAt(body, at+4); err != nil {
			return info, fmt.Errorf("read segments: %w", noEOF(err))
		}
		info.segment(marker, body, &exif)
		at += 2 + length
	}
}

func (i *jpegInfo) segment(marker byte, b []byte, exif *density) {
	switch {
	case marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC && len(b) >= 6:
		i.process, i.bits = marker, int(b[0])
		i.height, i.width = int(binary.BigEndian.Uint16(b[1:])), int(binary.BigEndian.Uint16(b[3:]))
		i.components = int(b[5])
	case marker == 0xE0 && bytes.HasPrefix(b, []byte("JFIF\x00")) && len(b) >= 12:
		x, y := float64(binary.BigEndian.Uint16(b[8:])), float64(binary.BigEndian.Uint16(b[10:]))
		switch b[7] {
		case 1:
			i.density = density{x, y}
		case 2:
			i.density = density{x * 2.54, y * 2.54}
		}
	case marker == 0xE1 && bytes.HasPrefix(b, []byte("Exif\x00\x00")):
		if t, err := openTIFF(bytes.NewReader(b[6:]), int64(len(b)-6)); err == nil {
			if d, err := t.directory(t.first); err == nil {
				i.orientation, *exif = d.orientation(), d.density()
			}
		}
	case marker == 0xEE && bytes.HasPrefix(b, []byte("Adobe")):
		i.adobe = true
	}
}
