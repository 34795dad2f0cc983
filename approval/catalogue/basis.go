package catalogue

import "slices"

// defaultUses are the fields that pre-fill a consumer for which the data names
// none.
var defaultUses = []string{"doc_no", "project_name", "issue_date"}

// Consumer is an item that relies on a result type (V2.13).
type Consumer struct {
	Item     string   `json:"item"`
	Material string   `json:"material"` // the checklist entry; "" for a gate
	Via      string   `json:"via"`      // the material the result is; differs from Material for any_of
	Uses     []string `json:"uses"`     // fields that pre-fill the item
	Gate     bool     `json:"gate"`     // waits for the result without taking it as material
}

// ConsumersOf lists who relies on a result type, in catalogue order, gates last.
// Whether a particular result may be relied on (published, not revoked, valid,
// positive, same project) is judged where results are known.
func (c *Catalogue) ConsumersOf(resultType string) []Consumer {
	t, ok := c.ResultType(resultType)
	if !ok {
		return nil
	}
	var out []Consumer
	for _, it := range c.Items {
		for _, e := range it.Checklist {
			if via := c.via(e.Material, resultType); via != "" {
				out = append(out, Consumer{Item: it.Code, Material: e.Material, Via: via, Uses: t.uses(it.Code, e.Material)})
			}
		}
	}
	for _, b := range t.Basis {
		if b.Gate {
			out = append(out, Consumer{Item: b.Item, Uses: b.Uses, Gate: true})
		}
	}
	return out
}

// via returns the material through which a result type fills an entry, or "".
func (c *Catalogue) via(material, resultType string) string {
	m, _ := c.Material(material)
	for _, code := range append([]string{material}, m.AnyOf...) {
		if part, ok := c.Material(code); ok && part.ResultDoc == resultType {
			return code
		}
	}
	return ""
}

// uses returns the fields an edge pre-fills.
func (t ResultType) uses(item, material string) []string {
	for _, b := range t.Basis {
		if b.Item == item && b.Material == material {
			return b.Uses
		}
	}
	var keys []string
	for _, key := range append([]string{t.Number.Field}, defaultUses...) {
		if _, ok := t.Field(key); ok && !slices.Contains(keys, key) {
			keys = append(keys, key)
		}
	}
	return keys
}

// BasisEntry is a checklist entry that earlier results can fill.
type BasisEntry struct {
	Entry
	ResultTypes []string            `json:"result_types"`
	Uses        map[string][]string `json:"uses"` // by result type
}

// BasisEntries lists the entries of an item's checklist that results of earlier
// items can fill; nil for an unknown item.
func (c *Catalogue) BasisEntries(item string) []BasisEntry {
	it, _ := c.Item(item)
	var out []BasisEntry
	for _, e := range it.Checklist {
		types := c.ResultTypesFor(e.Material)
		if len(types) == 0 {
			continue
		}
		b := BasisEntry{Entry: e, ResultTypes: types, Uses: map[string][]string{}}
		for _, code := range types {
			t, _ := c.ResultType(code)
			b.Uses[code] = t.uses(item, e.Material)
		}
		out = append(out, b)
	}
	return out
}

// Negative reports whether values of a result (by field key) say that it was
// refused, so that nobody may rely on it. A conclusion that is missing says
// nothing.
func (t ResultType) Negative(values map[string]string) bool {
	for _, f := range t.Fields {
		if v := values[f.Key]; v != "" && slices.Contains(f.Rule.Negative, v) {
			return true
		}
	}
	return false
}
