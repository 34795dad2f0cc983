package bench

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"onewindow/internal/bench/figure"
	"onewindow/internal/testserver"
	"onewindow/storage"
	"onewindow/storage/filestore"
	"onewindow/storage/s3store"
)

// smallBlob is the size of a page picture, in bytes.
const smallBlob = 200 << 10

// store is a place for blobs and its name.
type store struct {
	name string
	storage.Blobs
}

// measureBlobs puts files into every store, beside cp, sync and sha256sum.
func measureBlobs(ctx context.Context, b *bench) error {
	dir, err := makeFolder(filepath.Join(b.dir, "blobs"))
	if err != nil {
		return err
	}
	files, err := filestore.Open(filepath.Join(dir, "files"), filestore.Options{})
	if err != nil {
		return fmt.Errorf("open file store: %w", err)
	}
	stores := []store{{"filestore", files}}
	servers := []struct {
		name  string
		start func(testserver.S3Options) (*testserver.S3Server, error)
	}{{"versitygw", testserver.StartVersityGW}, {"minio", testserver.StartMinio}}
	for _, s := range servers {
		b.report.step("blobs: starting %s", s.name)
		server, err := s.start(testserver.S3Options{})
		if err != nil {
			return fmt.Errorf("start %s: %w", s.name, err)
		}
		defer server.Stop()
		opened, err := s3store.Open(s3store.Options{Endpoint: "http://" + server.Endpoint, Bucket: server.Bucket, Region: server.Region,
			AccessKey: server.AccessKey, SecretKey: server.SecretKey, SpoolDir: dir})
		if err != nil {
			return fmt.Errorf("open %s: %w", s.name, err)
		}
		stores = append(stores, store{"s3store on " + s.name, opened})
	}
	return b.compareStores(ctx, dir, stores)
}

func (b *bench) compareStores(ctx context.Context, dir string, stores []store) error {
	large := filepath.Join(dir, "large")
	if err := writeContent(large, int64(b.largeBlobMB)<<20); err != nil {
		return err
	}
	byHand, err := b.byHand(ctx, large)
	if err != nil {
		return err
	}
	handSmall, err := b.smallByHand(ctx, dir)
	if err != nil {
		return err
	}
	rows := [][]string{blobRow("cp, sync, sha256sum", int64(b.largeBlobMB)<<20, byHand, byHand, handSmall, handSmall)}
	for _, s := range stores {
		b.report.step("blobs: %s", s.name)
		took, err := b.putLarge(ctx, s, large)
		if err != nil {
			return fmt.Errorf("%s: %w", s.name, err)
		}
		each, err := b.putSmall(ctx, s)
		if err != nil {
			return fmt.Errorf("%s: %w", s.name, err)
		}
		rows = append(rows, blobRow(s.name, int64(b.largeBlobMB)<<20, took, byHand, each, handSmall))
	}
	b.report.table(table{
		title:  "Stores",
		header: []string{"store", fmt.Sprintf("one file of %d MiB", b.largeBlobMB), "of cp's speed", "one of 200 KiB", "of cp's time"},
		rows:   rows,
		note:   "Put is durable when it returns; s3store also spools the stream and reads the object back. `cp` is one shell that copies, syncs and takes SHA-256. Medians.",
	})
	return nil
}

func blobRow(name string, size int64, took, byHand, small, handSmall time.Duration) []string {
	return []string{name, fmt.Sprintf("%.0f MB/s", float64(size)/1e6/took.Seconds()), fmt.Sprintf("%.0f %%", 100*byHand.Seconds()/took.Seconds()),
		fmt.Sprintf("%.1f ms", float64(small.Microseconds())/1000), fmt.Sprintf("%.1f ×", small.Seconds()/handSmall.Seconds())}
}

func writeContent(path string, size int64) error { return writeSeeded(path, 1, size) }

// writeSeeded writes content of its own for each seed, and brings it to the disk.
func writeSeeded(path string, seed byte, size int64) error {
	f, err := os.Create(path)
	if err != nil {
		return fmt.Errorf("create file: %w", err)
	}
	defer f.Close()
	if _, err := io.Copy(f, noise(seed, size)); err != nil {
		return fmt.Errorf("write file: %w", err)
	}
	if err := f.Sync(); err != nil {
		return fmt.Errorf("write file: %w", err)
	}
	return f.Close()
}

// byHand is what a person would type.
func (b *bench) byHand(ctx context.Context, path string) (time.Duration, error) {
	return b.timed(func(int) error { return copyBySh(ctx, path) })
}

func copyBySh(ctx context.Context, path string) error {
	return runOn(ctx, path, `cp "$0" "$0.copy" && sync "$0.copy" && sha256sum "$0.copy" >/dev/null`)
}

// runOn runs a script that makes a copy of a file, which goes again.
func runOn(ctx context.Context, path, script string) error {
	defer os.Remove(path + ".copy")
	if out, err := exec.CommandContext(ctx, "/bin/sh", "-c", script, path).CombinedOutput(); err != nil {
		return fmt.Errorf("copy by hand: %w: %s", err, out)
	}
	return nil
}

func (b *bench) smallByHand(ctx context.Context, dir string) (time.Duration, error) {
	path := filepath.Join(dir, "small")
	if err := writeContent(path, smallBlob); err != nil {
		return 0, err
	}
	return b.byHand(ctx, path)
}

func (b *bench) putLarge(ctx context.Context, s store, path string) (time.Duration, error) {
	return b.timed(func(int) error {
		f, err := os.Open(path)
		if err != nil {
			return fmt.Errorf("open file: %w", err)
		}
		defer f.Close()
		info, err := s.Put(ctx, storage.Derived, f, storage.PutOptions{})
		if err != nil {
			return err
		}
		return s.Delete(ctx, storage.Derived, info.Digest)
	})
}

func (b *bench) putSmall(ctx context.Context, s store) (time.Duration, error) {
	var all []time.Duration
	for i := range b.smallBlobs {
		content, err := io.ReadAll(noise(byte(i), smallBlob))
		if err != nil {
			return 0, fmt.Errorf("make content: %w", err)
		}
		began := time.Now()
		if _, err := s.Put(ctx, storage.Derived, bytes.NewReader(content), storage.PutOptions{}); err != nil {
			return 0, err
		}
		all = append(all, time.Since(began))
	}
	return figure.Median(all), nil
}

// timed is the median time of do.
func (b *bench) timed(do func(n int) error) (time.Duration, error) {
	var all []time.Duration
	for n := range b.blobRounds {
		began := time.Now()
		if err := do(n); err != nil {
			return 0, err
		}
		all = append(all, time.Since(began))
	}
	return figure.Median(all), nil
}

// noise is content that nothing can compress, the same for the same seed.
func noise(seed byte, size int64) io.Reader {
	return io.LimitReader(rand.NewChaCha8([32]byte{seed}), size)
}
