package labels

import (
	"context"
	"fmt"
	"time"

	"onewindow/approval/calendar"
	"onewindow/approval/catalogue"
	"onewindow/document"
	"onewindow/extract"
)

// Extractor takes fields by labels and layout. It is safe for concurrent use.
type Extractor struct {
	// Now tells the day documents are judged on; nil means time.Now.
	Now func() time.Time

	cat    *catalogue.Catalogue
	tables map[string]*labelTable
}

var _ extract.Extractor = (*Extractor)(nil)

// New returns an Extractor for the result types of a catalogue.
func New(cat *catalogue.Catalogue) *Extractor {
	e := &Extractor{cat: cat, tables: map[string]*labelTable{}}
	for _, t := range cat.ResultTypes {
		e.tables[t.Code] = newLabelTable(t)
	}
	return e
}

// Extract takes the fields of one document. A material code that is a result
// gives that type's fields, and so does a form that becomes one; any other
// material gives the project's name, code and builder where they stand on it. An unknown type is an error.
func (e *Extractor) Extract(ctx context.Context, r extract.Request) (extract.Extraction, error) {
	if err := ctx.Err(); err != nil {
		return extract.Extraction{}, err
	}
	t, err := e.resultType(r.Type)
	if err != nil {
		return extract.Extraction{}, err
	}
	table, ok := e.tables[t.Code]
	if !ok {
		table = newLabelTable(t)
	}
	w := work{cat: e.cat, typ: t, table: table, now: e.today(), known: r.Known, fields: document.Fields{}}
	if err := w.read(ctx, newSheet(r.Pages)); err != nil {
		return extract.Extraction{}, err
	}
	w.derive()
	w.check()
	return extract.Extraction{Fields: w.fields, Missing: w.missing(), Findings: w.findings}, nil
}

// resultType is what a code of a request asks for.
func (e *Extractor) resultType(code string) (catalogue.ResultType, error) {
	if t, ok := e.cat.ResultType(code); ok {
		return t, nil
	}
	m, ok := e.cat.Material(code)
	if !ok {
		return catalogue.ResultType{}, fmt.Errorf("extract from %q: no such type", code)
	}
	if t, ok := e.cat.ResultType(m.ResultDoc); ok {
		return t, nil
	}
	t := catalogue.ResultType{Code: code, Name: m.Name, Layout: catalogue.Layout{Base: noLayout}}
	if twin, ok := e.cat.ResultType(m.FieldsOf); ok {
		t.Layout.Labels = twin.Layout.Labels
		for _, f := range twin.Fields {
			f.Required, f.Rule.RequiredIf = false, nil
			t.Fields = append(t.Fields, f)
		}
		return t, nil
	}
	for _, f := range e.cat.CommonFields {
		switch f.Key {
		case "project_name", "project_code", "builder", "builder_uscc", "location":
			f.Required = false
			t.Fields = append(t.Fields, f)
		}
	}
	return t, nil
}

// noLayout is the layout of materials that are no results.
const noLayout = "material"

// work is one extraction under way.
type work struct {
	cat      *catalogue.Catalogue
	typ      catalogue.ResultType
	table    *labelTable
	now      time.Time
	known    map[string]string
	fields   document.Fields
	findings []document.Finding
}

// read fills the fields with the best candidate of each.
func (w *work) read(ctx context.Context, s *sheet) error {
	g := newGrid(s, w.table)
	f := newFlow(s.segs)
	var all []candidate
	seen := map[string]int{}
	for _, h := range g.hits {
		if err := ctx.Err(); err != nil {
			return err
		}
		if seen[h.label]++; len(h.uses) > 0 && seen[h.label] <= mostRepeats {
			all = append(all, g.values(h)...)
		}
	}
	all = append(all, f.inline(w.table)...)
	all = append(all, numbers(s, f, w.typ)...)
	all = append(all, f.statements(w.typ)...)
	all = append(all, f.groundAreas(w.typ)...)
	all = append(all, reply{sheet: s, typ: w.typ, grid: g, units: w.isUnit}.candidates()...)
	for _, field := range w.typ.Fields {
		all = append(all, f.scan(field, field.Key == w.typ.Number.Field)...)
	}
	byKey := map[string][]candidate{}
	for _, c := range all {
		byKey[c.key] = append(byKey[c.key], c)
	}
	for _, field := range w.typ.Fields {
		if got, notes, ok := w.choose(field, byKey[field.Key]); ok {
			w.fields[field.Key] = got
			w.note(field, notes)
		}
	}
	return nil
}

// mostRepeats is how often one label is looked at.
const mostRepeats = 40

func (w *work) isUnit(name string) bool {
	_, ok := w.cat.UnitIn(name)
	return ok
}

// missing lists the required keys without a valid value, in catalogue order.
func (w *work) missing() []string {
	var keys []string
	values := w.fields.Values()
	for _, f := range w.typ.Fields {
		required := f.Required || f.Rule.RequiredIf != nil && f.Rule.RequiredIf.Eval(values) == catalogue.True
		if got, ok := w.fields[f.Key]; required && (!ok || !got.Valid) {
			keys = append(keys, f.Key)
		}
	}
	return keys
}

// today is the moment by which dates are judged, in the zone that documents are
// dated in: at night the day in China is another one than in UTC.
func (e *Extractor) today() time.Time {
	if e.Now != nil {
		return e.Now().In(calendar.Zone)
	}
	return time.Now().In(calendar.Zone)
}
