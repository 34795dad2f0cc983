package bench

import (
	"bytes"
	"fmt"
	"image"
	"io"
	"os"

	"onewindow/internal/sample"
	"onewindow/stamp/scanpdf"
)

// picture is an encoded page image.
type picture struct {
	data          []byte
	width, height int // pixels
	dpi           float64
	space         string // of the PDF
}

func grayJPEG(img *image.RGBA, dpi float64, quality int) (picture, error) {
	data, err := sample.EncodeJPEG(sample.Gray(img), dpi, quality)
	if err != nil {
		return picture{}, fmt.Errorf("encode page: %w", err)
	}
	return picture{data: data, width: img.Rect.Dx(), height: img.Rect.Dy(), dpi: dpi, space: "DeviceGray"}, nil
}

func colourJPEG(img *image.RGBA, dpi float64, quality int) (picture, error) {
	data, err := sample.EncodeJPEG(img, dpi, quality)
	if err != nil {
		return picture{}, fmt.Errorf("encode page: %w", err)
	}
	return picture{data: data, width: img.Rect.Dx(), height: img.Rect.Dy(), dpi: dpi, space: "DeviceRGB"}, nil
}

// writePictures writes a scan of n pages.
func writePictures(out io.Writer, n int, page func(n int) picture) error {
	w := scanpdf.NewWriter(out)
	for i := range n {
		p := page(i)
		width, height := float64(p.width)*72/p.dpi, float64(p.height)*72/p.dpi
		err := w.Add(scanpdf.Page{Width: width, Height: height, Pictures: []scanpdf.Picture{{
			Box: [4]float64{0, 0, width, height}, Width: p.width, Height: p.height, Bits: 8, Space: p.space,
			Filter: "DCTDecode", Data: bytes.NewReader(p.data),
		}}})
		if err != nil {
			return err
		}
	}
	return w.Close()
}

// bindPictures makes a scan in memory.
func bindPictures(n int, page func(n int) picture) ([]byte, error) {
	var b bytes.Buffer
	err := writePictures(&b, n, page)
	return b.Bytes(), err
}

// filePictures makes a scan on disk and returns its size in bytes.
func filePictures(path string, n int, page func(n int) picture) (int64, error) {
	f, err := os.Create(path)
	if err != nil {
		return 0, fmt.Errorf("create scan: %w", err)
	}
	defer f.Close()
	if err := writePictures(f, n, page); err != nil {
		return 0, err
	}
	info, err := f.Stat()
	if err != nil {
		return 0, fmt.Errorf("stat scan: %w", err)
	}
	return info.Size(), f.Close()
}
