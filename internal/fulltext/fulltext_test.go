package fulltext

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestCountIgnoresWhatDoesNotMatter(t *testing.T) {
	for _, c := range []struct {
		text, query string
		want        int
	}{
		{"长政办函〔2024〕9号", "长政办函(2024)9号", 1},
		{"建设单位：长沙岳麓\n置业有限公司", "岳麓置业", 1},
		{"４３０１０２２０２４", "430102", 1},
		{"GB00001F", "gb00001f", 1},
		{"施 工 许 可 证", "施工许可证", 1},
		{"桥桥桥", "桥", 3},
		{"施工图设计", "施工许可", 0},
		{"2404–430100", "2404-430100", 1},
	} {
		terms := Terms(c.query)
		if len(terms) != 1 || Count(c.text, terms[0]) != c.want {
			t.Errorf("%q in %q: terms %q, want %d", c.query, c.text, terms, c.want)
		}
	}
}

func TestCutMarksTheTerms(t *testing.T) {
	text := strings.Repeat("前言", 60) + "本工程由长沙\n某公司承建，造价 1,200 万元" + strings.Repeat("后记", 60)
	s := Cut(text, Terms("长沙某 造价"), 40)
	rs := []rune(s.Text)
	var marked []string
	for _, m := range s.Marks {
		marked = append(marked, string(rs[m[0]:m[1]]))
	}
	if !slices.Equal(marked, []string{"长沙 某", "造价"}) || len(rs) != 40 {
		t.Errorf("marked %q in %q", marked, s.Text)
	}
	if s := Cut("无", Terms("有"), 40); s.Text != "" || len(s.Marks) != 0 {
		t.Errorf("nothing to cut gave %+v", s)
	}
}

// FuzzSearch holds the index to a plain search for substrings: whatever that
// finds, the tokens must propose, and the snippet must show.
func FuzzSearch(f *testing.F) {
	for _, s := range [][2]string{{"建筑工程施工许可证", "工"}, {"㎡ ①Ａ〔2024〕", "m2"}, {"a\u0301é", "é"}, {"\xff\x00证", "证"}, {"aaaa", "aa"}, {"İ", "i"}} {
		f.Add(s[0], s[1])
	}
	f.Fuzz(func(t *testing.T, text, query string) {
		tokens := Tokens(text)
		whole := string(fold(composed(text)).runes)
		for _, term := range Terms(query) {
			found := strings.Contains(whole, term)
			if found != (Count(text, term) > 0) {
				t.Fatalf("%q in %q: found %v, counted %d", term, text, found, Count(text, term))
			}
			if !found {
				continue
			}
			needs, prefix := Needs(term)
			for _, need := range needs {
				if !slices.ContainsFunc(tokens, func(k string) bool { return k == need || prefix && strings.HasPrefix(k, need) }) {
					t.Fatalf("%q stands in %q, but token %q is missing from %q", term, text, need, tokens)
				}
			}
			s := Cut(text, []string{term}, 30)
			n := utf8.RuneCountInString(s.Text)
			for _, m := range s.Marks {
				if m[0] < 0 || m[0] >= m[1] || m[1] > n {
					t.Fatalf("mark %v outside of %d characters", m, n)
				}
			}
			if len(s.Marks) == 0 {
				t.Fatalf("%q stands in %q, but the snippet %q does not mark it", term, text, s.Text)
			}
		}
	})
}
