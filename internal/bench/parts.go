package main

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

// parts are what reading one page in a child costs beyond recognition.
type parts struct {
	frame time.Duration // opening the file and decoding the page
	fence time.Duration // the call itself: staging, frames, JSON
}

// partPages are how many files the parts are measured on.
const partPages = 7

// parts reads single pages in a room of this process, where the child tells its
// own times.
func (b *bench) parts(ctx context.Context) (parts, error) {
	dir, err := makeFolder(filepath.Join(b.dir, "parts"))
	if err != nil {
		return parts{}, err
	}
	room, err := workroom.New(ctx, workroom.Config{Scratch: dir, PageChildren: 1})
	if err != nil {
		return parts{}, fmt.Errorf("open room: %w", err)
	}
	defer room.Close()
	scans, err := b.candidates(partPages, 1)
	if err != nil {
		return parts{}, err
	}
	var frames, fences []time.Duration
	for i, s := range scans {
		path := filepath.Join(dir, s.name)
		if err := os.WriteFile(path, s.content, 0o600); err != nil {
			return parts{}, fmt.Errorf("write sample: %w", err)
		}
		began := time.Now()
		r, err := room.Read(ctx, workroom.ReadTask{Path: path, Page: 1, Options: ocr.OpenOptions{}})
		if err != nil {
			return parts{}, fmt.Errorf("read page: %w", err)
		}
		if i == 0 {
			continue // the child was starting
		}
		inside := r.Timing.Open + r.Timing.Frame + r.Timing.Recognize
		frames = append(frames, r.Timing.Open+r.Timing.Frame)
		fences = append(fences, time.Since(began)-inside)
	}
	return parts{frame: figure.Median(frames), fence: figure.Median(fences)}, nil
}
