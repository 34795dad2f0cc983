package storage

import (
	"context"
	"errors"
	"fmt"
	"io"

	"onewindow/document"
)

// checkedReader digests what is read from the start and compares at the end.
type checkedReader struct {
	ctx    context.Context
	src    io.ReadSeekCloser
	info   BlobInfo
	hash   document.Hasher
	at     int64 // position of src
	hashed int64 // the digest covers the bytes before this position
}

// NewCheckedReader makes the BlobReader of a driver: reads of src obey ctx, and
// reading to the end gives ErrDamaged in place of io.EOF if the bytes do not have
// the digest or the length in info. Seeking back and forth is allowed; the check
// then happens if every byte was passed in order at some time. src must be at
// its start.
func NewCheckedReader(ctx context.Context, src io.ReadSeekCloser, info BlobInfo) BlobReader {
	return &checkedReader{ctx: ctx, src: src, info: info, hash: document.NewHasher()}
}

func (r *checkedReader) Info() BlobInfo { return r.info }

func (r *checkedReader) Close() error { return r.src.Close() }

func (r *checkedReader) Read(p []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, fmt.Errorf("read blob: %w", context.Cause(r.ctx))
	}
	n, err := r.src.Read(p)
	r.digest(p[:n])
	r.at += int64(n)
	switch {
	case err == nil:
		return n, nil
	case !errors.Is(err, io.EOF):
		return n, fmt.Errorf("read blob: %w", err)
	default:
		return n, r.verdict()
	}
}

// digest adds the part of b, read at r.at, that the digest does not cover yet.
func (r *checkedReader) digest(b []byte) {
	skip := r.hashed - r.at // never more than was read, so the digest has no gaps
	if skip < 0 || skip >= int64(len(b)) {
		return // after a forward seek, or read before
	}
	r.hash.Write(b[skip:]) // a hash never fails
	r.hashed = r.at + int64(len(b))
}

// verdict is io.EOF, or ErrDamaged when everything was read and is wrong.
func (r *checkedReader) verdict() error {
	if r.at < r.info.Size {
		return fmt.Errorf("read blob: ends at byte %d of %d: %w", r.at, r.info.Size, ErrDamaged)
	}
	if r.hashed == r.at && r.hash.Digest() != r.info.Digest {
		return fmt.Errorf("read blob: %w", ErrDamaged)
	}
	return io.EOF
}

func (r *checkedReader) Seek(offset int64, whence int) (int64, error) {
	at, err := r.src.Seek(offset, whence)
	if err != nil {
		return at, fmt.Errorf("seek blob: %w", err)
	}
	r.at = at
	return at, nil
}

// Reread reads a stored blob from start to end and returns its length in bytes:
// the proof that must come before a sender is told that the bytes are safe.
// Errors: ErrDamaged, ErrNotFound.
func Reread(ctx context.Context, from Blobs, class Class, d document.Digest) (int64, error) {
	r, err := from.Open(ctx, class, d)
	if err != nil {
		return 0, err
	}
	defer r.Close()
	// The wrapper hides io.Discard's ReadFrom, which reads in 8 KB steps.
	n, err := io.CopyBuffer(struct{ io.Writer }{io.Discard}, r, make([]byte, 256<<10))
	if err != nil {
		return n, fmt.Errorf("reread blob: %w", err)
	}
	return n, nil
}
