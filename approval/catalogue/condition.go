package catalogue

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"
)

// Truth is the value of a condition: an answer may not have been given yet.
type Truth int

// The three values.
const (
	Unknown Truth = iota // an answer is missing and decides
	False
	True
)

// String returns "unknown", "false" or "true".
func (t Truth) String() string { return [...]string{"unknown", "false", "true"}[t] }

// Condition says when a checklist entry is needed or a field required. The
// language has flags, ==, !=, in [a, b], not in [a, b], and, or, not and round
// brackets: "project_type in [GOV_B, GOV_M] and not proposal_exempt". A bare
// flag is true when its answer is "true", "1", "yes" or "是".
type Condition struct {
	text string
	root node
}

// ParseCondition reads the text of a condition.
func ParseCondition(text string) (*Condition, error) {
	p := parser{tokens: tokenize(text)}
	root, err := p.or()
	if err == nil && !p.end() {
		err = fmt.Errorf("unexpected %q", p.peek())
	}
	if err != nil {
		return nil, fmt.Errorf("parse condition %q: %w", text, err)
	}
	return &Condition{text: text, root: root}, nil
}

// Eval returns the value for the given answers. A missing answer makes the
// result Unknown unless the rest decides it.
func (c *Condition) Eval(answers map[string]string) Truth {
	if c == nil {
		return True
	}
	return c.root.eval(answers)
}

// Flags lists the flags the condition asks, in order of appearance.
func (c *Condition) Flags() []string {
	var names []string
	if c != nil {
		c.root.each(func(flag, _ string) {
			if !slices.Contains(names, flag) {
				names = append(names, flag)
			}
		})
	}
	return names
}

// String returns the text as written.
func (c *Condition) String() string {
	if c == nil {
		return ""
	}
	return c.text
}

// MarshalJSON writes the text.
func (c *Condition) MarshalJSON() ([]byte, error) { return json.Marshal(c.String()) }

// UnmarshalYAML reads the text.
func (c *Condition) UnmarshalYAML(n *yaml.Node) error {
	parsed, err := ParseCondition(n.Value)
	if err != nil {
		return fmt.Errorf("line %d: %w", n.Line, err)
	}
	*c = *parsed
	return nil
}

// node is a part of a condition.
type node interface {
	eval(answers map[string]string) Truth
	each(visit func(flag, value string))
}

type (
	flagNode struct{ name string }
	isNode   struct { // name in values, or its opposite
		name   string
		values []string
		negate bool
	}
	notNode struct{ of node }
	andNode struct{ a, b node }
	orNode  struct{ a, b node }
)

func (n flagNode) eval(answers map[string]string) Truth {
	v, ok := answers[n.name]
	if !ok || v == "" {
		return Unknown
	}
	return truth(slices.Contains([]string{"true", "1", "yes", "是"}, strings.ToLower(v)))
}

func (n isNode) eval(answers map[string]string) Truth {
	v, ok := answers[n.name]
	if !ok || v == "" {
		return Unknown
	}
	return truth(slices.Contains(n.values, v) != n.negate)
}

func (n notNode) eval(answers map[string]string) Truth {
	switch n.of.eval(answers) {
	case True:
		return False
	case False:
		return True
	}
	return Unknown
}

func (n andNode) eval(answers map[string]string) Truth {
	a, b := n.a.eval(answers), n.b.eval(answers)
	switch {
	case a == False || b == False:
		return False
	case a == True && b == True:
		return True
	}
	return Unknown
}

func (n orNode) eval(answers map[string]string) Truth {
	a, b := n.a.eval(answers), n.b.eval(answers)
	switch {
	case a == True || b == True:
		return True
	case a == False && b == False:
		return False
	}
	return Unknown
}

func (n flagNode) each(visit func(flag, value string)) { visit(n.name, "") }
func (n isNode) each(visit func(flag, value string)) {
	for _, v := range n.values {
		visit(n.name, v)
	}
}
func (n notNode) each(visit func(flag, value string)) { n.of.each(visit) }
func (n andNode) each(visit func(flag, value string)) { n.a.each(visit); n.b.each(visit) }
func (n orNode) each(visit func(flag, value string))  { n.a.each(visit); n.b.each(visit) }

func truth(b bool) Truth {
	if b {
		return True
	}
	return False
}
