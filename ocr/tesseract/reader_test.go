package tesseract

import (
	"errors"
	"image"
	"strings"
	"syscall"
	"testing"
	"time"

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
func TestReadsOnOneThread(t *testing.T) {
	e := open(t)
	defer e.Close()
	img, _ := ocrtest.Letter(t)
	start, before := time.Now(), used(t)
	if _, err := e.Recognize(t.Context(), img); err != nil {
		t.Fatal(err)
	}
	if cores := (used(t) - before).Seconds() / time.Since(start).Seconds(); cores > 1.25 {
		t.Errorf("a page kept %.2f cores busy, want one", cores)
	}
}

func used(t *testing.T) time.Duration {
	t.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		t.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
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
