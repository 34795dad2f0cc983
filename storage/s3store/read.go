package s3store

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/minio/minio-go/v7"

	"onewindow/document"
	"onewindow/storage"
)

// Open returns a blob for reading; see storage.Blobs. The reader lives as long
// as ctx. A connection that breaks in the middle is taken up again.
func (s *Store) Open(ctx context.Context, class storage.Class, d document.Digest) (storage.BlobReader, error) {
	if err := check(ctx, class, d); err != nil {
		return nil, fmt.Errorf("open blob: %w", err)
	}
	r := &objectReader{store: s, ctx: ctx, key: s.key(class, d)}
	object, err := r.connect()
	if err != nil {
		return nil, fmt.Errorf("open blob: %w", err)
	}
	r.size = object.Size
	return storage.NewCheckedReader(ctx, r, infoOf(class, d, object)), nil
}

// Stat describes a blob; see storage.Blobs.
func (s *Store) Stat(ctx context.Context, class storage.Class, d document.Digest) (storage.BlobInfo, error) {
	object, err := s.head(ctx, class, d)
	if err != nil {
		return storage.BlobInfo{}, fmt.Errorf("stat blob: %w", err)
	}
	return infoOf(class, d, object), nil
}

// Describe returns the labels of a blob; see storage.Describer.
func (s *Store) Describe(ctx context.Context, class storage.Class, d document.Digest) (storage.Metadata, error) {
	object, err := s.head(ctx, class, d)
	if err != nil {
		return storage.Metadata{}, fmt.Errorf("describe blob: %w", err)
	}
	return labelsOf(object), nil
}

func (s *Store) head(ctx context.Context, class storage.Class, d document.Digest) (minio.ObjectInfo, error) {
	if err := check(ctx, class, d); err != nil {
		return minio.ObjectInfo{}, err
	}
	var object minio.ObjectInfo
	err := s.try(ctx, 0, func(ctx context.Context) (err error) {
		object, err = s.core.StatObject(ctx, s.opts.Bucket, s.key(class, d), minio.StatObjectOptions{})
		return err
	})
	if errors.Is(err, storage.ErrNotFound) {
		// The answer to HEAD has no body, so a lost bucket looks like a lost
		// blob. Taking one for the other would declare everything missing.
		err = errors.Join(err, s.bucketThere(ctx))
	}
	return object, err
}

// ErrNoBucket is returned when the bucket does not exist.
var ErrNoBucket = errors.New("bucket does not exist")

// bucketThere returns ErrNoBucket if the bucket is not there.
func (s *Store) bucketThere(ctx context.Context) error {
	var there bool
	err := s.try(ctx, 0, func(ctx context.Context) (err error) {
		there, err = s.core.BucketExists(ctx, s.opts.Bucket)
		return err
	})
	if err != nil {
		return fmt.Errorf("look for bucket: %w", err)
	}
	if !there {
		return ErrNoBucket
	}
	return nil
}

// objectReader reads an object by GET requests with ranges. It connects when
// bytes are wanted, so seeking costs nothing.
type objectReader struct {
	store *Store
	ctx   context.Context
	key   string
	size  int64

	at     int64 // where the next Read begins
	body   *watchedBody
	bodyAt int64 // where body stands
}

// connect opens a body at r.at.
func (r *objectReader) connect() (minio.ObjectInfo, error) {
	var opts minio.GetObjectOptions
	if r.at > 0 {
		if err := opts.SetRange(r.at, 0); err != nil { // from at to the end
			return minio.ObjectInfo{}, err
		}
	}
	// The call may only be bounded until its header has come; afterwards the
	// body's own watch takes over.
	var object minio.ObjectInfo
	err := r.store.try(r.ctx, 0, func(bounded context.Context) error {
		ctx, cancel := context.WithCancel(r.ctx)
		stop := context.AfterFunc(bounded, cancel)
		body, info, _, err := r.store.core.GetObject(ctx, r.store.opts.Bucket, r.key, opts)
		if err != nil {
			cancel()
			return err
		}
		if !stop() {
			body.Close()
			return context.Cause(bounded)
		}
		object = info
		r.body, r.bodyAt = watch(body, cancel, r.store.opts.CallTimeout), r.at
		return nil
	})
	return object, err
}

func (r *objectReader) Read(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	failures := 0
	for {
		if r.at >= r.size {
			return 0, io.EOF
		}
		if r.body != nil && r.bodyAt != r.at {
			r.drop()
		}
		if r.body == nil {
			if _, err := r.connect(); err != nil {
				return 0, err
			}
		}
		n, err := r.body.Read(p)
		r.at += int64(n)
		r.bodyAt += int64(n)
		if n > 0 {
			return n, nil
		}
		// The size is not reached: whatever the body says, it broke off.
		r.drop()
		if failures++; failures >= r.store.opts.Attempts || r.ctx.Err() != nil {
			return 0, broken(r.ctx, err)
		}
		if err := sleep(r.ctx, firstPause); err != nil {
			return 0, err
		}
	}
}

func broken(ctx context.Context, err error) error {
	switch {
	case ctx.Err() != nil:
		return fmt.Errorf("%w: %w", ctx.Err(), context.Cause(ctx))
	case errors.Is(err, context.Canceled):
		return ErrNoAnswer // by the watch
	case err == nil, errors.Is(err, io.EOF):
		return io.ErrUnexpectedEOF
	default:
		return err
	}
}

func (r *objectReader) drop() {
	_ = r.body.Close() // of a body nobody wants any more
	r.body = nil
}

func (r *objectReader) Seek(offset int64, whence int) (int64, error) {
	switch whence {
	case io.SeekCurrent:
		offset += r.at
	case io.SeekEnd:
		offset += r.size
	case io.SeekStart:
	default:
		return r.at, fmt.Errorf("unknown whence %d", whence)
	}
	if offset < 0 {
		return r.at, errors.New("position before the start")
	}
	r.at = offset
	return r.at, nil
}

func (r *objectReader) Close() error {
	if r.body != nil {
		r.drop()
	}
	return nil
}

// watchedBody breaks off when a Read stands still for too long.
type watchedBody struct {
	io.ReadCloser
	cancel context.CancelFunc
	limit  time.Duration
	timer  *time.Timer
}

func watch(body io.ReadCloser, cancel context.CancelFunc, limit time.Duration) *watchedBody {
	timer := time.AfterFunc(limit, cancel)
	timer.Stop()
	return &watchedBody{ReadCloser: body, cancel: cancel, limit: limit, timer: timer}
}

func (b *watchedBody) Read(p []byte) (int, error) {
	b.timer.Reset(b.limit)
	defer b.timer.Stop()
	return b.ReadCloser.Read(p)
}

func (b *watchedBody) Close() error {
	b.timer.Stop()
	b.cancel() // first: a half-read body is not worth draining
	return b.ReadCloser.Close()
}
