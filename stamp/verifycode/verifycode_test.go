package verifycode_test

import (
	"errors"
	"strings"
	"testing"
	"unicode/utf8"

	"onewindow/stamp/verifycode"
)

func TestW1_NewCodesAreWellFormedAndDiffer(t *testing.T) {
	seen := map[string]bool{}
	used := map[rune]bool{}
	for range 5000 {
		c := verifycode.New()
		got, err := verifycode.Parse(c)
		if err != nil || got != c {
			t.Fatalf("Parse(%q) = %q, %v", c, got, err)
		}
		if seen[c] {
			t.Fatalf("%q came twice", c)
		}
		seen[c] = true
		for _, r := range c {
			used[r] = true
		}
	}
	if len(used) != len(verifycode.Alphabet) {
		t.Errorf("only %d of %d characters in use", len(used), len(verifycode.Alphabet))
	}
}

// Every single typo and every swap of two characters must be found, or a typing
// slip would read as "unknown" and look like a forgery.
func TestW1_CheckFindsEveryTypoAndSwap(t *testing.T) {
	for range 50 {
		c := verifycode.New()
		for i := range c {
			for _, r := range verifycode.Alphabet {
				if byte(r) != c[i] {
					wantMistyped(t, c[:i]+string(r)+c[i+1:])
				}
			}
			for j := i + 1; j < len(c); j++ {
				if c[i] == c[j] {
					continue
				}
				b := []byte(c)
				b[i], b[j] = b[j], b[i]
				wantMistyped(t, string(b))
			}
		}
	}
}

func wantMistyped(t *testing.T, typed string) {
	t.Helper()
	if _, err := verifycode.Parse(typed); !errors.Is(err, verifycode.ErrMistyped) {
		t.Fatalf("Parse(%q) = %v, want ErrMistyped", typed, err)
	}
}

func TestParseTakesWhatPeopleType(t *testing.T) {
	const code = "23456789ABC4"
	for _, typed := range []string{
		code, "2345-6789-ABC4", "2345 6789 abc4", " 2345－6789－ａｂｃ４ ", "2345—6789–ABC4", "２３４５　６７８９　ＡＢＣ４", "2345\u00ad6789\u200bABC4\n",
	} {
		got, err := verifycode.Parse(typed)
		if err != nil || got != code {
			t.Errorf("Parse(%q) = %q, %v", typed, got, err)
		}
	}
}

func TestParseSaysHowItWasMistyped(t *testing.T) {
	for _, tt := range []struct {
		typed string
		want  error
	}{
		{"", verifycode.ErrLength},
		{"2345-6789-ABC", verifycode.ErrLength},
		{"2345-6789-ABC44", verifycode.ErrLength},
		{"O345-6789-ABC4", verifycode.ErrCharacter},
		{"2345/6789/ABC4", verifycode.ErrCharacter},
		{"校验码", verifycode.ErrCharacter},
		{"2345-6789-ABC5", verifycode.ErrCheck},
	} {
		if _, err := verifycode.Parse(tt.typed); !errors.Is(err, tt.want) || !errors.Is(err, verifycode.ErrMistyped) {
			t.Errorf("Parse(%q) = %v, want %v", tt.typed, err, tt.want)
		}
	}
}

func TestFormat(t *testing.T) {
	if got := verifycode.Format("23456789ABC4"); got != "2345-6789-ABC4" {
		t.Errorf("Format = %q", got)
	}
	if got := verifycode.Format("23"); got != "23" {
		t.Errorf("Format of a fragment = %q", got)
	}
}

func FuzzParse(f *testing.F) {
	f.Add("2345-6789-ABC4")
	f.Add("ａ\xff")
	f.Fuzz(func(t *testing.T, typed string) {
		code, err := verifycode.Parse(typed)
		if err != nil {
			if code != "" || !errors.Is(err, verifycode.ErrMistyped) {
				t.Fatalf("Parse(%q) = %q, %v", typed, code, err)
			}
			return
		}
		if len(code) != verifycode.Length || !utf8.ValidString(code) || strings.Trim(code, verifycode.Alphabet) != "" {
			t.Fatalf("Parse(%q) = %q", typed, code)
		}
		if again, err := verifycode.Parse(verifycode.Format(code)); err != nil || again != code {
			t.Fatalf("Format does not parse back: %q, %v", again, err)
		}
	})
}
