package score

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestRatesCountWhatTheySay(t *testing.T) {
	for _, c := range []struct {
		name                   string
		want, got              string
		sequence, missed, more int
	}{
		{"exact, width and spaces apart", "第 1 条：（甲）", "第１条:(甲)", 0, 0, 0},
		{"one wrong", "建设单位甲乙", "建设单位甲己", 1, 1, 0},
		{"two lines swapped", "甲乙丙丁\n子丑寅卯", "子丑寅卯甲乙丙丁", 8, 0, 0},
		{"invented", "甲乙丙丁", "甲乙丙丁戊", 1, 0, 1},
		{"nothing read", "甲乙丙", "", 3, 3, 0},
		{"number sign and brackets", "№ 7〔2024〕", "No7[2024]", 0, 0, 0},
		{"square metres", "100㎡", "100m²", 0, 0, 0},
		{"a misread line does not take a good one's place", "甲乙丙丁\n甲乙丙戊", "甲乙丙戊甲乙丙己", 2, 1, 0},
	} {
		missed, extra := FreeEdits(strings.Split(c.want, "\n"), c.got)
		if missed != c.missed || extra != c.more {
			t.Errorf("%s: missed %d extra %d, want %d %d", c.name, missed, extra, c.missed, c.more)
		}
		if n := Edits(Fold(c.want), Fold(c.got)); n != c.sequence {
			t.Errorf("%s: %d edits as a sequence, want %d", c.name, n, c.sequence)
		}
	}
}

func code(s string) *string { return &s }

func TestScoreOfTypesFieldsAndSecrecy(t *testing.T) {
	s := New(func(_, key string) bool { return key == "doc_no" })
	permit := Label{File: "a.pdf", Group: "clean", Type: code("rd-a"), Fields: map[string]string{"doc_no": "1", "builder": "甲（乙）"}}
	s.Add(permit, Reading{State: "done", Type: "rd-a", Fields: map[string]Value{"doc_no": {"7", true}, "builder": {"甲(乙)", true}}})
	s.Add(permit, Reading{State: "needs_review", Type: "rd-b", Fields: map[string]Value{"doc_no": {"7", true}}})
	s.Add(Label{File: "x.pdf", Group: "clean", Type: code("")}, Reading{State: "needs_review"})
	s.Add(Label{File: "s.pdf", Group: "secret", Type: code(""), Secrecy: "机密"}, Reading{State: "quarantined"})
	s.Add(Label{File: "t.pdf", Group: "secret", Secrecy: "机密"}, Reading{State: "done"})
	s.Add(Label{File: "o.pdf", Group: "secret"}, Reading{State: "quarantined"})
	s.Add(permit, Reading{State: "needs_review", Type: "rd-a", Fields: map[string]Value{"doc_no": {"1", true}, "builder": {"甲（乙）", true}}})
	got := s.Total
	want := Tally{Files: 7, Typed: 3, Recognized: 3, Answers: 3, Right: 2, Fields: 6, Exact: 3, Required: 3, RequiredExact: 1, WrongPassed: 1, Straight: 1, Needless: 1, Marked: 2, Hits: 1, Alarms: 1}
	if got != want {
		t.Errorf("total\n%+v, want\n%+v", got, want)
	}
	if g := s.Groups["secret"]; g.Files != 3 || g.Hits != 1 {
		t.Errorf("group secret: %+v", g)
	}
	table := s.Table(Run{Engine: "e", Workers: 2})
	for _, row := range []string{"66.67", "33.33", "1/2", "rd-a", "(none)"} {
		if !strings.Contains(table, row) {
			t.Errorf("table lacks %q:\n%s", row, table)
		}
	}
}

func TestWorstPagesComeFirstAndShowTheDifference(t *testing.T) {
	s := New(nil)
	s.Add(Label{File: "good.pdf", Group: "g", Text: []string{"甲乙丙丁"}}, Reading{State: "done", Pages: []string{"甲乙丙戊"}})
	s.Add(Label{File: "bad<b>.pdf", Group: "g", Text: []string{"甲乙丙丁"}}, Reading{State: "done", Pages: []string{"甲"}})
	s.Add(Label{File: "fine.pdf", Group: "g", Text: []string{"甲乙"}}, Reading{State: "done", Pages: []string{"甲乙"}})
	worst := s.Worst(5)
	if len(worst) != 2 || worst[0].File != "bad<b>.pdf" || worst[0].Rate != 0.75 {
		t.Fatalf("worst: %+v", worst)
	}
	var b strings.Builder
	if err := s.HTML(&b, Run{}, []Shown{{Case: worst[1]}, {Case: worst[0]}}); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`<span class="miss">丁</span>`, `<span class="extra">戊</span>`, "bad&lt;b&gt;.pdf", "75.00 %"} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("page lacks %q", want)
		}
	}
}

func TestLabelsNameTheirMistakes(t *testing.T) {
	path := filepath.Join(t.TempDir(), "labels.jsonl")
	write := func(s string) {
		t.Helper()
		if err := os.WriteFile(path, []byte(s), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write(`{"file":"a.pdf"}` + "\n\n" + `{"file":"sub/b.pdf","type":"","group":"fax"}` + "\n")
	labels, err := ReadLabels(path)
	if err != nil || len(labels) != 2 {
		t.Fatalf("%v %v", labels, err)
	}
	if a, b := labels[0], labels[1]; a.Type != nil || a.Group != "all" || b.Type == nil || b.Path(path) != filepath.Join(filepath.Dir(path), "sub/b.pdf") {
		t.Errorf("%+v %+v", a, b)
	}
	for bad, say := range map[string]string{"{}\n": "line 1", `{"file":"a"}` + "\n{\n": "line 2"} {
		write(bad)
		if _, err := ReadLabels(path); err == nil || !strings.Contains(err.Error(), say) {
			t.Errorf("%q: %v", bad, err)
		}
	}
}
