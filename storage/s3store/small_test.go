package s3store_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"

	"onewindow/internal/testserver"
	"onewindow/storage"
	"onewindow/storage/storagetest"
)

// smallPlace is a server whose disk has size bytes. Where none can be mounted, a
// proxy before a real server answers as MinIO does when its disk is full.
func smallPlace(t *testing.T, start func(testserver.S3Options) (*testserver.S3Server, error), size int64) storagetest.SmallPlace {
	small := storagetest.SmallPlace{Fits: 2 << 20, Beyond: 2 * size}
	disk, err := testserver.StartSmallDisk(size)
	if errors.Is(err, testserver.ErrNoSmallDisk) {
		t.Logf("limiting the room in a proxy instead: %v", err)
		small.Place = limitedPlace(t, start, size)
		return small
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := disk.Stop(); err != nil {
			t.Error(err)
		}
	})
	server := testserver.S3With(t, start, testserver.S3Options{Data: filepath.Join(disk.Folder, "objects")})
	small.Place = placeOn(t, server, server.Bucket)
	return small
}

func limitedPlace(t *testing.T, start func(testserver.S3Options) (*testserver.S3Server, error), size int64) storagetest.Place {
	server := testserver.S3With(t, start, testserver.S3Options{})
	place := placeOn(t, server, server.Bucket)
	opts := options(server, server.Bucket)
	opts.Endpoint = fullProxy(t, server, size)
	place.Blobs = open(t, opts)
	return place
}

// TestFullBehindAProxy holds the driver to the same suite test behind the proxy, so
// that the way out above is known to work.
func TestFullBehindAProxy(t *testing.T) {
	place := limitedPlace(t, testserver.StartVersityGW, 1<<20)
	_, err := place.Blobs.Put(t.Context(), storage.Originals, storagetest.Content(1, 2<<20), storage.PutOptions{})
	if !errors.Is(err, storage.ErrFull) {
		t.Errorf("got %v, want full", err)
	}
	_, err = place.Blobs.Put(t.Context(), storage.Originals, storagetest.Content(2, 80<<20), storage.PutOptions{})
	if !errors.Is(err, storage.ErrFull) {
		t.Errorf("got %v, want full", err)
	}
	if left := place.Leftovers(t); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

// fullProxy forwards to the server until size bytes were sent and then refuses
// bodies the way MinIO does.
func fullProxy(t *testing.T, server *testserver.S3Server, size int64) string {
	target, err := url.Parse("http://" + server.Endpoint)
	if err != nil {
		t.Fatal(err)
	}
	forward := httputil.NewSingleHostReverseProxy(target)
	var used atomic.Int64
	front := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPut && used.Load()+r.ContentLength > size {
			w.WriteHeader(http.StatusInsufficientStorage)
			_, _ = w.Write([]byte(`<?xml version="1.0" encoding="UTF-8"?><Error><Code>XMinioStorageFull</Code>` +
				`<Message>Storage backend has reached its minimum free drive threshold.</Message></Error>`))
			return
		}
		used.Add(max(r.ContentLength, 0))
		forward.ServeHTTP(w, r)
	}))
	t.Cleanup(front.Close)
	return front.URL
}

func filesIn(t *testing.T, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, e := range entries {
		out = append(out, e.Name())
	}
	return out
}
