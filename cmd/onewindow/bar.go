package main

import (
	"os"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"
)

// bar is a progress bar on a terminal, and nothing elsewhere.
type bar struct{ p *progressbar.ProgressBar }

func newBar(n int, quiet bool) bar {
	if quiet || !term.IsTerminal(int(os.Stderr.Fd())) {
		return bar{}
	}
	return bar{progressbar.NewOptions(n, progressbar.OptionSetDescription("处理文件"),
		progressbar.OptionSetWriter(os.Stderr), progressbar.OptionShowCount(), progressbar.OptionClearOnFinish(),
		progressbar.OptionSetPredictTime(true))}
}

// Clear takes the bar away while a line is printed.
func (b bar) Clear() {
	if b.p != nil {
		_ = b.p.Clear()
	}
}

// Add moves the bar on.
func (b bar) Add(n int) {
	if b.p != nil {
		_ = b.p.Add(n)
	}
}

// Finish takes the bar away for good.
func (b bar) Finish() {
	if b.p != nil {
		_ = b.p.Finish()
	}
}
