package scanpdf

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"image/png"
	"io"
)

// Lossless makes a picture that shows img exactly, in as few bits as its colours
// need. What is transparent becomes white, as on paper.
func Lossless(img image.Image) (Picture, error) {
	if cmyk, ok := img.(*image.CMYK); ok {
		return losslessCMYK(cmyk)
	}
	var b bytes.Buffer
	if err := png.Encode(&b, Simplify(img)); err != nil {
		return Picture{}, fmt.Errorf("encode image: %w", err)
	}
	p, err := PNG(&b)
	if err != nil {
		return Picture{}, fmt.Errorf("encode image: %w", err)
	}
	return p, nil
}

// Photo makes a picture for a rendering: grey and bilevel ones exactly, colours as
// a JPEG of high quality.
func Photo(img image.Image) (Picture, error) {
	simple := Simplify(img)
	if _, coloured := simple.(*image.RGBA); !coloured {
		return Lossless(simple)
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, simple, &jpeg.Options{Quality: 92}); err != nil {
		return Picture{}, fmt.Errorf("encode image: %w", err)
	}
	size := simple.Bounds()
	return Picture{Width: size.Dx(), Height: size.Dy(), Bits: 8, Space: "DeviceRGB", Filter: "DCTDecode", Data: &b}, nil
}

// Simplify returns an opaque image over white that equals img and is *image.Paletted
// in black and white, *image.Gray or *image.RGBA, the first that can show it.
func Simplify(img image.Image) image.Image {
	size := image.Rect(0, 0, img.Bounds().Dx(), img.Bounds().Dy())
	if grey, ok := img.(*image.Gray); ok {
		return bilevel(grey)
	}
	flat := image.NewRGBA(size)
	draw.Draw(flat, size, image.White, image.Point{}, draw.Src)
	draw.Draw(flat, size, img, img.Bounds().Min, draw.Over)
	for i := 0; i < len(flat.Pix); i += 4 {
		if flat.Pix[i] != flat.Pix[i+1] || flat.Pix[i] != flat.Pix[i+2] {
			return flat
		}
	}
	grey := image.NewGray(size)
	for i := range grey.Pix {
		grey.Pix[i] = flat.Pix[4*i]
	}
	return bilevel(grey)
}

// bilevel returns a black and white image if img has no other colours.
func bilevel(img *image.Gray) image.Image {
	size := img.Bounds()
	for y := size.Min.Y; y < size.Max.Y; y++ {
		row := img.Pix[img.PixOffset(size.Min.X, y):img.PixOffset(size.Max.X, y)]
		for _, v := range row {
			if v != 0 && v != 255 {
				return img
			}
		}
	}
	out := image.NewPaletted(size, color.Palette{color.Black, color.White})
	for y := size.Min.Y; y < size.Max.Y; y++ {
		from, to := img.PixOffset(size.Min.X, y), out.PixOffset(size.Min.X, y)
		for x := range size.Dx() {
			out.Pix[to+x] = img.Pix[from+x] & 1
		}
	}
	return out
}

func losslessCMYK(img *image.CMYK) (Picture, error) {
	var b bytes.Buffer
	z := zlib.NewWriter(&b)
	size := img.Bounds()
	for y := size.Min.Y; y < size.Max.Y; y++ {
		if _, err := z.Write(img.Pix[img.PixOffset(size.Min.X, y):img.PixOffset(size.Max.X, y)]); err != nil {
			return Picture{}, fmt.Errorf("encode image: %w", err)
		}
	}
	if err := z.Close(); err != nil {
		return Picture{}, fmt.Errorf("encode image: %w", err)
	}
	return Picture{Width: size.Dx(), Height: size.Dy(), Bits: 8, Space: "DeviceCMYK", Filter: "FlateDecode", Data: &b}, nil
}

// ErrPNG says that the compressed data of a PNG cannot be used as they are.
var ErrPNG = errors.New("png cannot be embedded as it is")

// PNG embeds the compressed data of a PNG undecoded: PDF knows PNG's predictors.
// Errors: ErrPNG for interlaced, transparent and 16-bit images and damaged files.
func PNG(r io.Reader) (Picture, error) {
	var signature [8]byte
	if _, err := io.ReadFull(r, signature[:]); err != nil || string(signature[:]) != "\x89PNG\r\n\x1a\n" {
		return Picture{}, fmt.Errorf("%w: no signature", ErrPNG)
	}
	var p Picture
	var data, palette []byte
	for {
		kind, chunk, err := pngChunk(r)
		if err != nil {
			return Picture{}, fmt.Errorf("%w: %w", ErrPNG, err)
		}
		switch kind {
		case "IHDR":
			if p, err = pngHeader(chunk); err != nil {
				return Picture{}, err
			}
		case "PLTE":
			palette = chunk
		case "tRNS":
			return Picture{}, fmt.Errorf("%w: transparent", ErrPNG)
		case "IDAT":
			data = append(data, chunk...)
		case "IEND":
			if p.Space == "" || data == nil {
				return Picture{}, fmt.Errorf("%w: no image data", ErrPNG)
			}
			p.Data = bytes.NewReader(data)
			return p, p.paint(palette)
		}
	}
}

// paint gives an indexed image its palette. Black and white need none.
func (p *Picture) paint(palette []byte) error {
	switch {
	case p.Space != indexed:
	case len(palette) < 3:
		return fmt.Errorf("%w: no palette", ErrPNG)
	case p.Bits == 1 && bytes.Equal(palette, []byte{0, 0, 0, 255, 255, 255}):
		p.Space = "DeviceGray"
	default:
		p.Space, p.Palette = "DeviceRGB", palette[:len(palette)/3*3]
	}
	return nil
}

// indexed is the Space of an image whose palette is not known yet.
const indexed = "Indexed"

const maxChunk = 1 << 30

func pngChunk(r io.Reader) (kind string, chunk []byte, err error) {
	var head [8]byte
	if _, err := io.ReadFull(r, head[:]); err != nil {
		return "", nil, err
	}
	length := binary.BigEndian.Uint32(head[:4])
	if length > maxChunk {
		return "", nil, errors.New("chunk too long")
	}
	var b bytes.Buffer // grows with what is there, not with what is promised
	if _, err := io.CopyN(&b, r, int64(length)+4); err != nil {
		return "", nil, err
	}
	return string(head[4:]), b.Bytes()[:length], nil
}

func pngHeader(b []byte) (Picture, error) {
	if len(b) < 13 {
		return Picture{}, fmt.Errorf("%w: short header", ErrPNG)
	}
	width, height := binary.BigEndian.Uint32(b), binary.BigEndian.Uint32(b[4:])
	bits, colours, interlaced := b[8], b[9], b[12]
	space, n := "", 1
	switch colours {
	case 0:
		space = "DeviceGray"
	case 2:
		space, n = "DeviceRGB", 3
	case 3:
		space = indexed
	}
	if space == "" || interlaced != 0 || bits > 8 || width == 0 || height == 0 || width > 1<<20 || height > 1<<20 {
		return Picture{}, fmt.Errorf("%w: colour type %d, %d bits, interlace %d", ErrPNG, colours, bits, interlaced)
	}
	return Picture{
		Width: int(width), Height: int(height), Bits: int(bits), Space: space, Filter: "FlateDecode",
		Parms: fmt.Sprintf("<</Predictor 15/Colors %d/BitsPerComponent %d/Columns %d>>", n, bits, width),
	}, nil
}
