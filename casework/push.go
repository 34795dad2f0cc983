package casework

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
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
	Key      string // idempotency key; the 证照标识 itself when empty
}

// Push publishes an electronic certificate. It is stored as it came and never
// stamped (W9). again tells that it was pushed before: the same record is
// returned. Errors: *Invalid with every wrong field, a *document.Refusal for a
// file that is no certificate, ErrConflict when the key was used for other bytes
// or other data.
func (d *Desk) Push(ctx context.Context, c Certificate) (result approval.Result, again bool, err error) {
	wrong := d.pushErrors(&c)
	fields := d.pushedFields(c)
	for key, why := range d.unknownKeys(c.Type, c.Values) {
		wrong["fields."+key] = why
	}
	if _, known := d.Catalogue.ResultType(c.Type); known {
		values := map[string]string{}
		d.wrongValues(values, c.Type, fields, d.Checker.Check(c.Type, fields))
		for key, why := range values {
			wrong["fields."+key] = why
		}
	}
	if len(wrong) > 0 {
		return approval.Result{}, false, &Invalid{Fields: wrong}
	}
	mediaType, err := d.certificateType(ctx, c)
	if err != nil {
		return approval.Result{}, false, err
	}
	pushed := d.pushed(c, fields, mediaType)
	result, again, err = d.Records.PublishResult(ctx, pushed, c.Key,
		storage.AuditEntry{Actor: c.By, Action: "result.push", Detail: map[string]string{"ecert_id": c.ECertID}})
	if err == nil && again && !sameCertificate(result, pushed) {
		return approval.Result{}, false, fmt.Errorf("pushed before with other data: %w", storage.ErrConflict)
	}
	return result, again, err
}

// sameCertificate reports whether a repeated push says what the first one said.
// The project may have been linked since.
func sameCertificate(kept, pushed approval.Result) bool {
	return kept.Type == pushed.Type && kept.ECertID == pushed.ECertID && kept.Unit == pushed.Unit &&
		(pushed.Project == "" || kept.Project == pushed.Project) &&
		maps.Equal(kept.Fields.Values(), pushed.Fields.Values())
}

func (d *Desk) pushedFields(c Certificate) document.Fields {
	fields := document.Fields{}
	at := d.Now().UTC()
	for k, v := range c.Values {
		if v = strings.TrimSpace(v); v != "" {
			fields[k] = document.Field{Value: v, Raw: v, Confidence: 1, Source: document.FieldPushed, ConfirmedBy: c.By, ConfirmedAt: &at}
		}
	}
	return fields
}

// pushErrors checks what surrounds the data, and normalises the identifiers.
func (d *Desk) pushErrors(c *Certificate) map[string]string {
	wrong := map[string]string{}
	if len(d.Catalogue.Producers(c.Type)) == 0 {
		wrong["type"] = "没有这种审批成果类型"
	}
	if v := identifier.Validate(identifier.ECertID, c.ECertID); v.Valid {
		c.ECertID = v.Value
	} else {
		wrong["ecert_id"] = "证照标识不符合 GB/T 36904，请核对校验位"
	}
	if c.Key == "" {
		c.Key = "ecert:" + c.ECertID
	}
	if c.Unit == "" {
		wrong["unit"] = "推送账号未绑定业务单位，请联系管理员"
	}
	if _, ok := d.Catalogue.Item(c.Item); !ok && c.Item != "" {
		wrong["item"] = "没有这个办理事项"
	}
	if code, ok := projectCode(c.Project); ok {
		c.Project = code
	} else {
		wrong["project"] = wrongProject
	}
	return wrong
}

// certificateType tells by the first bytes whether the file is a PDF or an OFD:
// the two forms certificates have. More of it is not read, because it is
// delivered as it came.
func (d *Desk) certificateType(ctx context.Context, c Certificate) (string, error) {
	b, err := d.Blobs.Open(ctx, storage.Originals, c.Blob.Digest)
	if err != nil {
		return "", fmt.Errorf("open certificate: %w", err)
	}
	defer b.Close()
	head := make([]byte, 5)
	n, err := io.ReadFull(b, head)
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) && !errors.Is(err, io.EOF) {
		return "", fmt.Errorf("read certificate: %w", err)
	}
	switch start := string(head[:n]); {
	case start == "%PDF-":
		return "application/pdf", nil
	case strings.HasPrefix(start, "PK\x03\x04"):
		return "application/ofd", nil
	}
	return "", document.Refuse(document.CodeUnsupported, "电子证照应为 PDF 或 OFD 文件，请检查后重新推送。", "neither PDF nor OFD")
}

func (d *Desk) pushed(c Certificate, fields document.Fields, mediaType string) approval.Result {
	t, _ := d.Catalogue.ResultType(c.Type)
	id, at := "res_"+ulid.Make().String(), d.Now().UTC()
	r := approval.Result{
		ID: id, Lineage: id, Version: 1, Type: c.Type, TypeName: t.Name, Mode: approval.ModePushed,
		Status: approval.StatusPublished, Original: c.Blob.Digest, Delivered: c.Blob.Digest, Size: c.Blob.Size,
		MediaType: mediaType, Project: c.Project, Item: c.Item, Case: c.Case, Unit: c.Unit,
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
