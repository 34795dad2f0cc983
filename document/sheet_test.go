package document_test

import (
	"strings"
	"testing"

	"onewindow/document"
)

func TestSheet_ReadsWhatItPrints(t *testing.T) {
	for _, s := range []document.Sheet{
		{Case: "BJ430100202611270001"},
		{Case: "BJ430100202611270001", Item: "HN-S1-08", Material: "MAT-LAND", Pages: 12},
		{Case: "BJ430100202611270001", Pages: document.MaxSheetPages},
		{Separator: true},
	} {
		got, ok := document.ParseSheet(s.Text())
		if !ok || got != s {
			t.Errorf("%q read as %+v, %v", s.Text(), got, ok)
		}
		if strings.Trim(s.Text(), "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:") != "" {
			t.Errorf("%q is not alphanumeric: its modules would be small", s.Text())
		}
	}
}

// The text is printed on paper that lies in drawers: it may not change.
func TestSheet_TextStays(t *testing.T) {
	s := document.Sheet{Case: "BJ430100202611270001", Item: "HN-S1-08", Material: "M01", Pages: 3}
	if got, want := s.Text(), "OW1*C*BJ430100202611270001*HN-S1-08*M01*3*B60CFFC5"; got != want {
		t.Errorf("text is %q, was %q", got, want)
	}
}

func TestParseSheet_OtherCodesAreNone(t *testing.T) {
	good := document.Sheet{Case: "BJ430100202611270001", Pages: 3}.Text()
	for _, text := range []string{
		"", "https://onewindow.test/v/ABCDEF", strings.Replace(good, "*3*", "*4*", 1), strings.Replace(good, "OW1", "OW9", 1),
		good + "*", strings.ToLower(good), "OW1*C*****00000000",
	} {
		if s, ok := document.ParseSheet(text); ok {
			t.Errorf("%q read as %+v", text, s)
		}
	}
}

func TestSheet_CheckNamesEveryField(t *testing.T) {
	wrong := document.Sheet{Case: "办件", Item: "a*b", Material: strings.Repeat("x", 41), Pages: -1}.Check()
	if len(wrong) != 4 {
		t.Errorf("4 fields are wrong, told %v", wrong)
	}
	if wrong := (document.Sheet{}).Check(); wrong["case"] == "" {
		t.Error("a cover sheet without a case passed")
	}
}

func FuzzParseSheet(f *testing.F) {
	f.Add(document.Sheet{Case: "BJ1", Item: "I", Material: "M", Pages: 2}.Text())
	f.Add(document.Sheet{Separator: true}.Text())
	f.Add("OW1*C**")
	f.Fuzz(func(t *testing.T, text string) {
		if s, ok := document.ParseSheet(text); ok && s.Text() != text {
			t.Errorf("%q became %q", text, s.Text())
		}
	})
}
