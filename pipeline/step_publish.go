package pipeline

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"

	"onewindow/approval"
	"onewindow/approval/identifier"
	"onewindow/document"
	"onewindow/ocr"
	"onewindow/stamp"
	"onewindow/storage"
)

// stamp makes the watermarked copy of a confirmed scan (V2.12). It draws what
// was fixed at confirmation, so that doing it again gives the same bytes.
func (w *Worker) stamp(ctx context.Context, j *job) (storage.Change, error) {
	if j.doc.Publication == nil {
		return storage.Change{}, errors.New("stamp before confirmation")
	}
	path, giveBack, err := w.working(ctx, j.doc)
	if err != nil {
		return storage.Change{}, err
	}
	defer giveBack()
	dir, err := w.desk.scratch()
	if err != nil {
		return storage.Change{}, err
	}
	defer os.RemoveAll(dir)
	facts, err := w.facts(ctx, j.doc)
	if err != nil {
		return storage.Change{}, err
	}
	out := filepath.Join(dir, "delivered.pdf")
	report, err := w.Room.Stamp(ctx, path, out, w.mark(j.doc, facts), w.cfg.Template)
	if err != nil {
		return storage.Change{}, err
	}
	if report.Pages != j.doc.Pages {
		return storage.Change{}, fmt.Errorf("stamped %d pages of %d", report.Pages, j.doc.Pages)
	}
	kept, err := w.keepFile(ctx, document.ArtifactDelivered, out, "application/pdf")
	if err != nil {
		return storage.Change{}, err
	}
	change := storage.Change{
		Artifacts: []document.Artifact{kept},
		Next:      []storage.NextTask{{Step: document.StepPublish}},
	}
	if used := w.cfg.Template.Name(); used != j.doc.Publication.Template { // changed since the confirmation
		p := *j.doc.Publication
		p.Template = used
		change.Patch.Publication = &p
	}
	return change, nil
}

// mark is what is printed on the pages.
func (w *Worker) mark(doc document.Document, facts ocr.Facts) stamp.Mark {
	m := stamp.Mark{
		System: w.cfg.System, ProjectName: doc.Fields.Value("project_name"),
		DocumentName: w.typeName(doc), DocumentNo: w.number(doc),
		UploadedAt: doc.ReceivedAt, Code: doc.Publication.Code, BaseURL: w.cfg.BaseURL,
	}
	if unit, ok := w.Catalogue.Unit(w.unit(doc)); ok {
		m.UnitName, m.UnitShort = unit.Name, unit.Short
	}
	if issuer := doc.Fields.Value("issuer"); issuer != "" {
		m.UnitName = issuer
	}
	if facts.Signed {
		m.Notice = "原件带有数字签名，以原件为准"
	}
	return m
}

func (w *Worker) facts(ctx context.Context, doc document.Document) (ocr.Facts, error) {
	var f ocr.Facts
	all, err := w.Records.Artifacts(ctx, doc.ID, doc.Generation)
	if err != nil {
		return f, away(fmt.Errorf("list artifacts: %w", err))
	}
	for _, a := range all {
		if a.Kind == document.ArtifactFacts {
			return f, w.readJSON(ctx, a, &f)
		}
	}
	return f, errors.New("document was not inspected")
}

// publish makes the result version; everything that follows from it (an older
// version superseded, its dependants flagged, events) is the same transaction.
func (w *Worker) publish(ctx context.Context, j *job) (storage.Change, error) {
	delivered, err := w.delivered(ctx, j.doc)
	if err != nil {
		return storage.Change{}, err
	}
	facts, err := w.facts(ctx, j.doc)
	if err != nil {
		return storage.Change{}, err
	}
	r, err := w.result(ctx, j.doc, delivered)
	if err != nil {
		return storage.Change{}, err
	}
	r.Signed = facts.Signed
	state := document.StateDone
	return storage.Change{
		Patch:   storage.DocumentPatch{State: &state},
		Publish: &r,
		Audit: []storage.AuditEntry{{Actor: r.ConfirmedBy, Action: "result.publish", Object: r.ID,
			Detail: map[string]string{"document": string(j.doc.ID), "type": r.Type, "delivered": r.Delivered.String()}}},
	}, nil
}

