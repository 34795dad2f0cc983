package workroom

import (
	"context"
	"fmt"
	"path/filepath"
	"time"

	"onewindow/document"
	"onewindow/internal/sandbox"
	"onewindow/ocr"
)

// Timing says where the time of a page went, inside the child.
type Timing struct {
	Open      time.Duration `json:"open"`      // of the file; next to nothing when it was open
	Frame     time.Duration `json:"frame"`     // extracting, decoding or rendering the page
	Recognize time.Duration `json:"recognize"` // by the engine
	Picture   time.Duration `json:"picture"`   // encoding the picture asked for
}

// Reading is one page as read, and how.
type Reading struct {
	Page    document.Page `json:"page"`
	Frame   string        `json:"frame"` // ocr.PageContent.Frame
	Timing  Timing        `json:"timing"`
	Picture Picture       `json:"picture"` // zero unless asked for
}

// ReadTask asks for one page of a file.
type ReadTask struct {
	Path    string
	Page    int    // from 1
	Engine  string // "" is the configured one
	Options ocr.OpenOptions
	// Picture is where to write the upright page as .png or .jpg; "" for none.
	Picture   string
	MaxPixels int64 // of the picture; 0 keeps the size
}

// PictureTask asks for the picture of one page.
type PictureTask struct {
	Path      string
	Page      int // from 1
	Turn      int // clockwise, document.Page.Rotation of the page as read
	Options   ocr.OpenOptions
	Picture   string // where to write it, .png or .jpg
	MaxPixels int64  // 0 keeps the size
}

// Inspect finds the true type and the facts of a file, see ocr.PageSource.
func (r *Room) Inspect(ctx context.Context, path string, opts ocr.OpenOptions) (ocr.Facts, error) {
	var facts ocr.Facts
	task := sandbox.Task{Op: opInspect, Request: inspectRequest{opts}, In: original(path), Key: path, Wall: r.cfg.InspectTimeout}
	return facts, r.pageCall(ctx, task, &facts)
}

// ReadPage reads page n of a file, counted from 1. engine "" is the configured one.
func (r *Room) ReadPage(ctx context.Context, path string, n int, engine string, opts ocr.OpenOptions) (document.Page, error) {
	reading, err := r.Read(ctx, ReadTask{Path: path, Page: n, Engine: engine, Options: opts})
	return reading.Page, err
}

// Read reads one page and tells where the time went.
func (r *Room) Read(ctx context.Context, t ReadTask) (Reading, error) {
	if t.Engine == "" {
		t.Engine = r.cfg.Engine
	}
	if !knownEngine(t.Engine) {
		return Reading{}, fmt.Errorf("read page: %w: %q", ErrUnknownEngine, t.Engine)
	}
	req := readRequest{Page: t.Page, Engine: t.Engine, Options: t.Options}
	task := sandbox.Task{Op: opRead, In: original(t.Path), Key: t.Path, Wall: r.cfg.PageTimeout}
	if t.Picture != "" {
		req.Picture = &pictureWish{File: "page" + filepath.Ext(t.Picture), MaxPixels: t.MaxPixels}
		task.Out = map[string]string{req.Picture.File: t.Picture}
	}
	task.Request = req
	var out Reading
	return out, r.pageCall(ctx, task, &out)
}

// PageImage writes the picture of a page.
func (r *Room) PageImage(ctx context.Context, t PictureTask) (Picture, error) {
	wish := pictureWish{File: "page" + filepath.Ext(t.Picture), MaxPixels: t.MaxPixels}
	task := sandbox.Task{
		Op: opPicture, In: original(t.Path), Out: map[string]string{wish.File: t.Picture}, Key: t.Path, Wall: r.cfg.PageTimeout,
		Request: pictureRequest{Page: t.Page, Turn: t.Turn, Options: t.Options, Picture: wish},
	}
	var out Picture
	return out, r.pageCall(ctx, task, &out)
}

// Picture writes page n of a file as a picture, see casework.Darkroom.
func (r *Room) Picture(ctx context.Context, in, out string, page, turn int, maxPixels int64) error {
	_, err := r.PageImage(ctx, PictureTask{Path: in, Page: page, Turn: turn, Picture: out, MaxPixels: maxPixels})
	return err
}

func (r *Room) pageCall(ctx context.Context, task sandbox.Task, reply any) error {
	pool, err := r.pool(ctx, kindPage)
	if err != nil {
		return err
	}
	return r.call(ctx, pool, task, reply)
}

func original(path string) map[string]string { return map[string]string{fileOriginal: path} }
