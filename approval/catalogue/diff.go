package catalogue

import (
	"fmt"
	"slices"
	"strings"
)

// Change is one thing that a new version does differently.
type Change struct {
	Kind   string `json:"kind"` // stage, item, unit, material, result, question, basis, project_type, faq
	Code   string `json:"code"`
	Name   string `json:"name"`
	What   string `json:"what"`  // added, removed, changed
	Field  string `json:"field"` // what of it, Chinese; "" when all of it came or went
	Before string `json:"before,omitempty"`
	After  string `json:"after,omitempty"`
}

// described is a thing and what there is to say about it, in the words of people.
type described struct {
	code, name string
	facts      []Pair[string]
}

// Diff lists what changes from one version to another, in the order of the new
// one, what went at the end of its kind.
func Diff(from, to *Catalogue) []Change {
	out := []Change{}
	for _, kind := range []struct {
		name string
		of   func(*Catalogue) []described
	}{
		{"project_type", (*Catalogue).describeTypes}, {"stage", (*Catalogue).describeStages}, {"unit", (*Catalogue).describeUnits},
		{"item", (*Catalogue).describeItems}, {"material", (*Catalogue).describeMaterials}, {"result", (*Catalogue).describeResults},
		{"question", (*Catalogue).describeFlags}, {"basis", (*Catalogue).describeBases}, {"faq", (*Catalogue).describeFAQ},
	} {
		out = append(out, diffKind(kind.name, kind.of(from), kind.of(to))...)
	}
	return out
}

func diffKind(kind string, from, to []described) []Change {
	var out []Change
	old := map[string]described{}
	for _, d := range from {
		old[d.code] = d
	}
	for _, d := range to {
		before, known := old[d.code]
		delete(old, d.code)
		if !known {
			out = append(out, Change{Kind: kind, Code: d.code, Name: d.name, What: "added"})
			continue
		}
		out = append(out, diffFacts(kind, before, d)...)
	}
	for _, d := range from {
		if _, gone := old[d.code]; gone {
			out = append(out, Change{Kind: kind, Code: d.code, Name: d.name, What: "removed"})
		}
	}
	return out
}

func diffFacts(kind string, from, to described) []Change {
	old, now := map[string]string{}, map[string]string{}
	var fields []string
	for _, f := range from.facts {
		old[f.Key] = f.Value
		fields = append(fields, f.Key)
	}
	for _, f := range to.facts {
		now[f.Key] = f.Value
		if !slices.Contains(fields, f.Key) {
			fields = append(fields, f.Key)
		}
	}
	var out []Change
	for _, f := range fields {
		if old[f] != now[f] {
			out = append(out, Change{Kind: kind, Code: to.code, Name: to.name, What: "changed", Field: f, Before: old[f], After: now[f]})
		}
	}
	return out
}

func fact(key, value string) Pair[string] { return Pair[string]{key, value} }

func (c *Catalogue) names(codes []string) string {
	out := make([]string, len(codes))
	for i, code := range codes {
		if out[i] = c.Name(code); out[i] == "" {
			out[i] = code
		}
	}
	return strings.Join(out, "、")
}

func (c *Catalogue) describeTypes() (out []described) {
	for _, t := range c.ProjectTypes {
		out = append(out, described{t.Code, t.Name, []Pair[string]{fact("名称", t.Name), fact("可帮办代办", yes(t.Assist))}})
	}
	return out
}

func (c *Catalogue) describeStages() (out []described) {
	for _, s := range c.Stages {
		out = append(out, described{s.Code, s.Name, []Pair[string]{fact("名称", s.Name), fact("牵头单位", c.Name(s.LeadUnit))}})
	}
	return out
}

func (c *Catalogue) describeUnits() (out []described) {
	for _, u := range c.Units {
		out = append(out, described{u.Code, u.Name, []Pair[string]{fact("名称", u.Name), fact("类型", u.Type)}})
	}
	return out
}

func (c *Catalogue) describeMaterials() (out []described) {
	for _, m := range c.Materials {
		out = append(out, described{m.Code, m.Name, []Pair[string]{fact("名称", m.Name), fact("来源", m.Source), fact("任一即可", c.names(m.AnyOf))}})
	}
	return out
}

func (c *Catalogue) describeResults() (out []described) {
	for _, t := range c.ResultTypes {
		d := described{t.Code, t.Name, []Pair[string]{fact("名称", t.Name)}}
		for _, f := range t.Fields {
			d.facts = append(d.facts, fact("数据项："+c.FieldLabel(t.Code, f.Key), string(f.Type)+"/"+yes(f.Required)))
		}
		out = append(out, d)
	}
	return out
}

func (c *Catalogue) describeFlags() (out []described) {
	for _, f := range c.Flags {
		out = append(out, described{f.Code, f.Label, []Pair[string]{fact("问题", f.Label), fact("选项", strings.Join(f.Enum, "、"))}})
	}
	return out
}

func (c *Catalogue) describeBases() (out []described) {
	for _, b := range c.LegalBases {
		out = append(out, described{b.Code, b.Name, []Pair[string]{fact("名称", b.Name), fact("文号", b.No)}})
	}
	return out
}

func (c *Catalogue) describeFAQ() (out []described) {
	for _, q := range c.Questions {
		out = append(out, described{q.Question, q.Question, []Pair[string]{fact("回答", q.Answer)}})
	}
	return out
}

func (c *Catalogue) describeItems() (out []described) {
	for _, it := range c.Items {
		g := c.Guide(it.Code)
		var bases []string
		for _, b := range g.Bases {
			bases = append(bases, b.Name)
		}
		legal := "无"
		if it.Days.Legal != nil {
			legal = fmt.Sprint(*it.Days.Legal)
		}
		d := described{it.Code, it.Name, []Pair[string]{
			fact("名称", it.Name), fact("办理单位", c.Name(it.Unit)), fact("阶段", c.Name(it.Stage)), fact("承诺时限（工作日）", fmt.Sprint(it.Days.Promise)),
			fact("法定时限（工作日）", legal), fact("审批成果", c.names(it.Results)), fact("适用项目", strings.Join(it.Types, "、")),
			fact("告知承诺", yes(it.Commitment)), fact("可自主打印", yes(it.Printable)), fact("并行推进", yes(it.Scope == "parallel")),
			fact("依据", strings.Join(bases, "、")), fact("受理条件", strings.Join(g.Conditions, "；")), fact("收费", g.Fee),
		}}
		for _, f := range it.Fees {
			d.facts = append(d.facts, fact("收费："+f.Name, f.Basis))
		}
		for _, e := range it.Checklist {
			d.facts = append(d.facts, fact("材料："+c.Name(e.Material), describeEntry(e)))
		}
		out = append(out, d)
	}
	return out
}

func describeEntry(e Entry) string {
	parts := []string{map[string]string{Required: "必要", Conditional: "条件必要", Optional: "可选"}[e.Requirement],
		map[string]string{"original": "原件", "copy": "复印件", "either": "原件或复印件", "electronic": "电子件"}[e.Form]}
	if e.When != nil {
		parts = append(parts, "条件 "+e.When.String())
	}
	if e.Commit {
		parts = append(parts, "可告知承诺")
	}
	if e.Tolerance > 0 {
		parts = append(parts, fmt.Sprintf("容缺%d个工作日", e.Tolerance))
	}
	return strings.Join(parts, "，")
}

func yes(b bool) string {
	if b {
		return "是"
	}
	return "否"
}
