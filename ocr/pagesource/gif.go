package pagesource

import (
	"bufio"
	"encoding/binary"
	"errors"
	"image"
	"image/draw"
	"image/gif"
	"io"
)

// probeGIF walks the blocks to the trailer. Only the first frame is read.
func probeGIF(in *input) (raster, error) {
	r := bufio.NewReaderSize(in.reader(), 1<<16)
	w, h, frames, err := walkGIF(r)
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return raster{}, refuseTruncated("GIF without trailer")
	}
	if err != nil {
		return raster{}, err
	}
	if frames == 0 {
		return raster{}, refuseCorrupt("GIF without picture")
	}
	s := single(frame{width: w, height: h, decode: func() (image.Image, error) { return firstGIF(in, w, h) }})
	s.facts.Animated = frames > 1
	return s, nil
}

// firstGIF lays the first frame on its screen, which it need not fill.
func firstGIF(in *input, w, h int) (image.Image, error) {
	img, err := gif.Decode(bufio.NewReader(in.reader()))
	if err != nil {
		return nil, err
	}
	full := image.Rect(0, 0, w, h)
	if img.Bounds() == full {
		return img, nil
	}
	screen := image.NewRGBA(full)
	draw.Draw(screen, full, img, image.Point{}, draw.Src)
	return screen, nil
}

func walkGIF(r *bufio.Reader) (w, h, frames int, err error) {
	var head [13]byte
	if _, err := io.ReadFull(r, head[:]); err != nil {
		return 0, 0, 0, err
	}
	w, h = int(binary.LittleEndian.Uint16(head[6:])), int(binary.LittleEndian.Uint16(head[8:]))
	if err := skipColours(r, head[10]); err != nil {
		return 0, 0, 0, err
	}
	for {
		b, err := r.ReadByte()
		if err != nil {
			return 0, 0, 0, err
		}
		switch b {
		case 0x3b: // trailer
			return w, h, frames, nil
		case 0x21: // extension
			if _, err := r.Discard(1); err != nil {
				return 0, 0, 0, err
			}
		case 0x2c: // picture
			frames++
			var d [9]byte
			if _, err := io.ReadFull(r, d[:]); err != nil {
				return 0, 0, 0, err
			}
			if err := skipColours(r, d[8]); err != nil {
				return 0, 0, 0, err
			}
			if _, err := r.Discard(1); err != nil { // code size
				return 0, 0, 0, err
			}
		default:
			return 0, 0, 0, refuseCorrupt("GIF block %#x", b)
		}
		if err := skipBlocks(r); err != nil {
			return 0, 0, 0, err
		}
	}
}

// skipColours passes over the colour table that flags announce.
func skipColours(r *bufio.Reader, flags byte) error {
	if flags&0x80 == 0 {
		return nil
	}
	_, err := r.Discard(3 << (flags&7 + 1))
	return err
}

// skipBlocks passes over data blocks to their terminator.
func skipBlocks(r *bufio.Reader) error {
	for {
		n, err := r.ReadByte()
		if err != nil || n == 0 {
			return err
		}
		if _, err := r.Discard(int(n)); err != nil {
			return err
		}
	}
}
