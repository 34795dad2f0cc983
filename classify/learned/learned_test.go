package learned

import (
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"onewindow/approval/catalogue"
	"onewindow/document"
	"onewindow/internal/sample"
)

var noon = time.Date(2026, 11, 27, 4, 0, 0, 0, time.UTC)

// pagesOf are the pages of a sample as a perfect reader would find them.
func pagesOf(d sample.Document) []document.Page {
	var out []document.Page
	for i, p := range d.Pages {
		lines := p.Lines(300)
		out = append(out, document.Page{Number: i + 1, Width: int(p.Width / 25.4 * 300), Height: int(p.Height / 25.4 * 300), Lines: lines, Blank: len(lines) == 0})
	}
	return out
}

// misread replaces some characters, as engines do.
func misread(pages []document.Page, dice *rand.Rand) []document.Page {
	for i := range pages {
		for k := range pages[i].Lines {
			text := []rune(pages[i].Lines[k].Text)
			for n := range text {
				if dice.IntN(100) < 2 {
					text[n] = '口'
				}
			}
			pages[i].Lines[k].Text = string(text)
		}
	}
	return pages
}

func lessons(seeds ...uint64) []Example {
	var out []Example
	dice := rand.New(rand.NewPCG(7, 7))
	for _, kind := range sample.Kinds() {
		for _, seed := range seeds {
			d := sample.Make(kind, sample.NewProject(seed), seed)
			if d.Type != "" {
				out = append(out, Example{Code: d.Type, Human: true, Sheet: SheetOf(misread(pagesOf(d), dice), "")})
			}
		}
	}
	return out
}

// score has a model answer samples that it did not see: how many of a type there
// are, how often its first guess is right, and what it answers with confidence.
func score(m *Model, least int, seeds ...uint64) (typed, first, answered, right int) {
	dice := rand.New(rand.NewPCG(1, 1))
	for _, kind := range sample.Kinds() {
		for _, seed := range seeds {
			d := sample.Make(kind, sample.NewProject(seed), seed)
			guesses := m.Classify(SheetOf(misread(pagesOf(d), dice), ""), nil, 3)
			if d.Type != "" {
				typed++
			}
			if len(guesses) == 0 {
				continue
			}
			if guesses[0].Code == d.Type {
				first++
			}
			if guesses[0].Confidence >= 0.9 && m.Lessons[guesses[0].Code] >= least {
				answered++
				if guesses[0].Code == d.Type {
					right++
				}
			}
		}
	}
	return typed, first, answered, right
}

func TestModel_LearnsTypesFromThreeDecisionsEach(t *testing.T) {
	m := Train(append(FromCatalogue(catalogue.Default()), lessons(101, 102, 103)...), noon)
	typed, first, answered, right := score(m, 3, 201, 202)
	t.Logf("%d of a type, first guess right %d, answered %d, of these right %d; %+v", typed, first, answered, right, m.Fit)
	if first < typed*98/100 {
		t.Errorf("the first guess is right for %d of %d", first, typed)
	}
	if right < answered*98/100 || answered < typed*80/100 {
		t.Errorf("%d answered, %d right, of %d", answered, right, typed)
	}
}

func TestModel_KnowsLittleFromTheCatalogueAlone(t *testing.T) {
	m := Train(FromCatalogue(catalogue.Default()), noon)
	if m.Fit != defaultFit {
		t.Errorf("fitted to nothing: %+v", m.Fit)
	}
	if _, _, answered, _ := score(m, 1, 201); answered != 0 {
		t.Errorf("%d answers rest on nobody's decision", answered)
	}
}

func TestModel_IsTheSameWhenMadeAgainAndWhenReadBack(t *testing.T) {
	examples := append(FromCatalogue(catalogue.Default()), lessons(101)...)
	first, err := Train(examples, noon).Encode()
	if err != nil {
		t.Fatal(err)
	}
	again, err := Train(examples, noon).Encode()
	if err != nil || again != first {
		t.Errorf("the same examples give another model: %v", err)
	}
	back, err := Decode(first)
	if err != nil {
		t.Fatal(err)
	}
	m := Train(examples, noon)
	for _, kind := range []string{"rd-construction-permit", "power-of-attorney", "rd-land-use-permit"} {
		s := SheetOf(pagesOf(sample.Make(kind, sample.NewProject(301), 301)), "")
		a, b := m.Classify(s, nil, 1)[0], back.Classify(s, nil, 1)[0]
		if a.Code != b.Code || a.Confidence-b.Confidence > 0.02 || b.Confidence-a.Confidence > 0.02 {
			t.Errorf("%s: %+v before, %+v after", kind, a, b)
		}
	}
}

func TestModel_ForgetsNamesThatStoodInOneDocument(t *testing.T) {
	name := func(s string) Example {
		return Example{Code: "a", Human: true, Sheet: Sheet{Title: []Spot{{Page: 1, Text: "联系单"}}, Body: "联系人：" + s}}
	}
	text, err := Train([]Example{name("欧阳蓥"), name("司徒翀")}, noon).Encode()
	if err != nil {
		t.Fatal(err)
	}
	m, err := Decode(text)
	if err != nil {
		t.Fatal(err)
	}
	for g := range m.gram {
		if strings.ContainsAny(g, "阳蓥徒翀") {
			t.Errorf("the model keeps %q", g)
		}
	}
}

func TestModel_AnswersOnlyWhatIsAllowed(t *testing.T) {
	m := Train(append(FromCatalogue(catalogue.Default()), lessons(101)...), noon)
	s := SheetOf(pagesOf(sample.Make("rd-construction-permit", sample.NewProject(5), 5)), "")
	for _, g := range m.Classify(s, func(code string) bool { return code == "power-of-attorney" }, 3) {
		if g.Code != "power-of-attorney" {
			t.Errorf("guessed %s", g.Code)
		}
	}
	if got := m.Classify(Sheet{}, nil, 3); len(got) != 0 {
		t.Errorf("of an empty sheet it says %+v", got)
	}
}

func FuzzDecode(f *testing.F) {
	text, err := Train([]Example{{Code: "a", Sheet: Sheet{Body: "施工许可证"}}}, noon).Encode()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(text)
	f.Add("")
	f.Add("H4sIAAAAAAAA/6pWAAAAAP//")
	f.Fuzz(func(t *testing.T, text string) {
		m, err := Decode(text)
		if (m == nil) == (err == nil) {
			t.Fatal("neither a model nor an error")
		}
		if m != nil {
			m.Classify(Sheet{Body: "施工许可证", Title: []Spot{{Page: 1, Text: "施工许可证"}}}, nil, 3)
		}
	})
}
