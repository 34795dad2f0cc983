package s3store

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/minio/minio-go/v7"

	"onewindow/storage"
)

const (
	partSize = 16 << 20
	maxParts = 10_000  // of every S3 server
	senders  = 3       // parts under way at once
	joinRate = 4 << 20 // bytes a second at which a server joins parts at the least
)

// uploadParts sends a large object in parts, each with its own SHA-256 and its
// own retries. After an error the upload is aborted, and nothing is visible.
func (s *Store) uploadParts(ctx context.Context, key string, p *spool, opts minio.PutObjectOptions) error {
	var id string
	err := s.try(ctx, 0, func(ctx context.Context) (err error) {
		id, err = s.core.NewMultipartUpload(ctx, s.opts.Bucket, key, opts)
		return err
	})
	if err != nil {
		return fmt.Errorf("begin upload in parts: %w", err)
	}
	parts, err := s.sendParts(ctx, key, id, p)
	if err == nil {
		err = s.complete(ctx, key, id, parts, p.size)
	}
	if err != nil {
		return errors.Join(err, s.abort(ctx, key, id))
	}
	return nil
}

// complete makes the parts an object. Servers that copy the parts together take
// long for it. If an answer gets lost, the upload may be gone when we ask again,
// while the server is still at work or done.
func (s *Store) complete(ctx context.Context, key, id string, parts []minio.CompletePart, size int64) error {
	calls := 0
	asIfSent := size / joinRate * slowest // so that try allows the time that joining takes
	err := s.try(ctx, asIfSent, func(ctx context.Context) error {
		calls++
		_, err := s.core.CompleteMultipartUpload(ctx, s.opts.Bucket, key, id, parts, minio.PutObjectOptions{})
		return err
	})
	if calls > 1 && answered(err, "NoSuchUpload") {
		err = s.awaitObject(ctx, key)
	}
	if err != nil {
		return fmt.Errorf("complete upload: %w", err)
	}
	return nil
}

// awaitObject waits until a key is there, for as long as a call may take.
func (s *Store) awaitObject(ctx context.Context, key string) error {
	bounded, cancel := context.WithTimeoutCause(ctx, s.opts.CallTimeout, ErrNoAnswer)
	defer cancel()
	for {
		err := s.try(bounded, 0, func(ctx context.Context) error {
			_, err := s.core.StatObject(ctx, s.opts.Bucket, key, minio.StatObjectOptions{})
			return err
		})
		if errors.Is(err, storage.ErrNotFound) {
			err = sleep(bounded, 5*firstPause)
			if err == nil {
				continue
			}
		}
		if ctx.Err() == nil && bounded.Err() != nil {
			return ErrNoAnswer
		}
		return err
	}
}

// sendParts sends all parts, a few at a time, and stops at the first failure.
func (s *Store) sendParts(ctx context.Context, key, id string, p *spool) ([]minio.CompletePart, error) {
	length := partLength(p.size)
	parts := make([]minio.CompletePart, (p.size+length-1)/length)
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	next := make(chan int)
	var wg sync.WaitGroup
	for range min(senders, len(parts)) {
		wg.Go(func() {
			for i := range next {
				offset := int64(i) * length
				part, err := s.sendPart(ctx, key, id, i+1, p, offset, min(length, p.size-offset))
				if err != nil {
					cancel(err)
					return
				}
				parts[i] = part
			}
		})
	}
	for i := range parts {
		select {
		case next <- i:
		case <-ctx.Done():
		}
	}
	close(next)
	wg.Wait()
	return parts, context.Cause(ctx)
}

// partLength is partSize, or more where that would give too many parts.
func partLength(size int64) int64 {
	length := int64(partSize)
	for (size+length-1)/length > maxParts {
		length *= 2
	}
	return length
}

func (s *Store) sendPart(ctx context.Context, key, id string, number int, p *spool, offset, length int64) (minio.CompletePart, error) {
	sum, err := p.sum(offset, length)
	if err != nil {
		return minio.CompletePart{}, err
	}
	var sent minio.ObjectPart
	err = s.try(ctx, length, func(ctx context.Context) (err error) {
		sent, err = s.core.PutObjectPart(ctx, s.opts.Bucket, key, id, number, p.section(offset, length), length,
			minio.PutObjectPartOptions{Sha256Hex: sum, DisableContentSha256: true})
		return err
	})
	if err != nil {
		return minio.CompletePart{}, fmt.Errorf("upload part %d: %w", number, err)
	}
	return minio.CompletePart{PartNumber: number, ETag: sent.ETag}, nil
}

// abort frees the parts of a failed upload, also when ctx is over. What it
// cannot free, SweepTemporary does later.
func (s *Store) abort(ctx context.Context, key, id string) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), abortTime)
	defer cancel()
	err := s.try(ctx, 0, func(ctx context.Context) error {
		return s.core.AbortMultipartUpload(ctx, s.opts.Bucket, key, id)
	})
	if err != nil && !answered(err, "NoSuchUpload") {
		return fmt.Errorf("abort upload: %w", err)
	}
	return nil
}
