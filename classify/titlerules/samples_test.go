package titlerules

import (
	"context"
	"os"
	"sync"
	"testing"

	"gopkg.in/yaml.v3"

	"onewindow/approval/catalogue"
	"onewindow/classify"
	"onewindow/document"
)

type titleSample struct {
	Title  string  `yaml:"title"`
	Expect *string `yaml:"expect"`
}

func titleSamples(t *testing.T) []titleSample {
	t.Helper()
	raw, err := os.ReadFile("../../approval/catalogue/testdata/title-samples.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var f struct {
		Samples []titleSample `yaml:"samples"`
	}
	if err := yaml.Unmarshal(raw, &f); err != nil {
		t.Fatal(err)
	}
	if len(f.Samples) < 60 {
		t.Fatalf("only %d samples", len(f.Samples))
	}
	return f.Samples
}

// rules is the classifier under test; it is read-only.
var rules = sync.OnceValue(func() *Classifier { return New(catalogue.Default(), Options{}) })

func ask(t *testing.T, q classify.Question) document.Classification {
	t.Helper()
	got, err := rules().Classify(context.Background(), q)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// titlePage is an A4 page with a large title over running text.
func titlePage(title ...string) document.Page {
	p := document.Page{Number: 1, Width: 1654, Height: 2339}
	y := 260.0
	for _, s := range title {
		w := float64(len([]rune(s))) * 58
		p.Lines = append(p.Lines, document.Line{Text: s, Box: document.Box{827 - w/2, y, 827 + w/2, y + 58}, Confidence: 1})
		y += 88
	}
	y = 1100
	for range 12 {
		p.Lines = append(p.Lines, document.Line{Text: "正文若干文字说明本页的内容而不表明任何种类的文书", Box: document.Box{200, y, 1400, y + 32}, Confidence: 1})
		y += 60
	}
	return p
}

// TestTitleSamples: every sample title is recognized in every role, printed
// large over text or as bare text.
func TestTitleSamples(t *testing.T) {
	cat := catalogue.Default()
	for _, s := range titleSamples(t) {
		want := ""
		if s.Expect != nil {
			want = *s.Expect
		}
		m, _ := cat.Material(want)
		result, auto := m.ResultDoc, want
		if result != "" {
			auto = result
		}
		bare := document.Page{Number: 1, Lines: []document.Line{{Text: s.Title, Confidence: 1}}}
		for form, page := range map[string]document.Page{"large": titlePage(s.Title), "bare": bare} {
			for role, want := range map[document.Role]string{document.RoleMaterial: want, document.RoleResult: result, document.RoleAuto: auto} {
				if m.Code == "completion-record" || m.Code == "completion-form" {
					continue // told apart by more than the title
				}
				got := ask(t, classify.Question{Pages: []document.Page{page}, Role: role})
				if got.Code != want {
					t.Errorf("%s, %s, role %q: got %q %.2f %v, want %q; others %v", s.Title, form, role, got.Code, got.Confidence, got.Evidence, want, got.RunnersUp)
				}
				if got.Recognized() && (len(got.Evidence) == 0 || got.Name == "" || got.By == "") {
					t.Errorf("%s: no evidence in %+v", s.Title, got)
				}
			}
		}
	}
}

// TestTitleSamples_asFileNames: a file name alone names a material but never a
// result, and says so.
func TestTitleSamples_asFileNames(t *testing.T) {
	cat := catalogue.Default()
	named := 0
	for _, s := range titleSamples(t) {
		got := ask(t, classify.Question{Filename: s.Title + ".pdf", Role: document.RoleMaterial})
		if s.Expect == nil {
			if got.Recognized() {
				t.Errorf("%s: got %q", s.Title, got.Code)
			}
			continue
		}
		m, _ := cat.Material(*s.Expect)
		if m.Source == "result" {
			if got.Recognized() && got.Code == *s.Expect {
				t.Errorf("%s: the file name alone made it %q", s.Title, got.Code)
			}
			continue
		}
		if got.Recognized() && got.Code != *s.Expect {
			t.Errorf("%s: got %q, want %q", s.Title, got.Code, *s.Expect)
		}
		if got.Recognized() {
			named++
			if got.Confidence > 0.7 {
				t.Errorf("%s: a file name is worth %.2f", s.Title, got.Confidence)
			}
		}
	}
	if named < 20 {
		t.Errorf("only %d materials named by their file", named)
	}
}
