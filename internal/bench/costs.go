package bench

import (
	"fmt"
	"time"

	"onewindow/internal/bench/figure"
	"onewindow/internal/procfs"
)

func (b *bench) reportThroughput(rounds []round, fence time.Duration, idle float64) {
	ratio := figure.Median(each(rounds, round.ratio))
	bare := figure.Median(each(rounds, func(r round) float64 { return figure.PerMinute(r.pages, r.bare.wall) }))
	whole := figure.Median(each(rounds, func(r round) float64 { return figure.PerMinute(r.pages, r.service.wall) }))
	cost := costsOf(rounds)
	// On a busy machine wall time favours the service: its children are sessions of
	// their own, and the scheduler gives every session a share.
	honest := min(ratio, cost.ratio())
	b.report.goal(goal{
		what: "End to end pages a minute, of the bare engine's on the same pages",
		want: "≥ 95 %", got: fmt.Sprintf("%.0f %% (%.0f of %.0f pages a minute; by CPU time %.0f %%)", 100*ratio, whole, bare, 100*cost.ratio()),
		met: honest >= throughputGoal, missed: fmt.Sprintf(" by %.0f points", 100*(throughputGoal-honest)),
	})
	b.report.table(cost.table(fence, idle))
	b.report.table(stepTable(rounds))
	if honest < throughputGoal {
		b.report.why("%s", cost.explain(ratio, honest))
	}
}

// costs are CPU times per page in milliseconds, over all rounds.
type costs struct {
	pages                             int
	bare, decoding, children, service float64
}

func costsOf(rounds []round) costs {
	var c costs
	var bare, decoding time.Duration
	var spent procfs.Spent
	for _, r := range rounds {
		c.pages += r.pages
		bare += r.bare.cpu
		decoding += r.decoding
		spent.Own += r.spent.Own
		spent.Children += r.spent.Children
	}
	c.bare, c.decoding = c.perPage(bare), c.perPage(decoding)
	c.children, c.service = c.perPage(spent.Children), c.perPage(spent.Own)
	return c
}

func (c costs) perPage(d time.Duration) float64 {
	return float64(d.Microseconds()) / 1000 / float64(c.pages)
}

// ratio is the engine's part of what the service spends. Other work on the
// machine hardly changes it.
func (c costs) ratio() float64 { return c.bare / (c.children + c.service) }

func (c costs) table(fence time.Duration, idle float64) table {
	ms := func(v float64) string { return fmt.Sprintf("%.0f ms", v) }
	return table{
		title:  "End to end: CPU time per page",
		header: []string{"what", "CPU per page"},
		rows: [][]string{
			{"bare engine on decoded pages", ms(c.bare)},
			{"opening and decoding the files, in one process", ms(c.decoding)},
			{"the service's children: inspecting, decoding, recognizing, marking", ms(c.children)},
			{"the service itself: HTTP, digests, queue, database", ms(c.service)},
		},
		note: fmt.Sprintf("Wall time goes by what else the machine does, and on a busy machine favours the service, whose children count as programs of their own; CPU time hardly does. The lower of the two ratios counts. Around one reading the sandbox adds %.1f ms. Idle, the service uses %.1f %% of one core.",
			float64(fence.Microseconds())/1000, 100*idle),
	}
}

func (c costs) explain(ratio, honest float64) string {
	rest := c.children - c.bare - c.decoding
	return fmt.Sprintf("**End to end.** By wall time %.0f %% of the bare engine's pages a minute, by CPU time %.0f %%; the lower is %.0f points short of the goal. "+
		"The bare engine gets decoded pages and spends %.0f ms of CPU on each; the service spends %.0f ms, of which about %.0f ms are opening and decoding the scan, "+
		"%.0f ms the service's own (receiving, digests, queue, database), and the remaining %.0f ms inspection, marking and the noise of measuring. "+
		"Against an engine that has to decode its pages as well it is %.0f %% by CPU time. What CPU times do not show is waiting: for durable writes, and for the last file of a round.",
		100*ratio, 100*c.ratio(), 100*(throughputGoal-honest), c.bare, c.children+c.service, c.decoding, c.service, rest,
		100*(c.bare+c.decoding)/(c.children+c.service))
}
