package score

import (
	"cmp"
	"slices"
	"strings"
)

// Value is a field as read.
type Value struct {
	Value string
	Valid bool
}

// Reading is what was made of a file.
type Reading struct {
	State  string // of the document, e.g. "needs_review"
	Type   string // "" when unrecognized
	Fields map[string]Value
	Pages  []string // the text of each page
	Millis int64    // recognizing took, all pages together
	Error  string   // why it was refused or failed
}

// passed reports a document that no person will look at.
func (r Reading) passed() bool { return r.State == "done" }

// Tally adds up one group.
type Tally struct {
	Files  int `json:"files"`
	Pages  int `json:"pages"`  // read
	Failed int `json:"failed"` // files refused or failed

	Chars    int `json:"chars"`     // of the truth
	Sequence int `json:"sequence"`  // edits of pages as sequences
	Missed   int `json:"missed"`    // edits within lines, whatever their order
	Extra    int `json:"extra"`     // characters read where none are
	TruePage int `json:"true_page"` // pages compared

	Typed      int `json:"typed"`      // files that have a type
	Recognized int `json:"recognized"` // of these, given one
	Answers    int `json:"answers"`    // files given a type, with or without one of their own
	Right      int `json:"right"`      // answers that are true

	Fields        int `json:"fields"`
	Exact         int `json:"exact"`
	Required      int `json:"required"`
	RequiredExact int `json:"required_exact"`
	WrongPassed   int `json:"wrong_passed"` // wrong, called valid, and nobody will look

	// Straight are the files with a type that no person will look at, Needless
	// those that wait for one although type and fields are right.
	Straight int `json:"straight"`
	Needless int `json:"needless"`

	Marked int `json:"marked"` // files with a marking of secrecy
	Hits   int `json:"hits"`   // of these, quarantined
	Alarms int `json:"alarms"` // quarantined without a marking

	Millis int64 `json:"millis"` // of recognizing
}

// Case is one page or file that went wrong.
type Case struct {
	File  string   `json:"file"`
	Group string   `json:"group"`
	Page  int      `json:"page"` // from 1; 0 for the file as a whole
	Rate  float64  `json:"rate"` // order-free character error rate of the page
	Want  string   `json:"want"`
	Got   string   `json:"got"`
	Notes []string `json:"notes,omitempty"` // wrong types and fields
}

// Score is the result of an evaluation.
type Score struct {
	Total  Tally             `json:"total"`
	Groups map[string]*Tally `json:"groups"`
	Types  map[string]*Tally `json:"types"` // by true type
	Wrong  []string          `json:"wrong"` // every wrong type, field and marking, for people
	cases  []Case
	// required tells the fields a type must have.
	required func(typ, key string) bool
}

// New begins an evaluation. required tells the fields a type must have.
func New(required func(typ, key string) bool) *Score {
	return &Score{Groups: map[string]*Tally{}, Types: map[string]*Tally{}, required: required}
}

// Add scores one file.
func (s *Score) Add(l Label, r Reading) {
	tallies := []*Tally{&s.Total, s.tally(s.Groups, l.Group)}
	if l.Type != nil {
		name := *l.Type
		if name == "" {
			name = "(none)"
		}
		tallies = append(tallies, s.tally(s.Types, name))
	}
	one, notes := s.of(l, r)
	for _, t := range tallies {
		t.add(one)
	}
	for _, n := range notes {
		s.Wrong = append(s.Wrong, l.File+": "+n)
	}
	s.keep(l, r, notes)
}

func (s *Score) tally(m map[string]*Tally, name string) *Tally {
	if m[name] == nil {
		m[name] = &Tally{}
	}
	return m[name]
}

// of scores one file by itself.
func (s *Score) of(l Label, r Reading) (t Tally, notes []string) {
	t.Files, t.Pages, t.Millis = 1, len(r.Pages), r.Millis
	quarantined := r.State == "quarantined"
	if l.Secrecy != "" {
		t.Marked = 1
		if quarantined {
			t.Hits = 1
			return t, nil // nothing else may be known of it
		}
		notes = append(notes, "marking "+l.Secrecy+" was not seen")
	} else if quarantined {
		t.Alarms = 1
		return t, append(notes, "quarantined without a marking")
	}
	if r.Error != "" {
		t.Failed = 1
		return t, append(notes, r.State+": "+r.Error)
	}
	t.text(l, r)
	notes = append(append(notes, t.class(l, r)...), s.fields(&t, l, r)...)
	switch {
	case t.Typed == 0:
	case r.passed():
		t.Straight = 1
	case t.Right == 1 && t.Exact == t.Fields:
		t.Needless = 1
	}
	return t, notes
}

