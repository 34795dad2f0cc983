package filestore

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"golang.org/x/sys/unix"

	"onewindow/document"
	"onewindow/storage"
)

const (
	// copyBuffer is large enough to keep system calls below the cost of SHA-256.
	copyBuffer = 256 << 10
	// reserveEvery is how many bytes are written between looks at the free room.
	reserveEvery = 16 << 20
)

// Put stores what r yields; see storage.Blobs. The order of its steps is what
// makes it durable: the bytes reach the disk before they get their name, the
// name reaches the disk before Put returns, and a crash in between leaves only a
// temporary file.
func (s *Store) Put(ctx context.Context, class storage.Class, r io.Reader, opts storage.PutOptions) (storage.BlobInfo, error) {
	if err := checkClass(ctx, class); err != nil {
		return storage.BlobInfo{}, fmt.Errorf("put blob: %w", err)
	}
	tmp, err := os.CreateTemp(s.temporary(), "put-")
	if err != nil {
		return storage.BlobInfo{}, fmt.Errorf("put blob: %w", full(err))
	}
	// After publish the temporary name is a second name of the blob, or nothing.
	defer os.Remove(tmp.Name())
	defer tmp.Close()
	d, err := s.fill(ctx, tmp, r, opts)
	if err != nil {
		return storage.BlobInfo{}, fmt.Errorf("put blob: %w", full(err))
	}
	if err := s.publish(ctx, class, tmp.Name(), d); err != nil {
		return storage.BlobInfo{}, fmt.Errorf("put blob: %w", full(err))
	}
	return s.Stat(ctx, class, d)
}

// fill writes r to the temporary file, checks it against the promise, and makes
// it durable and read-only.
func (s *Store) fill(ctx context.Context, tmp *os.File, r io.Reader, opts storage.PutOptions) (document.Digest, error) {
	if err := s.leaveReserve(opts.Size); err != nil {
		return document.Digest{}, err
	}
	hash := document.NewHasher()
	size, err := io.CopyBuffer(
		struct{ io.Writer }{&reservingWriter{file: tmp, check: s.leaveReserve}}, // no ReadFrom: it would bypass the digest
		io.TeeReader(&contextReader{ctx: ctx, src: r}, hash),
		make([]byte, copyBuffer))
	if err != nil {
		return document.Digest{}, err
	}
	d := hash.Digest()
	if err := opts.Verify(d, size); err != nil {
		return document.Digest{}, err
	}
	label(tmp, opts)
	if err := tmp.Chmod(blobMode); err != nil {
		return document.Digest{}, err
	}
	if err := tmp.Sync(); err != nil {
		return document.Digest{}, err
	}
	// Some network file systems report a full disk only here.
	if err := tmp.Close(); err != nil {
		return document.Digest{}, err
	}
	return d, nil
}

// publish gives the temporary file its name, unless a sound blob has it already.
// A damaged one is replaced: the new bytes are the ones the name promises.
func (s *Store) publish(ctx context.Context, class storage.Class, tmp string, d document.Digest) error {
	final := s.path(class, d)
	err := linkNew(tmp, final)
	if errors.Is(err, fs.ErrExist) {
		_, rereadErr := storage.Reread(ctx, s, class, d)
		switch {
		case rereadErr == nil:
			err = nil
		case ctx.Err() != nil:
			return rereadErr
		default:
			err = os.Rename(tmp, final)
		}
	}
	if err != nil {
		return err
	}
	// Also when the name was there: its writer may not have come this far yet.
	return syncFolder(filepath.Dir(final))
}

// linkNew names a file without ever replacing another. Hard links do that on
// every Unix file system; those without them can rename with the same promise.
func linkNew(tmp, final string) error {
	err := os.Link(tmp, final)
	if err == nil || errors.Is(err, fs.ErrExist) {
		return err
	}
	for _, unsupported := range []error{unix.EPERM, unix.ENOTSUP, unix.ENOSYS, unix.EMLINK} {
		if errors.Is(err, unsupported) {
			return unix.Renameat2(unix.AT_FDCWD, tmp, unix.AT_FDCWD, final, unix.RENAME_NOREPLACE)
		}
	}
	return err
}

// contextReader stops between two reads once ctx is done.
type contextReader struct {
	ctx context.Context
	src io.Reader
}

func (r *contextReader) Read(p []byte) (int, error) {
	if r.ctx.Err() != nil {
		return 0, context.Cause(r.ctx)
	}
	return r.src.Read(p)
}

// reservingWriter looks at the free room every now and then while writing.
type reservingWriter struct {
	file  *os.File
	since int64 // bytes since the last look
	check func(coming int64) error
}

func (w *reservingWriter) Write(p []byte) (int, error) {
	if w.since += int64(len(p)); w.since >= reserveEvery {
		w.since = 0
		if err := w.check(0); err != nil {
			return 0, err
		}
	}
	return w.file.Write(p)
}

// leaveReserve gives ErrFull if storing coming bytes would touch the reserve.
func (s *Store) leaveReserve(coming int64) error {
	if s.opts.Reserve <= 0 {
		return nil
	}
	free, err := freeBytes(s.root)
	if err != nil {
		return err
	}
	if free-max(coming, 0) < s.opts.Reserve {
		return fmt.Errorf("%d bytes free, %d reserved: %w", free, s.opts.Reserve, storage.ErrFull)
	}
	return nil
}
