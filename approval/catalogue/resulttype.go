package catalogue

import "regexp"

// FieldType is the kind of value a field holds.
type FieldType string

// The field types.
const (
	TypeText   FieldType = "text"
	TypeCode   FieldType = "code"
	TypeDocNo  FieldType = "doc_no"
	TypeOrg    FieldType = "org_name"
	TypePerson FieldType = "person"
	TypeDate   FieldType = "date"   // value YYYY-MM-DD
	TypeArea   FieldType = "area"   // value in square metres
	TypeMoney  FieldType = "money"  // value in the field's unit, 万元 or 元
	TypeNumber FieldType = "number" // value in the field's unit
	TypeEnum   FieldType = "enum"
)

// ResultType is a kind of result document (审批成果).
type ResultType struct {
	Code     string   `json:"code"` // rd-…
	Name     string   `json:"name"`
	Aliases  []string `json:"aliases,omitempty"`
	Produced []string `json:"produced_by"` // item codes; empty for external documents
	External string   `json:"external_issuer,omitempty"`
	Layout   Layout   `json:"-"`
	Form     Form     `json:"-"` // from which documents of the type are generated (V2.8)
	Number   Number   `json:"-"`
	Fields   []Field  `json:"fields"`
	Basis    []Basis  `json:"-"`                 // which fields pre-fill which consumer
	Minimal  bool     `json:"minimal,omitempty"` // only the minimal definition is known
	Evidence string   `json:"-"`
}

// Field returns the definition of key.
func (t ResultType) Field(key string) (Field, bool) {
	for _, f := range t.Fields {
		if f.Key == key {
			return f, true
		}
	}
	return Field{}, false
}

// Layout is where things usually stand on a document.
type Layout struct {
	Base   string // "gbt9704_reply", "certificate_two_panel", "letter", "form", "certificate", "none"
	Title  []string
	Labels []string // in order, all variants
	Pages  [2]int   // usual number of pages; zero when unknown
	Issuer string   // label before the issuer
	Date   string   // label before the date
	Hints  []string // sentences and words of the body
	// Statement is the sentence that grants, as printed; "…" and "××" stand for
	// what is filled in. Notes stand below.
	Statement string
	Notes     []string
}

// Number is how the identifying number of a type looks.
type Number struct {
	Field     string           // key of the field that holds it
	Patterns  []*regexp.Regexp // over text after NFKC, without spaces, year brackets as 〔〕
	Validator string           // name in package identifier, "" for none
}

// Field is one value of the approval-result data (审批成果数据) of a type.
type Field struct {
	Key         string         `json:"key"`
	Labels      []string       `json:"labels"`       // as printed, most specific first
	OtherLabels []string       `json:"other_labels"` // labels other documents use for the same thing
	Type        FieldType      `json:"type"`
	Units       []string       `json:"units,omitempty"`  // the first is that of the value, except for areas (always m²)
	Values      []string       `json:"values,omitempty"` // of an enum
	Required    bool           `json:"required"`
	Validator   string         `json:"validator,omitempty"` // name in package identifier
	Pattern     *regexp.Regexp `json:"-"`                   // the whole value must match; nil for none
	Max         int            `json:"max,omitempty"`       // longest value in characters; 0 means no limit
	Rule        Rule           `json:"rule,omitzero"`
}

// Rule is what else must hold for a field's value.
type Rule struct {
	Positive     bool       `yaml:"positive" json:"positive,omitempty"`
	NotFuture    bool       `yaml:"not_future" json:"not_future,omitempty"`
	NotBefore    string     `yaml:"not_before" json:"not_before,omitempty"`         // key of a date this one may not precede
	PermitDateIn string     `yaml:"permit_date_in" json:"permit_date_in,omitempty"` // key of a permit number: this date follows the one inside by at most 60 days
	Derive       *Derive    `yaml:"derive" json:"derive,omitempty"`
	RequiredIf   *Condition `yaml:"required_if" json:"required_if,omitempty"` // over the values of the other fields
	Capitals     bool       `yaml:"capitals" json:"capitals,omitempty"`       // the amount also stands in 大写
	Project      string     `yaml:"project" json:"project,omitempty"`         // "equal" or "similar" to the project's value
	Unit         bool       `yaml:"unit" json:"unit,omitempty"`               // names a business unit
	Negative     []string   `yaml:"negative" json:"negative,omitempty"`       // values that forbid use as basis
}

// Derive computes a date that is not printed.
type Derive struct {
	From  string `yaml:"from" json:"from"` // key of a date
	Years int    `yaml:"years" json:"years"`
}

// Basis says which fields of a result pre-fill an item that relies on it.
type Basis struct {
	Item     string   `yaml:"item"`
	Material string   `yaml:"material"` // "" when Gate
	Gate     bool     `yaml:"gate"`     // the item only waits for the result, its checklist does not take it
	Uses     []string `yaml:"uses"`
}
