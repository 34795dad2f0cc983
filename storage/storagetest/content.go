package storagetest

import (
	"bytes"
	"io"
	"math/rand/v2"
)

// Content yields size bytes that no compression or deduplication can shorten,
// the same for the same seed.
func Content(seed byte, size int64) io.Reader {
	return io.LimitReader(rand.NewChaCha8([32]byte{seed}), size)
}

// contentBytes is Content in memory.
func contentBytes(seed byte, size int64) []byte {
	b := make([]byte, size)
	_, _ = io.ReadFull(Content(seed, size), b) // ChaCha8 never fails
	return b
}

// reader hides everything of a bytes.Reader but Read, as a network body does.
func reader(b []byte) io.Reader { return struct{ io.Reader }{bytes.NewReader(b)} }

// failingReader yields left bytes and then does stop.
type failingReader struct {
	src  io.Reader
	left int
	stop func() error // its error is returned; nil means go on
}

func (r *failingReader) Read(p []byte) (int, error) {
	if r.left <= 0 {
		if err := r.stop(); err != nil {
			return 0, err
		}
	}
	if r.left > 0 && len(p) > r.left {
		p = p[:r.left]
	}
	n, err := r.src.Read(p)
	r.left -= n
	return n, err
}
