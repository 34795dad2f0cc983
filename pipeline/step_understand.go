package pipeline

import (
	"context"
	"fmt"
	"slices"

	"onewindow/classify"
	"onewindow/document"
	"onewindow/extract"
	"onewindow/stamp"
	"onewindow/stamp/verifycode"
	"onewindow/storage"
)

// classify decides the type from the pages read.
func (w *Worker) classify(ctx context.Context, j *job) (storage.Change, error) {
	pages, err := w.ownPages(ctx, j.doc)
	if err != nil {
		return storage.Change{}, err
	}
	if r := nothingRead(pages); r != nil {
		return storage.Change{}, r
	}
	change, split, err := w.several(ctx, j.doc, pages)
	if split || err != nil {
		return change, err
	}
	c, err := w.Classifier.Classify(ctx, classify.Question{
		Pages: pages, Filename: j.doc.Filename, Role: j.doc.Origin.Role, Among: w.among(j.doc.Origin),
	})
	if err != nil {
		return storage.Change{}, fmt.Errorf("classify: %w", err)
	}
	state := document.StateClassified
	change.Patch.State, change.Patch.Classification = &state, &c
	change.Next = []storage.NextTask{{Step: document.StepExtract}}
	return change, nil
}

// nothingRead refuses a file of which not one page could be read.
func nothingRead(pages []document.Page) *document.Refusal {
	for _, p := range pages {
		if !slices.Contains(p.Warnings, unreadablePage) {
			return nil
		}
	}
	return document.Refuse(document.CodeCorrupt, "文件的每一页都无法读取。请检查原件，重新扫描或重新导出后再上传。",
		"none of %d pages could be read", len(pages))
}

// ownPages are the pages read, without the band of an earlier watermark.
func (w *Worker) ownPages(ctx context.Context, doc document.Document) ([]document.Page, error) {
	pages, err := ReadPages(ctx, w.Records, w.Blobs, doc.ID, doc.Generation)
	for i := range pages {
		pages[i] = stamp.WithoutBand(pages[i])
	}
	return pages, err
}

// among limits a material to the checklist of the item applied for, and a
// result to what the item produces. Without an item anything is possible.
func (w *Worker) among(o document.Origin) []string {
	item, ok := w.Catalogue.Item(o.Item)
	if !ok {
		return nil
	}
	if o.Role == document.RoleResult {
		return item.Results
	}
	if o.Role == document.RoleMaterial {
		return w.Catalogue.ChecklistMaterials(item.Code)
	}
	return nil
}

// extract takes the fields and decides whether a person must look.
func (w *Worker) extract(ctx context.Context, j *job) (storage.Change, error) {
	pages, err := w.ownPages(ctx, j.doc)
	if err != nil {
		return storage.Change{}, err
	}
	acquainted, err := w.acquaintance(ctx, j.doc.Origin.Project)
	if err != nil {
		return storage.Change{}, err
	}
	var got extract.Extraction
	if j.doc.Classification.Recognized() {
		got, err = w.Extractor.Extract(ctx, extract.Request{Type: j.doc.Classification.Code, Pages: pages, Known: acquainted.held})
		if err != nil {
			return storage.Change{}, fmt.Errorf("extract: %w", err)
		}
	}
	doc := j.doc
	kinds, _ := w.Catalogue.ResultType(doc.Classification.Code)
	scales{kinds, w.words, acquainted}.weigh(got.Fields, pages)
	doc.Fields = got.Fields
	findings := append(append(doc.Findings, pageFindings(pages)...), got.Findings...)
	findings = acquainted.mend(got.Fields, kinds, pages, findings)
	change := w.decide(doc, got.Missing, findings)
	if w.TextLayer != nil && scanned(pages) {
		change.Next = append(change.Next, storage.NextTask{Step: document.StepSearchable})
	}
	return change, nil
}

// decide ends reading: filed, on to the stamp, or waiting for a person.
func (w *Worker) decide(doc document.Document, missing []string, findings []document.Finding) storage.Change {
	change := storage.Change{Patch: storage.DocumentPatch{Fields: doc.Fields}}
	if change.Patch.Fields == nil {
		change.Patch.Fields = document.Fields{}
	}
	result := w.Catalogue.IsResult(doc.Origin.Role, doc.Classification.Code)
	v := reviewMaterial(doc, findings)
	if result {
		v = w.cfg.Review.reviewResult(doc, missing, findings)
	}
	state := document.StateNeedsReview
	switch {
	case v.pass && result:
		state = document.StateConfirmed
		confirmAll(change.Patch.Fields, v.by, w.Now)
		change.Patch.Publication = w.publication(v.by)
		change.Next = []storage.NextTask{{Step: document.StepStamp}}
	case v.pass:
		state = document.StateDone
		if v.by == PolicyConfirmer {
			disown(change.Patch.Fields)
		}
	default:
		findings = append(findings, reasons(v.why, findings)...)
	}
	change.Patch.State = &state
	change.Patch.Findings = findings
	return change
}

// reasons are the findings that say why a person must look, where none says it
// already.
func reasons(why []string, said []document.Finding) []document.Finding {
	var out []document.Finding
	for _, message := range why {
		if !slices.ContainsFunc(said, func(f document.Finding) bool { return f.Message == message }) {
			out = append(out, document.Finding{Code: "review", Severity: "warning", Message: message})
		}
	}
	return out
}

func confirmAll(fields document.Fields, by string, now clock) {
	at := now().UTC()
	for k, f := range fields {
		f.ConfirmedBy, f.ConfirmedAt = by, &at
		fields[k] = f
	}
}

// publication fixes what the stamp will print.
func (w *Worker) publication(by string) *document.Publication {
	return &document.Publication{
		ResultID: newResultID(), Code: verifycode.New(), ConfirmedBy: by, ConfirmedAt: w.Now().UTC(),
		Template: w.cfg.Template.Name(),
	}
}
