package workroom_test

import (
	"bytes"
	"context"
	"image"
	_ "image/jpeg"
	_ "image/png"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/disintegration/imaging"

	"onewindow/document"
	"onewindow/internal/sample"
	"onewindow/internal/workroom"
	"onewindow/ocr"
)

func TestMain(m *testing.M) {
	workroom.Main()
	os.Exit(m.Run())
}

// cache is shared by the tests of a run: compiling takes seconds.
var cache = sync.OnceValue(func() string {
	dir, err := os.UserCacheDir()
	if err != nil {
		panic(err)
	}
	return filepath.Join(dir, "onewindow", "wasm")
})

func newRoom(t *testing.T, change func(*workroom.Config)) *workroom.Room {
	t.Helper()
	cfg := workroom.Config{Scratch: t.TempDir(), Cache: cache(), PageChildren: 1, StampChildren: 1, Spare: -1}
	if change != nil {
		change(&cfg)
	}
	r, err := workroom.New(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := r.Close(); err != nil {
			t.Error(err)
		}
		if left, _ := filepath.Glob(filepath.Join(cfg.Scratch, "*")); len(left) > 0 {
			t.Errorf("left behind: %v", left)
		}
	})
	return r
}

var studio = sync.OnceValues(sample.OpenStudio)

// permit draws a construction permit.
func permit(t *testing.T) (*sample.Studio, sample.Document) {
	t.Helper()
	s, err := studio()
	if err != nil {
		t.Fatal(err)
	}
	return s, sample.Make("rd-construction-permit", sample.NewProject(7), 7)
}

