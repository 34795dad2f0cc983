package catalogue

import (
	"fmt"
	"regexp"
)

type rawResults struct {
	Common    Ordered[rawField]   `yaml:"common_fields"`
	Layouts   map[string]any      `yaml:"layouts"` // for readers of the file
	Documents Ordered[rawResult]  `yaml:"documents"`
	Minimal   Ordered[rawMinimal] `yaml:"minimal"`
	Extra     Ordered[rawField]   `yaml:"extra_fields"`
	Confusion map[string]any      `yaml:"ocr_confusions"` // package approval/identifier holds them
}

type rawField struct {
	Key      string   `yaml:"key"`
	Label    []string `yaml:"label"`
	Type     string   `yaml:"type"`
	Unit     words    `yaml:"unit"`
	Values   []string `yaml:"values"`
	Required *bool    `yaml:"required"`
	Validate string   `yaml:"validate"`
	Pattern  string   `yaml:"pattern"`
	Max      int      `yaml:"max"`
	Rule     Rule     `yaml:"rule"`
	Note     string   `yaml:"note"`
}

type rawResult struct {
	Name       string     `yaml:"name"`
	Aliases    []string   `yaml:"aliases"`
	ProducedBy []string   `yaml:"produced_by"`
	External   string     `yaml:"external_issuer"`
	UsedIn     []string   `yaml:"used_as_material_in"`
	Evidence   string     `yaml:"evidence"`
	Layout     rawLayout  `yaml:"layout"`
	LayoutMM   string     `yaml:"layout_mm"`
	Number     rawNumber  `yaml:"number"`
	Fields     []rawField `yaml:"fields"`
	Checks     []string   `yaml:"cross_checks"` // in words
	Basis      []Basis    `yaml:"basis_for"`
}

type rawLayout struct {
	Base        string         `yaml:"base"`
	Title       words          `yaml:"title"`
	Cover       []string       `yaml:"cover"`
	Labels      []string       `yaml:"labels_in_order"`
	OldLabels   []string       `yaml:"labels_old_form"`
	LocalLabels []string       `yaml:"local_extra_labels"`
	Pages       []int          `yaml:"pages"`
	Issuer      string         `yaml:"issuer_label"`
	Date        string         `yaml:"date_label"`
	Statement   string         `yaml:"statement"`
	Hints       []string       `yaml:"body_hints"`
	Notes       []string       `yaml:"notes"`
	Rest        map[string]any `yaml:",inline"`
}

type rawNumber struct {
	Field     string   `yaml:"field"`
	Regex     []string `yaml:"regex"`
	Validator string   `yaml:"validator"`
	Examples  []string `yaml:"examples"`
}

type rawMinimal struct {
	Name        string   `yaml:"name"`
	Layout      string   `yaml:"layout"`
	ProducedBy  []string `yaml:"produced_by"`
	NumberRegex string   `yaml:"number_regex"`
	Extra       []string `yaml:"extra_fields"`
	ValidYears  int      `yaml:"valid_years"`
	Feeds       words    `yaml:"feeds"`
	Note        string   `yaml:"note"`
	Evidence    string   `yaml:"ev"`
}

// fieldSet knows the common definitions by key.
type fieldSet map[string]rawField

func (r rawResults) fill(c *Catalogue) error {
	common, extra := fieldSet{}, fieldSet{}
	for _, p := range r.Common {
		common[p.Key] = p.Value
		f, err := rawField{Key: p.Key}.field(p.Value)
		if err != nil {
			return err
		}
		c.CommonFields = append(c.CommonFields, f)
	}
	for _, p := range r.Extra {
		extra[p.Key] = p.Value
	}
	for _, p := range r.Documents {
		t, err := p.Value.resultType(p.Key, common)
		if err != nil {
			return fmt.Errorf("%s: %w", p.Key, err)
		}
		c.ResultTypes = append(c.ResultTypes, t)
	}
	for _, p := range r.Minimal {
		t, err := p.Value.resultType(p.Key, common, extra)
		if err != nil {
			return fmt.Errorf("%s: %w", p.Key, err)
		}
		c.ResultTypes = append(c.ResultTypes, t)
	}
	return nil
}

