package pipeline_test

import (
	"context"
	"errors"
	"os"
	"testing"

	"onewindow/document"
	"onewindow/internal/resources"
	"onewindow/internal/sample"
	"onewindow/stamp"
	"onewindow/stamp/pdfstamp"
	"onewindow/storage"
)

// TestV2_12_StampingAgainGivesTheSameBytes: what is printed is fixed when the
// fields are confirmed, so a stamp done over, by another process in another
// folder, is the same file (watermark.md, integrity chain).
func TestV2_12_StampingAgainGivesTheSameBytes(t *testing.T) {
	studio, err := sample.OpenStudio()
	if err != nil {
		t.Fatal(err)
	}
	font, err := resources.Font()
	if err != nil {
		t.Fatal(err)
	}
	stamper, err := pdfstamp.New(pdfstamp.Options{FontPath: font})
	if err != nil {
		t.Fatal(err)
	}
	h := newHouse(t)
	h.room.stamp = stamper.Stamp
	h.config.BaseURL, h.config.System = "http://localhost:8080", "示例审批系统"
	stop := h.start(1)
	id := h.take(string(studio.PDF(sample.Make("rd-eia-reply", sample.NewProject(3), 3))), document.Origin{})
	if doc := h.rest(id); doc.State != document.StateDone {
		t.Fatalf("ended %s: %+v", doc.State, doc.Refusal)
	}
	first, _ := h.artifact(id, document.ArtifactDelivered)
	stop()
	if err := h.blobs.Delete(t.Context(), storage.Derived, first.Digest); err != nil {
		t.Fatal(err)
	}
	h.config.ScratchDir = t.TempDir()
	h.start(1)
	state := document.StateConfirmed
	h.apply(id, storage.Change{Patch: storage.DocumentPatch{State: &state}, Next: []storage.NextTask{{Step: document.StepStamp}}})
	waitDone(h, id, document.StepStamp)
	again, _ := h.artifact(id, document.ArtifactDelivered)
	if again.Digest != first.Digest || again.Size != first.Size {
		t.Errorf("stamped again: %s (%d bytes), first %s (%d bytes)", again.Digest, again.Size, first.Digest, first.Size)
	}
	if info, err := h.blobs.Stat(t.Context(), storage.Derived, first.Digest); err != nil || info.Size != first.Size {
		t.Errorf("the delivered file is not in the store again: %v", err)
	}
}

func waitDone(h *house, id document.ID, step document.Step) {
	h.t.Helper()
	until(h.t, "step "+string(step)+" done", func() bool { return h.task(id, step, 0).State == storage.TaskDone })
}

// TestW10_NothingUnmarkedIsPublished, whatever way stamping fails.
func TestW10_NothingUnmarkedIsPublished(t *testing.T) {
	fails := map[string]func(ctx context.Context, in, out string, m stamp.Mark, tpl stamp.Template) (stamp.Report, error){
		"refused": func(context.Context, string, string, stamp.Mark, stamp.Template) (stamp.Report, error) {
			return stamp.Report{}, refusal(document.CodeCorrupt)
		},
		"broken": func(context.Context, string, string, stamp.Mark, stamp.Template) (stamp.Report, error) {
			return stamp.Report{}, errors.New("no font")
		},
		"a page is missing": func(_ context.Context, _, out string, _ stamp.Mark, _ stamp.Template) (stamp.Report, error) {
			return stamp.Report{Pages: 2}, os.WriteFile(out, []byte("two of three"), 0o600)
		},
		"no file": func(context.Context, string, string, stamp.Mark, stamp.Template) (stamp.Report, error) {
			return stamp.Report{Pages: 3}, nil
		},
	}
	for name, fail := range fails {
		t.Run(name, func(t *testing.T) {
			h := newHouse(t)
			h.config.SystemTries = 1
			h.room.stamp = fail
			h.start(1)
			id := h.receive(3, document.Origin{})
			doc := h.rest(id)
			if doc.State != document.StateRefused && doc.State != document.StateFailed || doc.Refusal == nil || doc.Refusal.Message == "" {
				t.Errorf("document %s %+v", doc.State, doc.Refusal)
			}
			if _, ok := h.artifact(id, document.ArtifactDelivered); ok {
				t.Error("something is delivered")
			}
			if _, err := h.records.Result(t.Context(), doc.Publication.ResultID); !errors.Is(err, storage.ErrNotFound) {
				t.Errorf("a result was published: %v", err)
			}
			if _, err := h.records.ResultByCode(t.Context(), doc.Publication.Code); !errors.Is(err, storage.ErrNotFound) {
				t.Errorf("the verification code is known: %v", err)
			}
		})
	}
}

// TestW6_NothingIsStampedUnconfirmed: with a policy that asks a person for every
// result, reading alone gives no delivered file and no result.
func TestW6_NothingIsStampedUnconfirmed(t *testing.T) {
	h := newHouse(t)
	h.config.Review = "all"
	h.start(1)
	id := h.receive(1, document.Origin{})
	doc := h.rest(id)
	if doc.State != document.StateNeedsReview || doc.Publication != nil || h.room.stamped != 0 {
		t.Errorf("%s, publication %v, %d stamps", doc.State, doc.Publication, h.room.stamped)
	}
	if _, ok := h.artifact(id, document.ArtifactDelivered); ok {
		t.Error("a stamped file exists")
	}
	if results, err := h.records.ListResults(t.Context(), storage.ResultQuery{}); err != nil || len(results) != 0 {
		t.Errorf("%d results, %v", len(results), err)
	}
}

// TestTemplate_TheResultNamesTheOneThatWasUsed: it may have changed between
// confirmation and stamp.
func TestTemplate_TheResultNamesTheOneThatWasUsed(t *testing.T) {
	h := newHouse(t)
	begun, changed := make(chan struct{}), make(chan struct{})
	h.room.stamp = func(ctx context.Context, in, out string, m stamp.Mark, tpl stamp.Template) (stamp.Report, error) {
		select {
		case begun <- struct{}{}:
			<-ctx.Done() // this worker ends before it has stamped
			return stamp.Report{}, ctx.Err()
		case <-changed:
		}
		return stamp.Report{Pages: 1}, os.WriteFile(out, []byte("marked by "+tpl.Name()), 0o600)
	}
	stop := h.start(1)
	id := h.receive(1, document.Origin{})
	<-begun
	stop()
	close(changed)
	h.config.Template = stamp.DefaultTemplate()
	h.config.Template.ID, h.config.Template.Version = "city", 4
	h.start(1)
	doc := h.state(id, document.StateDone, limit)
	r, err := h.records.Result(t.Context(), doc.Publication.ResultID)
	if err != nil || r.Template != h.config.Template.Name() {
		t.Errorf("the result names template %q, %v", r.Template, err)
	}
}
