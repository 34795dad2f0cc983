package catalogue

import (
	"slices"
)

// reachability checks for every project type that each item that concerns it can
// be applied for: every result its checklist surely asks for comes from outside,
// or from another item of the same type that can be reached itself. What the
// applicant may have from elsewhere (an any_of material with a part of another
// source) does not hold an item up.
func (k *checker) reachability() {
	for _, t := range k.c.ProjectTypes {
		for code, lacks := range k.c.unreachable(t.Code) {
			for _, m := range lacks {
				k.add("project type %s: item %s asks for %s, which nobody can produce before it", t.Code, code, m)
			}
		}
	}
}

// unreachable lists the items of a project type that can never be applied for,
// with the materials they wait for.
func (c *Catalogue) unreachable(projectType string) map[string][]string {
	answers := map[string]string{"project_type": projectType}
	reached := map[string]bool{}
	lacks := map[string][]string{}
	for grown := true; grown; {
		grown = false
		for _, it := range c.ItemsOf("", projectType) {
			if reached[it.Code] {
				continue
			}
			if lacks[it.Code] = c.lacking(it, projectType, answers, reached); len(lacks[it.Code]) == 0 {
				reached[it.Code], grown = true, true
				delete(lacks, it.Code)
			}
		}
	}
	return lacks
}

func (c *Catalogue) lacking(it Item, projectType string, answers map[string]string, reached map[string]bool) []string {
	var out []string
	for _, e := range it.Checklist {
		sure := e.Requirement == Required || e.Requirement == Conditional && e.When.Eval(answers) == True
		if sure && !c.obtainable(e.Material, projectType, reached) {
			out = append(out, e.Material)
		}
	}
	return out
}

// obtainable reports whether a material can be had at all.
func (c *Catalogue) obtainable(material, projectType string, reached map[string]bool) bool {
	m, _ := c.Material(material)
	parts := []string{material}
	if len(m.AnyOf) > 0 {
		parts = m.AnyOf
	}
	return slices.ContainsFunc(parts, func(code string) bool {
		p, _ := c.Material(code)
		if p.ResultDoc == "" {
			return true
		}
		if t, _ := c.ResultType(p.ResultDoc); t.External != "" {
			return true
		}
		return slices.ContainsFunc(c.Producers(p.ResultDoc), func(by Item) bool {
			return reached[by.Code] || !slices.Contains(by.Types, projectType) && by.Scope == "parallel"
		})
	})
}
