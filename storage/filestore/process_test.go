package filestore_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"strings"
	"syscall"
	"testing"
	"time"

	"onewindow/document"
	"onewindow/storage"
	"onewindow/storage/filestore"
	"onewindow/storage/storagetest"
)

// The test binary becomes another process on the same folder when these are set.
const (
	childRoot = "ONEWINDOW_FILESTORE_ROOT"
	childWork = "ONEWINDOW_FILESTORE_WORK" // "stall" or "many"
)

const manyBlobs = 40

func TestMain(m *testing.M) {
	if root := os.Getenv(childRoot); root != "" {
		if err := beChild(root, os.Getenv(childWork)); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

func beChild(root, work string) error {
	s, err := filestore.Open(root, filestore.Options{})
	if err != nil {
		return err
	}
	if work == "stall" {
		body := io.MultiReader(storagetest.Content(1, 1<<20), stalling{})
		_, err := s.Put(context.Background(), storage.Originals, body, storage.PutOptions{})
		return err
	}
	for i := range byte(manyBlobs) {
		_, err := s.Put(context.Background(), storage.Originals, storagetest.Content(i, 20_000), storage.PutOptions{})
		if err != nil {
			return err
		}
	}
	return nil
}

// stalling says that it was reached and never returns.
type stalling struct{}

func (stalling) Read([]byte) (int, error) {
	fmt.Println("stalled")
	time.Sleep(time.Hour)
	return 0, io.EOF
}

func child(root, work string) *exec.Cmd {
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), childRoot+"="+root, childWork+"="+work)
	cmd.Stderr = os.Stderr
	return cmd
}

// abandon lets another process begin a Put and kills it in the middle.
func abandon(t *testing.T, root string) {
	t.Helper()
	cmd := child(root, "stall")
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	word := make([]byte, 8)
	n, err := out.Read(word)
	if !strings.HasPrefix(string(word[:n]), "stalled") {
		t.Fatalf("child said %q, %v", word[:n], err)
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait() // killed
}

func TestSeveralProcessesShareOneFolder(t *testing.T) {
	root := t.TempDir()
	const processes = 4
	children := make([]*exec.Cmd, processes)
	for i := range children {
		children[i] = child(root, "many") // all make the folders and the same blobs
		if err := children[i].Start(); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range children {
		if err := c.Wait(); err != nil {
			t.Errorf("child: %v", err)
		}
	}
	place := placeIn(t, root)
	n := 0
	err := place.Blobs.List(t.Context(), storage.Originals, func(info storage.BlobInfo) error {
		n++
		_, err := storage.Reread(t.Context(), place.Blobs, info.Class, info.Digest)
		return err
	})
	if err != nil || n != manyBlobs {
		t.Errorf("%d blobs, %v; want %d", n, err, manyBlobs)
	}
	if left := strangers(t, root); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

// limitFileSize makes writes beyond size fail with EFBIG in this process.
func limitFileSize(t *testing.T, size uint64) {
	t.Helper()
	var old syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_FSIZE, &old); err != nil {
		t.Fatal(err)
	}
	signal.Ignore(syscall.SIGXFSZ) // else the kernel kills us
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: size, Max: old.Max}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &old); err != nil {
			t.Error(err)
		}
		signal.Reset(syscall.SIGXFSZ)
	})
}

func TestFileTooLargeForTheSystemIsFull(t *testing.T) {
	limitFileSize(t, 1<<20)
	place := placeIn(t, t.TempDir())
	_, err := place.Blobs.Put(t.Context(), storage.Derived, storagetest.Content(1, 2<<20), storage.PutOptions{})
	if !errors.Is(err, storage.ErrFull) {
		t.Errorf("got %v, want full", err)
	}
	if left := place.Leftovers(t); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

func TestReserveIsLeftFree(t *testing.T) {
	root := t.TempDir()
	s, err := filestore.Open(root, filestore.Options{Reserve: 1 << 60})
	if err != nil {
		t.Fatal(err)
	}
	_, err = s.Put(t.Context(), storage.Derived, strings.NewReader("x"), storage.PutOptions{})
	if !errors.Is(err, storage.ErrFull) {
		t.Errorf("got %v, want full", err)
	}
}

func TestV2_12_OriginalsAreReadOnlyFiles(t *testing.T) {
	root := t.TempDir()
	place := placeIn(t, root)
	info, err := place.Blobs.Put(t.Context(), storage.Originals, strings.NewReader("原件"), storage.PutOptions{})
	if err != nil {
		t.Fatal(err)
	}
	st, err := os.Stat(pathOf(root, storage.Originals, info.Digest))
	if err != nil || st.Mode().Perm() != 0o400 {
		t.Errorf("mode %v, %v; want 0400", st.Mode(), err)
	}
	b, err := os.ReadFile(pathOf(root, storage.Originals, info.Digest))
	if err != nil || document.DigestOf(b) != info.Digest {
		t.Errorf("the file is not the plain bytes: %v", err)
	}
}
