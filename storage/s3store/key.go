package s3store

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"

	"github.com/minio/minio-go/v7"

	"onewindow/document"
	"onewindow/storage"
)

func (s *Store) classPrefix(class storage.Class) string {
	return s.opts.Prefix + string(class) + "/"
}

func (s *Store) key(class storage.Class, d document.Digest) string {
	name := d.Hex()
	return s.classPrefix(class) + name[:2] + "/" + name
}

// parseKey tells whether a key is that of a blob; foreign objects are not ours
// to judge.
func (s *Store) parseKey(class storage.Class, key string) (document.Digest, bool) {
	d, err := document.ParseDigest(key[strings.LastIndexByte(key, '/')+1:])
	return d, err == nil && s.key(class, d) == key
}

func infoOf(class storage.Class, d document.Digest, o minio.ObjectInfo) storage.BlobInfo {
	return storage.BlobInfo{Class: class, Digest: d, Size: o.Size, Modified: o.LastModified.UTC()}
}

var errNoDigest = errors.New("no digest given")

func check(ctx context.Context, class storage.Class, d document.Digest) error {
	if d.IsZero() {
		return errNoDigest
	}
	return checkClass(ctx, class)
}

// checkClass refuses a class that would become a key of its own.
func checkClass(ctx context.Context, class storage.Class) error {
	if class != storage.Originals && class != storage.Derived {
		return fmt.Errorf("unknown class %q", class)
	}
	if ctx.Err() != nil {
		return fmt.Errorf("%w: %w", ctx.Err(), context.Cause(ctx))
	}
	return nil
}

// The labels are user metadata of the object. HTTP headers hold ASCII only, so
// the values are percent-encoded.
const (
	filenameLabel  = "Onewindow-Filename"
	mediaTypeLabel = "Onewindow-Media-Type"
	// maxLabel keeps all metadata below the 2 KB that S3 allows.
	maxLabel = 1500
)

func labelled(opts storage.PutOptions) minio.PutObjectOptions {
	out := minio.PutObjectOptions{UserMetadata: map[string]string{}}
	room := maxLabel
	for name, value := range map[string]string{filenameLabel: opts.Filename, mediaTypeLabel: opts.MediaType} {
		if encoded := url.PathEscape(value); encoded != "" && len(encoded) <= room {
			out.UserMetadata[name] = encoded
			room -= len(encoded)
		}
	}
	if !strings.ContainsFunc(opts.MediaType, func(r rune) bool { return r < ' ' || r > '~' }) {
		out.ContentType = opts.MediaType // for people who look with other tools
	}
	return out
}

func labelsOf(o minio.ObjectInfo) storage.Metadata {
	read := func(name string) string {
		value, err := url.PathUnescape(o.UserMetadata[name])
		if err != nil {
			return "" // not written by us
		}
		return value
	}
	return storage.Metadata{Filename: read(filenameLabel), MediaType: read(mediaTypeLabel)}
}
