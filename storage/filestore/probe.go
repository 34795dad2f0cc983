package filestore

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"golang.org/x/sys/unix"

	"onewindow/storage"
)

// Probe tries what this driver needs from the file system; see storage.Prober.
func (s *Store) Probe(ctx context.Context) []storage.ProbeStep {
	return append([]storage.ProbeStep{
		storage.Try("free room", false, func() error { return s.leaveReserve(0) }),
		storage.Try("hard links", true, s.probeLinks),
		storage.Try("extended attributes", true, s.probeLabels),
	}, storage.ProbeBlobs(ctx, s)...)
}

// probeLinks: without hard links a rename that replaces nothing is used.
func (s *Store) probeLinks() error {
	return s.withScratch(func(f *os.File) error {
		twin := f.Name() + ".link"
		if err := os.Link(f.Name(), twin); err != nil {
			return fmt.Errorf("link file: %w", errors.Unwrap(err))
		}
		return os.Remove(twin)
	})
}

// probeLabels: without them a blob does not tell its filename.
func (s *Store) probeLabels() error {
	return s.withScratch(func(f *os.File) error {
		return unix.Fsetxattr(int(f.Fd()), filenameAttr, []byte("探测"), 0)
	})
}

func (s *Store) withScratch(try func(*os.File) error) error {
	f, err := os.CreateTemp(filepath.Join(s.root, temporaryDir), "probe-")
	if err != nil {
		return fmt.Errorf("make file: %w", err)
	}
	defer os.Remove(f.Name())
	defer f.Close()
	return try(f)
}
