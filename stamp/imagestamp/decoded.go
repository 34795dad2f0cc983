package imagestamp

import (
	"encoding/binary"
	"errors"
	"fmt"
	"image"
	"io"
	"os"

	"github.com/disintegration/imaging"
	"github.com/gen2brain/heic"
	_ "golang.org/x/image/webp" // imaging decodes what is registered

	"onewindow/stamp/scanpdf"
)

// pngPage embeds the compressed data as they are, or decoded if they are
// transparent, interlaced or deeper than PDF readers like.
func (s *Stamper) pngPage(source *os.File) (scanpdf.Page, error) {
	d, err := pngDensity(source)
	if err != nil {
		return scanpdf.Page{}, err
	}
	img, err := s.decode(source, image.DecodeConfig, imagingDecode) // also finds damage
	if err != nil {
		return scanpdf.Page{}, err
	}
	if _, err := source.Seek(0, io.SeekStart); err != nil {
		return scanpdf.Page{}, err
	}
	p, err := scanpdf.PNG(source)
	if errors.Is(err, scanpdf.ErrPNG) {
		p, err = scanpdf.Lossless(img)
	}
	if err != nil {
		return scanpdf.Page{}, err
	}
	return fullPage(p, d, 0), nil
}

// decodedPage is for formats PDF cannot hold.
func (s *Stamper) decodedPage(source *os.File, format string) (scanpdf.Page, error) {
	config, decode := image.DecodeConfig, imagingDecode
	if format == "heic" {
		config = func(r io.Reader) (image.Config, string, error) {
			c, err := heic.DecodeConfig(r)
			return c, format, err
		}
		decode = heic.Decode
	}
	img, err := s.decode(source, config, decode)
	if err != nil {
		return scanpdf.Page{}, err
	}
	p, err := scanpdf.Lossless(img)
	if err != nil {
		return scanpdf.Page{}, err
	}
	var d density
	if format == "bmp" {
		d = bmpDensity(source)
	}
	return fullPage(p, d, 0), nil
}

func imagingDecode(r io.Reader) (image.Image, error) {
	return imaging.Decode(r, imaging.AutoOrientation(true))
}

// decode checks the size before it decodes.
func (s *Stamper) decode(source *os.File, config func(io.Reader) (image.Config, string, error),
	decode func(io.Reader) (image.Image, error)) (image.Image, error) {
	if _, err := source.Seek(0, io.SeekStart); err != nil {
		return nil, err
	}
	c, _, err := config(source)
	if err != nil {
		return nil, fmt.Errorf("decode header: %w", err)
	}
	if err := s.checkPixels(c.Width, c.Height); err != nil {
		return nil, err
	}
	if _, err := source.Seek(0, io.SeekStart); err != nil {
		return nil, err
	}
	img, err := decode(source)
	if err != nil {
		return nil, fmt.Errorf("decode: %w", err)
	}
	return img, nil
}

const perMetre = 0.0254 // dots per inch to the dot per metre

// pngDensity reads the pHYs chunk, which stands before the image data.
func pngDensity(source io.ReaderAt) (density, error) {
	var head [17]byte
	for at := int64(8); ; {
		if _, err := source.ReadAt(head[:8], at); err != nil {
			return density{}, fmt.Errorf("read chunks: %w", noEOF(err))
		}
		switch length := int64(binary.BigEndian.Uint32(head[:4])); string(head[4:8]) {
		case "pHYs":
			if _, err := source.ReadAt(head[8:17], at+8); err != nil {
				return density{}, fmt.Errorf("read chunks: %w", noEOF(err))
			}
			if head[16] != 1 {
				return density{}, nil
			}
			x, y := binary.BigEndian.Uint32(head[8:12]), binary.BigEndian.Uint32(head[12:16])
			return density{float64(x) * perMetre, float64(y) * perMetre}, nil
		case "IDAT", "IEND":
			return density{}, nil
		default:
			at += length + 12
		}
	}
}

func bmpDensity(source io.ReaderAt) density {
	var b [8]byte
	if _, err := source.ReadAt(b[:], 38); err != nil {
		return density{}
	}
	return density{float64(binary.LittleEndian.Uint32(b[:4])) * perMetre, float64(binary.LittleEndian.Uint32(b[4:])) * perMetre}
}

// noEOF makes an end that comes too early an error of its own.
func noEOF(err error) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}
