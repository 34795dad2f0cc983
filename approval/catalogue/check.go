package catalogue

import (
	"fmt"
	"slices"
	"time"

	"onewindow/approval/identifier"
)

// Check lists what is wrong with the data: dangling references, unknown
// validators and flags, results nobody produces, edges that do not exist. Load
// refuses a catalogue with problems.
func (c *Catalogue) Check() []error {
	k := checker{c: c}
	k.stages()
	k.materials()
	k.items()
	k.resultTypes()
	k.forms()
	k.divisions()
	k.guides()
	k.overrides()
	k.reachability()
	return k.problems
}

type checker struct {
	c        *Catalogue
	problems []error
}

func (k *checker) add(format string, args ...any) {
	k.problems = append(k.problems, fmt.Errorf(format, args...))
}

func (k *checker) want(ok bool, format string, args ...any) {
	if !ok {
		k.add(format, args...)
	}
}

func (k *checker) stages() {
	_, err := time.Parse(time.DateOnly, k.c.Effective)
	k.want(k.c.Version != "" && err == nil, "version %q is in effect from %q: want a version and a day", k.c.Version, k.c.Effective)
	k.want(len(k.c.Stages) == 4, "%d stages, the guideline has four", len(k.c.Stages))
	for _, s := range k.c.Stages {
		_, ok := k.c.Unit(s.LeadUnit)
		k.want(ok, "stage %s: lead unit %q is unknown", s.Code, s.LeadUnit)
	}
}

func (k *checker) materials() {
	for _, m := range k.c.Materials {
		k.want(m.Name != "", "material %s has no name", m.Code)
		k.want(len(m.TitlePhrases) > 0 || len(m.AnyOf) > 0, "material %s cannot be recognized: no title phrases", m.Code)
		if m.ResultDoc != "" {
			_, ok := k.c.ResultType(m.ResultDoc)
			k.want(ok, "material %s: result type %q is unknown", m.Code, m.ResultDoc)
		}
		if m.FieldsOf != "" {
			_, ok := k.c.ResultType(m.FieldsOf)
			k.want(ok && m.ResultDoc == "", "material %s: fields_of %q is unknown, or it is a result itself", m.Code, m.FieldsOf)
		}
		k.want(m.Source != "result" || m.ResultDoc != "" || len(m.AnyOf) > 0, "material %s is a result of no type", m.Code)
		for _, part := range m.AnyOf {
			p, ok := k.c.Material(part)
			k.want(ok, "material %s: any_of %q is unknown", m.Code, part)
			k.want(len(p.AnyOf) == 0, "material %s: any_of %q is itself a choice", m.Code, part)
		}
	}
	for _, pair := range k.c.Confusables {
		_, ok := k.c.Material(pair.A)
		k.want(ok, "confusables: material %q is unknown", pair.A)
	}
}

func (k *checker) items() {
	seen := map[string]bool{}
	for _, it := range k.c.Items {
		k.want(!seen[it.Code], "item %s stands twice", it.Code)
		seen[it.Code] = true
		_, ok := k.c.Unit(it.Unit)
		k.want(ok, "item %s: unit %q is unknown", it.Code, it.Unit)
		_, ok = k.c.Stage(it.Stage)
		k.want(ok, "item %s: stage %q is unknown", it.Code, it.Stage)
		for _, ref := range []string{it.Gate, it.MergedInto} {
			_, ok = k.c.Item(ref)
			k.want(ref == "" || ok, "item %s: item %q is unknown", it.Code, ref)
		}
		for _, t := range it.Types {
			k.want(slices.ContainsFunc(k.c.ProjectTypes, func(p ProjectType) bool { return p.Code == t }), "item %s: project type %q is unknown", it.Code, t)
		}
		k.want(len(it.Results) > 0, "item %s has no result", it.Code)
		for _, r := range it.Results {
			t, ok := k.c.ResultType(r)
			k.want(ok && slices.Contains(t.Produced, it.Code), "item %s: result type %q does not name it as producer", it.Code, r)
		}
		k.want(len(it.Checklist) > 0, "item %s has no checklist", it.Code)
		for _, e := range it.Checklist {
			k.entry(it.Code, e)
		}
	}
}

