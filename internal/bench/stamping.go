package bench

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"onewindow/internal/bench/figure"
	"onewindow/internal/procfs"
	"onewindow/internal/sample"
	"onewindow/internal/workroom"
	"onewindow/stamp"
)

const (
	stampGoal  = 1.5
	memoryGoal = 200 << 20 // bytes
)

// stamping is what the stamping measurements share.
type stamping struct {
	b    *bench
	dir  string
	room *workroom.Room
	mark stamp.Mark
}

// measureStamp marks long files in a child, as the service does, beside qpdf
// laying an equal picture over the same files.
func measureStamp(ctx context.Context, b *bench) error {
	dir, err := makeFolder(filepath.Join(b.dir, "stamp"))
	if err != nil {
		return err
	}
	room, err := workroom.New(ctx, workroom.Config{Scratch: dir, PageChildren: 1, StampChildren: 1})
	if err != nil {
		return fmt.Errorf("open room: %w", err)
	}
	defer room.Close()
	s := &stamping{b: b, dir: dir, room: room, mark: stamp.SampleMark("http://127.0.0.1:8080")}
	if err := s.againstQpdf(ctx); err != nil {
		return err
	}
	return s.large(ctx)
}

// contest is one file marked by us and by qpdf.
type contest struct {
	name       string
	megabytes  float64
	method     string
	ours, qpdf time.Duration // medians
}

func (c contest) ratio() float64 { return c.ours.Seconds() / c.qpdf.Seconds() }

func (s *stamping) againstQpdf(ctx context.Context) error {
	files, err := s.longFiles()
	if err != nil {
		return err
	}
	overlay, err := s.overlay(ctx)
	if err != nil {
		return err
	}
	var contests []contest
	for _, f := range files {
		s.b.report.step("stamp: %s", f.name)
		c, err := s.contest(ctx, f.path, overlay)
		if err != nil {
			return fmt.Errorf("%s: %w", f.name, err)
		}
		c.name = f.name
		contests = append(contests, c)
	}
	s.report(contests)
	return nil
}

// longFile is a file of many pages.
type longFile struct{ name, path string }

// longFiles are papers written by a program and a scan, of as many pages.
func (s *stamping) longFiles() ([]longFile, error) {
	n := s.b.stampPages
	s.b.report.step("stamp: making files of %d pages", n)
	var docs []sample.Document
	kinds := sample.MainResults()
	for i := 0; i < n; i++ {
		d := sample.Make(kinds[i%len(kinds)], sample.NewProject(uint64(i%20)), uint64(i))
		d.Pages = d.Pages[:1]
		docs = append(docs, d)
	}
	typed := longFile{fmt.Sprintf("%d pages of text", n), filepath.Join(s.dir, "typed.pdf")}
	if err := os.WriteFile(typed.path, s.b.studio.PDF(sample.Bind(false, docs...)), 0o600); err != nil {
		return nil, fmt.Errorf("write sample: %w", err)
	}
	page, err := grayJPEG(s.b.studio.Image(docs[0].Pages[0], 100), 100, 40)
	if err != nil {
		return nil, err
	}
	scanned := longFile{fmt.Sprintf("%d scanned pages", n), filepath.Join(s.dir, "scanned.pdf")}
	_, err = filePictures(scanned.path, n, func(int) picture { return page })
	return []longFile{typed, scanned}, err
}

// overlay is an empty page with our mark on it, for qpdf to lay over others.
func (s *stamping) overlay(ctx context.Context) (string, error) {
	path := filepath.Join(s.dir, "overlay.pdf")
	if _, err := stamp.Preview(ctx, s.room, path, s.mark, stamp.DefaultTemplate()); err != nil {
		return "", fmt.Errorf("make overlay: %w", err)
	}
	return path, nil
}

// contest marks a file by turns. The first turn of ours loads and is not counted.
func (s *stamping) contest(ctx context.Context, path, overlay string) (contest, error) {
	info, err := os.Stat(path)
	if err != nil {
		return contest{}, fmt.Errorf("stat file: %w", err)
	}
	c := contest{megabytes: float64(info.Size()) / 1e6}
	var ours, qpdf []time.Duration
	for i := range s.b.stampRounds + 1 {
		took, report, err := s.stamp(ctx, path)
		if err != nil {
			return c, err
		}
		if report.Pages != s.b.stampPages {
			return c, fmt.Errorf("%d of %d pages were marked", report.Pages, s.b.stampPages)
		}
		c.method = report.Method
		other, err := s.qpdf(ctx, path, overlay)
		if err != nil {
			return c, err
		}
		if i > 0 {
			ours, qpdf = append(ours, took), append(qpdf, other)
		}
	}
	c.ours, c.qpdf = figure.Median(ours), figure.Median(qpdf)
	return c, nil
}

