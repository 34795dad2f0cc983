package tesseract

import (
	"errors"
	"image"
	"os"
	"strings"
	"testing"

	"onewindow/ocr/ocrtest"
)

func TestMissingLanguageIsSaid(t *testing.T) {
	_, err := New(Options{Languages: []string{"tlh_piqad"}})
	if !errors.Is(err, errNoLanguage) || !strings.Contains(err.Error(), "tlh_piqad") {
		t.Errorf("error %v, want one that names the missing language", err)
	}
	// A failed start must not spoil the next.
	e, err := New(Options{})
	if err != nil {
		t.Fatal(err)
	}
	e.Close()
}

// One page must not take the cores of others, whatever OMP_THREAD_LIMIT says.
// OpenMP would start three helpers for each thread that reads; Go itself needs
// none once it is warm.
func TestReadsOnOneThread(t *testing.T) {
	img, _ := ocrtest.Letter(t)
	part := img.(*image.RGBA).SubImage(image.Rect(280, 1240, 1600, 1330))
	warm := open(t) // Go has its own threads by now
	defer warm.Close()
	before := threads(t)
	for range 6 {
		e := open(t)
		done := make(chan error)
		go func() { // mostly another thread of the operating system than before
			_, err := e.Recognize(t.Context(), part)
			done <- err
		}()
		if err := <-done; err != nil {
			t.Fatal(err)
		}
		e.Close()
	}
	// Each helper pool has three threads; Go may add a few of its own.
	if after := threads(t); after-before >= 6 {
		t.Errorf("%d threads before reading, %d after six pages: OpenMP is at work", before, after)
	}
}

func threads(t *testing.T) int {
	t.Helper()
	tasks, err := os.ReadDir("/proc/self/task")
	if err != nil {
		t.Fatal(err)
	}
	return len(tasks)
}

// Clients are renewed without a change in what is read.
func TestRecycling(t *testing.T) {
	e, err := New(Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	img, _ := ocrtest.Letter(t)
	part := img.(*image.RGBA).SubImage(image.Rect(280, 1240, 1600, 1330))
	first, err := e.Recognize(t.Context(), part)
	if err != nil {
		t.Fatal(err)
	}
	e.reader.reads = recycleAfter
	old := e.reader.client
	again, err := e.Recognize(t.Context(), part)
	if err != nil {
		t.Fatal(err)
	}
	if e.reader.client == old {
		t.Error("the client was not renewed")
	}
	if first.Text() != again.Text() || first.Blank {
		t.Errorf("read %q, after renewal %q", first.Text(), again.Text())
	}
}
