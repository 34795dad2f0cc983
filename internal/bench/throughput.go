package main

import (
	"context"
	"fmt"
	"time"

	"onewindow/document"
	"onewindow/internal/bench/figure"
	"onewindow/internal/bench/live"
	"onewindow/internal/bench/proc"
)

const throughputGoal = 0.95

// round is one turn of engine and service on the same pages.
type round struct {
	pages         int
	bare, service effort
	spent         proc.Spent // of the service, split
	steps         map[string]live.StepTimes
}

func (r round) ratio() float64 { return r.bare.wall.Seconds() / r.service.wall.Seconds() }

// measureThroughput lets the bare engine and the service read the same pages in
// turns, so that both meet the same machine.
func measureThroughput(ctx context.Context, b *bench) error {
	engines, err := openBare(b.workers)
	if err != nil {
		return err
	}
	defer engines.Close()
	service, err := b.service(ctx, "throughput")
	if err != nil {
		return err
	}
	defer service.Stop()
	var rounds []round
	for n := range b.rounds {
		r, err := b.round(ctx, n, engines, service)
		if err != nil {
			return err
		}
		rounds = append(rounds, r)
	}
	idle, err := idleCost(service)
	if err != nil {
		return err
	}
	part, err := b.parts(ctx)
	if err != nil {
		return err
	}
	b.reportThroughput(rounds, part, idle)
	return nil
}

func (b *bench) round(ctx context.Context, n int, engines bareEngines, service *live.Service) (r round, err error) {
	b.report.step("throughput: making the files of round %d", n+1)
	scans, err := b.mixture(n)
	if err != nil {
		return r, err
	}
	images, err := b.frames(ctx, scans)
	if err != nil {
		return r, err
	}
	r.pages = countPages(scans)
	b.report.step("throughput: round %d, %d pages, engine", n+1, r.pages)
	if r.bare, err = engines.read(ctx, images); err != nil {
		return r, err
	}
	b.report.step("throughput: round %d, service", n+1)
	err = r.serve(ctx, service, scans)
	return r, err
}

// serve puts the files of a round through the service.
func (r *round) serve(ctx context.Context, service *live.Service, scans []scan) error {
	feed, err := service.Feed(ctx)
	if err != nil {
		return err
	}
	earlier, err := service.Steps(ctx)
	if err != nil {
		return err
	}
	before, err := service.CPU()
	if err != nil {
		return err
	}
	began := time.Now()
	for _, s := range scans {
		if _, err := service.Upload(ctx, s.name, s.content, confirmed); err != nil {
			return err
		}
	}
	courses, err := feed.AwaitRest(ctx, len(scans))
	if err != nil {
		return err
	}
	after, err := service.CPU()
	if err != nil {
		return err
	}
	last := began
	for id, c := range courses {
		if c.State == document.StateFailed || c.State == document.StateRefused {
			return fmt.Errorf("document %s is %s", id, c.State)
		}
		if c.Rested.After(last) {
			last = c.Rested
		}
	}
	r.spent = after.Sub(before)
	r.service = effort{wall: last.Sub(began), cpu: r.spent.Total()}
	later, err := service.Steps(ctx)
	r.steps = since(later, earlier)
	return err
}

func since(later, earlier map[string]live.StepTimes) map[string]live.StepTimes {
	out := map[string]live.StepTimes{}
	for name, l := range later {
		e := earlier[name]
		out[name] = live.StepTimes{Count: l.Count - e.Count, Took: l.Took - e.Took}
	}
	return out
}

// idleCost is the share of one core that the service uses with nothing to do.
func idleCost(service *live.Service) (float64, error) {
	const window = 3 * time.Second
	before, err := service.CPU()
	if err != nil {
		return 0, err
	}
	time.Sleep(window)
	after, err := service.CPU()
	return after.Sub(before).Total().Seconds() / window.Seconds(), err
}

