package tesseract

import (
	"image"
	"strings"
	"testing"
)

// words sets words side by side, 40 pixels a character; "|" leaves a wide gap,
// "_" a small one.
func words(line int, parts ...string) []word {
	var out []word
	x := 100
	for _, s := range parts {
		switch s {
		case "|":
			x += 200
			continue
		case "_":
			x += 15
			continue
		}
		w := 40 * len([]rune(s))
		out = append(out, word{s, image.Rect(x, 100*line, x+w, 100*line+44), 0.9, 1, 1, line})
		x += w + 4
	}
	return out
}

func TestLinesOfWords(t *testing.T) {
	for want, in := range map[string][]word{
		"建设单位":          words(1, "建", "设", "单位"),
		"建设单位/湖南示范公司":   words(1, "建设", "单位", "|", "湖南", "示范公司"),
		"GB 50016-2014": words(1, "GB", "_", "50016-2014"),
		"2024年11月":      words(1, "2024", "_", "年", "11", "月"),
		"长规批318号":       words(1, "长 规 批", "318 号"),
		"第一行/第二行":       append(words(1, "第一行"), words(2, "第二", "行")...),
	} {
		var got []string
		for _, l := range linesOf(in) {
			got = append(got, l.Text)
		}
		if s := strings.Join(got, "/"); s != want {
			t.Errorf("lines %s, want %s", s, want)
		}
	}
}

func TestLinesLeaveOutRubbish(t *testing.T) {
	rubbish := []word{
		{"|", image.Rect(10, 10, 14, 300), 0.6, 1, 1, 1},
		{"——", image.Rect(10, 400, 900, 404), 0.4, 1, 1, 2},
		{"尸孔", image.Rect(10, 500, 90, 540), 0.2, 1, 1, 3},
	}
	if got := linesOf(rubbish); len(got) != 0 {
		t.Errorf("kept %v", got)
	}
}
