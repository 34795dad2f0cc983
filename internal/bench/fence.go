package bench

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"onewindow/internal/bench/figure"
	"onewindow/internal/workroom"
	"onewindow/ocr"
)

// partPages are how many pages small things are measured on.
const partPages = 7

// fenceTime is what the sandbox adds to one reading: staging, frames, JSON. It is
// measured in a room of this process, whose child tells its own times.
func (b *bench) fenceTime(ctx context.Context) (time.Duration, error) {
	dir, err := makeFolder(filepath.Join(b.dir, "fence"))
	if err != nil {
		return 0, err
	}
	room, err := workroom.New(ctx, workroom.Config{Scratch: dir, PageChildren: 1})
	if err != nil {
		return 0, fmt.Errorf("open room: %w", err)
	}
	defer room.Close()
	scans, err := b.candidates(partPages, 1)
	if err != nil {
		return 0, err
	}
	var fences []time.Duration
	for _, s := range scans {
		path := filepath.Join(dir, s.name)
		if err := os.WriteFile(path, s.content, 0o600); err != nil {
			return 0, fmt.Errorf("write sample: %w", err)
		}
		began := time.Now()
		r, err := room.Read(ctx, workroom.ReadTask{Path: path, Page: 1, Options: ocr.OpenOptions{}})
		if err != nil {
			return 0, fmt.Errorf("read page: %w", err)
		}
		fences = append(fences, time.Since(began)-r.Timing.Open-r.Timing.Frame-r.Timing.Recognize)
	}
	return figure.Median(fences[1:]), nil // the child was starting at the first
}
