package identifier

import (
	"strings"
	"testing"
	"unicode/utf8"
)

// FuzzValidate: no input panics, and a normal form is a fixed point.
func FuzzValidate(f *testing.F) {
	for name, cases := range loadVectors(f) {
		for _, c := range cases {
			f.Add(name, c.Input)
		}
	}
	f.Fuzz(func(t *testing.T, name, in string) {
		v := ValidateAt(name, in, judged)
		if v.Valid == (v.Error != "") {
			t.Fatalf("valid=%v with error %q", v.Valid, v.Error)
		}
		if !v.Valid || name == SecrecyPage {
			return
		}
		again := ValidateAt(name, v.Value, judged)
		if name == DocDate { // its value is ISO, a form of its own
			again.Warnings, v.Warnings = nil, nil
		}
		if !again.Valid || again.Value != v.Value {
			t.Fatalf("%s: %q became %q, which becomes %+v", name, in, v.Value, again)
		}
	})
}

// FuzzRepair: what Repair returns is valid and is its own repair.
func FuzzRepair(f *testing.F) {
	for name, cases := range loadVectors(f) {
		for _, c := range cases {
			f.Add(name, strings.ReplaceAll(c.Input, "0", "O"))
		}
	}
	f.Fuzz(func(t *testing.T, name, in string) {
		value, ok := RepairAt(name, in, judged)
		if !ok {
			return
		}
		if v := ValidateAt(name, value, judged); !v.Valid || v.Value != value {
			t.Fatalf("%s: %q repaired to %q: %+v", name, in, value, v)
		}
	})
}

// FuzzScreenLines: never panics, never returns text of the page.
func FuzzScreenLines(f *testing.F) {
	f.Add("机密★10年\n关于某事的批复")
	f.Fuzz(func(t *testing.T, page string) {
		s := ScreenLines(strings.Split(page, "\n"))
		if s.Level != "" && !strings.Contains("绝密机密秘密", s.Level) {
			t.Fatalf("level %q", s.Level)
		}
	})
}

// FuzzMask: masking keeps the length and never shows the middle of an ID.
func FuzzMask(f *testing.F) {
	f.Add("430000190001010009")
	f.Fuzz(func(t *testing.T, s string) {
		if !utf8.ValidString(s) {
			return
		}
		n := utf8.RuneCountInString(s)
		if got := utf8.RuneCountInString(MaskCitizenID(s)); got != n {
			t.Fatalf("length %d became %d", n, got)
		}
		if got := utf8.RuneCountInString(MaskNumber(s)); got != n {
			t.Fatalf("length %d became %d", n, got)
		}
	})
}
