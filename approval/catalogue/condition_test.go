package catalogue

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestCondition(t *testing.T) {
	answers := map[string]string{"project_type": "GOV_B", "land_mode": "transfer", "residential": "true", "has_agent": "false", "mode": "易地建设"}
	for text, want := range map[string]Truth{
		"residential":                      True,
		"has_agent":                        False,
		"not has_agent":                    True,
		"pipeline_work":                    Unknown,
		"not pipeline_work":                Unknown,
		"project_type == GOV_B":            True,
		"project_type != SMALL":            True,
		"project_type in [GOV_B, GOV_M]":   True,
		"project_type not in [IND, SMALL]": True,
		"project_type in [IND]":            False,
		"mode == 易地建设":                     True,
		"residential and pipeline_work":    Unknown,
		"has_agent and pipeline_work":      False,
		"residential or pipeline_work":     True,
		"has_agent or pipeline_work":       Unknown,
		"land_mode == allocation or residential and not has_agent": True,
		"(land_mode == allocation or residential) and has_agent":   False,
		"not (residential and has_agent)":                          True,
		"not not residential":                                      True,
		"unanswered != x":                                          Unknown,
	} {
		c, err := ParseCondition(text)
		if err != nil {
			t.Errorf("%q: %v", text, err)
			continue
		}
		if got := c.Eval(answers); got != want {
			t.Errorf("%q: got %v, want %v", text, got, want)
		}
	}
}

func TestCondition_refuses(t *testing.T) {
	for _, text := range []string{
		"", "and", "a and", "a or or b", "a ==", "a in b", "a in [", "a in []", "a in [b", "a in [b c]", "a not b", "(a", "a)", "a b", "==", "not", "a = b",
		strings.Repeat("not ", 1000) + "a", strings.Repeat("(", 1000),
	} {
		if c, err := ParseCondition(text); err == nil {
			t.Errorf("%.40q was parsed as %v", text, c)
		}
	}
}

func TestCondition_flags(t *testing.T) {
	c, err := ParseCondition("b or a in [x] and not b")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"b", "a"}, c.Flags()); diff != "" {
		t.Error(diff)
	}
	var none *Condition
	if none.Eval(nil) != True || none.String() != "" || none.Flags() != nil {
		t.Error("no condition must always hold")
	}
}

// TestP3_4_checklist: conditional entries follow the answers of the form.
func TestP3_4_checklist(t *testing.T) {
	c := Default()
	needs, err := c.Checklist("HN-S3-03", map[string]string{"project_type": "SMALL", "special_fire_project": "true", "tender_required": "false"})
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, n := range needs {
		got[n.Material] = n.Needed.String()
	}
	for material, want := range map[string]string{
		"land-source": "true", "drawing-review-cert": "false", "fire-design-opinion": "true", "bid-notice": "false", "supervision-contract": "unknown",
	} {
		if got[material] != want {
			t.Errorf("%s: got %s, want %s", material, got[material], want)
		}
	}
	if _, err := c.Checklist("HN-X", nil); err == nil {
		t.Error("an unknown item has a checklist")
	}
}

// FuzzParseCondition: no text panics, and what parses prints, parses and judges
// the same again.
func FuzzParseCondition(f *testing.F) {
	for _, it := range Default().Items {
		for _, e := range it.Checklist {
			f.Add(e.When.String())
		}
	}
	f.Fuzz(func(t *testing.T, text string) {
		c, err := ParseCondition(text)
		if err != nil {
			return
		}
		answers := map[string]string{}
		for _, flag := range c.Flags() {
			answers[flag] = "true"
		}
		if len(answers) > 0 && c.Eval(nil) != Unknown && c.Eval(nil) != c.Eval(answers) {
			t.Fatalf("%q: decided without answers, and otherwise with them", text)
		}
		if c.Eval(answers) == Unknown {
			t.Fatalf("%q: unknown although every flag is answered", text)
		}
	})
}
