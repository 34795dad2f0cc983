package bench

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"onewindow/internal/procfs"
	"onewindow/internal/sample"
)

// Goals of reading, pages a minute.
const (
	scansWanted = 120
	bornWanted  = 1500
	peersWanted = 5 // times as many as a peer
)

// peerScript runs the npm package that reading is compared with; `make bench`
// installs it.
const peerScript = "internal/bench/peer/ocr.mjs"

// contender is a program that reads the same pages.
type contender struct {
	name string
	args []string
}

// measureReading reads the same pages with this program and with its peers, one
// after the other in one run, models and all: A4 at 300 dpi, 600 characters each.
func measureReading(ctx context.Context, b *bench) error {
	b.report.step("reading: %d pages of 600 characters, with peers", b.readPages)
	doc := sample.Dense(b.readPages, 600, 4711)
	scan, err := b.studio.Scan(doc, sample.ScanOptions{DPI: 300})
	if err != nil {
		return fmt.Errorf("make scan: %w", err)
	}
	pdf := filepath.Join(b.dir, "dense.pdf")
	if err := os.WriteFile(pdf, scan, 0o600); err != nil {
		return fmt.Errorf("write scan: %w", err)
	}
	images, err := b.pageFiles(doc)
	if err != nil {
		return err
	}
	own := contender{"onewindow", []string{b.Binary, "process", "--json", "--as", "material", "--searchable=false", "--out", filepath.Join(b.dir, "out"), pdf}}
	peers := []contender{
		{"ocrmypdf -l chi_sim", []string{"ocrmypdf", "-l", "chi_sim", "--output-type", "pdf", "--jobs", fmt.Sprint(b.workers), pdf, filepath.Join(b.dir, "peer.pdf")}},
		{"@gutenye/ocr-node", append([]string{"node", peerScript}, images...)},
	}
	mine, err := own.run(ctx)
	if err != nil {
		return err
	}
	t := table{title: "reading, A4 300 dpi, 600 characters a page", header: []string{"program", "pages/min", "processor s/page", "times as fast, by the clock", "by processor time"}}
	row := func(c contender, e effort) []string {
		n := float64(b.readPages)
		return []string{c.name, fmt.Sprintf("%.0f", n/e.wall.Minutes()), fmt.Sprintf("%.2f", e.cpu.Seconds()/n),
			fmt.Sprintf("%.1f", e.wall.Seconds()/mine.wall.Seconds()), fmt.Sprintf("%.1f", e.cpu.Seconds()/mine.cpu.Seconds())}
	}
	t.rows = append(t.rows, row(own, mine))
	b.perMinute("scanned pages a minute, 600 characters each", b.readPages, mine.wall, scansWanted)
	for _, p := range peers {
		if _, err := exec.LookPath(p.args[0]); err != nil {
			b.report.why("%s is not installed: nothing to compare with", p.name)
			continue
		}
		e, err := p.run(ctx)
		if err != nil {
			b.report.why("%s did not run: %v", p.name, err)
			continue
		}
		t.rows = append(t.rows, row(p, e))
		times := e.wall.Seconds() / mine.wall.Seconds()
		b.report.goal(goal{what: "reading against " + p.name, want: fmt.Sprintf("at least %d times as fast", peersWanted),
			got: fmt.Sprintf("%.1f times", times), met: times >= peersWanted})
	}
	b.report.table(t)
	return b.measureBorn(ctx)
}

// measureBorn reads pages that have text of their own.
func (b *bench) measureBorn(ctx context.Context) error {
	n := 10 * b.readPages
	pdf := filepath.Join(b.dir, "born.pdf")
	if err := os.WriteFile(pdf, b.studio.PDF(sample.Dense(n, 600, 815)), 0o600); err != nil {
		return fmt.Errorf("write digital file: %w", err)
	}
	e, err := contender{"onewindow", []string{b.Binary, "process", "--json", "--as", "material", "--out", filepath.Join(b.dir, "out"), pdf}}.run(ctx)
	if err != nil {
		return err
	}
	b.perMinute("born-digital pages a minute", n, e.wall, bornWanted)
	return nil
}

func (b *bench) perMinute(what string, pages int, wall time.Duration, want float64) {
	got := float64(pages) / wall.Minutes()
	b.report.goal(goal{what: what, want: fmt.Sprintf("at least %.0f", want), got: fmt.Sprintf("%.0f", got), met: got >= want,
		missed: fmt.Sprintf(" by %.0f", want-got)})
}

// pageFiles writes the pages as pictures, for programs that read no PDF.
func (b *bench) pageFiles(doc sample.Document) ([]string, error) {
	files, err := inParallel(len(doc.Pages), func(i int) (string, error) {
		var img image.Image = b.studio.Image(doc.Pages[i], 300)
		file, err := sample.EncodeJPEG(img, 300, 85)
		path := filepath.Join(b.dir, fmt.Sprintf("dense-%d.jpg", i))
		if err == nil {
			err = os.WriteFile(path, file, 0o600)
		}
		return path, err
	})
	if err != nil {
		return nil, fmt.Errorf("write pages: %w", err)
	}
	return files, nil
}

// run runs the program to its end and tells what that took, children included.
func (c contender) run(ctx context.Context) (effort, error) {
	cmd := exec.CommandContext(ctx, c.args[0], c.args[1:]...)
	began := time.Now()
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Start(); err != nil {
		return effort{}, fmt.Errorf("run %s: %w", c.name, err)
	}
	spent := spentBy(cmd.Process.Pid)
	err := cmd.Wait()
	wall := time.Since(began)
	cpu := max(spent(), cmd.ProcessState.UserTime()+cmd.ProcessState.SystemTime())
	if err != nil {
		return effort{}, fmt.Errorf("run %s: %w: %.400s", c.name, err, out.String())
	}
	return effort{wall: wall, cpu: cpu}, nil
}

// spentBy watches what a program and its descendants spend until the returned
// function is called. Children that are killed count for nobody once they are gone.
func spentBy(pid int) (stop func() time.Duration) {
	end, done := make(chan struct{}), make(chan time.Duration)
	go func() {
		var most time.Duration
		tick := time.NewTicker(50 * time.Millisecond)
		defer tick.Stop()
		for {
			if s, err := procfs.CPU(pid); err == nil {
				most = max(most, s.Total())
			}
			select {
			case <-end:
				done <- most
				return
			case <-tick.C:
			}
		}
	}()
	return func() time.Duration { close(end); return <-done }
}
