package workroom_test

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"onewindow/document"
	"onewindow/internal/sample"
	"onewindow/ocr"
)

// searchableOf reads a file and makes its searchable copy.
func searchableOf(t *testing.T, name string, file []byte) (string, []document.Page) {
	t.Helper()
	room := newRoom(t, nil)
	in := put(t, name, file)
	facts, err := room.Inspect(t.Context(), in, ocr.OpenOptions{})
	if err != nil {
		t.Fatal(err)
	}
	var pages []document.Page
	for n := 1; n <= facts.Pages; n++ {
		p, err := room.ReadPage(t.Context(), in, n, "", ocr.OpenOptions{})
		if err != nil {
			t.Fatal(err)
		}
		pages = append(pages, p)
	}
	out := filepath.Join(t.TempDir(), "searchable.pdf")
	if err := room.LayText(t.Context(), in, pages, "doc_1/1", "施工许可证 <副本>", out, ocr.OpenOptions{}); err != nil {
		t.Fatal(err)
	}
	return out, pages
}

func tool(t *testing.T, name string, args ...string) string {
	t.Helper()
	cmd := exec.Command(name, args...)
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Run(); err != nil {
		t.Fatalf("%s %v: %v\n%s", name, args, err, errs.String())
	}
	said := strings.ReplaceAll(errs.String(), "warning: ICC support is not available", "") // of Debian's MuPDF itself
	if strings.Contains(said, "rror") || strings.Contains(said, "arning") {
		t.Errorf("%s %v complains: %s", name, args, errs.String())
	}
	return out.String()
}

func dense(s string) string { return strings.Join(strings.Fields(s), "") }

// TestSearchableFileHasTheTextWhereThePrintIs reads the file with Poppler and
// MuPDF: every line can be found, and stands where it was read.
func TestSearchableFileHasTheTextWhereThePrintIs(t *testing.T) {
	s, doc := permit(t)
	// Fed upside down, so that the picture must be turned.
	scan, err := s.Scan(doc, sample.ScanOptions{DPI: 150, Damage: []sample.Degradation{{Kind: sample.Turn180, Strength: 1}}})
	if err != nil {
		t.Fatal(err)
	}
	out, pages := searchableOf(t, "scan.pdf", scan)
	poppler := dense(tool(t, "pdftotext", "-enc", "UTF-8", out, "-"))
	mupdf := dense(tool(t, "mutool", "draw", "-q", "-F", "txt", out))
	for _, p := range pages {
		for _, l := range p.Lines {
			if !strings.Contains(poppler, dense(l.Text)) {
				t.Errorf("Poppler does not find %q", l.Text)
			}
			if !strings.Contains(mupdf, dense(l.Text)) {
				t.Errorf("MuPDF does not find %q", l.Text)
			}
		}
	}
	checkPlaces(t, out, pages[0])
	if p := pages[0]; p.Rotation != 180 {
		t.Errorf("the page was turned by %d", p.Rotation)
	}
}

var bboxLine = regexp.MustCompile(`(?s)<word xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">([^<]*)</word>`)

// checkPlaces holds the boxes of words that are whole lines against the lines.
func checkPlaces(t *testing.T, file string, p document.Page) {
	t.Helper()
	html := tool(t, "pdftotext", "-bbox", "-enc", "UTF-8", file, "-")
	size := regexp.MustCompile(`<page width="([\d.]+)" height="([\d.]+)">`).FindStringSubmatch(html)
	if size == nil {
		t.Fatalf("no page in %s", html[:200])
	}
	width, _ := strconv.ParseFloat(size[1], 64)
	scale := float64(p.Width) / width
	boxes := map[string][][4]float64{}
	for _, m := range bboxLine.FindAllStringSubmatch(html, -1) {
		var b [4]float64
		for i := range b {
			v, _ := strconv.ParseFloat(m[i+1], 64)
			b[i] = v * scale
		}
		boxes[m[5]] = append(boxes[m[5]], b)
	}
	compared := 0
	for _, l := range p.Lines {
		if strings.ContainsAny(l.Text, " <>&\"'") || l.Box.Height() > l.Box.Width() {
			continue
		}
		for _, b := range boxes[l.Text] {
			compared++
			near := false
			for _, other := range p.Lines { // the same words may stand twice
				if other.Text != l.Text {
					continue
				}
				ok := true
				for i := range b {
					d := b[i] - other.Box[i]
					ok = ok && d < 0.35*other.Box.Height()+2 && d > -0.35*other.Box.Height()-2
				}
				near = near || ok
			}
			if !near {
				t.Errorf("%q is marked at %v, stands at %v", l.Text, b, l.Box)
			}
		}
	}
	if compared < len(p.Lines)/3 {
		t.Errorf("only %d of %d lines could be compared", compared, len(p.Lines))
	}
}

