// Package imagestamp puts the mark on scans and photos that come as image files.
//
// Each picture becomes a page of a PDF, its pixels untouched: JPEG, PNG and fax
// TIFF data are embedded as they are, everything else is decoded and embedded
// without loss. The page is then marked like any other, by the same Stamper.
package imagestamp

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"image"
	"image/jpeg"
	"image/png"
	"os"
	"path/filepath"

	cmyk "github.com/hhrutter/tiff"
	"golang.org/x/image/bmp"
	"golang.org/x/image/tiff"

	"onewindow/document"
	"onewindow/stamp"
	"onewindow/stamp/scanpdf"
)

// Options configure a Stamper.
type Options struct {
	// PDF marks the pages. Required.
	PDF stamp.Stamper
	// MaxPixels bounds one picture, before it is decoded. 0 means 150 million.
	MaxPixels int64
	// MaxPages bounds a multi-page TIFF. 0 means 2000.
	MaxPages int
}

// Stamper implements stamp.Stamper for JPEG, PNG, TIFF, BMP, WebP, GIF (its first
// picture) and HEIC files. Safe for concurrent use if Options.PDF is.
type Stamper struct {
	opts Options
}

// New returns a Stamper.
func New(opts Options) (*Stamper, error) {
	if opts.PDF == nil {
		return nil, errors.New("image stamper: no stamper for the pages")
	}
	if opts.MaxPixels == 0 {
		opts.MaxPixels = 150_000_000
	}
	if opts.MaxPages == 0 {
		opts.MaxPages = 2000
	}
	return &Stamper{opts}, nil
}

// Stamp implements stamp.Stamper. Errors: *document.Refusal when the file is to
// blame, and those of the PDF stamper.
func (s *Stamper) Stamp(ctx context.Context, in, out string, mark stamp.Mark, tpl stamp.Template) (stamp.Report, error) {
	room, err := os.MkdirTemp(filepath.Dir(out), "image-")
	if err != nil {
		return stamp.Report{}, fmt.Errorf("stamp image: %w", err)
	}
	defer os.RemoveAll(room)
	pages := filepath.Join(room, "pages.pdf")
	if err := s.bind(ctx, in, pages); err != nil {
		return stamp.Report{}, err
	}
	report, err := s.opts.PDF.Stamp(ctx, pages, out, mark, tpl)
	if err != nil {
		return stamp.Report{}, err
	}
	report.Method = "image"
	return report, nil
}

// bind makes a PDF of the pictures of a file.
func (s *Stamper) bind(ctx context.Context, in, out string) error {
	source, err := os.Open(in)
	if err != nil {
		return fmt.Errorf("stamp image: %w", err)
	}
	defer source.Close()
	target, err := os.OpenFile(out, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return fmt.Errorf("stamp image: %w", err)
	}
	w := scanpdf.NewWriter(target)
	if err := s.contained(ctx, source, w); err != nil {
		return errors.Join(asRefusal(err), target.Close())
	}
	if err := errors.Join(w.Close(), target.Close()); err != nil {
		return fmt.Errorf("stamp image: %w", err)
	}
	return nil
}

// contained keeps a decoder that panics from taking the caller with it.
func (s *Stamper) contained(ctx context.Context, source *os.File, w *scanpdf.Writer) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("decoder gave up: %v", p)
		}
	}()
	return s.addPages(ctx, source, w)
}

// addPages adds what the content, not the name, of the file says it is.
func (s *Stamper) addPages(ctx context.Context, source *os.File, w *scanpdf.Writer) error {
	head, err := bufio.NewReader(source).Peek(16)
	if err != nil && len(head) == 0 {
		return document.Refuse(document.CodeEmpty, "文件是空的，请重新扫描或拍照后上传。", "0 bytes")
	}
	if _, err := source.Seek(0, 0); err != nil {
		return fmt.Errorf("stamp image: %w", err)
	}
	format := sniff(head)
	if format == "tiff" {
		return s.addTIFF(ctx, source, w)
	}
	var p scanpdf.Page
	switch format {
	case "jpeg":
		p, err = s.jpegPage(source)
	case "png":
		p, err = s.pngPage(source)
	case "":
		return document.Refuse(document.CodeUnsupported, "不支持这种图片格式，请上传 PDF、JPEG、PNG、TIFF、BMP 或 WebP 文件。", "unknown image format")
	default:
		p, err = s.decodedPage(source, format)
	}
	if err != nil {
		return err
	}
	return w.Add(p)
}

// sniff tells the format from the first bytes, "" if it is none of ours.
func sniff(head []byte) string {
	at := func(i int, magic string) bool {
		return len(head) >= i+len(magic) && string(head[i:i+len(magic)]) == magic
	}
	switch {
	case at(0, "\xff\xd8\xff"):
		return "jpeg"
	case at(0, "\x89PNG\r\n\x1a\n"):
		return "png"
	case at(0, "II*\x00"), at(0, "MM\x00*"):
		return "tiff"
	case at(0, "BM"):
		return "bmp"
	case at(0, "RIFF") && at(8, "WEBP"):
		return "webp"
	case at(0, "GIF8"):
		return "gif"
	case at(4, "ftyp"):
		return "heic"
	}
	return ""
}

// errTooManyPixels is found before any pixel is decoded.
var errTooManyPixels = errors.New("too many pixels")

func (s *Stamper) checkPixels(width, height int) error {
	if width <= 0 || height <= 0 {
		return fmt.Errorf("%w: %d × %d pixels", image.ErrFormat, width, height)
	}
	if int64(width) > s.opts.MaxPixels/int64(height) {
		return fmt.Errorf("%w: %d × %d", errTooManyPixels, width, height)
	}
	return nil
}

// asRefusal blames the file for what decoders say of it.
func asRefusal(err error) error {
	var path *os.PathError
	switch _, refused := document.AsRefusal(err); {
	case refused, errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return err
	case errors.As(err, &path):
		return fmt.Errorf("stamp image: %w", err)
	case errors.Is(err, errTooManyPixels):
		return document.Refuse(document.CodeTooLarge, "图片的像素过多，请降低扫描分辨率后重新上传。", "%v", err)
	}
	if unsupported(err) {
		return document.Refuse(document.CodeUnsupported, "不支持这种图片编码，请另存为PDF、PNG或JPEG后上传。", "%v", err)
	}
	return document.Refuse(document.CodeCorrupt, "图片已损坏或不完整，请重新扫描或拍照后上传。", "%v", err)
}

// unsupported tells rare from damaged: the sender of a rare form can save it anew.
func unsupported(err error) bool {
	var inJPEG jpeg.UnsupportedError
	var inPNG png.UnsupportedError
	var inTIFF tiff.UnsupportedError
	var inCMYK cmyk.UnsupportedError
	return errors.As(err, &inJPEG) || errors.As(err, &inPNG) || errors.As(err, &inTIFF) || errors.As(err, &inCMYK) || errors.Is(err, bmp.ErrUnsupported)
}
