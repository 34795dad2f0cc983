package resumable

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/tus/tusd/v2/pkg/filestore"
	"github.com/tus/tusd/v2/pkg/handler"
	"golang.org/x/sys/unix"

	"onewindow/storage"
)

// store is tusd's store of files in a folder, which turns senders away before
// the disk is full and shows nobody its paths.
type store struct {
	filestore.FileStore
	door *Door
}

func (s store) NewUpload(ctx context.Context, info handler.FileInfo) (handler.Upload, error) {
	up, err := s.FileStore.NewUpload(ctx, info)
	if err != nil {
		return nil, s.door.face(ctx, full(err))
	}
	return upload{up, s.door}, nil
}

func (s store) GetUpload(ctx context.Context, id string) (handler.Upload, error) {
	up, err := s.FileStore.GetUpload(ctx, id)
	if errors.Is(err, handler.ErrNotFound) {
		return nil, err
	}
	if err != nil {
		return nil, s.door.face(ctx, err)
	}
	return upload{up, s.door}, nil
}

func (s store) AsTerminatableUpload(up handler.Upload) handler.TerminatableUpload {
	return s.FileStore.AsTerminatableUpload(up.(upload).Upload)
}

type upload struct {
	handler.Upload
	door *Door
}

// Sizes of writing, in bytes.
const (
	copyBuffer = 256 << 10
	roomEvery  = 16 << 20 // written between two looks at the free room
)

// WriteChunk appends what src has until its end, or until the room ends; what was
// written stays and the upload can go on from there.
func (u upload) WriteChunk(ctx context.Context, offset int64, src io.Reader) (int64, error) {
	written := int64(0)
	for {
		if err := u.door.room(0); err != nil {
			return written, u.door.face(ctx, err)
		}
		part := &counted{r: bufferedReader{io.LimitReader(src, roomEvery)}}
		n, err := u.Upload.WriteChunk(ctx, offset+written, part)
		written += n
		if err != nil {
			return written, u.door.face(ctx, full(err))
		}
		if part.n < roomEvery {
			return written, nil
		}
	}
}

// counted counts what was read.
type counted struct {
	r bufferedReader
	n int64
}

func (c *counted) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	return n, err
}

// WriteTo is what io.Copy uses: pieces large enough to keep system calls cheap.
func (c *counted) WriteTo(w io.Writer) (int64, error) {
	n, err := c.r.WriteTo(w)
	c.n += n
	return n, err
}

type bufferedReader struct{ io.Reader }

func (b bufferedReader) WriteTo(w io.Writer) (int64, error) {
	return io.CopyBuffer(struct{ io.Writer }{w}, struct{ io.Reader }{b.Reader}, make([]byte, copyBuffer))
}

// room gives storage.ErrFull if coming more bytes would touch the reserve.
func (d *Door) room(coming int64) error {
	var st unix.Statfs_t
	if err := unix.Statfs(d.Dir, &st); err != nil {
		return fmt.Errorf("look at the free room: %w", err)
	}
	if free := int64(st.Bavail) * st.Bsize; free-coming < d.Reserve {
		return fmt.Errorf("%d bytes free, %d reserved: %w", free, d.Reserve, storage.ErrFull)
	}
	return nil
}

// full names what a full disk or a used-up quota of the disk says.
func full(err error) error {
	if errors.Is(err, unix.ENOSPC) || errors.Is(err, unix.EDQUOT) {
		return fmt.Errorf("%w: %w", storage.ErrFull, err)
	}
	return err
}

// bytesPath is where tusd's store keeps the bytes of an upload.
func (d *Door) bytesPath(id string) string {
	return d.ticketPath(id)[:len(d.ticketPath(id))-len(ticketExt)]
}

// remove forgets what lies in the folder of an upload; last its ticket, so that
// nothing stays without one.
func (d *Door) remove(id string, ticketToo bool) error {
	gone := []string{d.bytesPath(id), d.bytesPath(id) + ".info"}
	if ticketToo {
		gone = append(gone, d.ticketPath(id))
	}
	for _, path := range gone {
		if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
			return fmt.Errorf("remove upload: %w", err)
		}
	}
	return nil
}
