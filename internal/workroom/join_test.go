package workroom_test

import (
	"path/filepath"
	"strings"
	"testing"

	"onewindow/document"
	"onewindow/internal/sample"
	"onewindow/ocr"
)

// TestJoin_PagesComeInOrderAndStayAsTheyAre joins two PDFs and a picture in the child
// that opens foreign files.
func TestJoin_PagesComeInOrderAndStayAsTheyAre(t *testing.T) {
	studio, err := sample.OpenStudio()
	if err != nil {
		t.Fatal(err)
	}
	scanned := func(kind string) string {
		t.Helper()
		b, err := studio.Scan(sample.Make(kind, sample.NewProject(1), 1), sample.ScanOptions{})
		if err != nil {
			t.Fatal(err)
		}
		return put(t, kind+".pdf", b)
	}
	jpeg := filepath.Join(t.TempDir(), "page.jpg")
	tool(t, "pdftoppm", "-jpeg", "-singlefile", "-r", "200", scanned("power-of-attorney"), strings.TrimSuffix(jpeg, ".jpg"))
	room := newRoom(t, nil)
	out := filepath.Join(t.TempDir(), "joined.pdf")
	pages, err := room.Join(t.Context(), []string{scanned("commitment-letter"), jpeg, scanned("rd-business-licence")}, out)
	if err != nil || pages != 3 {
		t.Fatalf("joined %d pages: %v", pages, err)
	}
	for n, want := range []string{"承诺书", "委托书", "营业执照"} {
		page, err := room.ReadPage(t.Context(), out, n+1, "", ocr.OpenOptions{})
		if err != nil || !strings.Contains(dense(page.Text()), want) {
			t.Errorf("page %d reads %.60q, want %s: %v", n+1, dense(page.Text()), want, err)
		}
	}
	for name, bad := range map[string]string{"no file of pages": put(t, "x.txt", []byte("no pages")), "a torn PDF": put(t, "y.pdf", []byte("%PDF-1.7\n1 0 obj"))} {
		if _, err := room.Join(t.Context(), []string{jpeg, bad}, filepath.Join(t.TempDir(), "o.pdf")); err == nil {
			t.Errorf("%s was joined", name)
		} else if _, refused := document.AsRefusal(err); !refused {
			t.Errorf("%s: %v is no word for people", name, err)
		}
	}
}
