package casework

import (
	"context"
	"fmt"

	"github.com/oklog/ulid/v2"

	"onewindow/document"
	"onewindow/stamp/verifycode"
	"onewindow/storage"
)

// Confirmation is a person's decision on a document that waits for review.
type Confirmation struct {
	Document document.ID
	Version  int64             // the one the person saw, 0 for any
	Type     string            // corrected type, "" to keep
	Values   map[string]string // corrected or added values by field key
	Project  string            // 项目代码, "" to keep
	By       string
}

// Confirm takes a person's confirmation: a result goes on to the stamp, a
// material is filed. Required fields that are missing or invalid stop a result
// (V2.11) with *Invalid. Errors: ErrNotFound, ErrIllegal, ErrConflict.
func (d *Desk) Confirm(ctx context.Context, c Confirmation) (document.Document, error) {
	doc, err := d.Records.Document(ctx, c.Document)
	if err != nil {
		return doc, err
	}
	if doc.State != document.StateNeedsReview {
		return doc, fmt.Errorf("confirm in state %s: %w", doc.State, ErrIllegal)
	}
	change, err := d.confirmation(doc, c)
	if err != nil {
		return doc, err
	}
	version := c.Version
	if version == 0 {
		version = doc.Version // compare-and-set: two people at once must not both win
	}
	doc, ready, err := d.Records.Apply(ctx, doc.ID, version, change)
	if err != nil {
		return doc, err
	}
	d.ring(ctx, ready)
	return doc, nil
}

func (d *Desk) confirmation(doc document.Document, c Confirmation) (storage.Change, error) {
	class, err := d.decidedType(doc, c)
	if err != nil {
		return storage.Change{}, err
	}
	doc.Classification = class
	fields := d.decidedFields(doc, c)
	missing := d.Checker.Check(class.Code, fields)
	result := d.isResult(doc)
	if result && len(missing) > 0 {
		return storage.Change{}, d.invalid(class.Code, fields, missing)
	}
	origin := doc.Origin
	if c.Project != "" {
		origin.Project = c.Project
	}
	change := storage.Change{
		Patch: storage.DocumentPatch{Classification: &class, Fields: fields, Origin: &origin},
		Audit: []storage.AuditEntry{{Actor: c.By, Action: "document.confirm", Object: string(doc.ID),
			Detail: map[string]string{"type": class.Code}}},
	}
	state := document.StateDone
	if result {
		state = document.StateConfirmed
		change.Patch.Publication = &document.Publication{
			ResultID: "res_" + ulid.Make().String(), Code: verifycode.New(), Template: d.Template.Name(),
			ConfirmedBy: c.By, ConfirmedAt: d.Now().UTC(),
		}
		change.Next = []storage.NextTask{{Step: document.StepStamp}}
	}
	change.Patch.State = &state
	return change, nil
}

// decidedType is the type after the person's correction.
func (d *Desk) decidedType(doc document.Document, c Confirmation) (document.Classification, error) {
	class := doc.Classification
	if c.Type != "" && c.Type != class.Code {
		name, ok := d.typeName(c.Type)
		if !ok {
			return class, &Invalid{Fields: map[string]string{"type": "没有这种文书或材料类型"}}
		}
		class.RunnersUp = append([]document.Candidate{{Code: class.Code, Name: class.Name, Confidence: class.Confidence}}, class.RunnersUp...)
		class.Code, class.Name, class.Confidence, class.By = c.Type, name, 1, c.By
	}
	if !class.Recognized() {
		return class, &Invalid{Fields: map[string]string{"type": "请选择文书类型"}}
	}
	return class, nil
}

func (d *Desk) typeName(code string) (string, bool) {
	if t, ok := d.Catalogue.ResultType(code); ok {
		return t.Name, true
	}
	m, ok := d.Catalogue.Material(code)
	return m.Name, ok
}

// decidedFields are the fields after the person's corrections, all confirmed.
func (d *Desk) decidedFields(doc document.Document, c Confirmation) document.Fields {
	at := d.Now().UTC()
	fields := document.Fields{}
	for k, f := range doc.Fields {
		fields[k] = f
	}
	for k, v := range c.Values {
		f := fields[k]
		if f.Value != v {
			f = document.Field{Value: v, Raw: f.Raw, Page: f.Page, Box: f.Box, Confidence: 1, Source: document.FieldManual, Rule: "manual"}
		}
		fields[k] = f
	}
	for k, f := range fields {
		f.ConfirmedBy, f.ConfirmedAt = c.By, &at
		fields[k] = f
	}
	return fields
}

