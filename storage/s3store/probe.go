package s3store

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"time"

	"github.com/minio/minio-go/v7"

	"onewindow/document"
	"onewindow/storage"
)

// maxSkew is the difference between two clocks that S3 signatures tolerate.
const maxSkew = 15 * time.Minute

// Probe tries what this driver needs from the server; see storage.Prober.
func (s *Store) Probe(ctx context.Context) []storage.ProbeStep {
	out := []storage.ProbeStep{storage.Try("bucket", false, func() error { return s.bucketThere(ctx) })}
	if out[0].Err != nil {
		return out
	}
	out = append(out, storage.ProbeBlobs(ctx, s)...)
	if out[len(out)-1].Err != nil {
		return out
	}
	return append(out,
		storage.Try("conditional write", true, func() error { return s.probeCondition(ctx) }),
		storage.Try("upload in parts", false, func() error { return s.probeParts(ctx) }),
		storage.Try("list unfinished uploads", true, func() error { return s.probeUploads(ctx) }),
	)
}

var errUnconditional = errors.New("server ignores If-None-Match: an existing object may be written over (with the same bytes)")

// probeCondition writes a new object twice on the condition that it is new, and
// compares the clocks on the way.
func (s *Store) probeCondition(ctx context.Context) error {
	content := make([]byte, 32)
	rand.Read(content) // never fails
	d := document.DigestOf(content)
	key := s.key(storage.Derived, d)
	defer func() { _ = s.remove(context.WithoutCancel(ctx), key, minio.RemoveObjectOptions{}) }()
	opts := minio.PutObjectOptions{DisableContentSha256: true}
	opts.SetMatchETagExcept("*")
	put := func(ctx context.Context) error {
		_, err := s.core.PutObject(ctx, s.opts.Bucket, key, bytes.NewReader(content), int64(len(content)), "", d.Hex(), opts)
		return err
	}
	if err := s.try(ctx, 0, put); err != nil {
		return err
	}
	info, err := s.Stat(ctx, storage.Derived, d)
	if err != nil {
		return err
	}
	if skew := time.Since(info.Modified).Abs(); skew > maxSkew/3 {
		return fmt.Errorf("clocks of server and client differ by %v", skew.Round(time.Second))
	}
	err = s.try(ctx, 0, put)
	switch {
	case err == nil:
		return errUnconditional
	case answered(err, minio.PreconditionFailed):
		return nil
	default:
		return err
	}
}

// probeParts begins an upload, sends a part and aborts it.
func (s *Store) probeParts(ctx context.Context) error {
	content := make([]byte, 1024)
	rand.Read(content) // never fails
	p := &spool{bytes: bytes.NewReader(content), size: int64(len(content)), digest: document.DigestOf(content)}
	key := s.key(storage.Derived, p.digest)
	var id string
	err := s.try(ctx, 0, func(ctx context.Context) (err error) {
		id, err = s.core.NewMultipartUpload(ctx, s.opts.Bucket, key, minio.PutObjectOptions{})
		return err
	})
	if err != nil {
		return err
	}
	_, err = s.sendPart(ctx, key, id, 1, p, 0, p.size)
	return errors.Join(err, s.abort(ctx, key, id))
}

// probeUploads lists unfinished uploads, which SweepTemporary needs.
func (s *Store) probeUploads(ctx context.Context) error {
	return s.try(ctx, 0, func(ctx context.Context) error {
		_, err := s.core.ListMultipartUploads(ctx, s.opts.Bucket, "", "", "", "", 1)
		return err
	})
}
