// Package stamp says what the watermark of a scanned result is (V2.12): a footer
// band below the content, tiled diagonal text over it, a QR code and a
// verification code. pdfstamp and imagestamp draw it.
package stamp

import (
	"context"
	"time"
)

// Mark is everything that is printed on one result version. The same Mark,
// Template, font and input give the same bytes.
type Mark struct {
	System       string    `json:"system"`           // e.g. 湖南省工程建设项目审批管理系统
	ProjectName  string    `json:"project_name"`     // shown up to 20 characters
	UnitName     string    `json:"unit_name"`        // uploading business unit
	UnitShort    string    `json:"unit_short"`       // for the tiles
	DocumentName string    `json:"document_name"`    // e.g. 建筑工程施工许可证
	DocumentNo   string    `json:"document_no"`      // 证号
	UploadedAt   time.Time `json:"uploaded_at"`      // printed in Asia/Shanghai
	Code         string    `json:"code"`             // verification code, 12 characters without dashes
	BaseURL      string    `json:"base_url"`         // the QR holds BaseURL + "/v/" + Code
	TraceLine    string    `json:"trace,omitempty"`  // per-fetch trace: unit, person, time; "" on the delivered file
	Notice       string    `json:"notice,omitempty"` // e.g. that the source carried a digital signature
}

// Report is what a Stamper did.
type Report struct {
	Pages    int      `json:"pages"`
	Template string   `json:"template"`           // id and version
	Method   string   `json:"method"`             // "pdfcpu", "qpdf", "raster", "image"
	Stripped []string `json:"stripped,omitempty"` // active content removed: "javascript", "embedded_files", "launch", …
	Signed   bool     `json:"signed,omitempty"`   // the source carried signatures; the original stays untouched
}

// Stamper writes a marked copy of a file. In and out are paths inside the
// caller's scratch folder; out is always a PDF and appears only on success
// (W10: an unmarked file is never delivered).
type Stamper interface {
	Stamp(ctx context.Context, in, out string, mark Mark, tpl Template) (Report, error)
}