func put(t *testing.T, name string, content []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// scan writes the permit as a scanner would, turned clockwise by turn degrees.
func scan(t *testing.T, turn int) string {
	t.Helper()
	s, d := permit(t)
	var img image.Image = s.Image(d.Pages[0], 200)
	for range turn / 90 {
		img = imaging.Rotate270(img)
	}
	var b bytes.Buffer
	if err := imaging.Encode(&b, img, imaging.PNG); err != nil {
		t.Fatal(err)
	}
	return put(t, "扫描件.png", b.Bytes())
}

// permitClause is print that every engine reads.
const permitClause = "建设行政主管部门可以对本证进行查验"

const permitTitle = "建筑工程施工许可证"

func squeeze(s string) string { return strings.Join(strings.Fields(s), "") }

func TestScanIsReadByBothEngines(t *testing.T) {
	path := scan(t, 0)
	r := newRoom(t, nil)
	facts, err := r.Inspect(t.Context(), path, ocr.OpenOptions{})
	if err != nil || facts.MediaType != "image/png" || facts.Pages != 1 {
		t.Fatalf("facts %+v, %v", facts, err)
	}
	for _, engine := range workroom.Engines() {
		page, err := r.ReadPage(t.Context(), path, 1, engine, ocr.OpenOptions{})
		if err != nil {
			t.Fatalf("%s: %v", engine, err)
		}
		if !strings.HasPrefix(page.Engine, engine) || page.Source != document.SourceOCR || page.Number != 1 {
			t.Errorf("%s: page %d of %s by %s", engine, page.Number, page.Source, page.Engine)
		}
		if !strings.Contains(squeeze(page.Text()), permitClause) {
			t.Errorf("%s did not read the clause:\n%s", engine, page.Text())
		}
	}
	if _, err := r.ReadPage(t.Context(), path, 1, "abbyy", ocr.OpenOptions{}); err == nil {
		t.Error("an unknown engine was accepted")
	}
}

func TestTextLayerNeedsNoEngine(t *testing.T) {
	s, d := permit(t)
	r := newRoom(t, nil)
	reading, err := r.Read(t.Context(), workroom.ReadTask{Path: put(t, "a.pdf", s.PDF(d)), Page: 1})
	if err != nil {
		t.Fatal(err)
	}
	if reading.Page.Source != document.SourceTextLayer || reading.Page.Engine != "" || reading.Page.Number != 1 {
		t.Errorf("page %d of %s by %q", reading.Page.Number, reading.Page.Source, reading.Page.Engine)
	}
	if !strings.Contains(squeeze(reading.Page.Text()), permitTitle) {
		t.Errorf("no title:\n%s", reading.Page.Text())
	}
}

func TestTurnedScanIsDrawnUpright(t *testing.T) {
	r := newRoom(t, nil)
	dst := filepath.Join(t.TempDir(), "page.jpg")
	path := scan(t, 90)
	reading, err := r.Read(t.Context(), workroom.ReadTask{Path: path, Page: 1, Picture: dst, MaxPixels: 500_000})
	if err != nil {
		t.Fatal(err)
	}
	p := reading.Page
	if p.Rotation != 270 {
		t.Fatalf("turned by %d", p.Rotation)
	}
	want := float64(p.Width) / float64(p.Height)
	for n, dst := range []string{dst, filepath.Join(t.TempDir(), "again.png")} {
		if n == 1 {
			task := workroom.PictureTask{Path: path, Page: 1, Turn: p.Rotation, Picture: dst, MaxPixels: 500_000}
			if _, err := r.PageImage(t.Context(), task); err != nil {
				t.Fatal(err)
			}
		}
		img, err := imaging.Open(dst)
		if err != nil {
			t.Fatal(err)
		}
		b := img.Bounds()
		if got := float64(b.Dx()) / float64(b.Dy()); got < want*0.99 || got > want*1.01 || b.Dx()*b.Dy() > 500_000 {
			t.Errorf("picture %v of a page of %d x %d", b, p.Width, p.Height)
		}
	}
}

func TestPagesOfOneFileAreOpenedOnce(t *testing.T) {
	s, d := permit(t)
	long := d
	for range 5 {
		long.Pages = append(long.Pages, d.Pages...)
	}
	path := put(t, "long.pdf", s.PDF(long))
	r := newRoom(t, func(c *workroom.Config) { c.PageChildren = 2 })
	var opened int
	for n := range long.Pages {
		reading, err := r.Read(t.Context(), workroom.ReadTask{Path: path, Page: n + 1})
		if err != nil {
			t.Fatalf("page %d: %v", n+1, err)
		}
		t.Logf("page %d: %+v", n+1, reading.Timing)
		if reading.Timing.Open.Milliseconds() > 0 {
			opened++
		}
	}
	if opened != 1 {
		t.Errorf("opened %d times", opened)
	}
	stats, err := r.Stats(t.Context())
	if err != nil || stats["page"].Started != 1 {
		t.Errorf("stats %+v, %v", stats, err)
	}
}

func TestSpareChildIsWarm(t *testing.T) {
	r := newRoom(t, func(c *workroom.Config) { c.Spare = 1 })
	for {
		stats, err := r.Stats(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if s := stats["page"]; s.Running == 1 && s.Busy == 0 {
			break
		}
		time.Sleep(20 * time.Millisecond)
	}
	s, d := permit(t)
	began := time.Now()
	facts, err := r.Inspect(t.Context(), put(t, "a.pdf", s.PDF(d)), ocr.OpenOptions{})
	t.Logf("first inspection after %v: %+v", time.Since(began), facts)
	if stats, _ := r.Stats(t.Context()); err != nil || stats["page"].Started != 1 {
		t.Fatalf("stats %+v, %v", stats, err)
	}
}

func TestChildrenWorkSideBySide(t *testing.T) {
	r := newRoom(t, func(c *workroom.Config) { c.PageChildren = 2 })
	path := scan(t, 0)
	var wg sync.WaitGroup
	for range 6 {
		wg.Go(func() {
			page, err := r.ReadPage(t.Context(), path, 1, "", ocr.OpenOptions{})
			if err != nil || !strings.Contains(squeeze(page.Text()), permitTitle) {
				t.Errorf("%v:\n%s", err, page.Text())
			}
		})
	}
	wg.Wait()
	stats, err := r.Stats(t.Context())
	if err != nil || stats["page"].Started != 2 || stats["page"].Calls != 6 {
		t.Errorf("stats %+v, %v", stats, err)
	}
	t.Logf("peak of a child: %d MiB", stats["page"].Peak>>20)
}

func TestCancelledCallTellsWhy(t *testing.T) {
	r := newRoom(t, nil)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := r.Inspect(ctx, scan(t, 0), ocr.OpenOptions{}); err == nil || ctx.Err() == nil {
		t.Fatalf("error %v", err)
	}
}

func TestG8_ForgottenFileLeavesNoTrace(t *testing.T) {
	scratch := t.TempDir()
	r := newRoom(t, func(c *workroom.Config) { c.Scratch = scratch })
	path := scan(t, 0)
	if _, err := r.ReadPage(t.Context(), path, 1, "", ocr.OpenOptions{}); err != nil {
		t.Fatal(err)
	}
	traces := func() []string {
		var out []string
		_ = filepath.WalkDir(scratch, func(p string, e os.DirEntry, err error) error {
			if err == nil && e.Type().IsRegular() {
				out = append(out, p)
			}
			return nil
		})
		return out
	}
	if len(traces()) == 0 {
		t.Fatal("nothing is staged; the test proves nothing")
	}
	r.Forget(path)
	if left := traces(); len(left) > 0 {
		t.Fatalf("left: %v", left)
	}
}
