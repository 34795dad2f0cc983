package bench

import (
	"context"
	"fmt"
	"path/filepath"
	"time"

	"onewindow/document"
	"onewindow/internal/bench/figure"
	"onewindow/internal/bench/live"
	"onewindow/internal/sample"
)

const (
	idleGoal = 400 * time.Millisecond
	// bareTries are runs of the engine on a page; their median counts.
	bareTries = 3
	// warmFiles go through before anything is measured: a service in the morning
	// has read its first file.
	warmFiles = 2
	warmSeed  = 9_000
)

// measureIdle drops one file at a time into the hot folder of an idle service and
// compares claim to published result with the engine alone on that page.
func measureIdle(ctx context.Context, b *bench) error {
	engines, err := openBare(1)
	if err != nil {
		return err
	}
	defer engines.Close()
	service, err := b.service(ctx, "idle")
	if err != nil {
		return err
	}
	defer service.Stop()
	b.report.step("idle: files, one after another, until %d are results", b.idleFiles)
	feed, err := service.Feed(ctx)
	if err != nil {
		return err
	}
	var runs []idleRun
	tried := 0
	for ; len(runs) < b.idleFiles; tried++ {
		if tried == idleTries*b.idleFiles {
			return fmt.Errorf("only %d of %d files became results without a person", len(runs), tried)
		}
		run, err := b.idleRun(ctx, engines, service, feed, tried)
		if err != nil {
			return err
		}
		if run.course.State == document.StateDone { // what waits for a person ends before the stamp
			runs = append(runs, run)
		}
	}
	b.reportIdle(runs, tried)
	return nil
}

// idleTries bounds how many files are tried for each that counts.
const idleTries = 4

// idleRun takes the n-th candidate past engine and service.
func (b *bench) idleRun(ctx context.Context, engines bareEngines, service *live.Service, feed *live.Feed, n int) (r idleRun, err error) {
	kind := oneSided[n%len(oneSided)]
	s, err := b.scanned(fmt.Sprintf("%s-%d.pdf", kind, n), onePage(kind, uint64(n+1)), sample.ScanOptions{})
	if err != nil {
		return r, err
	}
	images, err := b.frames(ctx, []scan{s})
	if err != nil {
		return r, err
	}
	if r.bare, err = engines.median(ctx, images[0]); err != nil {
		return r, err
	}
	dropped, err := service.Drop(ctx, s.name, s.content)
	if err != nil {
		return r, err
	}
	r.claimed = dropped.Claimed
	r.course, err = feed.AwaitNext(ctx, dropped.At.Truncate(time.Millisecond))
	return r, err
}

// idleRun is one file on an idle service.
type idleRun struct {
	bare    time.Duration
	claimed time.Time
	course  live.Course
}

func (r idleRun) took() time.Duration  { return r.course.Rested.Sub(r.claimed) }
func (r idleRun) extra() time.Duration { return r.took() - r.bare }

func (b *bench) reportIdle(runs []idleRun, files int) {
	extra := figure.Median(each(runs, idleRun.extra))
	bare := figure.Median(each(runs, func(r idleRun) time.Duration { return r.bare }))
	took := figure.Median(each(runs, idleRun.took))
	b.report.goal(goal{
		what: "One-page file on an idle system, claim to published result, beyond the engine's time",
		want: "≤ " + milliseconds(idleGoal), got: fmt.Sprintf("%s (%s in all, engine %s)", milliseconds(extra), milliseconds(took), milliseconds(bare)),
		met: extra <= idleGoal, missed: fmt.Sprintf(" by %s", milliseconds(extra-idleGoal)),
	})
	b.report.table(table{
		title:  "One-page file: where the time goes",
		header: []string{"from … to the end of", "median"},
		rows:   legs(runs),
		note:   fmt.Sprintf("Medians over the %d of %d files that became results without a person. `screen` reads the page: decoding and recognition are in it.", len(runs), files),
	})
	if extra > idleGoal {
		b.report.why("**One-page file.** %s beyond the engine's own %s, %s too much. The legs in the table \"One-page file\" say where: what `screen` takes beyond the engine is opening and decoding the scan; every other leg is mostly durable writes and the marking.",
			milliseconds(extra), milliseconds(bare), milliseconds(extra-idleGoal))
	}
}

// legs are the medians of the stretches between events.
func legs(runs []idleRun) [][]string {
	byName := map[string][]time.Duration{}
	names := []string{"receive"}
	for _, r := range runs {
		last := r.course.Received
		byName["receive"] = append(byName["receive"], last.Sub(r.claimed))
		for _, s := range r.course.Steps {
			if _, known := byName[s.Name]; !known {
				names = append(names, s.Name)
			}
			byName[s.Name] = append(byName[s.Name], s.At.Sub(last))
			last = s.At
		}
	}
	var rows [][]string
	for _, n := range names {
		rows = append(rows, []string{n, milliseconds(figure.Median(byName[n]))})
	}
	return append(rows, []string{"engine alone, on the same page", milliseconds(figure.Median(each(runs, func(r idleRun) time.Duration { return r.bare })))})
}

func each[A, B any](in []A, f func(A) B) []B {
	out := make([]B, len(in))
	for i, a := range in {
		out[i] = f(a)
	}
	return out
}

// service starts a service in a folder of its own and puts files through it until
// it is warm. Name must be new.
func (b *bench) service(ctx context.Context, name string) (*live.Service, error) {
	dir, err := makeFolder(filepath.Join(b.dir, name))
	if err != nil {
		return nil, err
	}
	s, err := live.Start(ctx, live.Options{Binary: b.Binary, Dir: dir, Workers: b.workers})
	if err != nil {
		return nil, err
	}
	if err := b.warm(ctx, s); err != nil {
		return nil, fmt.Errorf("warm up: %w", joinStop(err, s))
	}
	return s, nil
}

func (b *bench) warm(ctx context.Context, s *live.Service) error {
	return b.warmBy(ctx, s, max(warmFiles, b.workers), warmSeed)
}

// warmBy puts n files made from a seed on through a service.
func (b *bench) warmBy(ctx context.Context, s *live.Service, n int, seed uint64) error {
	feed, err := s.Feed(ctx)
	if err != nil {
		return err
	}
	scans, err := b.candidates(n, seed)
	if err != nil {
		return err
	}
	for _, f := range scans {
		if _, err := s.Upload(ctx, f.name, f.content, confirmed); err != nil {
			return err
		}
	}
	_, err = feed.AwaitRest(ctx, len(scans))
	return err
}

// confirmed is the form of a unit that vouches for what is read.
var confirmed = map[string]string{"as": "result", "confirm": "true"}
