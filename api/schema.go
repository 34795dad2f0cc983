package api

import (
	"context"
	"encoding/json"
	"reflect"

	"github.com/danielgtaylor/huma/v2"

	"onewindow/approval"
	"onewindow/document"
)

type rawJSON struct {
	ContentType string `header:"Content-Type"`
	Body        []byte
}

// resultSchema publishes the shape of a result record as JSON Schema.
func (s *Server) resultSchema(context.Context, *noInput) (*rawJSON, error) {
	b, err := ResultSchema()
	if err != nil {
		return nil, err
	}
	return &rawJSON{ContentType: "application/schema+json", Body: b}, nil
}

// ResultSchema is the JSON Schema (draft 2020-12) of a result record. Its shape
// is made from the type itself so that it cannot go stale; what Go types cannot
// say (which words a status may be, how a digest looks) is added here.
func ResultSchema() ([]byte, error) {
	registry := huma.NewMapRegistry("#/$defs/", huma.DefaultSchemaNamer)
	root := registry.Schema(reflect.TypeFor[approval.Result](), true, "Result")
	refine(registry.SchemaFromRef(root.Ref).Properties, registry)
	return json.MarshalIndent(map[string]any{
		"$schema": "https://json-schema.org/draft/2020-12/schema",
		"$id":     "https://onewindow.invalid/schemas/result.json",
		"title":   "审批成果记录", "$ref": root.Ref, "$defs": registry.Map(),
	}, "", "  ")
}

const (
	digestPattern = `^sha256-[0-9a-f]{64}$`
	dayPattern    = `^\d{4}-\d{2}-\d{2}$`
)

func refine(p map[string]*huma.Schema, registry huma.Registry) {
	p["mode"].Enum = words(approval.ModeGenerated, approval.ModePushed, approval.ModeScanned)
	p["status"].Enum = words(approval.StatusPublished, approval.StatusSuperseded, approval.StatusRevoked)
	for _, name := range []string{"original", "delivered"} {
		p[name].Pattern = digestPattern
	}
	for name, doc := range map[string]string{"valid_until": "有效期至；" + approval.NoExpiry + " 表示长期有效", "issue_date": "签发日期"} {
		p[name].Pattern, p[name].Description = dayPattern, doc
	}
	p["version"].Minimum = new(float64)
	*p["version"].Minimum = 1
	p["verification_code"].Pattern, p["verification_code"].Description = `^[2-9A-HJKMNP-Y]{12}$`, "校验码，印在水印上"
	p["template"].Description = "水印模板及版本；电子证照不加水印，没有此项"
	p["original"].Description, p["delivered"].Description = "收到的字节的摘要", "交付文件的摘要"
	p["fields"].Description = "成果数据：数据项到值，及其来源与确认人"
	field := registry.SchemaFromRef(p["fields"].AdditionalProperties.(*huma.Schema).Ref).Properties
	field["source"].Enum = words(document.FieldOCR, document.FieldTextLayer, document.FieldManual, document.FieldPushed,
		document.FieldBasis, document.FieldDerived)
	field["confirmed_by"].Description = "账号，或 policy:<名称>"
}

func words[T ~string](all ...T) []any {
	out := make([]any, len(all))
	for i, w := range all {
		out[i] = string(w)
	}
	return out
}