func (w *Worker) delivered(ctx context.Context, doc document.Document) (document.Artifact, error) {
	all, err := w.Records.Artifacts(ctx, doc.ID, doc.Generation)
	if err != nil {
		return document.Artifact{}, away(fmt.Errorf("list artifacts: %w", err))
	}
	for _, a := range all {
		if a.Kind == document.ArtifactDelivered {
			return a, nil
		}
	}
	return document.Artifact{}, errors.New("nothing was stamped") // W10: never the unmarked file
}

// result puts the record together.
func (w *Worker) result(ctx context.Context, doc document.Document, delivered document.Artifact) (approval.Result, error) {
	p := doc.Publication
	project, err := w.projectOf(ctx, doc)
	if err != nil {
		return approval.Result{}, err
	}
	r := approval.Result{
		ID: p.ResultID, Lineage: p.ResultID, Version: 1, Type: doc.Classification.Code, TypeName: w.typeName(doc),
		Mode: approval.ModeScanned, Status: approval.StatusPublished,
		Document: doc.ID, Generation: doc.Generation, Original: doc.Original,
		Delivered: delivered.Digest, Size: delivered.Size, MediaType: delivered.MediaType, Pages: doc.Pages, Template: p.Template,
		Project: project, Item: doc.Origin.Item, Case: doc.Origin.Case, Unit: w.unit(doc), Division: doc.Origin.Division,
		Fields: doc.Fields, ConfirmedBy: p.ConfirmedBy, ConfirmedAt: p.ConfirmedAt, Code: p.Code,
		PublishedAt: w.Now().UTC(), Number: w.number(doc),
	}
	approval.Describe(&r)
	if doc.Origin.Supersede == "" {
		return r, nil
	}
	old, err := w.Records.Result(ctx, doc.Origin.Supersede)
	if err != nil {
		return r, away(fmt.Errorf("load superseded result: %w", err))
	}
	r.Lineage, r.Supersedes = old.Lineage, old.ID
	return r, nil
}

// typeName is the name of the document's type for people.
func (w *Worker) typeName(doc document.Document) string {
	if t, ok := w.Catalogue.ResultType(doc.Classification.Code); ok {
		return t.Name
	}
	return doc.Classification.Name
}

// number is the document's own number: each type names the field that holds it.
func (w *Worker) number(doc document.Document) string {
	if t, ok := w.Catalogue.ResultType(doc.Classification.Code); ok && t.Number.Field != "" {
		return doc.Fields.Value(t.Number.Field)
	}
	return doc.Fields.Value("doc_no")
}

// unit is the business unit that issued the document: as the door said, else the
// one whose item produces the type.
func (w *Worker) unit(doc document.Document) string {
	if doc.Origin.Unit != "" {
		return doc.Origin.Unit
	}
	if makers := w.Catalogue.Producers(doc.Classification.Code); len(makers) > 0 {
		return makers[0].Unit
	}
	return ""
}

// projectOf is the project a result belongs to: as the door said, as printed, or
// the one project of the printed name, because many certificates (施工许可证) carry
// no 项目代码. Without any, people link the result later.
func (w *Worker) projectOf(ctx context.Context, doc document.Document) (string, error) {
	if doc.Origin.Project != "" {
		return doc.Origin.Project, nil
	}
	if f := doc.Fields["project_code"]; f.Value != "" && f.Valid {
		return f.Value, nil
	}
	if code := codeIn(doc.Fields); code != "" {
		return code, nil
	}
	p, err := w.Records.ProjectByName(ctx, doc.Fields.Value("project_name"), doc.Fields.Value("builder"))
	if errors.Is(err, storage.ErrNotFound) {
		return "", nil
	}
	return p.Code, away(err)
}

var projectCodeForm = regexp.MustCompile(`\d{4}-\d{6}-\d{2}-\d{2}-\d{6}`)

// codeIn finds the one 项目代码 that stands inside other values: permits carry it
// among their remarks. Two different ones say nothing.
func codeIn(fields document.Fields) string {
	found := ""
	for _, f := range fields {
		for _, text := range projectCodeForm.FindAllString(f.Value, -1) {
			v := identifier.Validate(identifier.ProjectCode, text)
			if !v.Valid || v.Value == found {
				continue
			}
			if found != "" {
				return ""
			}
			found = v.Value
		}
	}
	return found
}
