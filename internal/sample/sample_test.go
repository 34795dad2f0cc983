package sample

import (
	"reflect"
	"testing"
)

const seeds = 12

func TestSameSeedSameDocument(t *testing.T) {
	for _, kind := range Kinds() {
		a, b := Make(kind, NewProject(3), 4), Make(kind, NewProject(3), 4)
		if !reflect.DeepEqual(a, b) {
			t.Errorf("%s differs between two runs of one seed", kind)
		}
	}
	if reflect.DeepEqual(NewProject(3), NewProject(4)) {
		t.Error("two seeds gave one project")
	}
}

func TestDensePagesHoldTheirCharacters(t *testing.T) {
	doc := Dense(2, 600, 1)
	if len(doc.Pages) != 2 || reflect.DeepEqual(doc.Pages[0], doc.Pages[1]) {
		t.Fatalf("%d pages, or twice the same", len(doc.Pages))
	}
	for _, p := range doc.Read(300) {
		n := 0
		for _, l := range p.Lines {
			n += len([]rune(l.Text))
			if l.Box[2] > float64(p.Width) || l.Box[3] > float64(p.Height) {
				t.Errorf("%q leaves the page", l.Text)
			}
		}
		if n != 600 {
			t.Errorf("%d characters", n)
		}
	}
}

func TestEveryTextStandsOnThePage(t *testing.T) {
	eachDocument(t, func(t *testing.T, d Document) {
		for n, p := range d.Pages {
			for _, m := range p.Marks {
				text, ok := m.(Text)
				if !ok {
					continue
				}
				if b := text.Box(); b[0] < 3 || b[1] < 3 || b[2] > p.Width-3 || b[3] > p.Height-3 {
					t.Errorf("%s page %d: %q leaves the page at %v", d.Kind, n+1, text.String, b)
				}
			}
		}
	})
}

func TestNoTwoTextsOverlap(t *testing.T) {
	const tolerance = 0.4 // mm
	eachDocument(t, func(t *testing.T, d Document) {
		for n, p := range d.Pages {
			lines := p.Lines(mmPerInch)
			for i, a := range lines {
				for _, b := range lines[:i] {
					w := min(a.Box[2], b.Box[2]) - max(a.Box[0], b.Box[0])
					h := min(a.Box[3], b.Box[3]) - max(a.Box[1], b.Box[1])
					if w > tolerance && h > tolerance {
						t.Errorf("%s page %d: %q lies on %q", d.Kind, n+1, a.Text, b.Text)
					}
				}
			}
		}
	})
}

func TestFieldsAreComplete(t *testing.T) {
	eachDocument(t, func(t *testing.T, d Document) {
		if len(d.Pages) == 0 {
			t.Fatalf("%s has no pages", d.Kind)
		}
		for key, raw := range d.Truth.Raw {
			if raw == "" || d.Truth.Fields[key] == "" {
				t.Errorf("%s: field %s is empty", d.Kind, key)
			}
		}
		for key, at := range d.Places() {
			if _, ok := d.Truth.Fields[key]; !ok {
				t.Errorf("%s: %s is printed on page %d but has no truth", d.Kind, key, at.Page)
			}
		}
	})
}

// eachDocument runs a check on every kind for several projects.
func eachDocument(t *testing.T, check func(*testing.T, Document)) {
	t.Helper()
	for _, kind := range Kinds() {
		t.Run(kind, func(t *testing.T) {
			for seed := range uint64(seeds) {
				check(t, Make(kind, NewProject(seed), seed))
			}
		})
	}
}
