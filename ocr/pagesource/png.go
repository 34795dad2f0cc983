package pagesource

import (
	"bufio"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image"
	"image/png"
	"io"
)

// probePNG walks the chunks to IEND and checks every checksum: a flipped bit in
// a scan is found here, not as a wrong digit later.
func probePNG(in *input) (raster, error) {
	r := bufio.NewReaderSize(io.NewSectionReader(in, 8, in.size-8), 1<<16)
	var f frame
	animated, data := false, false
	for {
		name, body, err := pngChunk(r)
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			return raster{}, refuseTruncated("PNG without IEND")
		}
		if err != nil {
			return raster{}, err
		}
		switch name {
		case "IHDR":
			if len(body) < 13 {
				return raster{}, refuseCorrupt("PNG header of %d bytes", len(body))
			}
			f.width, f.height = be31(body), be31(body[4:])
		case "pHYs":
			if len(body) == 9 && body[8] == 1 {
				f.dpi = credibleDPI(float64(binary.BigEndian.Uint32(body)) * 0.0254)
			}
		case "eXIf":
			f.turn = readEXIF(body).turn
		case "acTL":
			animated = true
		case "IDAT":
			data = true
		case "IEND":
			if f.width == 0 || !data {
				return raster{}, refuseCorrupt("PNG without picture")
			}
			f.decode = func() (image.Image, error) { return png.Decode(bufio.NewReader(in.reader())) }
			s := single(f)
			s.facts.Animated = animated
			return s, nil
		}
	}
}

// keptChunk is the largest chunk whose bytes are returned; larger ones are only checked.
const keptChunk = 1 << 16

func pngChunk(r *bufio.Reader) (name string, body []byte, err error) {
	var head [8]byte
	if _, err := io.ReadFull(r, head[:]); err != nil {
		return "", nil, err
	}
	size := int64(binary.BigEndian.Uint32(head[:]))
	name = string(head[4:])
	sum := crc32.NewIEEE()
	sum.Write(head[4:])
	if size <= keptChunk {
		body = make([]byte, size)
		if _, err := io.ReadFull(r, body); err != nil {
			return "", nil, err
		}
		sum.Write(body)
	} else if _, err := io.CopyN(sum, r, size); err != nil {
		return "", nil, err
	}
	var want [4]byte
	if _, err := io.ReadFull(r, want[:]); err != nil {
		return "", nil, err
	}
	if sum.Sum32() != binary.BigEndian.Uint32(want[:]) {
		return "", nil, refuseCorrupt("PNG chunk with wrong checksum")
	}
	return name, body, nil
}

// be31 reads a big-endian size; sizes beyond 31 bits become zero, which is refused.
func be31(b []byte) int {
	v := binary.BigEndian.Uint32(b)
	if v > 1<<31-1 {
		return 0
	}
	return int(v)
}