func (s *stamping) stamp(ctx context.Context, path string) (time.Duration, stamp.Report, error) {
	out := filepath.Join(s.dir, "ours.pdf")
	began := time.Now()
	report, err := s.room.Stamp(ctx, path, out, s.mark, stamp.DefaultTemplate())
	if err != nil {
		return 0, report, fmt.Errorf("stamp: %w", err)
	}
	return time.Since(began), report, os.Remove(out)
}

func (s *stamping) qpdf(ctx context.Context, path, overlay string) (time.Duration, error) {
	out := filepath.Join(s.dir, "qpdf.pdf")
	began := time.Now()
	cmd := exec.CommandContext(ctx, "qpdf", path, "--overlay", overlay, "--from=", "--repeat=1", "--", out)
	if said, err := cmd.CombinedOutput(); err != nil {
		return 0, fmt.Errorf("qpdf: %w: %s", err, said)
	}
	return time.Since(began), os.Remove(out)
}

func (s *stamping) report(contests []contest) {
	worst := contests[0]
	var got []string
	var rows [][]string
	for _, c := range contests {
		if c.ratio() > worst.ratio() {
			worst = c
		}
		got = append(got, fmt.Sprintf("%.2f × for %s", c.ratio(), c.name))
		rows = append(rows, []string{c.name, fmt.Sprintf("%.1f MB", c.megabytes), c.method, milliseconds(c.ours), milliseconds(c.qpdf), fmt.Sprintf("%.2f", c.ratio())})
	}
	s.b.report.goal(goal{
		what: fmt.Sprintf("Stamping %d pages, of the time of `qpdf --overlay`", s.b.stampPages),
		want: "≤ 1.5 ×", got: strings.Join(got, ", "), met: worst.ratio() <= stampGoal, missed: fmt.Sprintf(" by %.2f ×", worst.ratio()-stampGoal),
	})
	s.b.report.table(table{
		title:  "Stamping beside qpdf",
		header: []string{"file", "size", "rung", "ours", "qpdf --overlay", "ratio"}, rows: rows,
		note: "Ours includes handing the file to a warm child, the durable copy (fsync) and taking it back; qpdf writes without fsync. Medians.",
	})
	if worst.ratio() > stampGoal {
		s.b.report.why("**Stamping.** %s take %.2f × the time of qpdf on the rung %s: %s instead of %s.",
			worst.name, worst.ratio(), worst.method, milliseconds(worst.ours), milliseconds(worst.qpdf))
	}
}

// large marks one large scan and watches the memory of the children.
func (s *stamping) large(ctx context.Context) error {
	s.b.report.step("stamp: a scan of %d MB", s.b.scanMB)
	doc := sample.Make("rd-construction-permit", sample.NewProject(1), 1)
	page, err := colourJPEG(sample.Degrade(s.b.studio.Image(doc.Pages[0], 300), sample.Noise, 0.5, 1), 300, 92)
	if err != nil {
		return err
	}
	path := filepath.Join(s.dir, "large.pdf")
	pages := s.b.scanMB * 1_000_000 / len(page.data)
	size, err := filePictures(path, pages+1, func(int) picture { return page })
	if err != nil {
		return err
	}
	if err := s.room.Close(); err != nil { // a child that marked other files has grown with them
		return fmt.Errorf("close room: %w", err)
	}
	if s.room, err = workroom.New(ctx, workroom.Config{Scratch: s.dir, PageChildren: 1, Spare: -1, StampChildren: 1}); err != nil {
		return fmt.Errorf("open room: %w", err)
	}
	defer s.room.Close()
	if _, err := s.room.Status(ctx); err != nil { // compiling has a child of its own
		return fmt.Errorf("open room: %w", err)
	}
	stop := procfs.WatchDescendants(os.Getpid())
	took, report, err := s.stamp(ctx, path)
	peak := stop()
	if err != nil {
		return err
	}
	s.b.report.goal(goal{
		what: fmt.Sprintf("Peak memory for stamping a scan of %d MB", size/1_000_000),
		want: "≤ 200 MB", got: fmt.Sprintf("%d MB (%d pages, %s, rung %s)", peak.Largest>>20, report.Pages, took.Round(100*time.Millisecond), report.Method),
		met: peak.Largest <= memoryGoal, missed: fmt.Sprintf(" by %d MB", (peak.Largest-memoryGoal)>>20),
	})
	s.b.report.table(table{title: "Memory of stamping a large scan", header: []string{"what", "peak"}, rows: [][]string{
		{"largest process (VmHWM)", fmt.Sprintf("%d MiB", peak.Largest>>20)},
		{"child and qpdf together (sampled; shared pages count twice)", fmt.Sprintf("%d MiB", peak.Sum>>20)},
	}})
	if peak.Largest > memoryGoal {
		s.b.report.why("**Memory.** The largest process of the marking held %d MiB.", peak.Largest>>20)
	}
	return nil
}
