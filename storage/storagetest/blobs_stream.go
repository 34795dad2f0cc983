package storagetest

import (
	"io"
	"os"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"strconv"
	"sync"
	"testing"
	"time"

	"onewindow/document"
	"onewindow/storage"
)

// SizeVariable is the environment variable with the size in bytes of the
// streaming test; "make chaos" sets it beyond 5 GiB, the limit of a single PUT.
const SizeVariable = "ONEWINDOW_STREAM_BYTES"

const (
	streamBytes = 64<<20 + 4321 // beyond the size s3store sends in one piece
	// heapBound is far below streamBytes: buffers and uncollected garbage.
	heapBound = 24 << 20
)

func testStreams(t *testing.T, p Place) {
	size := int64(streamBytes)
	if s := os.Getenv(SizeVariable); s != "" {
		var err error
		if size, err = strconv.ParseInt(s, 10, 64); err != nil {
			t.Fatalf("%s: %v", SizeVariable, err)
		}
	}
	want, _, err := document.DigestReader(Content(90, size))
	if err != nil {
		t.Fatal(err)
	}
	var info storage.BlobInfo
	begin := time.Now()
	peak := peakHeap(func() {
		info, err = p.Blobs.Put(t.Context(), storage.Originals, Content(90, size), storage.PutOptions{Size: size})
	})
	putTook := time.Since(begin)
	if err != nil || info.Digest != want || info.Size != size {
		t.Fatalf("put: %+v, %v; want %v", info, err, want)
	}
	begin = time.Now()
	readPeak := peakHeap(func() { _, err = storage.Reread(t.Context(), p.Blobs, storage.Originals, want) })
	readTook := time.Since(begin)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d MiB: put %.0f MiB/s, heap +%d MiB; read %.0f MiB/s, heap +%d MiB",
		size>>20, rate(size, putTook), peak>>20, rate(size, readTook), readPeak>>20)
	if peak > heapBound || readPeak > heapBound {
		t.Errorf("heap grew by %d MiB putting and %d MiB reading, bound %d", peak>>20, readPeak>>20, heapBound>>20)
	}
	readTail(t, p, want, size)
}

// readTail reads the last bytes of a large blob, which must not need the rest.
func readTail(t *testing.T, p Place, d document.Digest, size int64) {
	r, err := p.Blobs.Open(t.Context(), storage.Originals, d)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if _, err := r.Seek(-100, io.SeekEnd); err != nil {
		t.Fatal(err)
	}
	begin := time.Now()
	if b, err := io.ReadAll(r); err != nil || len(b) != 100 {
		t.Errorf("tail: %d bytes, %v", len(b), err)
	}
	if took := time.Since(begin); took > 2*time.Second {
		t.Errorf("reading 100 bytes took %v", took)
	}
}

func rate(size int64, took time.Duration) float64 {
	return float64(size) / (1 << 20) / took.Seconds()
}

// peakHeap runs fn and returns by how many bytes the heap grew at most.
func peakHeap(fn func()) int64 {
	runtime.GC()
	debug.FreeOSMemory()
	base, peak := heapBytes(), int64(0)
	done := make(chan struct{})
	var wg sync.WaitGroup
	wg.Go(func() {
		for {
			peak = max(peak, heapBytes()-base)
			select {
			case <-done:
				return
			case <-time.After(2 * time.Millisecond):
			}
		}
	})
	fn()
	close(done)
	wg.Wait()
	return peak
}

func heapBytes() int64 {
	sample := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	metrics.Read(sample)
	return int64(sample[0].Value.Uint64())
}
