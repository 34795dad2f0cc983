package s3store

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"

	"golang.org/x/sys/unix"

	"onewindow/document"
	"onewindow/storage"
)

const copyBuffer = 256 << 10

// spool is a stream that was read to its end and can be read again, in pieces
// and more than once.
type spool struct {
	bytes  io.ReaderAt
	offset int64 // where the stream begins in bytes
	size   int64
	digest document.Digest
	close  func()
}

// section returns a fresh reader of length bytes from offset.
func (p *spool) section(offset, length int64) *io.SectionReader {
	return io.NewSectionReader(p.bytes, p.offset+offset, length)
}

// sum returns the hexadecimal SHA-256 of a section.
func (p *spool) sum(offset, length int64) (string, error) {
	h := document.NewHasher()
	if _, err := io.CopyBuffer(h, struct{ io.Reader }{p.section(offset, length)}, make([]byte, copyBuffer)); err != nil {
		return "", fmt.Errorf("read spool: %w", err)
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// seekable is a source that needs no spool file, such as an opened file.
type seekable interface {
	io.ReadSeeker
	io.ReaderAt
}

// spool digests r and makes it readable again. The caller calls close.
func (s *Store) spool(ctx context.Context, r io.Reader) (*spool, error) {
	if src, ok := r.(seekable); ok {
		if at, err := src.Seek(0, io.SeekCurrent); err == nil { // a pipe cannot
			return digestInto(ctx, io.Discard, src, &spool{bytes: src, offset: at, close: func() {}})
		}
	}
	f, err := os.CreateTemp(s.opts.SpoolDir, "onewindow-spool-")
	if err != nil {
		return nil, fmt.Errorf("make spool file: %w", full(err))
	}
	// Without a name at once: whatever becomes of us, it leaves nothing behind.
	if err := os.Remove(f.Name()); err != nil {
		f.Close()
		return nil, fmt.Errorf("unlink spool file: %w", err)
	}
	return digestInto(ctx, f, r, &spool{bytes: f, close: func() { f.Close() }})
}

func digestInto(ctx context.Context, to io.Writer, r io.Reader, p *spool) (*spool, error) {
	h := document.NewHasher()
	src := io.TeeReader(&contextReader{ctx: ctx, src: r}, h)
	n, err := io.CopyBuffer(struct{ io.Writer }{to}, src, make([]byte, copyBuffer))
	if err != nil {
		p.close()
		return nil, full(err)
	}
	p.size, p.digest = n, h.Digest()
	return p, nil
}

// contextReader stops between two reads once ctx is done.
type contextReader struct {
	ctx context.Context
	src io.Reader
}

func (r *contextReader) Read(p []byte) (int, error) {
	if r.ctx.Err() != nil {
		return 0, fmt.Errorf("%w: %w", r.ctx.Err(), context.Cause(r.ctx))
	}
	return r.src.Read(p)
}

// full marks the errors of a spool folder that has no room.
func full(err error) error {
	for _, reason := range []error{unix.ENOSPC, unix.EDQUOT, unix.EFBIG} {
		if errors.Is(err, reason) {
			return fmt.Errorf("%w: spool: %w", storage.ErrFull, err)
		}
	}
	return err
}
