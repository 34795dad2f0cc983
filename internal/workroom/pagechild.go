package workroom

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"image"
	"slices"
	"time"

	"onewindow/document"
	"onewindow/internal/sandbox"
	"onewindow/ocr"
	"onewindow/ocr/pagesource"
	"onewindow/ocr/sheets"
)

// The operations of page children, and the names of their files.
const (
	opInspect = "inspect"
	opRead    = "read"
	opPicture = "picture"
	opWarm    = "warm"

	fileOriginal = "original"
)

// pageSettings are what a page child is built with.
type pageSettings struct {
	Cache  string // "" compiles in every child
	Memory int64  // of the whole child
}

// inspectRequest asks for ocr.Facts.
type inspectRequest struct {
	Options ocr.OpenOptions
}

// readRequest asks for a Reading.
type readRequest struct {
	Page    int
	Engine  string
	Options ocr.OpenOptions
	Picture *pictureWish
}

// pictureRequest asks for a Picture.
type pictureRequest struct {
	Page    int
	Turn    int
	Options ocr.OpenOptions
	Picture pictureWish
}

// pictureWish is the picture of a page to be written as an output file.
type pictureWish struct {
	File      string // .png or .jpg
	MaxPixels int64  // larger pictures are scaled down; 0 keeps the size
}

// pageHandler lives in a page child: one page source, the engines used so far
// and the file opened last.
type pageHandler struct {
	source  ocr.PageSource
	close   func() error
	engines map[string]ocr.Engine
	finder  sheets.Finder
	open    openFile
}

// openFile is the file opened last. Paths of staged files are never reused, so a
// path and the options name it for good.
type openFile struct {
	key   string
	pages ocr.Pages
}

// sourceShare is the part of a child's memory that one PDF may fill; the rest is
// for page pictures and models.
const sourceShare = 2

func newPageHandler(_ context.Context, raw json.RawMessage) (sandbox.Handler, error) {
	var s pageSettings
	if err := json.Unmarshal(raw, &s); err != nil {
		return nil, fmt.Errorf("decode settings: %w", err)
	}
	source, err := pagesource.New(pagesource.Options{CacheDir: s.Cache, MemoryBytes: s.Memory / sourceShare})
	if err != nil {
		return nil, fmt.Errorf("open page source: %w", err)
	}
	return &pageHandler{source: source, close: source.Close, engines: map[string]ocr.Engine{}}, nil
}

// Handle answers one job.
func (h *pageHandler) Handle(ctx context.Context, job sandbox.Job) (any, error) {
	switch job.Op {
	case opInspect:
		var req inspectRequest
		if err := job.Decode(&req); err != nil {
			return nil, err
		}
		return h.source.Inspect(ctx, job.In(fileOriginal), req.Options)
	case opRead:
		return h.read(ctx, job)
	case opPicture:
		return h.picture(ctx, job)
	case opSheets:
		return h.sheets(ctx, job)
	case opCut:
		return h.cut(ctx, job)
	case opSearchable:
		return nil, h.searchable(ctx, job)
	case opWarm:
		return nil, h.warm(ctx, job)
	}
	return nil, fmt.Errorf("unknown operation %q", job.Op)
}

// Close frees the file, the engines and the source.
func (h *pageHandler) Close() error {
	errs := []error{h.forget()}
	for _, e := range h.engines {
		errs = append(errs, e.Close())
	}
	return errors.Join(append(errs, h.close())...)
}

