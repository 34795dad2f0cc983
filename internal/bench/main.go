// Command bench measures Onewindow against what it is made of, on this machine
// and in one run: the service against the bare OCR engine, the stamp against
// qpdf, the stores against cp. Ratios travel better than seconds do. `make bench`
// runs it; it prints what it finds and writes docs/benchmarks.md.
//
// Everything is real: the service is the built binary, files come in through its
// doors, times are those of its own events.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"runtime"
	"strings"
	"syscall"

	"onewindow/internal/sample"
	"onewindow/internal/workroom"
)

func main() {
	workroom.Main() // children that stamp are this program
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

type options struct {
	binary, out, only string
	short             bool
}

func parse() options {
	var o options
	flag.StringVar(&o.binary, "binary", "bin/onewindow", "the program to measure")
	flag.StringVar(&o.out, "out", "", "file for the report (default docs/benchmarks.md, none with -short or -only)")
	flag.StringVar(&o.only, "only", "", "measure only these, comma-separated: idle, throughput, counter, stamp, blobs")
	flag.BoolVar(&o.short, "short", false, "small sizes: does everything work? The numbers mean little")
	flag.Parse()
	if o.out == "" && !o.short && o.only == "" {
		o.out = "docs/benchmarks.md"
	}
	return o
}

// bench is what the measurements share.
type bench struct {
	options
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
	{"idle", measureIdle}, {"throughput", measureThroughput}, {"counter", measureCounter},
	{"stamp", measureStamp}, {"blobs", measureBlobs},
}

func run(ctx context.Context) (err error) {
	b := &bench{options: parse(), workers: runtime.NumCPU()}
	b.sizes = full
	if b.short {
		b.sizes = small
	}
	if _, err := os.Stat(b.binary); err != nil {
		return fmt.Errorf("find the program (make build): %w", err)
	}
	if b.studio, err = sample.OpenStudio(); err != nil {
		return fmt.Errorf("open studio: %w", err)
	}
	if b.dir, err = os.MkdirTemp("", "onewindow-bench-"); err != nil {
		return fmt.Errorf("make folder: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(b.dir)) }()
	b.report = newReport(b.workers, b.short)
	for _, m := range measurements {
		if b.only != "" && !strings.Contains(","+b.only+",", ","+m.name+",") {
			continue
		}
		if err := m.run(ctx, b); err != nil {
			return fmt.Errorf("measure %s: %w", m.name, err)
		}
	}
	return b.report.end(b.out)
}
