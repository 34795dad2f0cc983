package workroom

import (
	"bufio"
	"fmt"
	"image"
	"image/jpeg"
	"image/png"
	"io"
	"math"
	"os"
	"path/filepath"

	"github.com/disintegration/imaging"
)

// Picture is a page picture that was written.
type Picture struct {
	Width  int     `json:"width"`  // pixels
	Height int     `json:"height"` // pixels
	Scale  float64 `json:"scale"`  // pixels of the picture per pixel of the page
}

// jpegQuality keeps thin strokes of small characters legible.
const jpegQuality = 85

// writePicture writes img as PNG or JPEG, by the path's extension.
func writePicture(path string, img image.Image, maxPixels int64) (out Picture, err error) {
	before := img.Bounds().Dx()
	img = shrink(img, maxPixels)
	f, err := os.Create(path)
	if err != nil {
		return out, fmt.Errorf("write picture: %w", err)
	}
	defer func() {
		if closeErr := f.Close(); err == nil {
			err = closeErr
		}
	}()
	w := bufio.NewWriter(f)
	if err := encode(w, img, filepath.Ext(path)); err != nil {
		return out, fmt.Errorf("encode picture: %w", err)
	}
	if err := w.Flush(); err != nil {
		return out, fmt.Errorf("write picture: %w", err)
	}
	b := img.Bounds()
	return Picture{Width: b.Dx(), Height: b.Dy(), Scale: float64(b.Dx()) / float64(before)}, nil
}

func encode(w io.Writer, img image.Image, ext string) error {
	if ext == ".png" {
		return (&png.Encoder{CompressionLevel: png.BestSpeed}).Encode(w, img)
	}
	return jpeg.Encode(w, img, &jpeg.Options{Quality: jpegQuality})
}

// shrink scales img down to at most limit pixels; 0 keeps it.
func shrink(img image.Image, limit int64) image.Image {
	b := img.Bounds()
	area := float64(b.Dx()) * float64(b.Dy())
	if limit <= 0 || area <= float64(limit) {
		return img
	}
	k := math.Sqrt(float64(limit) / area)
	w, h := max(1, int(float64(b.Dx())*k)), max(1, int(float64(b.Dy())*k))
	return imaging.Resize(img, w, h, imaging.Box)
}

// upright turns img clockwise by turn degrees (0, 90, 180, 270). imaging turns
// the other way.
func upright(img image.Image, turn int) image.Image {
	switch turn {
	case 90:
		return imaging.Rotate270(img)
	case 180:
		return imaging.Rotate180(img)
	case 270:
		return imaging.Rotate90(img)
	}
	return img
}
