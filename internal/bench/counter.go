package bench

import (
	"context"
	"fmt"
	"maps"
	"time"

	"onewindow/document"
	"onewindow/internal/bench/figure"
	"onewindow/internal/bench/live"
)

const (
	counterGoal = 3 * time.Second
	// counterTries is how many files are made for each that counts.
	counterTries = 2
)

// measureCounter sends one file after another in the counter's lane while a
// backlog of bulk pages waits.
func measureCounter(ctx context.Context, b *bench) error {
	b.report.step("counter: making %d bulk pages and %d files", b.bulkFiles*b.bulkPages, b.counterFiles)
	files, err := b.candidates(counterTries*b.counterFiles, 500)
	if err != nil {
		return err
	}
	engine, err := b.engineTime(ctx, files)
	if err != nil {
		return err
	}
	bulk, err := b.backlog()
	if err != nil {
		return err
	}
	service, err := b.service(ctx, "counter")
	if err != nil {
		return err
	}
	defer service.Stop()
	run, err := b.standAtCounter(ctx, service, bulk, files)
	if err != nil {
		return err
	}
	run.engine = engine
	b.reportCounter(run)
	return nil
}

// engineTime is the median time of the bare engine for such a page.
func (b *bench) engineTime(ctx context.Context, scans []scan) (time.Duration, error) {
	images, err := b.frames(ctx, scans[:min(len(scans), partPages)])
	if err != nil {
		return 0, err
	}
	engines, err := openBare(1)
	if err != nil {
		return 0, err
	}
	defer engines.Close()
	times := make([]time.Duration, len(images))
	for i, img := range images {
		if times[i], err = engines.one(ctx, img); err != nil {
			return 0, err
		}
	}
	return figure.Median(times[1:]), nil // the first one warms up
}

// backlog is a set of long scans. They share the pictures of a few pages, in
// another order in each file: they only have to be read.
func (b *bench) backlog() ([]scan, error) {
	const different = 12
	pages, err := inParallel(different, func(i int) (picture, error) {
		seed := uint64(3000 + i)
		img := b.studio.Image(onePage(oneSided[i%len(oneSided)], seed).Pages[0], 200)
		return grayJPEG(img, 200, 60)
	})
	if err != nil {
		return nil, err
	}
	out := make([]scan, b.bulkFiles)
	for i := range out {
		content, err := bindPictures(b.bulkPages, func(n int) picture { return pages[(n+i)%len(pages)] })
		if err != nil {
			return nil, err
		}
		out[i] = scan{name: fmt.Sprintf("bulk-%d.pdf", i), content: content, pages: b.bulkPages}
	}
	return out, nil
}

// counterRun is what the counter saw.
type counterRun struct {
	took       []time.Duration // receipt to result
	waitingMin int             // bulk pages that waited when the last file was done
	bulk       int
	engine     time.Duration
}

func (b *bench) standAtCounter(ctx context.Context, service *live.Service, bulk, files []scan) (counterRun, error) {
	feed, err := service.Feed(ctx)
	if err != nil {
		return counterRun{}, err
	}
	b.report.step("counter: sending the backlog")
	for _, s := range bulk {
		if _, err := service.Upload(ctx, s.name, s.content, map[string]string{"lane": "bulk", "as": "material"}); err != nil {
			return counterRun{}, err
		}
	}
	b.report.step("counter: %d files, one after another", b.counterFiles)
	fields := map[string]string{"lane": "counter"}
	maps.Copy(fields, confirmed)
	var run counterRun
	sent := 0
	for ; len(run.took) < b.counterFiles; sent++ {
		if sent == len(files) {
			return run, fmt.Errorf("only %d of %d files became results", len(run.took), sent)
		}
		s := files[sent]
		id, err := service.Upload(ctx, s.name, s.content, fields)
		if err != nil {
			return run, err
		}
		c, err := feed.AwaitDocument(ctx, id)
		if err != nil {
			return run, err
		}
		if c.State == document.StateDone {
			run.took = append(run.took, c.Took())
		}
	}
	read, err := feed.PagesRead(ctx)
	run.bulk = countPages(bulk)
	run.waitingMin = run.bulk - (read - sent)
	return run, err
}

func (b *bench) reportCounter(run counterRun) {
	p95 := figure.Percentile(run.took, 95)
	limit := counterGoal + run.engine
	b.report.goal(goal{
		what: fmt.Sprintf("p95 of the counter's lane while %d bulk pages wait, receipt to published result", run.bulk),
		want: fmt.Sprintf("≤ 3 s + engine time (%s)", milliseconds(limit)), got: milliseconds(p95),
		met: p95 <= limit, missed: fmt.Sprintf(" by %s", milliseconds(p95-limit)),
	})
	b.report.table(table{
		title:  "Counter's lane",
		header: []string{"what", "value"},
		rows: [][]string{
			{"files", fmt.Sprint(len(run.took))},
			{"median", milliseconds(figure.Median(run.took))},
			{"p95", milliseconds(p95)},
			{"slowest", milliseconds(figure.Percentile(run.took, 100))},
			{"engine alone, one page", milliseconds(run.engine)},
			{"p95 in pages of the engine's time", fmt.Sprintf("%.1f", p95.Seconds()/run.engine.Seconds())},
			{"bulk pages still waiting at the end", fmt.Sprint(run.waitingMin)},
		},
	})
	if p95 > limit {
		b.report.why("**Counter's lane.** The p95 of %s is %s beyond 3 s and the engine's %s. A file at the counter waits until one of the %d workers ends the bulk page it is reading, then shares the cores with bulk pages.",
			milliseconds(p95), milliseconds(p95-limit), milliseconds(run.engine), b.workers)
	}
}
