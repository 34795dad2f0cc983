package workroom_test

import (
	"image"
	"os"
	"path/filepath"
	"testing"

	"onewindow/approval/notice"
	"onewindow/casework/notices/noticepdf"
	"onewindow/document"
	"onewindow/internal/sample"
	"onewindow/ocr"
	"onewindow/stamp/stamptest"
)

// TestP3_3_SheetsInAPDFAreFoundAndCutAway in the children that open foreign files.
func TestP3_3_SheetsInAPDFAreFoundAndCutAway(t *testing.T) {
	printer, err := noticepdf.New()
	if err != nil {
		t.Fatal(err)
	}
	sheet := document.Sheet{Case: "BJ430100202611270001", Pages: 2}
	pdf, err := printer.Covers([]notice.Cover{{Sheet: sheet}})
	if err != nil {
		t.Fatal(err)
	}
	cover := put(t, "cover.pdf", pdf)
	studio, err := sample.OpenStudio()
	if err != nil {
		t.Fatal(err)
	}
	d := sample.Make("commitment-letter", sample.NewProject(1), 1)
	letter := studio.Images(d, 200)[0]
	tiff, err := sample.EncodeTIFF([]*image.RGBA{sample.Degrade(stamptest.Render(t, cover, 200)[0], sample.Turn180, 1, 1), letter, letter}, 200, sample.TIFFG4)
	if err != nil {
		t.Fatal(err)
	}
	in := filepath.Join(t.TempDir(), "batch.pdf")
	tool(t, "tiff2pdf", "-o", in, put(t, "batch.tif", tiff))

	room := newRoom(t, nil)
	seen, err := room.LookForSheets(t.Context(), in, 1, 3, ocr.OpenOptions{})
	if err != nil || len(seen) != 3 || seen[0].Sheet == nil || *seen[0].Sheet != sheet || seen[1].Sheet != nil || seen[1].Blank {
		t.Fatalf("seen %+v, %v", seen, err)
	}
	// The printed file itself, whose pages have text of their own, is a sheet too.
	if seen, err := room.LookForSheets(t.Context(), cover, 1, 1, ocr.OpenOptions{}); err != nil || seen[0].Sheet == nil {
		t.Errorf("the file that was printed: %+v, %v", seen, err)
	}
	out := filepath.Join(t.TempDir(), "part.pdf")
	if ok, err := room.CutPages(t.Context(), in, 2, 3, out, ocr.OpenOptions{}); !ok || err != nil {
		t.Fatal(ok, err)
	}
	facts, err := room.Inspect(t.Context(), out, ocr.OpenOptions{})
	if err != nil || facts.Pages != 2 {
		t.Fatalf("the part is %+v, %v", facts, err)
	}
	whole, err := os.Stat(in)
	if err != nil {
		t.Fatal(err)
	}
	if part, err := os.Stat(out); err != nil || part.Size() > whole.Size() {
		t.Errorf("two pages of three have %d bytes of %d: coded anew", part.Size(), whole.Size())
	}
	page, err := room.ReadPage(t.Context(), out, 1, "", ocr.OpenOptions{})
	if err != nil || dense(page.Text()) == "" {
		t.Errorf("the part reads %q, %v", page.Text(), err)
	}
	if ok, err := room.CutPages(t.Context(), put(t, "x.txt", []byte("x")), 1, 1, out, ocr.OpenOptions{}); ok || err == nil {
		t.Errorf("a text was cut: %v, %v", ok, err)
	}
}