func (r rawResult) resultType(code string, common fieldSet) (ResultType, error) {
	t := ResultType{
		Code: code, Name: r.Name, Aliases: r.Aliases, Produced: r.ProducedBy, External: r.External,
		Layout: r.Layout.layout(), Basis: r.Basis, Evidence: r.Evidence,
	}
	var err error
	if t.Number, err = r.Number.number(); err != nil {
		return t, err
	}
	for _, f := range r.Fields {
		field, err := f.field(common[f.Key])
		if err != nil {
			return t, err
		}
		if f.Key == t.Number.Field && field.Validator == "" {
			field.Validator = t.Number.Validator
		}
		t.Fields = append(t.Fields, field)
	}
	return t, nil
}

// minimalKeys are the fields every minimal definition has.
var minimalKeys = []string{"doc_no", "project_name", "builder", "issuer", "issue_date"}

func (r rawMinimal) resultType(code string, common, extra fieldSet) (ResultType, error) {
	t := ResultType{
		Code: code, Name: r.Name, Produced: r.ProducedBy, Minimal: true, Evidence: r.Evidence,
		Layout: Layout{Base: r.Layout}, Number: Number{Field: "doc_no", Validator: "free_doc_no"},
	}
	if r.NumberRegex != "" {
		re, err := regexp.Compile(r.NumberRegex)
		if err != nil {
			return t, err
		}
		t.Number.Patterns = []*regexp.Regexp{re}
	}
	required := true
	for _, key := range append(append([]string{}, minimalKeys...), r.Extra...) {
		raw := rawField{Key: key}
		base, ok := common[key]
		if !ok {
			if base, ok = extra[key]; !ok {
				return t, fmt.Errorf("field %s is defined nowhere", key)
			}
		}
		if len(t.Fields) < len(minimalKeys) {
			raw.Required = &required
		}
		if key == "valid_until" && r.ValidYears > 0 {
			raw.Rule.Derive = &Derive{From: "issue_date", Years: r.ValidYears}
		}
		f, err := raw.field(base)
		if err != nil {
			return t, err
		}
		if key == "doc_no" {
			f.Validator = t.Number.Validator
		}
		t.Fields = append(t.Fields, f)
	}
	return t, nil
}

// field merges a definition over the common one of its key: what it says itself
// wins, the common labels stay as labels other documents use.
func (r rawField) field(common rawField) (Field, error) {
	f := Field{
		Key: r.Key, Labels: r.Label, Type: FieldType(first(r.Type, common.Type, string(TypeText))), Units: r.Unit,
		Values: r.Values, Validator: first(r.Validate, common.Validate), Max: max(r.Max, common.Max), Rule: r.Rule,
	}
	if len(f.Labels) == 0 {
		f.Labels = common.Label
	} else {
		f.OtherLabels = common.Label
	}
	if len(f.Units) == 0 {
		f.Units = common.Unit
	}
	f.Rule = f.Rule.over(common.Rule)
	switch {
	case r.Required != nil:
		f.Required = *r.Required
	case common.Required != nil:
		f.Required = *common.Required
	}
	if r.Pattern != "" {
		re, err := regexp.Compile("^(?:" + r.Pattern + ")$")
		if err != nil {
			return f, fmt.Errorf("field %s: %w", r.Key, err)
		}
		f.Pattern = re
	}
	return f, nil
}

// over adds what only the common rule says.
func (r Rule) over(common Rule) Rule {
	r.Positive = r.Positive || common.Positive
	r.NotFuture = r.NotFuture || common.NotFuture
	r.Unit = r.Unit || common.Unit
	r.Project = first(r.Project, common.Project)
	return r
}

func (r rawLayout) layout() Layout {
	l := Layout{
		Base: r.Base, Title: append(append([]string{}, r.Title...), r.Cover...), Issuer: r.Issuer, Date: r.Date, Hints: r.Hints,
		Statement: r.Statement, Notes: r.Notes,
	}
	l.Labels = append(append(append(l.Labels, r.Labels...), r.OldLabels...), r.LocalLabels...)
	if len(r.Pages) == 2 {
		l.Pages = [2]int{r.Pages[0], r.Pages[1]}
	}
	if r.Statement != "" {
		l.Hints = append(l.Hints, r.Statement)
	}
	return l
}

func (r rawNumber) number() (Number, error) {
	n := Number{Field: r.Field, Validator: r.Validator}
	for _, text := range r.Regex {
		re, err := regexp.Compile(text)
		if err != nil {
			return n, fmt.Errorf("number: %w", err)
		}
		n.Patterns = append(n.Patterns, re)
	}
	return n, nil
}

func first(texts ...string) string {
	for _, t := range texts {
		if t != "" {
			return t
		}
	}
	return ""
}