func (h *pageHandler) read(ctx context.Context, job sandbox.Job) (Reading, error) {
	var req readRequest
	if err := job.Decode(&req); err != nil {
		return Reading{}, err
	}
	var out Reading
	watch := stopwatch{last: time.Now()}
	pages, err := h.file(ctx, job.In(fileOriginal), req.Options)
	if err != nil {
		return out, err
	}
	watch.stop(&out.Timing.Open)
	content, err := pages.Page(ctx, req.Page)
	if err != nil {
		return out, err
	}
	out.Frame = content.Frame
	watch.stop(&out.Timing.Frame)
	if out.Page, err = h.recognize(ctx, content, req.Engine); err != nil {
		return out, err
	}
	out.Page.Number = req.Page
	watch.stop(&out.Timing.Recognize)
	if req.Picture != nil {
		err = h.draw(ctx, job, content, out.Page.Rotation, *req.Picture, &out.Picture)
		watch.stop(&out.Timing.Picture)
	}
	return out, err
}

// recognize takes the page's own text where it is sound, else asks the engine.
// Where the page shows more than its text says, both are merged.
func (h *pageHandler) recognize(ctx context.Context, content ocr.PageContent, engine string) (document.Page, error) {
	if content.Text != nil {
		if !slices.Contains(content.Text.Warnings, pagesource.WarnInkOutside) {
			return *content.Text, nil
		}
		return h.merge(ctx, content, engine)
	}
	e, err := h.engine(engine)
	if err != nil {
		return document.Page{}, err
	}
	page, err := e.Recognize(ctx, content.Image)
	if err != nil {
		return page, fmt.Errorf("recognize page: %w", err)
	}
	page.DPI = content.DPI
	grade(&page, content.Image, content)
	return page, nil
}

// engine loads an engine when it is first asked for: most rooms use one.
func (h *pageHandler) engine(name string) (ocr.Engine, error) {
	if e, ok := h.engines[name]; ok {
		return e, nil
	}
	e, err := openEngine(name)
	if err != nil {
		return nil, fmt.Errorf("load engine: %w", err)
	}
	h.engines[name] = e
	return e, nil
}

// file opens a file, or returns it open from the last call.
func (h *pageHandler) file(ctx context.Context, path string, options ocr.OpenOptions) (ocr.Pages, error) {
	wish, err := json.Marshal(options)
	if err != nil {
		return nil, fmt.Errorf("encode options: %w", err)
	}
	key := path + "\x00" + string(wish)
	if h.open.key == key {
		return h.open.pages, nil
	}
	if err := h.forget(); err != nil {
		return nil, err
	}
	pages, err := h.source.Open(ctx, path, options)
	if err != nil {
		return nil, err
	}
	h.open = openFile{key: key, pages: pages}
	return pages, nil
}

func (h *pageHandler) forget() error {
	if h.open.pages == nil {
		return nil
	}
	err := h.open.pages.Close()
	h.open = openFile{}
	if err != nil {
		return fmt.Errorf("close file: %w", err)
	}
	return nil
}

func (h *pageHandler) picture(ctx context.Context, job sandbox.Job) (Picture, error) {
	var req pictureRequest
	var out Picture
	if err := job.Decode(&req); err != nil {
		return out, err
	}
	pages, err := h.file(ctx, job.In(fileOriginal), req.Options)
	if err != nil {
		return out, err
	}
	content, err := pages.Page(ctx, req.Page)
	if err != nil {
		return out, err
	}
	return out, h.draw(ctx, job, content, req.Turn, req.Picture, &out)
}

// draw writes the picture of a page, turned upright. A page with text of its own
// is upright as it is: its boxes are in the pixels of its picture.
func (h *pageHandler) draw(ctx context.Context, job sandbox.Job, content ocr.PageContent, turn int, wish pictureWish, out *Picture) error {
	var img image.Image
	var err error
	if img = content.Image; img == nil {
		if img, err = content.Render(ctx); err != nil {
			return fmt.Errorf("render page: %w", err)
		}
	}
	if content.Text != nil {
		turn = 0
	}
	*out, err = writePicture(job.Out(wish.File), upright(img, turn), wish.MaxPixels)
	return err
}

// stopwatch measures one stage after another.
type stopwatch struct{ last time.Time }

func (w *stopwatch) stop(d *time.Duration) {
	now := time.Now()
	*d, w.last = now.Sub(w.last), now
}
