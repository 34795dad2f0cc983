// Package extract takes the approval-result data out of a read document: label
// and value pairs by geometry, validated, repaired where exactly one repair
// passes, and cross-checked with what is known of the project.
package extract

import (
	"context"

	"onewindow/document"
)

// Request is one document to take fields from.
type Request struct {
	Type  string          // result type (rd-…) or material code
	Pages []document.Page // as read
	// Known are values of the project and its earlier results by field key
	// (project_name, builder, project_code, …); differences become findings.
	Known map[string]string
}

// Extraction is what was found.
type Extraction struct {
	Fields   document.Fields
	Missing  []string // required keys without a valid value, in catalogue order
	Findings []document.Finding
}

// Extractor takes the fields of a document.
type Extractor interface {
	Extract(ctx context.Context, r Request) (Extraction, error)
}
