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
	result := d.IsResult(doc)
	wrong := d.unknownKeys(class.Code, c.Values)
	if result {
		d.wrongValues(wrong, class.Code, fields, missing)
	}
	origin := doc.Origin
	if code, ok := projectCode(c.Project); !ok {
		wrong["project"] = wrongProject
	} else if code != "" {
		origin.Project = code
	}
	if len(wrong) > 0 {
		return storage.Change{}, &Invalid{Fields: wrong}
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
		if class.Recognized() {
			class.RunnersUp = append([]document.Candidate{{Code: class.Code, Name: class.Name, Confidence: class.Confidence}}, class.RunnersUp...)
		}
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

// decidedFields are the fields after the person's corrections, all confirmed. A
// value emptied by the person is gone. Values of a type that the person changed
// stay where the new type has them too.
func (d *Desk) decidedFields(doc document.Document, c Confirmation) document.Fields {
	at := d.Now().UTC()
	known := d.fieldKeys(doc.Classification.Code)
	fields := document.Fields{}
	for k, f := range doc.Fields {
		if known == nil || known[k] {
			fields[k] = f
		}
	}
	for k, v := range c.Values {
		f := fields[k]
		if f.Value != v {
			f = document.Field{Value: v, Raw: f.Raw, Page: f.Page, Box: f.Box, Confidence: 1, Source: document.FieldManual, Rule: "manual"}
		}
		fields[k] = f
	}
	for k, f := range fields {
		if f.Value == "" {
			delete(fields, k)
			continue
		}
		f.ConfirmedBy, f.ConfirmedAt = c.By, &at
		fields[k] = f
	}
	return fields
}

// fieldKeys are the keys of a result type; nil for other types, whose fields are
// not fixed.
func (d *Desk) fieldKeys(typeCode string) map[string]bool {
	t, ok := d.Catalogue.ResultType(typeCode)
	if !ok {
		return nil
	}
	keys := map[string]bool{}
	for _, f := range t.Fields {
		keys[f.Key] = true
	}
	return keys
}

// unknownKeys says no to values that the type has no place for: a misspelt key
// must not look accepted.
func (d *Desk) unknownKeys(typeCode string, values map[string]string) map[string]string {
	wrong := map[string]string{}
	known := d.fieldKeys(typeCode)
	for k := range values {
		if known != nil && !known[k] {
			wrong[k] = "这种文书没有这个数据项"
		}
	}
	return wrong
}

// wrongValues says of every required value what is wrong with it.
func (d *Desk) wrongValues(wrong map[string]string, typeCode string, fields document.Fields, missing []string) {
	for _, key := range missing {
		label := d.Catalogue.FieldLabel(typeCode, key)
		if fields[key].Value == "" {
			wrong[key] = "请填写" + label
		} else {
			wrong[key] = label + "未通过校验，请对照原件核对"
		}
	}
}
