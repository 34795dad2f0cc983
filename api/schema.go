package api

import (
	"context"
	"encoding/json"
	"reflect"

	"github.com/danielgtaylor/huma/v2"

	"onewindow/approval"
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

// ResultSchema is the JSON Schema (draft 2020-12) of a result record, made from
// the type itself so that it cannot go stale.
func ResultSchema() ([]byte, error) {
	registry := huma.NewMapRegistry("#/$defs/", huma.DefaultSchemaNamer)
	root := registry.Schema(reflect.TypeOf(approval.Result{}), true, "Result")
	defs := map[string]any{}
	for name, def := range registry.Map() {
		defs[name] = def
	}
	return json.MarshalIndent(map[string]any{
		"$schema": "https://json-schema.org/draft/2020-12/schema",
		"$id":     "https://onewindow.invalid/schemas/result.json",
		"title":   "审批成果记录", "$ref": root.Ref, "$defs": defs,
	}, "", "  ")
}
