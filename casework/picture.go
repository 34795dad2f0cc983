package casework

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"onewindow/document"
	"onewindow/internal/scratch"
	"onewindow/stamp"
	"onewindow/stamp/verifycode"
	"onewindow/storage"
)

// Darkroom makes pictures of pages in an isolated room. Errors about the file are
// *document.Refusal.
type Darkroom interface {
	// Picture writes page n (from 1) of a file as a .jpg of at most maxPixels,
	// turned clockwise by turn degrees. 0 pixels keeps the size.
	Picture(ctx context.Context, in, out string, page, turn int, maxPixels int64) error
}

// PagePicture asks for the picture of one page.
type PagePicture struct {
	Class     storage.Class
	Digest    document.Digest
	Page      int   // from 1
	Turn      int   // document.Page.Rotation
	MaxPixels int64 // 0 keeps the size
}

// ErrNoDarkroom is returned where this process makes no pictures.
var ErrNoDarkroom = errors.New("no darkroom")

// Picture makes the picture of a page, as JPEG. Nothing of it is kept: what was
// derived from a file must go with it (G.8).
func (d *Desk) Picture(ctx context.Context, p PagePicture) ([]byte, error) {
	return d.picture(ctx, p, nil)
}

// Readable is the file of a document that pages can be drawn of: its decrypted
// copy where there is one, else the original.
func (d *Desk) Readable(ctx context.Context, doc document.Document) (storage.Class, document.Digest, error) {
	kept, err := d.workingCopy(ctx, doc.ID, doc.Generation)
	if err != nil {
		return "", document.Digest{}, err
	}
	if len(kept) > 0 {
		return storage.Derived, kept[0].Digest, nil
	}
	return storage.Originals, doc.Original, nil
}

// Preview makes the picture of a page as it will look with its watermark, before
// anything is published. The code in it is made up and leads to no result.
func (d *Desk) Preview(ctx context.Context, doc document.Document, p PagePicture) ([]byte, error) {
	mark := stamp.Mark{
		System: d.System, ProjectName: doc.Fields.Value("project_name"), DocumentName: doc.Classification.Name,
		DocumentNo: doc.Fields.Value("doc_no"), UploadedAt: doc.ReceivedAt, Code: verifycode.New(), BaseURL: d.BaseURL,
		Notice: "预览，尚未发布", UnitName: doc.Fields.Value("issuer"),
	}
	if u, ok := d.Catalogue.Unit(d.UnitOf(doc)); ok {
		mark.UnitShort = u.Short
		if mark.UnitName == "" {
			mark.UnitName = u.Name
		}
	}
	return d.picture(ctx, p, &mark)
}

// picture draws a page, of a marked copy when mark is set.
func (d *Desk) picture(ctx context.Context, p PagePicture, mark *stamp.Mark) ([]byte, error) {
	if d.Darkroom == nil {
		return nil, ErrNoDarkroom
	}
	room, err := scratch.Open(d.Scratch, "onewindow-picture-")
	if err != nil {
		return nil, err
	}
	defer room.Close()
	in, out := filepath.Join(room.Path, "in"), filepath.Join(room.Path, "page.jpg")
	if err := d.bring(ctx, p.Class, p.Digest, in); err != nil {
		return nil, err
	}
	if mark != nil {
		marked := filepath.Join(room.Path, "marked.pdf")
		if _, err := d.Workshop.Stamp(ctx, in, marked, *mark, d.Template); err != nil {
			return nil, fmt.Errorf("stamp preview: %w", err)
		}
		in = marked
	}
	if err := d.Darkroom.Picture(ctx, in, out, p.Page, p.Turn, p.MaxPixels); err != nil {
		return nil, fmt.Errorf("draw page: %w", err)
	}
	f, err := os.Open(out)
	if err != nil {
		return nil, fmt.Errorf("open picture: %w", err)
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, pictureLimit))
}

// pictureLimit bounds a picture in memory, in bytes: a JPEG of the largest page
// that is drawn stays well below.
const pictureLimit = 64 << 20
