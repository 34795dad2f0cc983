package workroom

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	"onewindow/document"
	"onewindow/internal/sandbox"
	"onewindow/ocr"
)

const (
	opSheets = "sheets"
	opCut    = "cut"
	filePart = "part"
)

// rangeRequest is about the pages First to Last of a file, counted from 1.
type rangeRequest struct {
	First, Last int
	Options     ocr.OpenOptions
}

// cutReply tells whether the format could be cut.
type cutReply struct{ Cut bool }

// LookForSheets looks at the pages first to last for cover and separator sheets.
// A page that cannot be shown is an ordinary one: reading it will say what is wrong.
func (r *Room) LookForSheets(ctx context.Context, path string, first, last int, opts ocr.OpenOptions) ([]ocr.Seen, error) {
	var seen []ocr.Seen
	task := sandbox.Task{Op: opSheets, Request: rangeRequest{first, last, opts}, In: original(path), Key: path, Wall: r.cfg.PageTimeout}
	return seen, r.pageCall(ctx, task, &seen)
}

// CutPages writes the pages first to last to out as a file of their own. ok is
// false when files of this format cannot be cut.
func (r *Room) CutPages(ctx context.Context, path string, first, last int, out string, opts ocr.OpenOptions) (ok bool, err error) {
	var reply cutReply
	task := sandbox.Task{Op: opCut, Request: rangeRequest{first, last, opts}, In: original(path), Out: map[string]string{filePart: out},
		Key: path, Wall: r.cfg.PageTimeout}
	err = r.pageCall(ctx, task, &reply)
	return reply.Cut, err
}

func (h *pageHandler) sheets(ctx context.Context, job sandbox.Job) ([]ocr.Seen, error) {
	var req rangeRequest
	if err := job.Decode(&req); err != nil {
		return nil, err
	}
	pages, err := h.file(ctx, job.In(fileOriginal), req.Options)
	if err != nil {
		return nil, err
	}
	out := []ocr.Seen{}
	for n := req.First; n <= min(req.Last, pages.Count()); n++ {
		seen, err := h.look(ctx, pages, n)
		if err != nil {
			return nil, err
		}
		out = append(out, seen)
	}
	return out, nil
}

// look looks at one page. A page with text of its own is drawn only when its
// words are those of a sheet: then somebody sent the printed file itself.
func (h *pageHandler) look(ctx context.Context, pages ocr.Pages, n int) (ocr.Seen, error) {
	content, err := pages.Page(ctx, n)
	img := content.Image
	if err == nil && img == nil {
		if content.Text != nil && !strings.Contains(content.Text.Text(), "扫描封面页") && !strings.Contains(content.Text.Text(), "扫描分隔页") {
			return ocr.Seen{}, nil
		}
		img, err = content.Render(ctx)
	}
	if ctx.Err() != nil {
		return ocr.Seen{}, ctx.Err()
	}
	if _, refused := document.AsRefusal(err); refused {
		return ocr.Seen{}, nil
	}
	if err != nil {
		return ocr.Seen{}, fmt.Errorf("show page: %w", err)
	}
	return h.finder.Look(img), nil
}

func (h *pageHandler) cut(ctx context.Context, job sandbox.Job) (reply cutReply, err error) {
	var req rangeRequest
	if err := job.Decode(&req); err != nil {
		return reply, err
	}
	cutter, able := h.source.(ocr.Cutter)
	if !able {
		return reply, nil
	}
	f, err := os.Create(job.Out(filePart))
	if err != nil {
		return reply, fmt.Errorf("create part: %w", err)
	}
	err = cutter.Cut(ctx, job.In(fileOriginal), req.First, req.Last, f, req.Options)
	err = errors.Join(err, f.Close())
	if errors.Is(err, ocr.ErrUncuttable) {
		return reply, nil
	}
	return cutReply{Cut: err == nil}, err
}
