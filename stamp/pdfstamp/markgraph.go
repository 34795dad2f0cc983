package pdfstamp

import (
	"context"
	"fmt"

	"onewindow/stamp/artwork"
)

// markGraph cleans a document and puts the mark on every page of it.
func (s *Stamper) markGraph(ctx context.Context, g graph, j job) (outcome, error) {
	pages, err := collectPages(g)
	if err != nil {
		return outcome{}, fmt.Errorf("list pages: %w", err)
	}
	plant(g, pages)
	done := outcome{pages: len(pages)}
	stripped, blends := stripActive(g, pages)
	done.stripped = stripped
	done.signed = retireSignatures(g, pages)
	if done.signed && j.mark.Notice == "" {
		j.mark.Notice = signedNotice
	}
	art, err := artwork.Compose(s.font, j.mark, j.tpl, len(pages))
	if err != nil {
		return outcome{}, err
	}
	m, err := newMarker(g, art, pages, !blends)
	if err != nil {
		return outcome{}, err
	}
	for i, p := range pages {
		if err := ctx.Err(); err != nil {
			return outcome{}, err
		}
		if err := m.mark(p, i+1); err != nil {
			return outcome{}, fmt.Errorf("mark page %d: %w", i+1, err)
		}
	}
	return done, nil
}
