package noticepdf

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"onewindow/approval/notice"
)

// TestPrinter_ParagraphOverTwoPagesKeepsItsSize looks for text on the second page
// that is as small as the page number.
func TestPrinter_ParagraphOverTwoPagesKeepsItsSize(t *testing.T) {
	p, err := New()
	if err != nil {
		t.Fatal(err)
	}
	pdf, err := p.Print(notice.Notice{Title: "告知书", Number: "1", Content: notice.Content{Heading: "窗口", Before: []string{strings.Repeat("受理条件材料齐全", 200)}}}, "")
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "x.pdf")
	if err := os.WriteFile(path, pdf, 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command("pdftotext", "-bbox", "-f", "2", "-l", "2", path, "-").Output()
	if err != nil {
		t.Fatal(err)
	}
	words := regexp.MustCompile(`yMin="([0-9.]+)" xMax="[0-9.]+" yMax="([0-9.]+)">([^<]*受理[^<]*)<`).FindAllStringSubmatch(string(out), -1)
	for _, w := range words {
		top, _ := strconv.ParseFloat(w[1], 64)
		end, _ := strconv.ParseFloat(w[2], 64)
		if end-top < bodySize {
			t.Errorf("%.20q is %.1f points high, the body is set in %d", w[3], end-top, int(bodySize))
		}
	}
	if len(words) < 2 {
		t.Errorf("the second page has %d lines of the paragraph: %s", len(words), out)
	}
}
