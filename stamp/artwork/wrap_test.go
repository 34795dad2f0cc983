package artwork

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"onewindow/stamp/lettering"
	"onewindow/stamp/stamptest"
)

func TestWrap(t *testing.T) {
	font, err := lettering.Open(stamptest.Font)
	if err != nil {
		t.Fatal(err)
	}
	defer font.Close()
	for _, tt := range []struct {
		line  string
		limit float64
		want  []string
	}{
		{"甲乙丙丁", 4, []string{"甲乙丙丁"}},
		{"甲乙丙丁戊", 4, []string{"甲乙丙丁", "戊"}},
		{"甲乙  丙丁  戊己", 5, []string{"甲乙　丙丁", "戊己"}},           // parts stay whole
		{"甲乙丙丁，戊", 4, []string{"甲乙丙", "丁，戊"}},                // no comma begins a line
		{"甲乙丙（丁戊）", 4, []string{"甲乙丙", "（丁戊）"}},              // no bracket ends one
		{"网址：https://example.gov.cn/v/23456789ABC4", 8, nil}, // longer than any line: broken anywhere, nothing lost
		{"编号 430199202601010101 号", 12.5, []string{"编号 430199202601010101", "号"}},
		{"", 4, nil},
	} {
		got, err := wrap(font, tt.line, tt.limit)
		if err != nil {
			t.Fatal(err)
		}
		for _, line := range got {
			if w, _ := font.Width(line); w > tt.limit {
				t.Errorf("wrap(%q): line %q is %.2f em, limit %g", tt.line, line, w, tt.limit)
			}
		}
		if strings.Contains(tt.line, "https") {
			if joined := strings.Join(got, ""); joined != tt.line {
				t.Errorf("wrap(%q) lost something: %q", tt.line, got)
			}
			continue
		}
		if d := cmp.Diff(tt.want, got); d != "" {
			t.Errorf("wrap(%q, %g): %s", tt.line, tt.limit, d)
		}
	}
}
