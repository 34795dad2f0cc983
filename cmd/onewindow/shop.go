package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync"
	"time"

	"onewindow/document"
	"onewindow/intake"
	"onewindow/internal/config"
	"onewindow/pipeline"
	"onewindow/storage"
)

// shop is a whole pipeline in a folder of its own, for one run of process. It is
// the same code as the service's: same records, same steps, same guarantees.
type shop struct {
	*house
	opts   processOptions
	dir    string
	hands  *pipeline.Hands
	worker *pipeline.Worker
	timing *timings
	stop   context.CancelFunc
	done   chan error
}

func openShop(ctx context.Context, cfg config.Config, o processOptions) (*shop, error) {
	dir, err := os.MkdirTemp("", "onewindow-process-")
	if err != nil {
		return nil, fmt.Errorf("make working folder: %w", err)
	}
	cfg.DataDir, cfg.Postgres, cfg.S3Endpoint = dir, "", ""
	cfg.Searchable = cfg.Searchable && o.out != ""
	if !o.policy {
		cfg.Review = string(pipeline.ReviewAll) // without --confirm nothing is confirmed (W6)
	}
	if cfg.LogLevel == "info" {
		cfg.LogLevel = "error"
	}
	h, err := openRecords(ctx, cfg)
	if err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	s := &shop{house: h, opts: o, dir: dir, hands: pipeline.NewHands(), timing: newTimings(), done: make(chan error, 1)}
	if err := s.openRoom(ctx); err != nil {
		return nil, errors.Join(err, h.Close(), os.RemoveAll(dir))
	}
	if s.worker, err = h.worker(s.hands, s.timing); err != nil {
		return nil, errors.Join(err, h.Close(), os.RemoveAll(dir))
	}
	s.start(ctx)
	return s, nil
}

// start hires the hands, and a sweeper for steps that are tried again later.
func (s *shop) start(ctx context.Context) {
	ctx, s.stop = context.WithCancel(ctx)
	sweeper := &pipeline.Sweeper{Queue: s.records, Bell: s.hands, Log: s.log, Every: 500 * time.Millisecond, Age: 2 * time.Second}
	go func() { _ = sweeper.Run(ctx) }()
	go func() { s.done <- s.hands.Run(ctx, s.worker, s.cfg.Workers) }()
}

// Close stops everything and removes the folder.
func (s *shop) Close() error {
	s.stop()
	return errors.Join(<-s.done, s.worker.Close(), s.house.Close(), os.RemoveAll(s.dir))
}

// run takes the files in and gives their lines in the order of the files.
func (s *shop) run(ctx context.Context, files []string) <-chan processLine {
	lines := make([]chan processLine, len(files))
	for i := range lines {
		lines[i] = make(chan processLine, 1)
	}
	slots := make(chan struct{}, 2*s.cfg.Workers)
	var wg sync.WaitGroup
	go func() {
		for i, file := range files {
			slots <- struct{}{}
			wg.Add(1)
			go func() {
				defer func() { <-slots; wg.Done() }()
				lines[i] <- s.one(ctx, file)
			}()
		}
	}()
	out := make(chan processLine)
	go func() {
		defer close(out)
		for _, l := range lines {
			select {
			case line := <-l:
				out <- line
			case <-ctx.Done():
				return
			}
		}
	}()
	return out
}

// one takes a file through the pipeline.
func (s *shop) one(ctx context.Context, path string) processLine {
	line := processLine{File: path}
	f, err := os.Open(path)
	if err != nil {
		return line.fail(err)
	}
	defer f.Close()
	receipt, err := s.receiver(s.hands).Receive(ctx, intake.Submission{Body: f, Filename: filepath.Base(path), Origin: s.origin()})
	if err != nil {
		return line.fail(err)
	}
	doc, err := s.waitForRest(ctx, receipt.Document, 20*time.Millisecond)
	if err != nil {
		return line.fail(err)
	}
	return s.describe(ctx, line, doc)
}

func (s *shop) origin() document.Origin {
	return document.Origin{
		Door: "cli", By: "cli", Channel: document.ChannelUnit, Lane: document.LaneCounter,
		Role: document.Role(s.opts.as), Item: s.opts.item, Project: s.opts.project, Unit: s.opts.unit,
		Division: s.cfg.Division, Confirm: s.opts.confirm,
	}
}

// deliver copies a finished file into the output folder under a name that says
// what it is and does not take another file's place.
func (s *shop) deliver(ctx context.Context, source, what string, a document.Artifact) (string, error) {
	if err := os.MkdirAll(s.opts.out, 0o755); err != nil {
		return "", fmt.Errorf("make output folder: %w", err)
	}
	b, err := s.blobs.Open(ctx, storage.Derived, a.Digest)
	if err != nil {
		return "", fmt.Errorf("open %s file: %w", what, err)
	}
	defer b.Close()
	out, err := createFree(s.opts.out, source, what)
	if err != nil {
		return "", err
	}
	_, err = io.Copy(out, b)
	return out.Name(), errors.Join(err, out.Close())
}

func createFree(dir, source, what string) (*os.File, error) {
	base := filepath.Base(source)
	base = base[:len(base)-len(filepath.Ext(base))]
	for n := 1; ; n++ {
		name := base + "." + what + ".pdf"
		if n > 1 {
			name = fmt.Sprintf("%s-%d.%s.pdf", base, n, what)
		}
		f, err := os.OpenFile(filepath.Join(dir, name), os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o644)
		if !errors.Is(err, os.ErrExist) {
			return f, err
		}
	}
}
