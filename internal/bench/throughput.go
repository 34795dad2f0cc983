package bench

import (
	"context"
	"fmt"
	"time"

	"onewindow/document"
	"onewindow/internal/bench/live"
	"onewindow/internal/procfs"
)

const throughputGoal = 0.95

// round is one turn of engine and service on the same pages.
type round struct {
	pages         int
	decoding      time.Duration // CPU time for opening and decoding, in this process
	bare, service effort
	spent         procfs.Spent // of the service, split
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
	fence, err := b.fenceTime(ctx)
	if err != nil {
		return err
	}
	b.reportThroughput(rounds, fence, idle)
	return nil
}

func (b *bench) round(ctx context.Context, n int, engines bareEngines, service *live.Service) (r round, err error) {
	b.report.step("throughput: making the files of round %d", n+1)
	scans, err := b.mixture(n)
	if err != nil {
		return r, err
	}
	before, err := procfs.Self()
	if err != nil {
		return r, err
	}
	images, err := b.frames(ctx, scans)
	if err != nil {
		return r, err
	}
	after, err := procfs.Self()
	if err != nil {
		return r, err
	}
	r.pages, r.decoding = countPages(scans), after-before
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
