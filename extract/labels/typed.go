package labels

import (
	"onewindow/approval/catalogue"
	"onewindow/document"
)

// Check judges values that people typed or systems pushed by the rules of a
// type, in place: it brings them into their normal form and sets Valid and
// Error. Values read from the page keep the verdict they have. It returns the
// required keys without a valid value, in catalogue order (V2.11); an unknown
// type requires nothing.
func (e *Extractor) Check(typeCode string, fields document.Fields) (missing []string) {
	t, err := e.resultType(typeCode)
	if err != nil {
		return nil
	}
	now := e.today()
	for _, f := range t.Fields {
		got, ok := fields[f.Key]
		if !ok || !typed(got.Source) {
			continue
		}
		v := parse(f, got.Value, usualUnit(f), now)
		if v.valid {
			got.Value = v.text
		}
		got.Valid, got.Error = v.valid, v.err
		fields[f.Key] = got
	}
	w := work{cat: e.cat, typ: t, now: now, fields: fields}
	return w.missing()
}

func typed(s document.FieldSource) bool {
	return s == document.FieldManual || s == document.FieldPushed || s == document.FieldBasis
}

// usualUnit is the unit a bare number is meant in.
func usualUnit(f catalogue.Field) string {
	switch {
	case f.Type == catalogue.TypeArea:
		return "平方米"
	case f.Type == catalogue.TypeMoney && len(f.Units) > 0:
		return f.Units[0]
	}
	return ""
}