// TestSearchableFileIsSoundPDFA checks the structure with independent tools, and
// what PDF/A-2b asks for beyond it.
func TestSearchableFileIsSoundPDFA(t *testing.T) {
	s, doc := permit(t)
	for name, o := range map[string]sample.ScanOptions{
		"colour": {DPI: 100}, "grey": {DPI: 100, Gray: true}, "fax": {DPI: 200, Codec: sample.G4},
	} {
		scan, err := s.Scan(doc, o)
		if err != nil {
			t.Fatal(err)
		}
		out, _ := searchableOf(t, name+".pdf", scan)
		if got := tool(t, "qpdf", "--check", out); !strings.Contains(got, "No syntax or stream encoding errors found") {
			t.Errorf("%s: qpdf: %s", name, got)
		}
		if fonts := tool(t, "pdffonts", out); !regexp.MustCompile(`Glyphless\s+CID TrueType\s+Identity-H\s+yes (yes|no)\s+yes`).MatchString(fonts) {
			t.Errorf("%s: the font is not embedded with Unicode:\n%s", name, fonts)
		}
		info := tool(t, "pdfinfo", out)
		if !strings.Contains(info, "施工许可证 <副本>") && !strings.Contains(tool(t, "pdfinfo", "-meta", out), "施工许可证 &lt;副本&gt;") {
			t.Errorf("%s: no title:\n%s", name, info)
		}
		meta := tool(t, "pdfinfo", "-meta", out)
		if !strings.Contains(meta, "<pdfaid:part>2</pdfaid:part><pdfaid:conformance>B</pdfaid:conformance>") {
			t.Errorf("%s: metadata does not claim PDF/A-2b: %s", name, meta)
		}
		plain := tool(t, "qpdf", "--qdf", "--object-streams=disable", out, "-")
		for _, want := range []string{"/GTS_PDFA1", "/DestOutputProfile", "/ID [", "acspAPPL"[:4]} {
			if !strings.Contains(plain, want) {
				t.Errorf("%s: lacks %s", name, want)
			}
		}
		for _, never := range []string{"/JavaScript", "/Encrypt", "/EmbeddedFiles", "/SMask", "/LZWDecode", "/AA "} {
			if strings.Contains(plain, never) {
				t.Errorf("%s: has %s", name, never)
			}
		}
		if images := tool(t, "pdfimages", "-list", out); name == "fax" && !regexp.MustCompile(`gray\s+1\s+1\s`).MatchString(images) {
			t.Errorf("a fax is not kept in two colours:\n%s", images)
		}
		drawn := filepath.Join(t.TempDir(), "page")
		tool(t, "pdftoppm", "-r", "30", "-png", "-f", "1", "-l", "1", out, drawn)
		if found, _ := filepath.Glob(drawn + "*.png"); len(found) != 1 {
			t.Errorf("%s: the page cannot be drawn", name)
		}
	}
}

// TestSearchableTIFFKeepsItsPages makes one PDF of a file with several pictures.
func TestSearchableTIFFKeepsItsPages(t *testing.T) {
	s, _ := permit(t)
	doc := sample.Make("rd-completion-record", sample.NewProject(7), 7)
	file, err := sample.EncodeTIFF(s.Shots(doc, sample.ScanOptions{DPI: 120}), 120, sample.TIFFLZW)
	if err != nil {
		t.Fatal(err)
	}
	out, pages := searchableOf(t, "scan.tiff", file)
	info := tool(t, "pdfinfo", out)
	if !strings.Contains(info, fmt.Sprintf("Pages:           %d\n", len(pages))) || !strings.Contains(info, "595") {
		t.Errorf("want %d pages of A4:\n%s", len(pages), info)
	}
	if stat, err := os.Stat(out); err != nil || stat.Size() > 3<<20 {
		t.Errorf("size %v, %v", stat, err)
	}
}

// An upright scan keeps the very picture of the scanner: nothing is lost by
// packing it twice.
func TestSearchableFileKeepsTheScannersPicture(t *testing.T) {
	s, doc := permit(t)
	scan, err := s.Scan(doc, sample.ScanOptions{DPI: 150})
	if err != nil {
		t.Fatal(err)
	}
	out, pages := searchableOf(t, "scan.pdf", scan)
	before, after := jpegOf(t, put(t, "again.pdf", scan)), jpegOf(t, out)
	if !bytes.Equal(before, after) {
		t.Errorf("the picture of %d bytes became another one of %d", len(before), len(after))
	}
	checkPlaces(t, out, pages[0])
}

// jpegOf takes the JPEG file of the first page out of a PDF.
func jpegOf(t *testing.T, path string) []byte {
	t.Helper()
	dir := t.TempDir()
	tool(t, "pdfimages", "-f", "1", "-l", "1", "-all", path, filepath.Join(dir, "p"))
	file, err := os.ReadFile(filepath.Join(dir, "p-000.jpg"))
	if err != nil {
		t.Fatal(err)
	}
	return file
}
