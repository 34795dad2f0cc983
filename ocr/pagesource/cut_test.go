package pagesource

import (
	"bytes"
	"context"
	"errors"
	"os"
	"strings"
	"testing"

	"onewindow/document"
	"onewindow/ocr"
)

// cutTo cuts a file into another.
func cutTo(t testing.TB, path string, first, last int) (string, error) {
	t.Helper()
	to := in(t, "part"+path[strings.LastIndexByte(path, '.'):])
	f, err := os.Create(to)
	if err != nil {
		t.Fatal(err)
	}
	err = source.Cut(context.Background(), path, first, last, f, ocr.OpenOptions{})
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	return to, err
}

func TestCut_TIFFKeepsThePagesAsTheyAre(t *testing.T) {
	for _, kind := range []string{"-c g4", "-c g4 -B -r 20", "-c lzw", "-c zip -8", "-c packbits -r 7", "-c none -B"} {
		t.Run(kind, func(t *testing.T) {
			var singles []string
			for i, w := range []int{200, 240, 280, 320} {
				singles = append(singles, scan(t, string(rune('a'+i))+".tif", w, 180, "-threshold", "50%", "-density", "200", "-units", "PixelsPerInch", "-compress", "Group4"))
			}
			batch := in(t, "batch.tif")
			tool(t, "tiffcp", append(append(strings.Fields(kind), singles...), batch)...)
			part, err := cutTo(t, batch, 2, 3)
			if err != nil {
				t.Fatal(err)
			}
			if facts := inspect(t, part); facts.Pages != 2 || facts.MediaType != "image/tiff" {
				t.Errorf("the part is %+v", facts)
			}
			for n := 1; n <= 2; n++ {
				same(t, pageOf(t, part, n).Image, oracle(t, singles[n]), 0)
				if dpi := pageOf(t, part, n).DPI; dpi != 200 {
					t.Errorf("page %d has %g dpi", n, dpi)
				}
			}
			if said := tool(t, "tiffinfo", "-D", part); bytes.Count(said, []byte("TIFF Directory")) != 2 { // libtiff reads it too
				t.Errorf("tiffinfo: %s", said)
			}
		})
	}
}

func TestCut_PDFKeepsPicturesAndTurns(t *testing.T) {
	var args []string
	for i, w := range []int{200, 240, 280, 320} {
		args = append(args, scan(t, string(rune('a'+i))+".tif", w, 180, "-depth", "8", "-density", "100", "-units", "PixelsPerInch", "-compress", "LZW"))
	}
	all, batch := in(t, "all.tif"), in(t, "batch.pdf")
	tool(t, "tiffcp", append(args, all)...)
	tool(t, "tiff2pdf", "-o", batch, all)
	turned := in(t, "turned.pdf")
	tool(t, "qpdf", "--rotate=90:3", batch, turned)
	part, err := cutTo(t, turned, 2, 3)
	if err != nil {
		t.Fatal(err)
	}
	tool(t, "qpdf", "--check", part)
	if facts := inspect(t, part); facts.Pages != 2 || facts.Repaired {
		t.Errorf("the part is %+v", facts)
	}
	for n := 1; n <= 2; n++ {
		same(t, pageOf(t, part, n).Image, pageOf(t, turned, n+1).Image, 0)
	}
}

func TestCut_SaysWhatCannotBeCut(t *testing.T) {
	png := scan(t, "a.png", 100, 100)
	if _, err := cutTo(t, png, 1, 1); !errors.Is(err, ocr.ErrUncuttable) {
		t.Errorf("a PNG: %v", err)
	}
	old := in(t, "old.tif")
	tool(t, "tiffcp", "-c", "none", scan(t, "b.tif", 100, 100, "-type", "grayscale", "-compress", "none"), old)
	if _, err := cutTo(t, old, 1, 2); err == nil {
		t.Error("pages that are not there were cut")
	}
	tool(t, "tiffset", "-s", "259", "6", old)
	if _, err := cutTo(t, old, 1, 1); !errors.Is(err, ocr.ErrUncuttable) {
		t.Errorf("older JPEG: %v", err)
	}
}

func FuzzCutTIFF(f *testing.F) {
	for _, kind := range []string{"-c g4", "-c none -B", "-c lzw -8"} {
		path := in(f, "seed.tif")
		one := scan(f, "one.tif", 90, 80, "-threshold", "50%", "-compress", "Group4")
		tool(f, "tiffcp", append(strings.Fields(kind), one, one, path)...)
		b, err := os.ReadFile(path)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		out, err := os.Create(t.TempDir() + "/part.tif")
		if err != nil {
			t.Fatal(err)
		}
		defer out.Close()
		limits := withDefaults(ocr.Limits{MaxPages: 50, MaxPixels: 1 << 20})
		if err := cutTIFF(memoryInput(context.Background(), b), 1, 1, out, limits); err != nil {
			return
		}
		// A page that could be shown can be shown still.
		if _, err := probeTIFF(memoryInput(context.Background(), b), limits); err != nil {
			return
		}
		part, err := os.ReadFile(out.Name())
		if err != nil {
			t.Fatal(err)
		}
		if _, err := probeTIFF(memoryInput(context.Background(), part), limits); err != nil {
			if _, refused := document.AsRefusal(err); refused {
				t.Errorf("the part is refused: %v", err)
			}
		}
	})
}