func (t *Tally) text(l Label, r Reading) {
	for i, want := range l.Text {
		got := ""
		if i < len(r.Pages) {
			got = r.Pages[i]
		}
		a := Fold(want)
		missed, extra := FreeEdits(strings.Split(want, "\n"), got)
		t.Chars += len(a)
		t.Sequence += Edits(a, Fold(got))
		t.Missed += missed
		t.Extra += extra
		t.TruePage++
	}
}

func (t *Tally) class(l Label, r Reading) []string {
	if l.Type == nil {
		return nil
	}
	if *l.Type != "" {
		t.Typed = 1
		if r.Type != "" {
			t.Recognized = 1
		}
	}
	if r.Type == "" {
		return nil
	}
	t.Answers = 1
	if r.Type == *l.Type {
		t.Right = 1
		return nil
	}
	return []string{"type " + r.Type + " instead of " + cmp.Or(*l.Type, "none")}
}

func (s *Score) fields(t *Tally, l Label, r Reading) (notes []string) {
	keys := make([]string, 0, len(l.Fields))
	for k := range l.Fields {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	for _, k := range keys {
		want, got := l.Fields[k], r.Fields[k]
		exact := string(Fold(want)) == string(Fold(got.Value))
		required := l.Type != nil && s.required != nil && s.required(*l.Type, k)
		t.Fields++
		if required {
			t.Required++
		}
		if exact {
			t.Exact++
			if required {
				t.RequiredExact++
			}
			continue
		}
		note := k + " " + quoted(got.Value) + " instead of " + quoted(want)
		if got.Value != "" && got.Valid && r.passed() {
			t.WrongPassed++
			note += " and nobody will look"
		}
		notes = append(notes, note)
	}
	return notes
}

func quoted(s string) string {
	if s == "" {
		return "nothing"
	}
	return "“" + strings.ReplaceAll(s, "\n", "⏎") + "”"
}

func (t *Tally) add(o Tally) {
	t.Files += o.Files
	t.Pages += o.Pages
	t.Failed += o.Failed
	t.Chars += o.Chars
	t.Sequence += o.Sequence
	t.Missed += o.Missed
	t.Extra += o.Extra
	t.TruePage += o.TruePage
	t.Typed += o.Typed
	t.Recognized += o.Recognized
	t.Answers += o.Answers
	t.Right += o.Right
	t.Fields += o.Fields
	t.Exact += o.Exact
	t.Required += o.Required
	t.RequiredExact += o.RequiredExact
	t.WrongPassed += o.WrongPassed
	t.Straight += o.Straight
	t.Needless += o.Needless
	t.Marked += o.Marked
	t.Hits += o.Hits
	t.Alarms += o.Alarms
	t.Millis += o.Millis
}

// keep remembers pages that went wrong.
func (s *Score) keep(l Label, r Reading, notes []string) {
	if r.State == "quarantined" {
		return
	}
	for i, want := range l.Text {
		got := ""
		if i < len(r.Pages) {
			got = r.Pages[i]
		}
		missed, extra := FreeEdits(strings.Split(want, "\n"), got)
		c := Case{File: l.File, Group: l.Group, Page: i + 1, Want: want, Got: got, Rate: ratio(missed+extra, len(Fold(want)))}
		if i == 0 {
			c.Notes = notes
		}
		if c.Rate > 0 || len(c.Notes) > 0 {
			s.cases = append(s.cases, c)
		}
	}
}

// Worst returns the n worst pages, the worst first.
func (s *Score) Worst(n int) []Case {
	out := slices.Clone(s.cases)
	slices.SortStableFunc(out, func(a, b Case) int {
		return cmp.Or(cmp.Compare(b.Rate, a.Rate), cmp.Compare(len(b.Notes), len(a.Notes)), cmp.Compare(a.File, b.File))
	})
	return out[:min(n, len(out))]
}

func ratio(part, of int) float64 {
	if of == 0 {
		return 0
	}
	return float64(part) / float64(of)
}
