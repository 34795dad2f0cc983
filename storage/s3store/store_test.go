package s3store_test

import (
	"bytes"
	"io"
	"strings"
	"testing"

	"github.com/minio/minio-go/v7"

	"onewindow/document"
	"onewindow/internal/testserver"
	"onewindow/storage"
	"onewindow/storage/s3store"
	"onewindow/storage/storagetest"
)

const prefix = "some/where/" // every test runs below a prefix in a shared bucket

func TestBlobsOnVersityGW(t *testing.T) { runBlobs(t, testserver.StartVersityGW, 32<<20) }

func TestBlobsOnMinio(t *testing.T) { runBlobs(t, testserver.StartMinio, 256<<20) }

// runBlobs runs the conformance suite on one server with a bucket per test.
func runBlobs(t *testing.T, start func(testserver.S3Options) (*testserver.S3Server, error), small int64) {
	server := testserver.S3With(t, start, testserver.S3Options{})
	storagetest.RunBlobs(t, storagetest.BlobDriver{
		Open: func(t *testing.T) storagetest.Place {
			bucket, err := server.NewBucket()
			if err != nil {
				t.Fatal(err)
			}
			return placeOn(t, server, bucket)
		},
		Small: func(t *testing.T) storagetest.SmallPlace { return smallPlace(t, start, small) },
	})
}

func options(server *testserver.S3Server, bucket string) s3store.Options {
	return s3store.Options{
		Endpoint: "http://" + server.Endpoint, Bucket: bucket, Region: server.Region, Prefix: prefix,
		AccessKey: server.AccessKey, SecretKey: server.SecretKey}
}

func open(t testing.TB, opts s3store.Options) *s3store.Store {
	t.Helper()
	s, err := s3store.Open(opts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s
}

func placeOn(t *testing.T, server *testserver.S3Server, bucket string) storagetest.Place {
	t.Helper()
	client, err := server.Client()
	if err != nil {
		t.Fatal(err)
	}
	behind := behind{minio.Core{Client: client}, bucket}
	spool := t.TempDir()
	opts := options(server, bucket)
	opts.SpoolDir = spool
	return storagetest.Place{
		Blobs:     open(t, opts),
		Damage:    behind.damage,
		Abandon:   behind.abandon,
		Leftovers: func(t *testing.T) []string { return append(behind.strangers(t), filesIn(t, spool)...) },
	}
}

// behind looks at a bucket behind the driver's back.
type behind struct {
	core   minio.Core
	bucket string
}

func keyOf(class storage.Class, d document.Digest) string {
	return prefix + string(class) + "/" + d.Hex()[:2] + "/" + d.Hex()
}

// damage writes other bytes under the same key: a bad copy tool, a bad disk
// below a server that does not notice.
func (b behind) damage(t *testing.T, class storage.Class, d document.Digest, how func([]byte) []byte) {
	t.Helper()
	key := keyOf(class, d)
	body, _, _, err := b.core.GetObject(t.Context(), b.bucket, key, minio.GetObjectOptions{})
	if err != nil {
		t.Fatal(err)
	}
	old, err := io.ReadAll(body)
	body.Close()
	if err != nil {
		t.Fatal(err)
	}
	b.write(t, key, how(old))
}

func (b behind) write(t *testing.T, key string, content []byte) {
	t.Helper()
	_, err := b.core.Client.PutObject(t.Context(), b.bucket, key, bytes.NewReader(content), int64(len(content)), minio.PutObjectOptions{})
	if err != nil {
		t.Fatal(err)
	}
}

// abandon begins an upload in parts, as a process does that is killed then.
func (b behind) abandon(t *testing.T) {
	t.Helper()
	d := document.DigestOf([]byte("never finished"))
	id, err := b.core.NewMultipartUpload(t.Context(), b.bucket, keyOf(storage.Originals, d), minio.PutObjectOptions{})
	if err != nil {
		t.Fatal(err)
	}
	part := make([]byte, 5<<20)
	_, err = b.core.PutObjectPart(t.Context(), b.bucket, keyOf(storage.Originals, d), id, 1,
		bytes.NewReader(part), int64(len(part)), minio.PutObjectPartOptions{})
	if err != nil {
		t.Fatal(err)
	}
}

// strangers lists unfinished uploads and objects that are no blobs.
func (b behind) strangers(t *testing.T) []string {
	t.Helper()
	var out []string
	for upload := range b.core.ListIncompleteUploads(t.Context(), b.bucket, "", true) {
		if upload.Err != nil {
			t.Fatal(upload.Err)
		}
		out = append(out, "upload of "+upload.Key)
	}
	for object := range b.core.ListObjectsIter(t.Context(), b.bucket, minio.ListObjectsOptions{Recursive: true}) {
		if object.Err != nil {
			t.Fatal(object.Err)
		}
		d, err := document.ParseDigest(object.Key[strings.LastIndex(object.Key, "/")+1:])
		if err != nil || object.Key != keyOf(storage.Originals, d) && object.Key != keyOf(storage.Derived, d) {
			out = append(out, object.Key)
		}
	}
	return out
}
