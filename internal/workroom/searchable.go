package workroom

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"image"
	"image/jpeg"
	"os"
	"path/filepath"
	"time"

	"onewindow/document"
	"onewindow/internal/sandbox"
	"onewindow/ocr"
	"onewindow/ocr/pagesource/turbojpeg"
	"onewindow/ocr/searchable"
)

const (
	opSearchable   = "searchable"
	filePages      = "pages.json"
	fileSearchable = "searchable.pdf"

	// searchableQuality of the JPEG pictures; print stays free of halos.
	searchableQuality = 80
)

type searchableRequest struct {
	ID, Title string
	Options   ocr.OpenOptions
}

// LayText writes to out a searchable copy of the file at path: the pictures of
// its pages, all of them and in order, with the text that was read of them behind.
func (r *Room) LayText(ctx context.Context, path string, read []document.Page, id, title, out string, opts ocr.OpenOptions) error {
	dir, err := os.MkdirTemp(r.cfg.Scratch, "pages-")
	if err != nil {
		return fmt.Errorf("make scratch folder: %w", err)
	}
	defer os.RemoveAll(dir)
	b, err := json.Marshal(read)
	if err != nil {
		return fmt.Errorf("encode pages: %w", err)
	}
	pages := filepath.Join(dir, filePages)
	if err := os.WriteFile(pages, b, 0o600); err != nil {
		return fmt.Errorf("write pages: %w", err)
	}
	in := original(path)
	in[filePages] = pages
	return r.pageCall(ctx, sandbox.Task{
		Op: opSearchable, Request: searchableRequest{id, title, opts}, In: in, Out: map[string]string{fileSearchable: out},
		Key: path, Wall: r.cfg.PageTimeout + time.Duration(len(read))*r.cfg.PageTimeout/20,
	}, nil)
}

func (h *pageHandler) searchable(ctx context.Context, job sandbox.Job) (err error) {
	var req searchableRequest
	if err := job.Decode(&req); err != nil {
		return err
	}
	b, err := os.ReadFile(job.In(filePages))
	if err != nil {
		return fmt.Errorf("read pages: %w", err)
	}
	var read []document.Page
	if err := json.Unmarshal(b, &read); err != nil {
		return fmt.Errorf("decode pages: %w", err)
	}
	pages, err := h.file(ctx, job.In(fileOriginal), req.Options)
	if err != nil {
		return err
	}
	f, err := os.Create(job.Out(fileSearchable))
	if err != nil {
		return fmt.Errorf("create searchable file: %w", err)
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	return layText(ctx, searchable.New(f, req.ID, req.Title), pages, read)
}

// layText writes the pages with their text. A page that cannot be shown is left
// white: its neighbours keep their numbers.
func layText(ctx context.Context, out *searchable.Writer, pages ocr.Pages, read []document.Page) error {
	for _, p := range read {
		packed, dpi, err := packed(ctx, pages, p)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if _, refused := document.AsRefusal(err); refused {
			p.Lines, dpi = nil, 1
			packed, err = searchable.Pack(image.NewGray(image.Rect(0, 0, 1, 1)), encodeJPEG)
		}
		if err != nil {
			return err
		}
		page := searchable.Page{Picture: packed, DPI: dpi, Lines: p.Lines}
		if p.Width > 0 {
			page.LineScale = float64(packed.Width) / float64(p.Width)
		}
		if err := out.Add(page); err != nil {
			return err
		}
	}
	return out.Close()
}

// mostStored is the size of a JPEG file, in bytes for each pixel, above which the
// picture is packed anew: 3 MB for A4 at 300 dpi.
const mostStored = 0.35

// packed is the picture of a page, upright: as its file holds it where that can
// be taken over, so that nothing is lost, else decoded and packed.
func packed(ctx context.Context, pages ocr.Pages, p document.Page) (searchable.Picture, float64, error) {
	if files, ok := pages.(ocr.PicturePages); ok && p.Rotation == 0 {
		kept, ok, err := files.Stored(ctx, p.Number)
		if err != nil {
			return searchable.Picture{}, 0, err
		}
		if ok && float64(len(kept.JPEG)) <= mostStored*float64(kept.Width*kept.Height) {
			return searchable.Stored(kept.JPEG, kept.Width, kept.Height, kept.Grey), kept.DPI, nil
		}
	}
	img, dpi, err := picture(ctx, pages, p)
	if err != nil {
		return searchable.Picture{}, 0, err
	}
	out, err := searchable.Pack(img, encodeJPEG)
	return out, dpi, err
}

// picture is the page as it was read, upright.
func picture(ctx context.Context, pages ocr.Pages, p document.Page) (image.Image, float64, error) {
	content, err := pages.Page(ctx, p.Number)
	if err != nil {
		return nil, 0, err
	}
	img, turn := content.Image, p.Rotation
	if img == nil {
		if img, err = content.Render(ctx); err != nil {
			return nil, 0, err
		}
		turn = 0 // drawn as its text stands
	}
	return upright(img, turn), content.DPI, nil
}

func encodeJPEG(img image.Image) ([]byte, error) {
	if b, err := turbojpeg.Encode(img, searchableQuality); err == nil {
		return b, nil
	}
	var b bytes.Buffer
	err := jpeg.Encode(&b, img, &jpeg.Options{Quality: searchableQuality})
	return b.Bytes(), err
}
