package s3store

import (
	"context"
	"fmt"
	"time"

	"github.com/minio/minio-go/v7"

	"onewindow/storage"
)

// List calls fn for every blob of a class; see storage.Blobs. It goes on from
// the last key it saw when a page does not come.
func (s *Store) List(ctx context.Context, class storage.Class, fn func(storage.BlobInfo) error) error {
	if err := checkClass(ctx, class); err != nil {
		return fmt.Errorf("list blobs: %w", err)
	}
	last, failures := "", 0
	for {
		before := last
		fnErr, listErr := s.listFrom(ctx, class, &last, fn)
		if fnErr != nil {
			return fnErr
		}
		if listErr == nil {
			return nil
		}
		if last != before {
			failures = 0
		}
		failures++
		if ctx.Err() != nil || failures >= s.opts.Attempts || !worthRetrying(listErr) {
			return fmt.Errorf("list blobs: %w", listErr)
		}
		if err := sleep(ctx, firstPause<<failures); err != nil {
			return fmt.Errorf("list blobs: %w", err)
		}
	}
}

// listFrom lists the keys after *last and keeps *last up to date. It tells an
// error of fn from one of the server.
func (s *Store) listFrom(ctx context.Context, class storage.Class, last *string, fn func(storage.BlobInfo) error) (fnErr, listErr error) {
	inner, cancel := context.WithCancel(ctx)
	defer cancel()
	// The deadline is for the server alone, not for what fn does.
	watch := time.AfterFunc(s.opts.CallTimeout, cancel)
	defer watch.Stop()
	objects := s.core.ListObjectsIter(inner, s.opts.Bucket, minio.ListObjectsOptions{
		Prefix: s.classPrefix(class), Recursive: true, StartAfter: *last})
	for object := range objects {
		watch.Stop()
		if object.Err != nil {
			return nil, s.listError(ctx, inner, object.Err)
		}
		*last = object.Key
		if d, ok := s.parseKey(class, object.Key); ok {
			if err := fn(infoOf(class, d, object)); err != nil {
				return err, nil
			}
		}
		watch.Reset(s.opts.CallTimeout)
	}
	if inner.Err() != nil {
		return nil, s.listError(ctx, inner, inner.Err())
	}
	return nil, nil
}

func (s *Store) listError(ctx, inner context.Context, err error) error {
	switch {
	case ctx.Err() != nil:
		return fmt.Errorf("%w: %w", ctx.Err(), context.Cause(ctx))
	case inner.Err() != nil:
		return fmt.Errorf("%w within %v", ErrNoAnswer, s.opts.CallTimeout)
	default:
		return translate(err)
	}
}
