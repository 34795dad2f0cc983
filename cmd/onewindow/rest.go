package main

import (
	"context"
	"time"

	"onewindow/document"
	"onewindow/storage"
)

// waitForRest waits until nothing more happens to a document by itself.
func (h *house) waitForRest(ctx context.Context, id document.ID, every time.Duration) (document.Document, error) {
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		doc, err := h.records.Document(ctx, id)
		if err != nil || doc.State.Final() || doc.State == document.StateNeedsReview {
			return doc, err
		}
		select {
		case <-ctx.Done():
			return doc, ctx.Err()
		case <-tick.C:
		}
	}
}

// waitForStep waits until the tasks of one step, if there are any, are over.
func (h *house) waitForStep(ctx context.Context, doc document.Document, step document.Step, every time.Duration) error {
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		tasks, err := h.records.TasksOf(ctx, doc.ID, doc.Generation)
		if err != nil {
			return err
		}
		open := false
		for _, t := range tasks {
			switch t.State {
			case storage.TaskDone, storage.TaskParked, storage.TaskCancelled:
			default:
				open = open || t.Step == step
			}
		}
		if !open {
			return nil
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
		}
	}
}
