package catalogue

import (
	"fmt"
	"slices"
)

// index finds things by code.
type index struct {
	stages, units, materials, items, results, flags, notices, divisions map[string]int
	unitNames                                                           []unitName
}

func (c *Catalogue) build() {
	c.index = index{
		stages:    byCode(c.Stages, func(v Stage) string { return v.Code }),
		units:     byCode(c.Units, func(v Unit) string { return v.Code }),
		materials: byCode(c.Materials, func(v Material) string { return v.Code }),
		items:     byCode(c.Items, func(v Item) string { return v.Code }),
		results:   byCode(c.ResultTypes, func(v ResultType) string { return v.Code }),
		flags:     byCode(c.Flags, func(v Flag) string { return v.Code }),
		notices:   byCode(c.Notices, func(v Notice) string { return v.Code }),
		divisions: byCode(c.Divisions, func(v Division) string { return v.Code }),
		unitNames: unitNames(c.Units),
	}
}

func byCode[T any](list []T, code func(T) string) map[string]int {
	m := make(map[string]int, len(list))
	for i, v := range list {
		m[code(v)] = i
	}
	return m
}

func at[T any](list []T, m map[string]int, code string) (T, bool) {
	i, ok := m[code]
	if !ok {
		var zero T
		return zero, false
	}
	return list[i], true
}

// Stage returns the stage of a code.
func (c *Catalogue) Stage(code string) (Stage, bool) { return at(c.Stages, c.index.stages, code) }

// Unit returns the business unit of a code.
func (c *Catalogue) Unit(code string) (Unit, bool) { return at(c.Units, c.index.units, code) }

// Material returns the material of a code.
func (c *Catalogue) Material(code string) (Material, bool) {
	return at(c.Materials, c.index.materials, code)
}

// Item returns the item of a code.
func (c *Catalogue) Item(code string) (Item, bool) { return at(c.Items, c.index.items, code) }

// ResultType returns the result type of a code.
func (c *Catalogue) ResultType(code string) (ResultType, bool) {
	return at(c.ResultTypes, c.index.results, code)
}

// Notice returns the draft of a notice.
func (c *Catalogue) Notice(code string) (Notice, bool) { return at(c.Notices, c.index.notices, code) }

// Flag returns a question of the application form.
func (c *Catalogue) Flag(code string) (Flag, bool) { return at(c.Flags, c.index.flags, code) }

// Name returns the Chinese name of any code of the catalogue (result type,
// material, item, unit, stage), or "".
func (c *Catalogue) Name(code string) string {
	if v, ok := c.ResultType(code); ok {
		return v.Name
	}
	if v, ok := c.Material(code); ok {
		return v.Name
	}
	if v, ok := c.Item(code); ok {
		return v.Name
	}
	if v, ok := c.Unit(code); ok {
		return v.Name
	}
	v, _ := c.Stage(code)
	return v.Name
}

// ItemsOf lists the items of a stage that concern a project type; "" means any.
func (c *Catalogue) ItemsOf(stage, projectType string) []Item {
	var items []Item
	for _, it := range c.Items {
		if (stage == "" || it.Stage == stage) && (projectType == "" || slices.Contains(it.Types, projectType)) {
			items = append(items, it)
		}
	}
	return items
}

// Producers lists the items that produce a result type.
func (c *Catalogue) Producers(resultType string) []Item {
	var items []Item
	for _, it := range c.Items {
		if slices.Contains(it.Results, resultType) {
			items = append(items, it)
		}
	}
	return items
}

// MaterialsOf lists the materials that a document of a result type is, most
// direct first: construction-permit of rd-construction-permit, then the any_of
// materials it satisfies.
func (c *Catalogue) MaterialsOf(resultType string) []string {
	var direct []string
	for _, m := range c.Materials {
		if m.ResultDoc == resultType {
			direct = append(direct, m.Code)
		}
	}
	codes := slices.Clone(direct)
	for _, m := range c.Materials {
		if slices.ContainsFunc(m.AnyOf, func(code string) bool { return slices.Contains(direct, code) }) {
			codes = append(codes, m.Code)
		}
	}
	return codes
}

// Satisfies reports whether a document of material have fills a checklist entry
// that asks for material want: the same material, or a member of its any_of.
func (c *Catalogue) Satisfies(have, want string) bool {
	if have == want {
		return true
	}
	m, _ := c.Material(want)
	return slices.Contains(m.AnyOf, have)
}

// ResultTypesFor lists the result types that can fill a checklist entry asking
// for the material; empty when no result can.
func (c *Catalogue) ResultTypesFor(material string) []string {
	m, ok := c.Material(material)
	if !ok {
		return nil
	}
	var codes []string
	for _, part := range append([]string{material}, m.AnyOf...) {
		if p, ok := c.Material(part); ok && p.ResultDoc != "" && !slices.Contains(codes, p.ResultDoc) {
			codes = append(codes, p.ResultDoc)
		}
	}
	return codes
}

// Need is a checklist entry judged for one project.
type Need struct {
	Entry
	Needed Truth // Unknown: an answer of the form is missing
}

// Checklist judges every entry of an item's checklist by the answers of the
// application form. Optional entries are never needed.
func (c *Catalogue) Checklist(item string, answers map[string]string) ([]Need, error) {
	it, ok := c.Item(item)
	if !ok {
		return nil, fmt.Errorf("checklist of %q: no such item", item)
	}
	needs := make([]Need, len(it.Checklist))
	for i, e := range it.Checklist {
		needs[i] = Need{Entry: e, Needed: e.When.Eval(answers)}
		if e.Requirement == Optional {
			needs[i].Needed = False
		}
	}
	return needs, nil
}

// Asks reports whether a material stands on an item's checklist.
func (c *Catalogue) Asks(item, material string) bool {
	it, _ := c.Item(item)
	return slices.ContainsFunc(it.Checklist, func(e Entry) bool { return e.Material == material })
}
