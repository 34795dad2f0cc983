package s3store

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/minio/minio-go/v7"

	"onewindow/document"
	"onewindow/storage"
)

// Delete removes a derived blob; see storage.Blobs.
func (s *Store) Delete(ctx context.Context, class storage.Class, d document.Digest) error {
	if err := check(ctx, class, d); err != nil {
		return fmt.Errorf("delete blob: %w", err)
	}
	if class == storage.Originals {
		return fmt.Errorf("delete blob: %w", storage.ErrWriteOnce)
	}
	if err := s.remove(ctx, s.key(class, d), minio.RemoveObjectOptions{}); err != nil {
		return fmt.Errorf("delete blob: %w", err)
	}
	return nil
}

// remove deletes an object; S3 does not mind if it is not there.
func (s *Store) remove(ctx context.Context, key string, opts minio.RemoveObjectOptions) error {
	err := s.try(ctx, 0, func(ctx context.Context) error {
		return s.core.RemoveObject(ctx, s.opts.Bucket, key, opts)
	})
	if errors.Is(err, storage.ErrNotFound) {
		return nil
	}
	return err
}

// Purge destroys an original (G.8) with all its versions. What the server keeps
// on its disks, in replicas and in backups is beyond the protocol; those need
// the operator's own procedure. Errors: storage.ErrNotFound.
func (s *Store) Purge(ctx context.Context, d document.Digest) error {
	if err := check(ctx, storage.Originals, d); err != nil {
		return fmt.Errorf("purge blob: %w", err)
	}
	key := s.key(storage.Originals, d)
	versions, err := s.versions(ctx, key)
	if err != nil {
		return fmt.Errorf("purge blob: %w", err)
	}
	if len(versions) == 0 {
		_, err := s.head(ctx, storage.Originals, d)
		if err != nil {
			return fmt.Errorf("purge blob: %w", err)
		}
		versions = []string{""} // a server that cannot list versions
	}
	for _, version := range versions {
		opts := minio.RemoveObjectOptions{VersionID: version, GovernanceBypass: version != ""}
		if err := s.remove(ctx, key, opts); err != nil {
			return fmt.Errorf("purge blob: %w", err)
		}
	}
	return nil
}

// versions returns the versions of a key, delete markers included: removing the
// newest alone would leave the older bytes readable. Without versioning there
// is one, named "null" or "".
func (s *Store) versions(ctx context.Context, key string) ([]string, error) {
	var out []string
	err := s.try(ctx, 0, func(ctx context.Context) error {
		out = nil
		objects := s.core.ListObjectsIter(ctx, s.opts.Bucket,
			minio.ListObjectsOptions{Prefix: key, WithVersions: true, Recursive: true})
		for object := range objects {
			if object.Err != nil {
				return object.Err
			}
			if object.Key == key {
				out = append(out, object.VersionID)
			}
		}
		return ctx.Err()
	})
	if answered(err, "NotImplemented") {
		return nil, nil
	}
	return out, err
}

// SweepTemporary aborts uploads in parts that were begun longer than age ago and
// returns how many. Spool files need no sweep: they have no name.
func (s *Store) SweepTemporary(ctx context.Context, age time.Duration) (int, error) {
	limit := time.Now().Add(-age)
	var old []minio.ObjectMultipartInfo
	err := s.try(ctx, 0, func(ctx context.Context) error {
		old = nil
		// Listed without a prefix: MinIO takes one only if it is a whole key.
		for upload := range s.core.ListIncompleteUploads(ctx, s.opts.Bucket, "", true) {
			if upload.Err != nil {
				return upload.Err
			}
			if s.isOurs(upload.Key) && upload.Initiated.Before(limit) {
				old = append(old, upload)
			}
		}
		return ctx.Err()
	})
	if err != nil {
		return 0, fmt.Errorf("sweep unfinished uploads: %w", err)
	}
	for i, upload := range old {
		if err := s.abort(ctx, upload.Key, upload.UploadID); err != nil {
			return i, fmt.Errorf("sweep unfinished uploads: %w", err)
		}
	}
	return len(old), nil
}

// isOurs keeps other people's uploads in a shared bucket alive.
func (s *Store) isOurs(key string) bool {
	return strings.HasPrefix(key, s.classPrefix(storage.Originals)) ||
		strings.HasPrefix(key, s.classPrefix(storage.Derived))
}
