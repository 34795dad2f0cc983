package sample

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"image"
	"image/jpeg"
)

// Packing is the compression of a TIFF.
type Packing uint16

// The packings scanners and fax servers write.
const (
	TIFFNone    Packing = 1
	TIFFG4      Packing = 4 // black and white
	TIFFLZW     Packing = 5
	TIFFJPEG    Packing = 7 // JPEG in TIFF (Technical Note 2)
	TIFFDeflate Packing = 8
	TIFFCMYK    Packing = 0xfff // uncompressed, four inks: what print shops hand over
)

// EncodeTIFF writes one file of several pages, one strip each.
func EncodeTIFF(pages []*image.RGBA, dpi float64, packing Packing) ([]byte, error) {
	if len(pages) == 0 {
		return nil, fmt.Errorf("encode tiff: no pages")
	}
	var b bytes.Buffer
	b.WriteString("II*\x00\x00\x00\x00\x00")
	next := 4 // where the offset of the next directory goes
	for n, img := range pages {
		strip, tags, err := tiffStrip(img, packing)
		if err != nil {
			return nil, fmt.Errorf("encode tiff page %d: %w", n+1, err)
		}
		at := b.Len()
		b.Write(strip)
		pad(&b)
		tags[273], tags[279] = uint32(at), uint32(len(strip))
		next = writeDirectory(&b, next, tags, dpi, n, len(pages))
	}
	return b.Bytes(), nil
}

// tiffStrip packs the pixels of one page and tells the tags that describe them.
func tiffStrip(img *image.RGBA, packing Packing) ([]byte, map[uint16]uint32, error) {
	w, h := img.Bounds().Dx(), img.Bounds().Dy()
	const rgb, ycbcr, cmyk = 2, 6, 5
	tags := map[uint16]uint32{256: uint32(w), 257: uint32(h), 258: 8, 259: uint32(packing), 262: rgb, 277: 3, 278: uint32(h), 284: 1}
	switch packing {
	case TIFFNone:
		return rgbBytes(img), tags, nil
	case TIFFDeflate:
		return deflate(rgbBytes(img)), tags, nil
	case TIFFLZW:
		return encodeLZW(rgbBytes(img)), tags, nil
	case TIFFG4:
		tags[258], tags[262], tags[277] = 1, 0, 1
		return encodeG4(Bilevel(img)), tags, nil
	case TIFFCMYK:
		tags[259], tags[262], tags[277] = uint32(TIFFNone), cmyk, 4
		return cmykBytes(img), tags, nil
	case TIFFJPEG:
		tags[262] = ycbcr
		tags[530] = 2 | 2<<16 // chroma at half resolution both ways, as image/jpeg writes it
		var b bytes.Buffer
		if err := jpeg.Encode(&b, img, &jpeg.Options{Quality: 85}); err != nil {
			return nil, nil, fmt.Errorf("encode jpeg: %w", err)
		}
		return b.Bytes(), tags, nil
	}
	return nil, nil, fmt.Errorf("unknown packing %d", packing)
}

// writeDirectory writes the tags of a page, links it at patch, and returns
// where the link to the next page goes.
func writeDirectory(b *bytes.Buffer, patch int, tags map[uint16]uint32, dpi float64, page, of int) int {
	le := binary.LittleEndian
	resolution := b.Len()
	_ = binary.Write(b, le, []uint32{uint32(dpi + 0.5), 1})
	bits := b.Len()
	for range 4 {
		_ = binary.Write(b, le, uint16(tags[258]))
	}
	tags[282], tags[283], tags[296] = uint32(resolution), uint32(resolution), 2
	tags[297] = uint32(page) | uint32(of)<<16
	at := b.Len()
	le.PutUint32(b.Bytes()[patch:], uint32(at))
	const short, long, rational = 3, 4, 5
	order := []uint16{256, 257, 258, 259, 262, 273, 277, 278, 279, 282, 283, 284, 296, 297, 530}
	n := 0
	for _, t := range order {
		if _, ok := tags[t]; ok {
			n++
		}
	}
	_ = binary.Write(b, le, uint16(n))
	for _, t := range order {
		v, ok := tags[t]
		if !ok {
			continue
		}
		kind, count := uint16(long), uint32(1)
		switch t {
		case 258:
			kind, count = short, tags[277]
			if count > 2 {
				v = uint32(bits)
			}
		case 259, 262, 277, 284, 296:
			kind = short
		case 282, 283:
			kind = rational
		case 297, 530:
			kind, count = short, 2
		}
		_ = binary.Write(b, le, t)
		_ = binary.Write(b, le, kind)
		_ = binary.Write(b, le, count)
		_ = binary.Write(b, le, v)
	}
	link := b.Len()
	_ = binary.Write(b, le, uint32(0))
	return link
}

func pad(b *bytes.Buffer) {
	for b.Len()%4 != 0 {
		b.WriteByte(0)
	}
}

func cmykBytes(img *image.RGBA) []byte {
	out := make([]byte, 0, len(img.Pix))
	for i := 0; i < len(img.Pix); i += 4 {
		r, g, b := img.Pix[i], img.Pix[i+1], img.Pix[i+2]
		k := 255 - max(r, g, b)
		if k == 255 {
			out = append(out, 0, 0, 0, 255)
			continue
		}
		scale := func(v uint8) uint8 { return uint8((uint32(255-v) - uint32(k)) * 255 / uint32(255-k)) }
		out = append(out, scale(r), scale(g), scale(b), k)
	}
	return out
}
