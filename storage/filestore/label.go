package filestore

import (
	"context"
	"errors"
	"fmt"
	"os"

	"golang.org/x/sys/unix"

	"onewindow/document"
	"onewindow/storage"
)

// The labels are extended attributes: they come and go with the file, cost no
// second file and no second sync, and hold any Unicode (getfattr -d shows them).
const (
	filenameAttr  = "user.onewindow.filename"
	mediaTypeAttr = "user.onewindow.media_type"
	// maxLabel keeps all labels in the inode's spare block of ext4.
	maxLabel = 1024
)

// label writes the metadata. A file system without attributes loses them; the
// database has them too, so that is no reason to refuse the bytes.
func label(f *os.File, opts storage.PutOptions) {
	for name, value := range map[string]string{filenameAttr: opts.Filename, mediaTypeAttr: opts.MediaType} {
		if value != "" && len(value) <= maxLabel {
			_ = unix.Fsetxattr(int(f.Fd()), name, []byte(value), 0)
		}
	}
}

// Describe returns the labels of a blob; see storage.Describer.
func (s *Store) Describe(ctx context.Context, class storage.Class, d document.Digest) (storage.Metadata, error) {
	if err := check(ctx, class, d); err != nil {
		return storage.Metadata{}, fmt.Errorf("describe blob: %w", err)
	}
	path := s.path(class, d)
	filename, err := readLabel(path, filenameAttr)
	if err != nil {
		return storage.Metadata{}, fmt.Errorf("describe blob: %w", missing(err))
	}
	mediaType, err := readLabel(path, mediaTypeAttr)
	if err != nil {
		return storage.Metadata{}, fmt.Errorf("describe blob: %w", missing(err))
	}
	return storage.Metadata{Filename: filename, MediaType: mediaType}, nil
}

func readLabel(path, name string) (string, error) {
	buf := make([]byte, maxLabel)
	n, err := unix.Getxattr(path, name, buf)
	if errors.Is(err, unix.ENODATA) || errors.Is(err, unix.ENOTSUP) {
		if _, err := os.Stat(path); err != nil {
			return "", err
		}
		return "", nil
	}
	if err != nil {
		return "", err
	}
	return string(buf[:n]), nil
}
