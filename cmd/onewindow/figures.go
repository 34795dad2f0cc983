package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"onewindow/storage"
)

// deliveries shows webhooks that wait and that are dead, asked for when scraped.
type deliveries struct{ hooks storage.Webhooks }

var deliveryDesc = prometheus.NewDesc("onewindow_deliveries", "Deliveries of webhooks.", []string{"state"}, nil)

func (d deliveries) Describe(ch chan<- *prometheus.Desc) { ch <- deliveryDesc }

func (d deliveries) Collect(ch chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	all, err := d.hooks.CountDeliveries(ctx)
	if err != nil {
		ch <- prometheus.NewInvalidMetric(deliveryDesc, err)
		return
	}
	for _, state := range []storage.DeliveryState{storage.DeliveryDue, storage.DeliveryDead} {
		ch <- prometheus.MustNewConstMetric(deliveryDesc, prometheus.GaugeValue, float64(all[state]), string(state))
	}
}

// requestEnded counts a request by its route, never by its address: IDs do not
// belong in metrics.
func (m *metrics) requestEnded(route string, status int, took time.Duration) {
	if route == "" {
		route = "other"
	}
	m.requests.WithLabelValues(route, fmt.Sprintf("%dxx", status/100)).Observe(took.Seconds())
}

// showMetrics answers /metrics on an address of its own, for processes without an
// interface. It asks for no login: the address belongs to an inner network.
func (h *house) showMetrics(ctx context.Context) error {
	if h.cfg.MetricsListen == "" {
		return nil
	}
	l, err := net.Listen("tcp", h.cfg.MetricsListen)
	if err != nil {
		return fmt.Errorf("listen for metrics on %s: %w", h.cfg.MetricsListen, err)
	}
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", h.metricsHandler())
	server := &http.Server{Handler: mux, ReadHeaderTimeout: 5 * time.Second}
	stop := context.AfterFunc(ctx, func() { _ = server.Close() })
	defer stop()
	if err := server.Serve(l); !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("serve metrics: %w", err)
	}
	return nil
}
