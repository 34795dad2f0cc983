// Package telemetry follows a document from its door to its publication with
// OpenTelemetry traces, over all processes: the trace is kept with the document,
// and every step, whoever does it, adds to it. Spans carry IDs, never content.
package telemetry

import (
	"context"
	"fmt"
	"net/url"

	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/sdk/resource"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"
)

const name = "onewindow"

// Setup sends traces to an OTLP/HTTP collector, such as http://127.0.0.1:4318;
// "" sends none. A collector that is away costs nothing but its traces. Call stop
// to send the last ones.
func Setup(ctx context.Context, endpoint, process, version string) (stop func(context.Context) error, err error) {
	if endpoint == "" {
		return func(context.Context) error { return nil }, nil
	}
	u, err := url.Parse(endpoint)
	if err != nil || u.Host == "" {
		return nil, fmt.Errorf("traces: %q is no address", endpoint)
	}
	exporter, err := otlptracehttp.New(ctx, otlptracehttp.WithEndpointURL(u.JoinPath("v1/traces").String()))
	if err != nil {
		return nil, fmt.Errorf("make trace exporter: %w", err)
	}
	provider := sdktrace.NewTracerProvider(sdktrace.WithBatcher(exporter), sdktrace.WithResource(resource.NewSchemaless(
		attribute.String("service.name", name), attribute.String("service.version", version), attribute.String("process", process))))
	otel.SetTracerProvider(provider)
	return provider.Shutdown, nil
}

var carry propagation.TraceContext

// Start begins a span. parent is a trace as Kept wrote it; "" goes on with the
// trace in ctx. Attributes are pairs of name and value. Call end once.
func Start(ctx context.Context, what, parent string, attributes ...string) (_ context.Context, end func(error)) {
	if parent != "" {
		ctx = carry.Extract(ctx, propagation.MapCarrier{"traceparent": parent})
	}
	ctx, span := otel.Tracer(name).Start(ctx, what)
	if span.IsRecording() {
		for i := 0; i+1 < len(attributes); i += 2 {
			span.SetAttributes(attribute.String(attributes[i], attributes[i+1]))
		}
	}
	return ctx, func(err error) {
		if err != nil {
			span.SetStatus(codes.Error, "failed") // the error's text may hold content
		}
		span.End()
	}
}

// Kept is the trace in ctx as text to keep (W3C traceparent); "" when there is none.
func Kept(ctx context.Context) string {
	if !trace.SpanContextFromContext(ctx).IsSampled() {
		return ""
	}
	m := propagation.MapCarrier{}
	carry.Inject(ctx, m)
	return m["traceparent"]
}
