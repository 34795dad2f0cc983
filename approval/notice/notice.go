// Package notice holds the words of the workflow's notices (文书): what a notice
// is, how it is numbered, and how the drafts of the catalogue become text.
package notice

import (
	"time"

	"onewindow/document"
)

// Notice is one 文书 as it was issued. Its text is kept with it: a template that
// changes later does not change it.
type Notice struct {
	ID     string `json:"id"`     // "ntc_…"
	Number string `json:"number"` // prefix, day, four digits; without gaps within series and prefix
	Kind   string `json:"kind"`   // code of the catalogue, e.g. acceptance_notice
	Title  string `json:"title"`
	// Series numbers a notice: the hall of a physical case, else the division.
	Series     string    `json:"series"`
	Division   string    `json:"division"`
	Unit       string    `json:"unit,omitempty"` // that it speaks for
	Project    string    `json:"project,omitempty"`
	Case       string    `json:"case_id,omitempty"`
	CaseNumber string    `json:"case_number,omitempty"`
	Item       string    `json:"case_item,omitempty"` // case item ID
	To         string    `json:"to,omitempty"`        // account it is for
	Content    Content   `json:"content"`
	Template   string    `json:"template"` // catalogue version the words came from
	IssuedAt   time.Time `json:"issued_at"`
	IssuedBy   string    `json:"issued_by"`
	Code       string    `json:"verification_code"` // 12 characters without dashes

	File   document.Digest `json:"file,omitzero"` // the PDF, once it is printed
	Size   int64           `json:"size,omitempty"`
	Served []Serving       `json:"served,omitempty"`
}

// Content is what stands on the paper.
type Content struct {
	Heading    string   `json:"heading"`             // who issues it
	Addressee  string   `json:"addressee,omitempty"` // 申请单位
	Before     []string `json:"before"`              // paragraphs above the table
	Table      *Table   `json:"table,omitempty"`
	After      []string `json:"after,omitempty"`
	Commitment string   `json:"commitment,omitempty"` // block to be filled in and signed (P3.7)
	Signer     string   `json:"signer"`
	Date       string   `json:"date"` // in Chinese
	Footer     string   `json:"footer,omitempty"`
}

// Table is a table inside a notice.
type Table struct {
	Columns []string   `json:"columns"`
	Rows    [][]string `json:"rows"`
}

// Serving is one 送达 of a notice.
type Serving struct {
	At       time.Time `json:"at"`
	Mode     string    `json:"mode"` // online, window, mail
	Receiver string    `json:"receiver"`
	By       string    `json:"by"`
}

// prefixes are those of notices.yaml (number_rule), and our own for the kinds it
// gives none.
var prefixes = map[string]string{
	"material_receipt": "SJ", "acceptance_notice": "SL", "deemed_acceptance": "SL", "correction_notice": "BZ", "refusal_notice": "BY",
	"return_notice": "TH", "rejection_notice": "TJ", "inquiry_notice": "YD", "delivery_receipt": "SD", "payment_notice": "JF",
	"special_procedure": "TX", "ready_notice": "CJ", "handover_list": "ZJ", "consultation_reply": "ZX", "complaint_reply": "TS",
	"classified_notice": "SM",
}

// Prefix is how the numbers of a kind begin.
func Prefix(kind string) string { return prefixes[kind] }
