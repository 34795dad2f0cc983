package web

import (
	"sort"

	"onewindow/approval/catalogue"
	"onewindow/document"
)

// fieldRows puts the fields in the order of the type, required ones that are
// missing included, so that they can be filled in. What was found about a field
// stands in its row; the rest is given back.
func (s *pages) fieldRows(doc document.Document, typed map[string]string) (rows []fieldRow, general []document.Finding) {
	seen := map[string]bool{}
	add := func(key, label, unit string, required bool) {
		f := doc.Fields[key]
		if v, ok := typed[key]; ok {
			f.Value = v
		}
		about := findingsOf(doc.Findings, key)
		rows = append(rows, fieldRow{Key: key, Label: label, UnitText: unit, Required: required, Field: f, Findings: about,
			Doubtful: f.Value != "" && (f.Confidence < doubtful || !f.Valid)})
		seen[key] = true
	}
	if t, ok := s.Catalogue.ResultType(doc.Classification.Code); ok {
		for _, f := range t.Fields {
			add(f.Key, s.Catalogue.FieldLabel(t.Code, f.Key), unitOf(f), f.Required)
		}
	}
	var rest []string
	for key := range doc.Fields {
		if !seen[key] {
			rest = append(rest, key)
		}
	}
	sort.Strings(rest)
	for _, key := range rest {
		add(key, s.Catalogue.FieldLabel(doc.Classification.Code, key), "", false)
	}
	for _, f := range doc.Findings {
		if !seen[f.Field] || f.Field == "" {
			general = append(general, f)
		}
	}
	return rows, general
}

func findingsOf(all []document.Finding, key string) []document.Finding {
	var out []document.Finding
	for _, f := range all {
		if f.Field == key {
			out = append(out, f)
		}
	}
	return out
}

// unitOf is the unit a field's value is in.
func unitOf(f catalogue.Field) string {
	if f.Type == catalogue.TypeArea {
		return "平方米"
	}
	if len(f.Units) > 0 {
		return f.Units[0]
	}
	return ""
}

func (s *pages) types() []typeChoice {
	var out []typeChoice
	for _, t := range s.Catalogue.ResultTypes {
		out = append(out, typeChoice{t.Code, t.Name})
	}
	return out
}

// formLimit bounds the forms of pages, in bytes.
const formLimit = 256 << 10
