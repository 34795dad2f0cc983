package pdfstamp

import (
	"context"
	"errors"
	"fmt"
	"image"
	"iter"
	"os"
	"path/filepath"

	"onewindow/stamp/scanpdf"
)

// Rasterizer renders the pages of files that can be shown but not repaired.
type Rasterizer interface {
	// Pages renders the pages in order. The first error ends the sequence.
	Pages(ctx context.Context, path string) iter.Seq2[RasterPage, error]
}

// RasterPage is the picture of one page as it is seen.
type RasterPage struct {
	Image image.Image
	DPI   float64
}

// viaRaster is the last rung before a refusal: pictures of the pages go into a new
// file, and that is marked as any other. Its text can no longer be searched, but it
// looks as it did.
func (s *Stamper) viaRaster(ctx context.Context, j job) (outcome, error) {
	pictures := filepath.Join(filepath.Dir(j.temp), "pictures.pdf")
	defer os.Remove(pictures)
	if err := s.render(ctx, j.in, pictures); err != nil {
		return outcome{}, err
	}
	info, err := os.Stat(pictures)
	if err != nil {
		return outcome{}, err
	}
	j.in = pictures
	var failures []error
	for _, r := range s.repairing(info.Size()) {
		done, err := r.climb(ctx, j)
		if err == nil {
			return done, nil
		}
		failures = append(failures, fmt.Errorf("mark pictures: %w", err))
	}
	return outcome{}, errors.Join(failures...)
}

func (s *Stamper) render(ctx context.Context, in, out string) error {
	file, err := os.OpenFile(out, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	w := scanpdf.NewWriter(file)
	for page, err := range s.opts.Rasterizer.Pages(ctx, in) {
		if err == nil {
			err = addRendering(w, page)
		}
		if err != nil {
			return errors.Join(fmt.Errorf("render: %w", err), file.Close())
		}
	}
	return errors.Join(w.Close(), file.Close())
}

func addRendering(w *scanpdf.Writer, page RasterPage) error {
	if page.Image == nil || page.DPI <= 0 {
		return errors.New("no picture")
	}
	picture, err := scanpdf.Photo(page.Image)
	if err != nil {
		return err
	}
	width, height := float64(picture.Width)*72/page.DPI, float64(picture.Height)*72/page.DPI
	picture.Box = [4]float64{0, 0, width, height}
	return w.Add(scanpdf.Page{Width: width, Height: height, Pictures: []scanpdf.Picture{picture}})
}
