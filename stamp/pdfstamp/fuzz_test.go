package pdfstamp_test

import (
	"bytes"
	"context"
	"image"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
	"time"

	"onewindow/document"
	"onewindow/stamp"
	"onewindow/stamp/pdfstamp"
	"onewindow/stamp/stamptest"
)

// seeds are small files with everything that is treated specially.
func seeds() [][]byte {
	small := stamptest.PDF(stamptest.Page{Media: stamptest.Box(0, 0, 300, 400), Rotate: 90, Content: "q 1 0 0 rg 9 9 90 90 re f (text) Tj Q"})
	return [][]byte{small, active(), signed(), sheets()["many pages"]}
}

// attempt stamps content and checks that there is a copy if and only if there is no
// error, and that errors are refusals.
func attempt(t *testing.T, s stamp.Stamper, content []byte) (out string, ok bool) {
	t.Helper()
	dir := t.TempDir()
	in := filepath.Join(dir, "in.pdf")
	out = filepath.Join(dir, "out.pdf")
	if err := os.WriteFile(in, content, 0o600); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	report, err := s.Stamp(ctx, in, out, mark(), stamp.DefaultTemplate())
	if err != nil {
		if _, refused := document.AsRefusal(err); !refused {
			t.Errorf("Stamp = %v, want a refusal", err)
		}
		onlyInput(t, "refused", dir)
		return out, false
	}
	if report.Pages < 1 || !bytes.HasPrefix(read(t, out), []byte("%PDF-")) {
		t.Errorf("report %+v", report)
	}
	return out, true
}

// FuzzStamp mutates files and stamps them in memory.
func FuzzStamp(f *testing.F) {
	for _, s := range seeds() {
		f.Add(s)
	}
	s := newStamper(f, func(o *pdfstamp.Options) { o.RungTimeout = 5 * time.Second; o.QpdfPath = "/nonexistent" })
	f.Fuzz(func(t *testing.T, content []byte) { attempt(t, s, content) })
}

// TestW10_MutatedFiles sends broken files down the whole ladder and looks at every
// page that comes out.
func TestW10_MutatedFiles(t *testing.T) {
	s := newStamper(t, withPoppler, func(o *pdfstamp.Options) { o.RungTimeout = 5 * time.Second })
	dice := rand.New(rand.NewPCG(1, 2))
	all := seeds()
	stamped := 0
	for i := range 60 {
		out, ok := attempt(t, s, mutate(dice, all[i%len(all)]))
		if !ok {
			continue
		}
		stamped++
		for n, page := range stamptest.Render(t, out, dpi) {
			height := page.Rect.Dy()
			checkBand(t, n+1, stamptest.Part(page, image.Rect(0, height-min(bandPixels, height), page.Rect.Dx(), height)))
		}
		if t.Failed() {
			t.Fatalf("mutation %d", i)
		}
	}
	if stamped < 10 {
		t.Errorf("only %d of 60 files were stamped: this shows little", stamped)
	}
}

// mutate changes, drops, doubles or swaps a few pieces.
func mutate(dice *rand.Rand, content []byte) []byte {
	b := bytes.Clone(content)
	for range 1 + dice.IntN(6) {
		at, n := dice.IntN(len(b)), 1+dice.IntN(20)
		end := min(len(b), at+n)
		switch dice.IntN(4) {
		case 0:
			b[at] ^= byte(1 << dice.IntN(8))
		case 1:
			b = append(b[:at:at], b[end:]...)
		case 2:
			b = append(b[:end:end], b[at:]...)
		case 3:
			b[at] = "0123456789/<>[]() R"[dice.IntN(19)]
		}
		if len(b) == 0 {
			return content
		}
	}
	return b
}
