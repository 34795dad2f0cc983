package main

import (
	"context"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"onewindow/document"
	"onewindow/pipeline"
	"onewindow/storage"
)

// metrics are the figures of one process. It implements pipeline.Observer.
type metrics struct {
	registry *prometheus.Registry
	steps    *prometheus.HistogramVec
	webhooks *prometheus.HistogramVec
	requests *prometheus.HistogramVec
}

// counted is what metrics ask the records for.
type counted interface {
	storage.Queue
	storage.Webhooks
	storage.ArrivalList
}

func newMetrics(records counted) *metrics {
	m := &metrics{
		registry: prometheus.NewRegistry(),
		steps: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "onewindow_step_seconds", Help: "How long steps took.",
			Buckets: prometheus.ExponentialBuckets(0.005, 2, 15),
		}, []string{"step", "lane", "outcome"}),
		requests: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "onewindow_http_seconds", Help: "How long requests took.",
			Buckets: prometheus.ExponentialBuckets(0.002, 3, 9),
		}, []string{"route", "status"}),
		webhooks: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "onewindow_webhook_seconds", Help: "How long calls of webhooks took.",
			Buckets: prometheus.ExponentialBuckets(0.01, 3, 8),
		}, []string{"outcome"}),
	}
	build := prometheus.NewGauge(prometheus.GaugeOpts{Name: "onewindow_build", Help: "1; the label tells the version.",
		ConstLabels: prometheus.Labels{"version": version}})
	build.Set(1)
	m.registry.MustRegister(m.steps, m.webhooks, m.requests, build, collectors.NewGoCollector(), depths{records}, deliveries{records}, ledger{records},
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

// StepEnded counts a step.
func (m *metrics) StepEnded(key storage.TaskKey, lane document.Lane, took time.Duration, err error) {
	outcome := "done"
	if err != nil {
		outcome = "failed"
	}
	m.steps.WithLabelValues(string(key.Step), string(lane), outcome).Observe(took.Seconds())
}

// webhookCalled counts a call.
func (m *metrics) webhookCalled(outcome string, took time.Duration) {
	m.webhooks.WithLabelValues(outcome).Observe(took.Seconds())
}

// depths shows the open tasks by lane and state, asked for when scraped.
type depths struct{ queue storage.Queue }

var depthDesc = prometheus.NewDesc("onewindow_tasks", "Open tasks.", []string{"lane", "state"}, nil)

func (d depths) Describe(ch chan<- *prometheus.Desc) { ch <- depthDesc }

func (d depths) Collect(ch chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	all, err := d.queue.Depths(ctx)
	if err != nil {
		ch <- prometheus.NewInvalidMetric(depthDesc, err)
		return
	}
	for lane, states := range all {
		for state, n := range states {
			ch <- prometheus.MustNewConstMetric(depthDesc, prometheus.GaugeValue, float64(n), string(lane), string(state))
		}
	}
}

func (h *house) figures() *metrics {
	if h.metrics == nil {
		h.metrics = newMetrics(h.records)
		if h.room != nil {
			h.metrics.registry.MustRegister(engines{h.room.Stats})
		}
	}
	return h.metrics
}

func (h *house) observer() pipeline.Observer { return h.figures() }

func (h *house) metricsHandler() http.Handler {
	return promhttp.HandlerFor(h.figures().registry, promhttp.HandlerOpts{})
}
