package lettering_test

import (
	"errors"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"onewindow/stamp/lettering"
)

// noto is the font of the Debian package fonts-noto-cjk: a collection of CFF faces.
const noto = "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc"

func open(t *testing.T) *lettering.Font {
	t.Helper()
	f, err := lettering.Open(noto)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

func TestOpenTakesTheSimplifiedChineseFace(t *testing.T) {
	if got := open(t).Name(); got != "Noto Sans CJK SC Regular" && got != "Noto Sans CJK SC" {
		t.Errorf("Name = %q", got)
	}
}

func TestOpenRefusesWhatIsNoFont(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.ttf")
	if err := os.WriteFile(path, []byte("not a font"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := lettering.Open(path); !errors.Is(err, lettering.ErrNoFont) {
		t.Errorf("Open = %v, want ErrNoFont", err)
	}
	if _, err := lettering.Open(path + "x"); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("Open = %v, want ErrNotExist", err)
	}
}

func TestChineseIsOneEmWideAndDigitsAlike(t *testing.T) {
	f := open(t)
	for _, r := range "审批，。：〔〕㎡" {
		if w, err := f.Width(string(r)); err != nil || math.Abs(w-1) > 1e-9 {
			t.Errorf("Width(%c) = %v, %v", r, w, err)
		}
	}
	zero, _ := f.Width("0")
	for _, r := range "123456789" {
		if w, _ := f.Width(string(r)); w != zero {
			t.Errorf("Width(%c) = %v, 0 has %v", r, w, zero)
		}
	}
}

func TestPathStaysInItsEm(t *testing.T) {
	f := open(t)
	path, err := f.AppendPath(nil, "国", 2)
	if err != nil {
		t.Fatal(err)
	}
	if !regexp.MustCompile(`^(?:(?:-?\d+ -?\d+ )+[mlc]\n|h\n)+$`).Match(path) {
		t.Fatalf("not path operators: %q", path)
	}
	if !regexp.MustCompile(`(?m)^20\d\d `).Match(path) {
		t.Errorf("path is not moved 2 em to the right: %q", path)
	}
	zero, _ := f.Width("0")
	hidden, err := f.AppendPath(nil, string(lettering.AnyDigit), 0)
	if w, _ := f.Width(string(lettering.AnyDigit)); err != nil || len(hidden) != 0 || w != zero {
		t.Errorf("AnyDigit drew %q over %v em, %v", hidden, w, err)
	}
}

func TestMissingCharacterShowsABox(t *testing.T) {
	g, err := open(t).Glyph('\U000F0000')
	if err != nil || len(g.Segments) == 0 {
		t.Errorf("Glyph = %v, %v; want a visible replacement", g, err)
	}
}
