package sample

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"image"
	"math/bits"

	"golang.org/x/image/bmp"
)

// EncodeBMP writes an uncompressed bitmap, as old scanner programs do.
func EncodeBMP(img *image.RGBA) ([]byte, error) {
	var b bytes.Buffer
	if err := bmp.Encode(&b, img); err != nil {
		return nil, fmt.Errorf("encode bmp: %w", err)
	}
	return b.Bytes(), nil
}

// EncodeWebP writes a lossless WebP (VP8L) in its plainest form: no transforms,
// no references back, every colour value eight bits. It is large and valid.
func EncodeWebP(img *image.RGBA) ([]byte, error) {
	w, h := img.Bounds().Dx(), img.Bounds().Dy()
	if w < 1 || h < 1 || w > 1<<14 || h > 1<<14 {
		return nil, fmt.Errorf("encode webp: %d × %d pixels", w, h)
	}
	var b lowBits
	b.write(0x2f, 8)
	b.write(uint32(w-1), 14)
	b.write(uint32(h-1), 14)
	b.write(0, 1+3) // no alpha, version 0
	b.write(0, 1)   // no transform
	b.write(0, 1)   // no colour cache
	b.write(0, 1)   // one group of prefix codes
	b.flatCode(280) // green and lengths
	b.flatCode(256) // red
	b.flatCode(256) // blue
	b.write(0b101, 3)
	b.write(255, 8) // alpha: always 255
	b.write(0b1, 4) // distance: never used
	for y := range h {
		row := img.Pix[y*img.Stride : y*img.Stride+4*w]
		for i := 0; i < len(row); i += 4 {
			for _, v := range [3]uint8{row[i+1], row[i], row[i+2]} {
				b.write(uint32(bits.Reverse8(v)), 8)
			}
		}
	}
	data := b.flush()
	if len(data)%2 == 1 {
		data = append(data, 0)
	}
	le := binary.LittleEndian
	out := le.AppendUint32([]byte("RIFF"), uint32(4+8+len(data)))
	out = le.AppendUint32(append(out, "WEBPVP8L"...), uint32(len(data)))
	return append(out, data...), nil
}

// lowBits packs values, least significant bit first.
type lowBits struct {
	out  []byte
	cur  uint64
	bits int
}

func (b *lowBits) write(v uint32, n int) {
	b.cur |= uint64(v) << b.bits
	b.bits += n
	for b.bits >= 8 {
		b.out = append(b.out, byte(b.cur))
		b.cur >>= 8
		b.bits -= 8
	}
}

// flatCode writes a prefix code that gives each of 256 values eight bits and
// the rest of the alphabet none.
func (b *lowBits) flatCode(alphabet int) {
	b.write(0, 1)    // a normal code
	b.write(12-4, 4) // twelve code lengths follow, in the order 17 18 0 1 2 3 4 5 16 6 7 8
	for i := range 12 {
		length := uint32(0)
		if i == 2 || i == 11 { // lengths 0 and 8, one bit each
			length = 1
		}
		b.write(length, 3)
	}
	b.write(0, 1) // all symbols are listed
	for s := range alphabet {
		if s < 256 {
			b.write(1, 1)
		} else {
			b.write(0, 1)
		}
	}
}

func (b *lowBits) flush() []byte {
	for b.bits > 0 {
		b.write(0, 8-b.bits%8)
	}
	return b.out
}
