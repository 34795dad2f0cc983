package bench

import (
	"context"
	"errors"
	"fmt"
	"image"
	"time"

	"golang.org/x/sync/errgroup"

	"onewindow/internal/bench/figure"
	"onewindow/internal/procfs"
	"onewindow/ocr"
	"onewindow/ocr/ppocr"
)

// bareEngines are engines of one thread in this process, as many as the service
// has workers: what recognition costs with nothing around it.
type bareEngines []ocr.Engine

func openBare(n int) (engines bareEngines, err error) {
	for range n {
		e, err := ppocr.New(ppocr.Options{Threads: 1})
		if err != nil {
			return nil, errors.Join(fmt.Errorf("open engine: %w", err), engines.Close())
		}
		engines = append(engines, e)
	}
	return engines, nil
}

// Close frees the engines.
func (e bareEngines) Close() error {
	var errs []error
	for _, engine := range e {
		errs = append(errs, engine.Close())
	}
	return errors.Join(errs...)
}

// effort is what some work took.
type effort struct{ wall, cpu time.Duration }

// read recognizes all images, every engine taking the next one.
func (e bareEngines) read(ctx context.Context, images []image.Image) (effort, error) {
	before, err := procfs.Self()
	if err != nil {
		return effort{}, err
	}
	began := time.Now()
	queue := make(chan image.Image, len(images))
	for _, img := range images {
		queue <- img
	}
	close(queue)
	group, ctx := errgroup.WithContext(ctx)
	for _, engine := range e {
		group.Go(func() error {
			for img := range queue {
				if _, err := engine.Recognize(ctx, img); err != nil {
					return fmt.Errorf("recognize: %w", err)
				}
			}
			return nil
		})
	}
	if err := group.Wait(); err != nil {
		return effort{}, err
	}
	wall := time.Since(began)
	after, err := procfs.Self()
	return effort{wall: wall, cpu: after - before}, err
}

// one is how long one engine takes for one page.
func (e bareEngines) one(ctx context.Context, img image.Image) (time.Duration, error) {
	began := time.Now()
	if _, err := e[0].Recognize(ctx, img); err != nil {
		return 0, fmt.Errorf("recognize: %w", err)
	}
	return time.Since(began), nil
}

// median is the median time of the first engine for one page.
func (e bareEngines) median(ctx context.Context, img image.Image) (time.Duration, error) {
	var all []time.Duration
	for range bareTries {
		t, err := e.one(ctx, img)
		if err != nil {
			return 0, err
		}
		all = append(all, t)
	}
	return figure.Median(all), nil
}
