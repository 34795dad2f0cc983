// Package bench measures Onewindow against what it is made of, on this machine
// and in one run: the service against the bare OCR engine, the stamp against
// qpdf, the stores against cp. Ratios travel better than seconds do. `onewindow
// bench` runs it; `make bench` also keeps the report as docs/benchmarks.md.
//
// Everything is real: the service is the built binary, files come in through its
// doors, times are those of its own events.
package bench

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime"
	"slices"
	"strings"

	"onewindow/internal/sample"
)

// Options say what to measure. The zero value measures everything at full size.
type Options struct {
	Binary string   // the program to measure
	Out    string   // file for the report, Markdown; "" for none
	Only   []string // names of measurements; empty for all
	Short  bool     // small sizes: does everything work? The numbers mean little
}

// ErrUnknown is returned for the name of no measurement.
var ErrUnknown = errors.New("no such measurement")

// bench is what the measurements share.
type bench struct {
	Options
	sizes
	workers int
	dir     string // for everything; removed at the end
	studio  *sample.Studio
	report  *report
}

// measurement is one part of the run.
type measurement struct {
	name string
	run  func(context.Context, *bench) error
}

// The order matters to nobody but the reader: what is wanted most comes first.
var measurements = []measurement{
	{"reading", measureReading}, {"idle", measureIdle}, {"throughput", measureThroughput}, {"counter", measureCounter},
	{"stamp", measureStamp}, {"blobs", measureBlobs}, {"uploads", measureUploads},
	{"scaled", measureScaled},
}

// Names lists the measurements.
func Names() []string {
	var out []string
	for _, m := range measurements {
		out = append(out, m.name)
	}
	return out
}

// Run measures and prints what it finds as it comes. The process must have
// called workroom.Main: children that stamp are the same program. Errors:
// ErrUnknown.
func Run(ctx context.Context, o Options) (err error) {
	for _, name := range o.Only {
		if !slices.Contains(Names(), name) {
			return fmt.Errorf("%w: %s (there are %s)", ErrUnknown, name, strings.Join(Names(), ", "))
		}
	}
	b := &bench{Options: o, workers: runtime.NumCPU(), sizes: full}
	if o.Short {
		b.sizes = small
	}
	if b.studio, err = sample.OpenStudio(); err != nil {
		return fmt.Errorf("open studio: %w", err)
	}
	if b.dir, err = os.MkdirTemp("", "onewindow-bench-"); err != nil {
		return fmt.Errorf("make folder: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(b.dir)) }()
	b.report = newReport(b.workers, o.Short)
	for _, m := range measurements {
		if len(o.Only) > 0 && !slices.Contains(o.Only, m.name) {
			continue
		}
		if err := m.run(ctx, b); err != nil {
			return fmt.Errorf("measure %s: %w", m.name, err)
		}
	}
	return b.report.end(o.Out)
}