func (k *checker) entry(item string, e Entry) {
	_, ok := k.c.Material(e.Material)
	k.want(ok, "item %s: material %q is unknown", item, e.Material)
	k.want(slices.Contains([]string{Required, Conditional, Optional}, e.Requirement), "item %s: requirement %q of %s", item, e.Requirement, e.Material)
	k.want(slices.Contains([]string{"original", "copy", "either", "electronic"}, e.Form), "item %s: form %q of %s", item, e.Form, e.Material)
	k.want((e.Requirement == Conditional) == (e.When != nil), "item %s: %s needs a condition exactly if conditional", item, e.Material)
	if e.When == nil {
		return
	}
	e.When.root.each(func(flag, value string) {
		f, ok := k.c.Flag(flag)
		k.want(ok, "item %s: %s asks for unknown flag %q", item, e.Material, flag)
		k.want((value == "") == (f.Enum == nil), "item %s: %s compares flag %q wrongly", item, e.Material, flag)
		k.want(value == "" || slices.Contains(f.Enum, value), "item %s: %s: %q is no value of %q", item, e.Material, value, flag)
	})
}

func (k *checker) resultTypes() {
	for _, t := range k.c.ResultTypes {
		k.want(t.External != "" || len(t.Produced) > 0, "result type %s is produced by nobody", t.Code)
		for _, item := range t.Produced {
			it, ok := k.c.Item(item)
			k.want(ok && slices.Contains(it.Results, t.Code), "result type %s: item %q does not produce it", t.Code, item)
		}
		_, ok := t.Field(t.Number.Field)
		k.want(ok, "result type %s: number field %q is unknown", t.Code, t.Number.Field)
		k.want(t.Number.Validator == "" || identifier.Known(t.Number.Validator), "result type %s: validator %q is unknown", t.Code, t.Number.Validator)
		seen := map[string]bool{}
		for _, f := range t.Fields {
			k.want(!seen[f.Key], "result type %s: field %s stands twice", t.Code, f.Key)
			seen[f.Key] = true
			k.field(t, f)
		}
		for _, b := range t.Basis {
			k.basis(t, b)
		}
	}
}

var fieldTypes = []FieldType{TypeText, TypeCode, TypeDocNo, TypeOrg, TypePerson, TypeDate, TypeArea, TypeMoney, TypeNumber, TypeEnum}

func (k *checker) field(t ResultType, f Field) {
	k.want(len(f.Labels) > 0, "%s.%s has no label", t.Code, f.Key)
	k.want(slices.Contains(fieldTypes, f.Type), "%s.%s: type %q is unknown", t.Code, f.Key, f.Type)
	k.want(f.Validator == "" || identifier.Known(f.Validator), "%s.%s: validator %q is unknown", t.Code, f.Key, f.Validator)
	k.want(f.Type != TypeEnum || len(f.Values) > 0, "%s.%s: enum without values", t.Code, f.Key)
	k.want(f.Type != TypeMoney || len(f.Units) > 0, "%s.%s: money without unit", t.Code, f.Key)
	refs := []string{f.Rule.NotBefore, f.Rule.PermitDateIn}
	if f.Rule.Derive != nil {
		refs = append(refs, f.Rule.Derive.From)
	}
	refs = append(refs, f.Rule.RequiredIf.Flags()...)
	for _, ref := range refs {
		_, ok := t.Field(ref)
		k.want(ref == "" || ok, "%s.%s: rule names unknown field %q", t.Code, f.Key, ref)
	}
}

func (k *checker) basis(t ResultType, b Basis) {
	for _, key := range b.Uses {
		_, ok := t.Field(key)
		k.want(ok, "%s as basis of %s uses unknown field %q", t.Code, b.Item, key)
	}
	it, ok := k.c.Item(b.Item)
	k.want(ok, "%s is basis of unknown item %q", t.Code, b.Item)
	if b.Gate {
		return
	}
	listed := slices.ContainsFunc(it.Checklist, func(e Entry) bool { return e.Material == b.Material })
	k.want(listed && k.c.via(b.Material, t.Code) != "", "%s as basis of %s: the checklist does not take it as %q", t.Code, b.Item, b.Material)
}

func (k *checker) divisions() {
	for old, now := range k.c.Legacy {
		_, ok := k.c.index.divisions[now]
		k.want(ok, "division %s became unknown %s", old, now)
	}
	seen := map[string]bool{}
	for _, d := range k.c.Divisions {
		k.want(identifier.Validate(identifier.Division, d.Code).Valid, "division code %q is malformed", d.Code)
		k.want(!seen[d.Code], "division %s stands twice", d.Code)
		seen[d.Code] = true
	}
}
