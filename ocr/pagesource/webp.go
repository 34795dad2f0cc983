package pagesource

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/draw"
	"io"

	"golang.org/x/image/webp"
)

// webpFile is what the chunks of a WebP say.
type webpFile struct {
	width, height int // of the canvas
	turn          turn
	animated      bool
	frames        int
	first         webpFrame // the picture, or the first of an animation
}

// webpFrame is where a frame's data lies in the file and where it goes.
type webpFrame struct {
	off, size     int64
	x, y          int
	width, height int
}

// probeWebP walks the chunks and checks that the file is as long as it says.
func probeWebP(in *input) (raster, error) {
	head, err := in.at(0, 12)
	if err != nil {
		return raster{}, err
	}
	end := int64(binary.LittleEndian.Uint32(head[4:])) + 8
	if end > in.size {
		return raster{}, refuseTruncated("WebP of %d bytes says %d", in.size, end)
	}
	var f webpFile
	if err := f.walk(in, 12, end); err != nil {
		return raster{}, err
	}
	r := single(frame{width: f.width, height: f.height, turn: f.turn, decode: func() (image.Image, error) { return f.decode(in) }})
	r.facts.Animated = f.animated && f.frames > 1
	return r, nil
}

func (f *webpFile) walk(in *input, at, end int64) error {
	for at+8 <= end {
		head, err := in.at(at, 24)
		if err != nil {
			return err
		}
		if len(head) < 8 {
			return refuseTruncated("WebP ends in a chunk header")
		}
		size := int64(binary.LittleEndian.Uint32(head[4:]))
		if at+8+size > end {
			return refuseTruncated("WebP chunk beyond the end")
		}
		if err := f.chunk(in, string(head[:4]), at+8, size, head[8:]); err != nil {
			return err
		}
		at += 8 + size + size&1
	}
	if f.width == 0 || f.animated && f.frames == 0 {
		return refuseCorrupt("WebP without picture")
	}
	return nil
}

// chunk keeps what one chunk says; b holds its first bytes.
func (f *webpFile) chunk(in *input, name string, off, size int64, b []byte) error {
	switch {
	case name == "VP8X" && len(b) >= 10:
		f.animated = b[0]&0x02 != 0
		f.width, f.height = le24(b[4:])+1, le24(b[7:])+1
	case name == "ANMF" && len(b) >= 16:
		if f.frames++; f.frames == 1 {
			f.first = webpFrame{off: off + 16, size: size - 16, x: 2 * le24(b), y: 2 * le24(b[3:]), width: le24(b[6:]) + 1, height: le24(b[9:]) + 1}
		}
	case name == "EXIF":
		data, err := in.at(off, int(min(size, keptChunk)))
		if err != nil {
			return err
		}
		f.turn = readEXIF(bytes.TrimPrefix(data, []byte("Exif\x00\x00"))).turn
	case name == "ALPH", name == "VP8 ", name == "VP8L":
		return f.still(in, off-8)
	}
	return nil
}

// still notes where the data of a picture that does not move begins.
func (f *webpFile) still(in *input, off int64) error {
	if f.animated || f.first.size > 0 {
		return nil
	}
	if f.width == 0 {
		cfg, err := webp.DecodeConfig(in.reader())
		if err != nil {
			return refuseCorrupt("WebP header: %v", err)
		}
		f.width, f.height = cfg.Width, cfg.Height
	}
	f.first = webpFrame{off: off, size: in.size - off, width: f.width, height: f.height}
	return nil
}

func (f *webpFile) decode(in *input) (image.Image, error) {
	if f.first.size <= 0 {
		return nil, refuseCorrupt("WebP frame without data")
	}
	alone, err := f.alone(in)
	if err != nil {
		return nil, err
	}
	img, err := webp.Decode(alone)
	if err != nil {
		return nil, err
	}
	img = fullRange(img)
	if img.Bounds() == image.Rect(0, 0, f.width, f.height) {
		return img, nil
	}
	screen := image.NewNRGBA(image.Rect(0, 0, f.width, f.height))
	draw.Draw(screen, img.Bounds().Add(image.Pt(f.first.x, f.first.y)), img, img.Bounds().Min, draw.Src)
	return screen, nil
}

// alone wraps the picture data into a file of its own: the decoder knows no
// animation, and refuses the alpha flag before lossless data.
func (f *webpFile) alone(in *input) (io.Reader, error) {
	name, err := in.at(f.first.off, 4)
	if err != nil {
		return nil, err
	}
	flags := byte(0)
	if string(name) == "ALPH" {
		flags = 0x10
	}
	var head bytes.Buffer
	head.WriteString("RIFF")
	head.Write(binary.LittleEndian.AppendUint32(nil, uint32(4+18+f.first.size)))
	head.WriteString("WEBPVP8X")
	head.Write([]byte{10, 0, 0, 0, flags, 0, 0, 0})
	head.Write(put24(f.first.width - 1))
	head.Write(put24(f.first.height - 1))
	return io.MultiReader(&head, io.NewSectionReader(in, f.first.off, f.first.size)), nil
}

// fullRange converts lossy pictures: VP8 keeps black at 16 and white at 235,
// where Go's YCbCr means 0 and 255. Taken as they come, paper would be grey.
func fullRange(img image.Image) image.Image {
	var m *image.YCbCr
	alpha := func(int, int) byte { return 255 }
	switch v := img.(type) {
	case *image.YCbCr:
		m = v
	case *image.NYCbCrA:
		m = &v.YCbCr
		alpha = func(x, y int) byte { return v.A[v.AOffset(x, y)] }
	default:
		return img
	}
	dst := image.NewNRGBA(m.Rect)
	for y := m.Rect.Min.Y; y < m.Rect.Max.Y; y++ {
		for x := m.Rect.Min.X; x < m.Rect.Max.X; x++ {
			l, c := m.Y[m.YOffset(x, y)], m.COffset(x, y)
			r, g, b := studio(l, m.Cb[c], m.Cr[c])
			copy(dst.Pix[dst.PixOffset(x, y):], []byte{r, g, b, alpha(x, y)})
		}
	}
	return dst
}

// studio converts one pixel of ITU-R BT.601 with 219 steps of brightness.
func studio(y, cb, cr byte) (r, g, b byte) {
	l, u, v := 76309*(int(y)-16), int(cb)-128, int(cr)-128
	clamp := func(n int) byte { return byte(min(max((n+1<<15)>>16, 0), 255)) }
	return clamp(l + 104597*v), clamp(l - 25674*u - 53278*v), clamp(l + 132202*u)
}

func le24(b []byte) int { return int(b[0]) | int(b[1])<<8 | int(b[2])<<16 }

func put24(v int) []byte { return []byte{byte(v), byte(v >> 8), byte(v >> 16)} }
