package casework

import (
	"context"
	"fmt"

	"onewindow/approval/identifier"
	"onewindow/document"
	"onewindow/storage"
)

// UnitOf returns the business unit responsible for a document: as the door said,
// else that of the item it was sent for, else the one that issues its type; ""
// when nobody knows yet.
func (d *Desk) UnitOf(doc document.Document) string {
	if doc.Origin.Unit != "" {
		return doc.Origin.Unit
	}
	if item, ok := d.Catalogue.Item(doc.Origin.Item); ok {
		return item.Unit
	}
	if !d.IsResult(doc) {
		return ""
	}
	if makers := d.Catalogue.Producers(doc.Classification.Code); len(makers) > 0 {
		return makers[0].Unit
	}
	return ""
}

// IsResult reports whether a document is an approval result, by the pipeline's
// rule: the sender said so, or its type is one that a business unit produces.
func (d *Desk) IsResult(doc document.Document) bool {
	return d.Catalogue.IsResult(doc.Origin.Role, doc.Classification.Code)
}

// How a list is gathered: rows read at once, and how often at most for one page.
const (
	listBatch = 200
	listReads = 10
)

// ListDocuments returns a page of the documents that sees lets through, newest
// first, and where the next page starts ("" at the end). A page may be short and
// still have a next one: a list never searches long.
func (d *Desk) ListDocuments(ctx context.Context, q storage.DocumentQuery, sees func(document.Document) bool) ([]document.Document, document.ID, error) {
	want := q.Limit
	if want <= 0 {
		want = 50
	}
	q.Limit = max(want+1, listBatch)
	out := []document.Document{}
	for range listReads {
		batch, err := d.Records.ListDocuments(ctx, q)
		if err != nil {
			return nil, "", fmt.Errorf("list documents: %w", err)
		}
		for _, doc := range batch {
			if !sees(doc) {
				continue
			}
			if len(out) == want {
				return out, out[want-1].ID, nil
			}
			out = append(out, doc)
		}
		if len(batch) < min(q.Limit, 500) {
			return out, "", nil
		}
		q.Before = batch[len(batch)-1].ID
	}
	return out, q.Before, nil
}

// Vet checks what a sender says of a file before it becomes a document, and
// brings it into normal form. mayEnd tells whether the sender may end results of
// a unit. Errors: *Invalid with everything that is wrong.
func (d *Desk) Vet(ctx context.Context, o *document.Origin, mayEnd func(unit string) bool) error {
	wrong := map[string]string{}
	if !in(o.Role, document.RoleAuto, document.RoleMaterial, document.RoleResult) {
		wrong["as"] = "只能是 material（申报材料）或 result（审批成果）"
	}
	if !in(o.Engine, "", "ppocr", "tesseract") {
		wrong["engine"] = "没有这种识别引擎，可用 ppocr 或 tesseract"
	}
	if _, ok := d.Catalogue.Item(o.Item); !ok && o.Item != "" {
		wrong["item"] = "没有这个办理事项"
	}
	if _, ok := d.Catalogue.Material(o.Material); !ok && o.Material != "" {
		wrong["material"] = "没有这种材料"
	}
	if code, ok := projectCode(o.Project); ok {
		o.Project = code
	} else {
		wrong["project"] = wrongProject
	}
	if o.Supersede != "" {
		old, err := d.Records.Result(ctx, o.Supersede)
		if err != nil && !isNotFound(err) {
			return fmt.Errorf("find superseded result: %w", err)
		}
		if err != nil || !mayEnd(old.Unit) {
			wrong["supersede"] = "没有这个成果，或不是本单位出具的成果"
		}
	}
	if len(wrong) > 0 {
		return &Invalid{Fields: wrong}
	}
	return nil
}

const wrongProject = "项目代码不正确，请核对（格式如 2404-430100-04-01-123453）"

// projectCode brings a 项目代码 into normal form; none is fine.
func projectCode(typed string) (string, bool) {
	if typed == "" {
		return "", true
	}
	v := identifier.Validate(identifier.ProjectCode, typed)
	return v.Value, v.Valid
}

func in[T comparable](v T, set ...T) bool {
	for _, x := range set {
		if v == x {
			return true
		}
	}
	return false
}
