// Package pdfstamp puts the mark on PDF files.
//
// It climbs down a ladder until a rung holds: pdfcpu in memory; qpdf, which
// repairs more and streams files of any size; a picture of each page; a refusal
// that tells the sender what to do. What it never does is deliver a file without
// the mark (W10): the copy appears under its name complete or not at all.
package pdfstamp

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"onewindow/document"
	"onewindow/stamp"
	"onewindow/stamp/artwork"
	"onewindow/stamp/lettering"
)

// Options configure a Stamper.
type Options struct {
	// FontPath is a TTF, OTF or TTC file that can draw Chinese. Required.
	FontPath string
	// Rasterizer renders what neither pdfcpu nor qpdf can read. Without one such
	// files are refused.
	Rasterizer Rasterizer
	// QpdfPath is the qpdf program; "" looks for it in PATH. Without one that rung
	// is left out, and large files are held in memory.
	QpdfPath string
	// StreamAbove is the size in bytes from which qpdf comes before pdfcpu, which
	// holds a file three times in memory. 0 means 32 MiB.
	StreamAbove int64
	// RungTimeout bounds each rung. 0 means 2 minutes, and one more for each
	// 100 MB.
	RungTimeout time.Duration
}

// Stamper implements stamp.Stamper for PDF files. Safe for concurrent use.
type Stamper struct {
	opts Options
	font *lettering.Font
}

// New opens the font and finds qpdf. Errors: those of lettering.Open.
func New(opts Options) (*Stamper, error) {
	font, err := lettering.Open(opts.FontPath)
	if err != nil {
		return nil, err
	}
	if opts.QpdfPath == "" {
		opts.QpdfPath, _ = exec.LookPath("qpdf") // none: the rung is left out
	}
	if opts.StreamAbove == 0 {
		opts.StreamAbove = 32 << 20
	}
	return &Stamper{opts: opts, font: font}, nil
}

// Close closes the font.
func (s *Stamper) Close() error { return s.font.Close() }

// job is one file on its way down the ladder.
type job struct {
	in   string
	temp string // where the rung makes the copy; rungs that were given up have other places
	mark stamp.Mark
	tpl  stamp.Template
}

// outcome is what a rung did.
type outcome struct {
	pages    int
	stripped []string
	signed   bool
}

// rung is one way to make the marked copy at job.temp.
type rung struct {
	method string
	climb  func(context.Context, job) (outcome, error)
}

// errEncrypted ends the ladder: only the sender has the password.
var errEncrypted = errors.New("file is encrypted")

// Stamp implements stamp.Stamper. Errors: *document.Refusal when the file is to
// blame, those of Validate for template and mark, ctx.Err().
func (s *Stamper) Stamp(ctx context.Context, in, out string, mark stamp.Mark, tpl stamp.Template) (stamp.Report, error) {
	if _, err := artwork.Compose(s.font, mark, tpl, 1); err != nil {
		return stamp.Report{}, err
	}
	in, err := filepath.Abs(in) // qpdf works in a folder of its own
	if err != nil {
		return stamp.Report{}, fmt.Errorf("stamp: %w", err)
	}
	info, err := os.Stat(in)
	if err != nil {
		return stamp.Report{}, fmt.Errorf("stamp: %w", err)
	}
	if info.Size() == 0 {
		return stamp.Report{}, document.Refuse(document.CodeEmpty, "文件是空的，请重新扫描或上传。", "0 bytes")
	}
	if old, err := os.Lstat(out); err == nil && !old.Mode().IsRegular() {
		return stamp.Report{}, fmt.Errorf("stamp: %s is not a file that may be replaced", out)
	}
	room, err := os.MkdirTemp(filepath.Dir(out), "stamp-")
	if err != nil {
		return stamp.Report{}, fmt.Errorf("stamp: %w", err)
	}
	if room, err = filepath.Abs(room); err != nil {
		return stamp.Report{}, fmt.Errorf("stamp: %w", err)
	}
	defer os.RemoveAll(room)
	marked, report, err := s.descend(ctx, job{in: in, mark: mark, tpl: tpl}, room, info.Size())
	if err != nil {
		return stamp.Report{}, err
	}
	if err := publish(marked, out); err != nil {
		return stamp.Report{}, err
	}
	return report, nil
}

// descend tries the rungs in order and returns where the copy is.
func (s *Stamper) descend(ctx context.Context, j job, room string, size int64) (string, stamp.Report, error) {
	timeout := s.opts.RungTimeout
	if timeout == 0 {
		timeout = time.Duration(2+size/100_000_000) * time.Minute
	}
	var failures []error
	for _, r := range s.rungs(size) {
		j.temp = filepath.Join(room, r.method+".pdf")
		done, err := contain(ctx, timeout, j, r.climb)
		if err == nil {
			report := stamp.Report{Pages: done.pages, Template: j.tpl.Name(), Method: r.method, Stripped: done.stripped, Signed: done.signed}
			return j.temp, report, nil
		}
		if ctx.Err() != nil {
			return "", stamp.Report{}, fmt.Errorf("stamp: %w", ctx.Err())
		}
		if err := final(err); err != nil {
			return "", stamp.Report{}, err
		}
		failures = append(failures, fmt.Errorf("%s: %w", r.method, err))
	}
	return "", stamp.Report{}, refuse(errors.Join(failures...), room, j.in)
}

// rungs is the ladder for a file of size bytes.
func (s *Stamper) rungs(size int64) []rung {
	ladder := s.repairing(size)
	if s.opts.Rasterizer != nil {
		ladder = append(ladder, rung{"raster", s.viaRaster})
	}
	return ladder
}

// inMemoryUpTo is how many times StreamAbove pdfcpu still gets a try when qpdf
// failed.
const inMemoryUpTo = 4

// repairing are the rungs that keep the file a document.
func (s *Stamper) repairing(size int64) []rung {
	inMemory, streamed := rung{"pdfcpu", s.viaPdfcpu}, rung{"qpdf", s.viaQpdf}
	switch {
	case s.opts.QpdfPath == "":
		return []rung{inMemory}
	case size > inMemoryUpTo*s.opts.StreamAbove:
		return []rung{streamed}
	case size > s.opts.StreamAbove:
		return []rung{streamed, inMemory}
	}
	return []rung{inMemory, streamed}
}

// publish gives the finished copy its name, durable and all at once.
func publish(temp, out string) error {
	f, err := os.OpenFile(temp, os.O_RDWR, 0)
	if err != nil {
		return fmt.Errorf("publish copy: %w", err)
	}
	if err := errors.Join(f.Sync(), f.Close()); err != nil {
		return fmt.Errorf("publish copy: %w", err)
	}
	if err := os.Rename(temp, out); err != nil {
		return fmt.Errorf("publish copy: %w", err)
	}
	return nil
}
