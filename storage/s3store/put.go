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

const (
	// singlePut is the size up to which one PUT is used: it is atomic, can be
	// conditional, and the server checks one SHA-256 over all of it.
	singlePut = 64 << 20
	// lookFirst is the size from which asking whether a blob is there already
	// is cheaper than sending it in vain.
	lookFirst = 1 << 20
)

// Put stores what r yields; see storage.Blobs. It returns after the object was
// read back from the server and matched. If the answer to the last call of an
// upload is lost, the blob may be visible although Put failed; it is then whole.
func (s *Store) Put(ctx context.Context, class storage.Class, r io.Reader, opts storage.PutOptions) (storage.BlobInfo, error) {
	if err := checkClass(ctx, class); err != nil {
		return storage.BlobInfo{}, fmt.Errorf("put blob: %w", err)
	}
	p, err := s.spool(ctx, r)
	if err != nil {
		return storage.BlobInfo{}, fmt.Errorf("put blob: %w", err)
	}
	defer p.close()
	if err := opts.Verify(p.digest, p.size); err != nil {
		return storage.BlobInfo{}, fmt.Errorf("put blob: %w", err)
	}
	info, err := s.store(ctx, class, p, opts)
	if err != nil {
		return storage.BlobInfo{}, fmt.Errorf("put blob: %w", err)
	}
	return info, nil
}

// store uploads unless a sound object is there, and reads back.
func (s *Store) store(ctx context.Context, class storage.Class, p *spool, opts storage.PutOptions) (storage.BlobInfo, error) {
	if p.size >= lookFirst {
		info, err := s.readBack(ctx, class, p.digest)
		if err == nil {
			return info, nil
		}
		if !errors.Is(err, storage.ErrNotFound) && !errors.Is(err, storage.ErrDamaged) {
			return storage.BlobInfo{}, err
		}
		if errors.Is(err, storage.ErrDamaged) {
			return s.replace(ctx, class, p, opts)
		}
	}
	if err := s.upload(ctx, s.key(class, p.digest), p, labelled(opts), true); err != nil {
		return storage.BlobInfo{}, err
	}
	info, err := s.readBack(ctx, class, p.digest)
	if errors.Is(err, storage.ErrDamaged) {
		return s.replace(ctx, class, p, opts)
	}
	return info, err
}

// replace writes over an object whose bytes are wrong: the new ones are those
// its name promises. If even they come back wrong, the object is taken away.
func (s *Store) replace(ctx context.Context, class storage.Class, p *spool, opts storage.PutOptions) (storage.BlobInfo, error) {
	if err := s.upload(ctx, s.key(class, p.digest), p, labelled(opts), false); err != nil {
		return storage.BlobInfo{}, err
	}
	info, err := s.readBack(ctx, class, p.digest)
	if errors.Is(err, storage.ErrDamaged) {
		err = errors.Join(err, s.remove(ctx, s.key(class, p.digest), minio.RemoveObjectOptions{}))
	}
	return info, err
}

// readBack reads the object to its end and returns what the store holds.
func (s *Store) readBack(ctx context.Context, class storage.Class, d document.Digest) (storage.BlobInfo, error) {
	r, err := s.Open(ctx, class, d)
	if err != nil {
		return storage.BlobInfo{}, err
	}
	defer r.Close()
	if _, err := io.CopyBuffer(struct{ io.Writer }{io.Discard}, r, make([]byte, copyBuffer)); err != nil {
		return storage.BlobInfo{}, fmt.Errorf("read back: %w", err)
	}
	return r.Info(), nil
}

// upload sends the object; onlyNew leaves an existing one untouched.
func (s *Store) upload(ctx context.Context, key string, p *spool, labels minio.PutObjectOptions, onlyNew bool) error {
	if p.size > singlePut {
		return s.uploadParts(ctx, key, p, labels)
	}
	opts := labels
	// The digest is signed and checked by the server. Without this switch the
	// client would sign chunk by chunk over plain HTTP and ignore the digest.
	opts.DisableContentSha256 = true
	if onlyNew {
		opts.SetMatchETagExcept("*") // If-None-Match: *
	}
	err := s.try(ctx, p.size, func(ctx context.Context) error {
		_, err := s.core.PutObject(ctx, s.opts.Bucket, key, p.section(0, p.size), p.size, "", p.digest.Hex(), opts)
		return err
	})
	switch {
	case onlyNew && answered(err, minio.PreconditionFailed):
		return nil // somebody was faster, or an answer was lost and we came again
	case onlyNew && answered(err, "NotImplemented"):
		// A server without conditional writes. Writing over the same bytes
		// costs nothing but the object's date.
		return s.upload(ctx, key, p, labels, false)
	case err != nil:
		return fmt.Errorf("upload: %w", err)
	}
	return nil
}

// abortTime bounds the clean-up after a failed upload, which also happens when
// the caller's context is over.
const abortTime = 10 * time.Second
