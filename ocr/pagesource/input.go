package pagesource

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
)

// input is an open file whose reads end with ctx: decoders that only know
// io.Reader stop soon after the caller gave up.
type input struct {
	file io.ReaderAt
	size int64
	ctx  context.Context // of the call under way; replaced by each call
	// failed is the first error of the disk. PDFium cannot pass it on.
	failed error
}

func openInput(ctx context.Context, path string) (*input, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, &ownError{"open file", withoutPath(err)}
	}
	info, err := f.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = errors.New("not a regular file")
	}
	if err != nil {
		f.Close()
		return nil, &ownError{"stat file", withoutPath(err)}
	}
	return &input{file: f, size: info.Size(), ctx: ctx}, nil
}

// withoutPath drops the path of an os error: errors travel into logs and pages.
func withoutPath(err error) error {
	var p *os.PathError
	if errors.As(err, &p) {
		return p.Err
	}
	return err
}

// ReadAt implements io.ReaderAt.
func (in *input) ReadAt(p []byte, off int64) (int, error) {
	if err := in.ctx.Err(); err != nil {
		return 0, err
	}
	if off < 0 || off > in.size {
		return 0, fmt.Errorf("read at %d of %d: %w", off, in.size, io.ErrUnexpectedEOF) // a parser was led astray
	}
	n, err := in.file.ReadAt(p, off)
	if err != nil && !errors.Is(err, io.EOF) {
		in.failed = &ownError{"read file", withoutPath(err)}
		return n, in.failed
	}
	return n, err
}

// memoryInput makes an input of bytes.
func memoryInput(ctx context.Context, b []byte) *input {
	return &input{file: bytes.NewReader(b), size: int64(len(b)), ctx: ctx}
}

// Close closes the file.
func (in *input) Close() error {
	if c, ok := in.file.(io.Closer); ok {
		return c.Close()
	}
	return nil
}

// reader reads the file from its start.
func (in *input) reader() io.Reader { return io.NewSectionReader(in, 0, in.size) }

// at returns up to n bytes at off, fewer at the end of the file.
func (in *input) at(off int64, n int) ([]byte, error) {
	if off < 0 || off >= in.size {
		return nil, nil
	}
	n = int(min(int64(n), in.size-off))
	b := make([]byte, n)
	got, err := in.ReadAt(b, off)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("read at %d: %w", off, err)
	}
	return b[:got], nil
}
