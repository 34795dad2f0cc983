package document

import "time"

// FieldSource says who supplied a field's value.
type FieldSource string

// The sources of a field's value (V2.11: each field stores value, source,
// confidence, confirmed_by).
const (
	FieldOCR       FieldSource = "ocr"        // extracted from recognized text
	FieldTextLayer FieldSource = "text_layer" // extracted from the file's own text
	FieldManual    FieldSource = "manual"     // typed or corrected by a person
	FieldPushed    FieldSource = "pushed"     // delivered by a unit's own system (V2.9)
	FieldBasis     FieldSource = "basis"      // taken from an earlier result (V2.13)
	FieldDerived   FieldSource = "derived"    // computed from other fields
)

// Field is one value of the approval-result data (审批成果数据) with its provenance.
// Keys are those of the result types in the catalogue.
type Field struct {
	Value      string      `json:"value"`           // normalised
	Raw        string      `json:"raw"`             // as it stood on the page
	Unit       string      `json:"unit,omitempty"`  // as printed, for areas and money
	Confidence float64     `json:"confidence"`      // 0..1
	Page       int         `json:"page"`            // 0 when not read from a page
	Box        Box         `json:"box"`             // in pixels of that page
	Source     FieldSource `json:"source"`          // who supplied the value
	Rule       string      `json:"rule,omitempty"`  // how the value was found, e.g. "label:next-cell"
	Valid      bool        `json:"valid"`           // the validator's verdict
	Error      string      `json:"error,omitempty"` // the validator's error class when not valid
	Repaired   bool        `json:"repaired,omitempty"`
	// ConfirmedBy is an account, or "policy:<name>" when a policy let the value pass.
	ConfirmedBy string     `json:"confirmed_by,omitempty"`
	ConfirmedAt *time.Time `json:"confirmed_at,omitempty"`
}

// Fields are the values of one document by key.
type Fields map[string]Field

// Value returns the value of key, or "".
func (f Fields) Value(key string) string { return f[key].Value }

// Values returns the bare values by key.
func (f Fields) Values() map[string]string {
	m := make(map[string]string, len(f))
	for k, v := range f {
		m[k] = v.Value
	}
	return m
}

// Candidate is one possible type of a document.
type Candidate struct {
	Code       string  `json:"code"`
	Name       string  `json:"name"`
	Confidence float64 `json:"confidence"`
}

// Classification is the answer to "what is this?". An empty Code means
// unrecognized: the classifier abstained.
type Classification struct {
	Code       string      `json:"code"`
	Name       string      `json:"name"`
	Confidence float64     `json:"confidence"`
	Evidence   []string    `json:"evidence"`             // the words and where they stand
	RunnersUp  []Candidate `json:"runners_up,omitempty"` // best first
	By         string      `json:"by,omitempty"`         // classifier version, or the account that decided
}

// Recognized reports whether a type was decided.
func (c Classification) Recognized() bool { return c.Code != "" }

// Finding is something a reviewer should know, in words for people.
type Finding struct {
	Code     string `json:"code"`            // e.g. "builder_differs"
	Severity string `json:"severity"`        // "info", "warning", "error"
	Field    string `json:"field,omitempty"` // key of the field concerned
	Message  string `json:"message"`         // Chinese
}
