package catalogue

import "onewindow/document"

// IsResult reports whether a document is an approval result: the sender said
// so, or its type is one that an item of the catalogue produces. A licence of
// another authority is a result type nobody here produces, and so a material.
func (c *Catalogue) IsResult(role document.Role, typeCode string) bool {
	switch role {
	case document.RoleResult:
		return true
	case document.RoleMaterial:
		return false
	}
	return len(c.Producers(typeCode)) > 0
}

// ChecklistMaterials lists the codes of the materials an item's checklist takes,
// any_of materials opened into what they stand for.
func (c *Catalogue) ChecklistMaterials(item string) []string {
	it, ok := c.Item(item)
	if !ok {
		return nil
	}
	var out []string
	for _, e := range it.Checklist {
		m, _ := c.Material(e.Material)
		if len(m.AnyOf) > 0 {
			out = append(out, m.AnyOf...)
			continue
		}
		out = append(out, e.Material)
	}
	return out
}

// FieldLabel returns the label of a field as people read it, or its key.
func (c *Catalogue) FieldLabel(typeCode, key string) string {
	codes := []string{typeCode}
	if m, ok := c.Material(typeCode); ok {
		codes = append(codes, m.ResultDoc, m.FieldsOf)
	}
	for _, code := range codes {
		t, _ := c.ResultType(code)
		if f, ok := t.Field(key); ok && len(f.Labels) > 0 {
			return f.Labels[0]
		}
	}
	for _, f := range c.CommonFields {
		if f.Key == key && len(f.Labels) > 0 {
			return f.Labels[0]
		}
	}
	return key
}
