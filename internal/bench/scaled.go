package bench

import (
	"context"
	"fmt"
	"time"

	"onewindow/internal/bench/figure"
)

const (
	scalingGoal   = 1.8
	scaledWorkers = 4 // in the measurement of the counter's lane
)

// measureScaled measures the scaled shape: what a second worker process brings,
// and whether the counter's lane holds.
func measureScaled(ctx context.Context, b *bench) error {
	if err := b.measureScaling(ctx); err != nil {
		return err
	}
	return b.measureScaledCounter(ctx)
}

func (b *bench) measureScaling(ctx context.Context) error {
	f, err := b.fleet(ctx, "scaling")
	if err != nil {
		return err
	}
	defer f.Stop()
	rates := map[int][]float64{}
	for round := range b.rounds {
		for _, n := range []int{1, 2} { // in turn, so that both meet the same machine
			b.report.step("scaled: round %d, worker processes: %d", round+1, n)
			rate, err := f.rate(ctx, n, uint64(10*round+n))
			if err != nil {
				return err
			}
			rates[n] = append(rates[n], rate)
		}
	}
	one, two := figure.Median(rates[1]), figure.Median(rates[2])
	b.report.goal(goal{
		what: "Pages a minute of two worker processes, of those of one (Redis, PostgreSQL, S3 on the same two cores)",
		want: fmt.Sprintf("≥ %.1f ×", scalingGoal), got: fmt.Sprintf("%.2f × (%.0f and %.0f pages a minute)", two/one, two, one),
		met: two/one >= scalingGoal, missed: fmt.Sprintf(" by %.2f", scalingGoal-two/one),
	})
	return nil
}

// rate is the pages a minute of n worker processes.
func (f *fleet) rate(ctx context.Context, n int, seed uint64) (float64, error) {
	if err := f.employ(n); err != nil {
		return 0, err
	}
	scans, err := f.b.candidates(f.b.singles, 10_000*seed)
	if err != nil {
		return 0, err
	}
	// As many as load their engines, so that no start is measured.
	if err := f.b.warmBy(ctx, f.service, 3*n, 10_000*seed+5000); err != nil {
		return 0, err
	}
	feed, err := f.service.Feed(ctx)
	if err != nil {
		return 0, err
	}
	began := time.Now()
	for _, s := range scans {
		if _, err := f.service.Upload(ctx, s.name, s.content, confirmed); err != nil {
			return 0, err
		}
	}
	courses, err := feed.AwaitRest(ctx, len(scans))
	if err != nil {
		return 0, err
	}
	last := began
	for _, c := range courses {
		if c.Rested.After(last) {
			last = c.Rested
		}
	}
	return figure.PerMinute(countPages(scans), last.Sub(began)), nil
}

func (b *bench) measureScaledCounter(ctx context.Context) error {
	files, err := b.candidates(counterTries*b.counterFiles, 700)
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
	f, err := b.fleet(ctx, "scaled-counter")
	if err != nil {
		return err
	}
	defer f.Stop()
	if err := f.employ(scaledWorkers); err != nil {
		return err
	}
	if err := b.warmBy(ctx, f.service, 3*scaledWorkers, warmSeed); err != nil {
		return err
	}
	run, err := b.standAtCounter(ctx, f.service, bulk, files)
	if err != nil {
		return err
	}
	p95, limit := figure.Percentile(run.took, 95), counterGoal+engine
	b.report.goal(goal{
		what: fmt.Sprintf("p95 of the counter's lane on the scaled shape, %d worker processes, while %d bulk pages wait", scaledWorkers, run.bulk),
		want: fmt.Sprintf("≤ 3 s + engine time (%s)", milliseconds(limit)), got: fmt.Sprintf("%s (median %s)", milliseconds(p95), milliseconds(figure.Median(run.took))),
		met: p95 <= limit, missed: fmt.Sprintf(" by %s", milliseconds(p95-limit)),
	})
	return nil
}