func (d *Desk) invalid(typeCode string, fields document.Fields, missing []string) error {
	out := &Invalid{Fields: map[string]string{}}
	for _, key := range missing {
		label := d.Catalogue.FieldLabel(typeCode, key)
		if fields[key].Value == "" {
			out.Fields[key] = "请填写" + label
		} else {
			out.Fields[key] = label + "未通过校验，请对照原件核对"
		}
	}
	return out
}

// isResult mirrors the pipeline's rule: the sender said so, or the type is one
// that a business unit produces.
func (d *Desk) isResult(doc document.Document) bool {
	return d.Catalogue.IsResult(doc.Origin.Role, doc.Classification.Code)
}

// Reject ends a document that a person does not want.
func (d *Desk) Reject(ctx context.Context, id document.ID, by, reason string) (document.Document, error) {
	return d.end(ctx, id, by, reason, document.StateRejected, "document.reject", document.StateNeedsReview)
}

// Cancel stops a document before its end.
func (d *Desk) Cancel(ctx context.Context, id document.ID, by, reason string) (document.Document, error) {
	return d.end(ctx, id, by, reason, document.StateCancelled, "document.cancel",
		document.StateReceived, document.StateInspecting, document.StateReading, document.StateClassified,
		document.StateNeedsReview, document.StateFailed, document.StateRefused)
}

func (d *Desk) end(ctx context.Context, id document.ID, by, reason string, to document.State, action string, from ...document.State) (document.Document, error) {
	doc, err := d.Records.Document(ctx, id)
	if err != nil {
		return doc, err
	}
	if !in(doc.State, from) {
		return doc, fmt.Errorf("%s in state %s: %w", action, doc.State, ErrIllegal)
	}
	doc, _, err = d.Records.Apply(ctx, id, doc.Version, storage.Change{
		Patch: storage.DocumentPatch{State: &to}, CancelTasks: true,
		Audit: []storage.AuditEntry{{Actor: by, Action: action, Object: string(id), Detail: map[string]string{"reason": reason}}},
	})
	return doc, err
}

func in(s document.State, set []document.State) bool {
	for _, x := range set {
		if s == x {
			return true
		}
	}
	return false
}

// Retry readies the parked tasks of a document again.
func (d *Desk) Retry(ctx context.Context, id document.ID, by string) (document.Document, error) {
	doc, err := d.Records.Document(ctx, id)
	if err != nil {
		return doc, err
	}
	if !in(doc.State, []document.State{document.StateFailed, document.StateRefused}) {
		return doc, fmt.Errorf("retry in state %s: %w", doc.State, ErrIllegal)
	}
	ready, err := d.Records.Requeue(ctx, id, by)
	if err != nil {
		return doc, err
	}
	d.ring(ctx, ready)
	return d.Records.Document(ctx, id)
}

// Reprocess reads a document anew in a new generation; outputs of earlier
// generations, and results published from them, stay.
func (d *Desk) Reprocess(ctx context.Context, id document.ID, by, engine string) (document.Document, error) {
	doc, err := d.Records.Document(ctx, id)
	if err != nil {
		return doc, err
	}
	if doc.State == document.StateQuarantined || !(doc.State.Final() || doc.State == document.StateNeedsReview) {
		return doc, fmt.Errorf("reprocess in state %s: %w", doc.State, ErrIllegal)
	}
	origin, state := doc.Origin, document.StateReceived
	if engine != "" {
		origin.Engine = engine
	}
	doc, ready, err := d.Records.Apply(ctx, id, doc.Version, storage.Change{
		NewGeneration: true, CancelTasks: true,
		Patch: storage.DocumentPatch{State: &state, Origin: &origin, ClearRefusal: true},
		Next:  []storage.NextTask{{Step: document.StepInspect}},
		Audit: []storage.AuditEntry{{Actor: by, Action: "document.reprocess", Object: string(id)}},
	})
	if err != nil {
		return doc, err
	}
	d.ring(ctx, ready)
	return doc, nil
}
