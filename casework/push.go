package casework

import (
	"context"
	"strings"

	"github.com/oklog/ulid/v2"

	"onewindow/approval"
	"onewindow/approval/identifier"
	"onewindow/document"
	"onewindow/stamp/verifycode"
	"onewindow/storage"
)

// Certificate is an electronic certificate pushed by a unit's own system (V2.9).
type Certificate struct {
	Blob     storage.BlobInfo // already durable among the originals
	Filename string
	Type     string            // result type
	ECertID  string            // 证照标识, GB/T 36904
	Values   map[string]string // result data by field key
	Project  string
	Item     string
	Case     string
	Unit     string
	Division string
	By       string
	Key      string // idempotency key
}

// Push publishes an electronic certificate. It is stored as it came and never
// stamped (W9). again tells that the key was used before: the same record is
// returned. Errors: *Invalid with every wrong field, ErrConflict when the key
// was used for other bytes.
func (d *Desk) Push(ctx context.Context, c Certificate) (result approval.Result, again bool, err error) {
	wrong := d.pushErrors(&c)
	fields := document.Fields{}
	at := d.Now().UTC()
	for k, v := range c.Values {
		fields[k] = document.Field{Value: v, Raw: v, Confidence: 1, Source: document.FieldPushed, ConfirmedBy: c.By, ConfirmedAt: &at}
	}
	if _, known := d.Catalogue.ResultType(c.Type); known {
		missing := d.Checker.Check(c.Type, fields)
		if len(missing) > 0 {
			if inv, ok := d.invalid(c.Type, fields, missing).(*Invalid); ok {
				for k, v := range inv.Fields {
					wrong["fields."+k] = v
				}
			}
		}
	}
	if len(wrong) > 0 {
		return approval.Result{}, false, &Invalid{Fields: wrong}
	}
	return d.Records.PublishResult(ctx, d.pushed(c, fields), c.Key,
		storage.AuditEntry{Actor: c.By, Action: "result.push", Detail: map[string]string{"ecert_id": c.ECertID}})
}

// pushErrors checks what surrounds the data, and normalises the identifier.
func (d *Desk) pushErrors(c *Certificate) map[string]string {
	wrong := map[string]string{}
	if c.Key == "" {
		wrong["Idempotency-Key"] = "请提供幂等键，以免重复推送"
	}
	if len(d.Catalogue.Producers(c.Type)) == 0 {
		wrong["type"] = "没有这种审批成果类型"
	}
	v := identifier.Validate("ecert_id", c.ECertID)
	if !v.Valid {
		wrong["ecert_id"] = "证照标识不符合 GB/T 36904，请核对校验位"
	}
	if c.Unit == "" {
		wrong["unit"] = "推送账号未绑定业务单位，请联系管理员"
	}
	if c.Project != "" && !identifier.Validate("project_code", c.Project).Valid {
		wrong["project"] = "项目代码不正确"
	}
	return wrong
}

func (d *Desk) pushed(c Certificate, fields document.Fields) approval.Result {
	t, _ := d.Catalogue.ResultType(c.Type)
	id, at := "res_"+ulid.Make().String(), d.Now().UTC()
	r := approval.Result{
		ID: id, Lineage: id, Version: 1, Type: c.Type, TypeName: t.Name, Mode: approval.ModePushed,
		Status: approval.StatusPublished, Original: c.Blob.Digest, Delivered: c.Blob.Digest, Size: c.Blob.Size,
		MediaType: pushedMediaType(c.Filename), Project: c.Project, Item: c.Item, Case: c.Case, Unit: c.Unit,
		Division: c.Division, Fields: fields, ConfirmedBy: c.By, ConfirmedAt: at, PublishedAt: at,
		Code: verifycode.New(), ECertID: c.ECertID, Number: fields.Value(numberField(t.Number.Field)),
	}
	approval.Describe(&r)
	return r
}

func numberField(key string) string {
	if key == "" {
		return "doc_no"
	}
	return key
}

// pushedMediaType goes by the name: the bytes are delivered as they came and
// never opened here.
func pushedMediaType(filename string) string {
	switch {
	case strings.HasSuffix(strings.ToLower(filename), ".ofd"):
		return "application/ofd"
	case strings.HasSuffix(strings.ToLower(filename), ".pdf"):
		return "application/pdf"
	}
	return "application/octet-stream"
}