func (b *bench) reportThroughput(rounds []round, part parts, idle float64) {
	ratio := figure.Median(each(rounds, round.ratio))
	bare := figure.Median(each(rounds, func(r round) float64 { return figure.PerMinute(r.pages, r.bare.wall) }))
	whole := figure.Median(each(rounds, func(r round) float64 { return figure.PerMinute(r.pages, r.service.wall) }))
	b.report.goal(goal{
		what: "End to end pages a minute, of the bare engine's on the same pages",
		want: "≥ 95 %", got: fmt.Sprintf("%.0f %% (%.0f of %.0f pages a minute)", 100*ratio, whole, bare),
		met: ratio >= throughputGoal, missed: fmt.Sprintf(" by %.0f points", 100*(throughputGoal-ratio)),
	})
	cost := costsOf(rounds)
	b.report.table(cost.table(part, idle))
	b.report.table(stepTable(rounds))
	if ratio < throughputGoal {
		b.report.why("%s", cost.explain(ratio, part))
	}
}

// costs are CPU times per page, in milliseconds, summed over all rounds.
type costs struct {
	pages                   int
	bare, children, service float64
}

func costsOf(rounds []round) costs {
	var c costs
	var bare time.Duration
	var spent proc.Spent
	for _, r := range rounds {
		c.pages += r.pages
		bare += r.bare.cpu
		spent.Own += r.spent.Own
		spent.Children += r.spent.Children
	}
	c.bare, c.children, c.service = c.perPage(bare), c.perPage(spent.Children), c.perPage(spent.Own)
	return c
}

func (c costs) perPage(d time.Duration) float64 {
	return float64(d.Microseconds()) / 1000 / float64(c.pages)
}

func (c costs) table(part parts, idle float64) table {
	ms := func(v float64) string { return fmt.Sprintf("%.0f ms", v) }
	return table{
		title:  "End to end: CPU time per page",
		header: []string{"what", "CPU per page"},
		rows: [][]string{
			{"bare engine, alone", ms(c.bare)},
			{"children of the service: decoding, recognizing, marking", ms(c.children)},
			{"the service itself: HTTP, digests, queue, database", ms(c.service)},
			{"of the children's: opening and decoding a page (measured alone)", milliseconds(part.frame)},
			{"added by the sandbox around one reading (measured alone)", milliseconds(part.fence)},
		},
		note: fmt.Sprintf("By CPU time the service does %.0f %% of what the bare engine does. Idle, it uses %.1f %% of one core.",
			100*c.bare/(c.children+c.service), 100*idle),
	}
}

func (c costs) explain(ratio float64, part parts) string {
	return fmt.Sprintf("**End to end.** %.0f %% of the bare engine's pages a minute, %.0f points short. The engine needs %.0f ms of CPU a page; the service spends %.0f ms, and the difference is work the bare engine does not do: opening and decoding the scan (%s a page), marking and everything else in the children (%.0f ms), and the service's own %.0f ms for receiving, digests, queue and database. What the CPU times do not show is waiting: for durable writes, and at the end of a round for the last file.",
		100*ratio, 100*(throughputGoal-ratio), c.bare, c.children+c.service, milliseconds(part.frame),
		max(0, c.children-c.bare-float64(part.frame.Milliseconds())), c.service)
}

// stepTable shows how long the steps took, waiting included.
func stepTable(rounds []round) table {
	t := table{title: "End to end: steps", header: []string{"step", "times", "mean"}}
	for _, step := range document.Steps() {
		var all live.StepTimes
		for _, r := range rounds {
			all.Count += r.steps[string(step)].Count
			all.Took += r.steps[string(step)].Took
		}
		t.rows = append(t.rows, []string{string(step), fmt.Sprint(all.Count), milliseconds(all.Mean())})
	}
	t.note = "From the service's own metrics; `screen` reads the first page and `recognize` the others."
	return t
}
