package pdfstamp_test

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"onewindow/stamp"
	"onewindow/stamp/scanpdf"
	"onewindow/stamp/stamptest"
)

// manual is a text file of n pages, as offices print them.
func manual(n int) []byte {
	dice := rand.New(rand.NewPCG(3, 4))
	var f stamptest.File
	f.Add("")
	f.Add("")
	f.Add("<</Font<</F<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>")
	var kids strings.Builder
	for i := range n {
		var c strings.Builder
		fmt.Fprintf(&c, "BT /F 10 Tf 12 TL 60 780 Td (Page %d) Tj T*\n", i+1)
		for range 55 {
			c.WriteByte('(')
			for range 70 {
				c.WriteByte("abcdefghijklmnopqrstuvwxyz     "[dice.IntN(31)])
			}
			c.WriteString(") Tj T*\n")
		}
		c.WriteString("ET\n")
		content := f.AddStream("", []byte(c.String()))
		fmt.Fprintf(&kids, "%d 0 R ", f.Add(fmt.Sprintf("<</Type/Page/Parent 2 0 R/Resources 3 0 R/Contents %d 0 R>>", content)))
	}
	f.Set(1, "<</Type/Catalog/Pages 2 0 R>>")
	f.Set(2, fmt.Sprintf("<</Type/Pages/Count %d/MediaBox[0 0 595.276 841.89]/Kids[%s]>>", n, kids.String()))
	return f.Bytes()
}

// scans writes a file of n pages with a colour scan of the given size each.
func scans(tb testing.TB, path string, n, width, height, quality int) {
	tb.Helper()
	img := image.NewRGBA(image.Rect(0, 0, width, height))
	dice := rand.New(rand.NewPCG(5, 6))
	for i := range img.Pix {
		img.Pix[i] = 200 + byte(dice.IntN(56))
	}
	for y := 0; y < height; y += 40 {
		for x := range width {
			img.Set(x, y, color.Black)
		}
	}
	var picture bytes.Buffer
	if err := jpeg.Encode(&picture, img, &jpeg.Options{Quality: quality}); err != nil {
		tb.Fatal(err)
	}
	f, err := os.Create(path)
	if err != nil {
		tb.Fatal(err)
	}
	w := scanpdf.NewWriter(f)
	for range n {
		err := w.Add(scanpdf.Page{Width: 595.276, Height: 841.89, Pictures: []scanpdf.Picture{{
			Box: [4]float64{0, 0, 595.276, 841.89}, Width: width, Height: height, Bits: 8, Space: "DeviceRGB", Filter: "DCTDecode",
			Data: bytes.NewReader(picture.Bytes()),
		}}})
		if err != nil {
			tb.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		tb.Fatal(err)
	}
	f.Close()
}

// overlay times qpdf laying one page over all, the yardstick of the requirement.
func overlay(tb testing.TB, in, page, out string) time.Duration {
	tb.Helper()
	start := time.Now()
	if b, err := exec.Command("qpdf", in, "--overlay", page, "--repeat=1", "--", out).CombinedOutput(); err != nil {
		tb.Fatalf("%v: %.300s", err, b)
	}
	return time.Since(start)
}

// BenchmarkStamp1000Pages prints the time as a ratio of qpdf --overlay, which only
// lays a page over the others: required is at most 1.5.
func BenchmarkStamp1000Pages(b *testing.B) {
	dir := b.TempDir()
	text, pictures := filepath.Join(dir, "text.pdf"), filepath.Join(dir, "pictures.pdf")
	if err := os.WriteFile(text, manual(1000), 0o600); err != nil {
		b.Fatal(err)
	}
	scans(b, pictures, 1000, 400, 566, 50)
	page := filepath.Join(dir, "page.pdf")
	s, streamed := newStamper(b), newStamper(b, throughQpdf)
	if _, err := stamp.Preview(b.Context(), s, page, mark(), stamp.DefaultTemplate()); err != nil {
		b.Fatal(err)
	}
	for _, bm := range []struct {
		name, in string
		s        stamp.Stamper
	}{{"text", text, s}, {"scans", pictures, s}, {"text-streamed", text, streamed}} {
		b.Run(bm.name, func(b *testing.B) {
			var ours, theirs time.Duration
			out := filepath.Join(dir, "out.pdf")
			for b.Loop() {
				theirs += overlay(b, bm.in, page, out)
				start := time.Now()
				if _, err := bm.s.Stamp(b.Context(), bm.in, out, mark(), stamp.DefaultTemplate()); err != nil {
					b.Fatal(err)
				}
				ours += time.Since(start)
			}
			b.ReportMetric(ours.Seconds()/theirs.Seconds(), "x-qpdf-overlay")
			b.ReportMetric(1000*float64(b.N)/ours.Seconds(), "pages/s")
		})
	}
}

// childEnv makes the test binary stamp one file and report its own memory.
const childEnv = "ONEWINDOW_TEST_STAMP"

func TestMain(m *testing.M) {
	if args := os.Getenv(childEnv); args != "" {
		os.Exit(stampInChild(args))
	}
	os.Exit(m.Run())
}

func stampInChild(args string) int {
	in, out, _ := strings.Cut(args, "\n")
	s, err := newChildStamper()
	if err == nil {
		_, err = s.Stamp(context.Background(), in, out, mark(), stamp.DefaultTemplate())
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	var self, children syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &self)
	_ = syscall.Getrusage(syscall.RUSAGE_CHILDREN, &children)
	fmt.Println(self.Maxrss, children.Maxrss) // KB on Linux
	return 0
}

// TestLargeScanStaysSmall stamps a 300 MB scan: together with qpdf it may take
// 200 MB (issue, "Numbers").
func TestLargeScanStaysSmall(t *testing.T) {
	dir := t.TempDir()
	in, out := filepath.Join(dir, "in.pdf"), filepath.Join(dir, "out.pdf")
	scans(t, in, 100, 2000, 2829, 94)
	info, err := os.Stat(in)
	if err != nil {
		t.Fatal(err)
	}
	if info.Size() < 290<<20 {
		t.Fatalf("the scan has only %d MB", info.Size()>>20)
	}
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), childEnv+"="+in+"\n"+out)
	start := time.Now()
	b, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, b)
	}
	var self, children int
	if _, err := fmt.Sscan(string(b), &self, &children); err != nil {
		t.Fatalf("%s: %v", b, err)
	}
	t.Logf("%d MB in %.1f s, memory %d MB and qpdf %d MB", info.Size()>>20, time.Since(start).Seconds(), self>>10, children>>10)
	if (self+children)>>10 > 200 {
		t.Errorf("memory %d MB and qpdf %d MB, want 200 together", self>>10, children>>10)
	}
	if n := stamptest.Pages(t, out); n != 100 {
		t.Errorf("%d pages", n)
	}
}
