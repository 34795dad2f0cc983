package main

import (
	"context"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"onewindow/internal/sandbox"
	"onewindow/storage"
)

// scrapeTime bounds what is asked for while somebody scrapes.
const scrapeTime = 5 * time.Second

// ledger shows what became of the files of the hot folders, those included whose
// lines were dropped since.
type ledger struct{ list storage.ArrivalList }

var ledgerDesc = prometheus.NewDesc("onewindow_hot_folder_files", "Files seen in hot folders, by what became of them.", []string{"outcome"}, nil)

func (l ledger) Describe(ch chan<- *prometheus.Desc) { ch <- ledgerDesc }

func (l ledger) Collect(ch chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), scrapeTime)
	defer cancel()
	now, err := l.list.CountArrivals(ctx, nil)
	if err != nil {
		ch <- prometheus.NewInvalidMetric(ledgerDesc, err)
		return
	}
	pruned, err := l.list.PrunedArrivals(ctx, nil)
	if err != nil {
		ch <- prometheus.NewInvalidMetric(ledgerDesc, err)
		return
	}
	for _, o := range storage.Outcomes() {
		ch <- prometheus.MustNewConstMetric(ledgerDesc, prometheus.GaugeValue, float64(now[o]+pruned[o]), string(o))
	}
}

// engines shows how the children fare that open foreign files and read pages.
type engines struct {
	stats func(ctx context.Context) (map[string]sandbox.Stats, error)
}

var (
	callDesc  = prometheus.NewDesc("onewindow_engine_calls_total", "Calls of the children that open foreign files, by how they ended.", []string{"kind", "outcome"}, nil)
	childDesc = prometheus.NewDesc("onewindow_engine_children", "Children now.", []string{"kind", "state"}, nil)
	startDesc = prometheus.NewDesc("onewindow_engine_starts_total", "Children started.", []string{"kind"}, nil)
	peakDesc  = prometheus.NewDesc("onewindow_engine_peak_bytes", "Most memory that one child had.", []string{"kind"}, nil)
)

func (e engines) Describe(ch chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{callDesc, childDesc, startDesc, peakDesc} {
		ch <- d
	}
}

func (e engines) Collect(ch chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), scrapeTime)
	defer cancel()
	all, err := e.stats(ctx)
	if err != nil {
		return // still compiling, or never will: that must not hide the other figures
	}
	for kind, s := range all {
		bad := s.Timeouts + s.Memory + s.Crashes
		for outcome, n := range map[string]int64{"answered": s.Calls - bad, "timeout": s.Timeouts, "memory": s.Memory, "crash": s.Crashes} {
			ch <- prometheus.MustNewConstMetric(callDesc, prometheus.CounterValue, float64(n), kind, outcome)
		}
		ch <- prometheus.MustNewConstMetric(childDesc, prometheus.GaugeValue, float64(s.Busy), kind, "busy")
		ch <- prometheus.MustNewConstMetric(childDesc, prometheus.GaugeValue, float64(max(s.Running-s.Busy, 0)), kind, "idle")
		ch <- prometheus.MustNewConstMetric(startDesc, prometheus.CounterValue, float64(s.Started), kind)
		ch <- prometheus.MustNewConstMetric(peakDesc, prometheus.GaugeValue, float64(s.Peak), kind)
	}
}
