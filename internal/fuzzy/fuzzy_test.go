package fuzzy

import "testing"

func TestDistance(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want int
	}{{"", "", 0}, {"证", "", 1}, {"施工许可证", "施工许可证", 0}, {"施工许可证", "施工午可证", 1}, {"许可证", "可证书", 2}} {
		if got := Distance([]rune(c.a), []rune(c.b)); got != c.want {
			t.Errorf("%q %q: got %d, want %d", c.a, c.b, got, c.want)
		}
	}
}

func TestSimilarity(t *testing.T) {
	if Similarity("", "") != 1 || Similarity("甲", "乙") != 0 || Similarity("甲乙丙丁", "甲乙丙戊") != 0.75 {
		t.Error("similarity is wrong")
	}
}

func TestFind(t *testing.T) {
	for _, c := range []struct {
		text, phrase string
		start, dist  int
	}{
		{"中华人民共和国建筑工程施工许可证", "建筑工程施工许可证", 7, 0},
		{"建筑工程施工午可证", "建筑工程施工许可证", 0, 1},
		{"建筑工程工许可证", "建筑工程施工许可证", 0, 1},
		{"建筑工程一施工许可证", "建筑工程施工许可证", 0, 1},
		{"施工许可证和施工许可证", "施工许可证", 6, 0},
	} {
		m, ok := Find([]rune(c.text), []rune(c.phrase), true)
		if !ok || m.Start != c.start || m.Distance != c.dist {
			t.Errorf("%q in %q: %+v %v", c.phrase, c.text, m, ok)
		}
		if _, ok := Find([]rune(c.text), []rune(c.phrase), false); ok != (c.dist == 0) {
			t.Errorf("%q in %q: exact %v", c.phrase, c.text, ok)
		}
	}
	for _, c := range [][2]string{
		{"法定代表人授权委托书", "法定代表人授权书"}, {"建设用地规划许可", "建设用地规划许可证"}, {"建设用地规划许可表", "建设用地规划许可证"},
		{"建设用地规划许可证", "建设工程规划许可证"}, {"", "许可证"}, {"许", "许可证"}, {"许可", "许可证"},
	} {
		if m, ok := Find([]rune(c[0]), []rune(c[1]), true); ok {
			t.Errorf("%q in %q: %+v", c[1], c[0], m)
		}
	}
	if _, ok := Find([]rune("甲"), nil, true); ok {
		t.Error("nothing was found")
	}
}

func TestPrefix(t *testing.T) {
	for _, c := range []struct {
		text, phrase string
		end          int
		ok           bool
	}{
		{"建设规模一万", "建设规模", 4, true}, {"建设规銀模一万", "建设规模", 5, true}, {"建规模一万", "建设规模", 3, true},
		{"建设规", "建设规模", 0, false}, {"日期", "日期", 2, true}, {"日一期", "日期", 0, false},
	} {
		if end, ok := Prefix([]rune(c.text), []rune(c.phrase)); end != c.end || ok != c.ok {
			t.Errorf("%q of %q: got %d %v", c.phrase, c.text, end, ok)
		}
	}
}

func FuzzFind(f *testing.F) {
	f.Add("建筑工程施工午可证", "施工许可证")
	f.Fuzz(func(t *testing.T, text, phrase string) {
		x, p := []rune(text), []rune(phrase)
		if len(x) > 200 || len(p) > 50 {
			return
		}
		m, ok := Find(x, p, true)
		if !ok {
			return
		}
		if m.Start < 0 || m.End > len(x) || Distance(x[m.Start:m.End], p) > m.Distance {
			t.Fatalf("%q in %q: %+v", phrase, text, m)
		}
	})
}
