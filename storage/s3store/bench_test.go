package s3store_test

import (
	"context"
	"fmt"
	"testing"

	"onewindow/internal/testserver"
	"onewindow/storage"
	"onewindow/storage/storagetest"
)

// BenchmarkPut measures Put, read-back included, from a stream that cannot seek.
func BenchmarkPut(b *testing.B) {
	for name, start := range map[string]func(testserver.TB) *testserver.S3Server{
		"versitygw": testserver.VersityGW, "minio": testserver.Minio} {
		server := start(b)
		for _, size := range []int64{200 << 10, 10 << 20, 300 << 20} {
			b.Run(fmt.Sprintf("%s/%dKB", name, size>>10), func(b *testing.B) { benchmarkPut(b, server, size) })
		}
	}
}

func benchmarkPut(b *testing.B, server *testserver.S3Server, size int64) {
	s := open(b, options(server, server.Bucket))
	b.SetBytes(size)
	for b.Loop() {
		info, err := s.Put(context.Background(), storage.Derived, storagetest.Content(1, size), storage.PutOptions{})
		if err != nil {
			b.Fatal(err)
		}
		if err := s.Delete(context.Background(), storage.Derived, info.Digest); err != nil {
			b.Fatal(err)
		}
	}
}
