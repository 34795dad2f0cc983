package titlerules

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"onewindow/approval/catalogue"
	"onewindow/approval/identifier"
	"onewindow/internal/fuzzy"
)

// class is one possible answer with everything that speaks for it.
type class struct {
	code    string
	name    string
	result  bool // a result type, or a material that is one
	phrases []phrase
	exclude []string // in the title: forbidden
	support []string // anywhere on the first pages: more likely
	labels  []string // columns of the form
	numbers []*regexp.Regexp
	kind    string // first character of a planning number, e.g. 建
	strong  bool   // its number names the class
	pages   [2]int
}

// phrase is a text that stands in titles of a class. Of a pattern such as
// 关于核准××的批复 head is the part before the gap.
type phrase struct {
	text string // as in the catalogue
	head []rune
	norm []rune
}

// find looks for the phrase in a title.
func (p phrase) find(title []rune) (fuzzy.Match, bool) {
	m, ok := fuzzy.Find(title, p.norm, len(p.norm) >= tolerantFrom)
	if !ok || p.head == nil {
		return m, ok
	}
	h, ok := fuzzy.Find(title[:m.Start], p.head, false)
	return fuzzy.Match{Start: h.Start, End: m.End, Distance: m.Distance}, ok
}

// classes builds the classes of a catalogue: result types under their own codes
// and materials under theirs. Choices (any_of) are no classes; their members are.
func classes(cat *catalogue.Catalogue) map[string]*class {
	all := map[string]*class{}
	for _, t := range cat.ResultTypes {
		c := newResult(t, cat.ResultExcludes)
		for _, m := range cat.Materials {
			if m.ResultDoc == t.Code {
				c.learn(m)
			}
		}
		all[t.Code] = c
	}
	for _, m := range cat.Materials {
		if len(m.AnyOf) > 0 {
			continue
		}
		c := &class{}
		if t, ok := cat.ResultType(m.ResultDoc); ok {
			c = newResult(t, nil)
			if m.Source == "result" {
				c.exclude = slices.Clone(cat.ResultExcludes)
			}
		}
		c.result = m.Source == "result"
		c.learn(m)
		c.code, c.name = m.Code, m.Name
		all[m.Code] = c
	}
	return all
}

func newResult(t catalogue.ResultType, excludes []string) *class {
	c := &class{code: t.Code, name: t.Name, result: true, exclude: slices.Clone(excludes), labels: t.Layout.Labels, numbers: t.Number.Patterns, pages: t.Layout.Pages}
	for _, text := range append(append([]string{t.Name}, t.Aliases...), t.Layout.Title...) {
		c.add(text)
	}
	switch t.Number.Validator {
	case identifier.PlanningNo:
		c.strong = true
		for _, re := range t.Number.Patterns {
			c.kind = string([]rune(re.String())[:1])
		}
	case identifier.RealEstateCert:
		c.strong = true
	}
	for _, re := range c.numbers { // 消验字, 消审字, 人防审: the number names the kind of paper
		c.strong = c.strong || namedNumber.MatchString(re.String())
	}
	return c
}

var namedNumber = regexp.MustCompile(`消验|消审|人防|林地许准`)

// learn adds what the catalogue says of a material.
func (c *class) learn(m catalogue.Material) {
	for _, text := range append(append([]string{m.Name}, m.TitlePhrases...), m.Aliases...) {
		c.add(text)
	}
	for _, w := range m.Exclude {
		if w = squeeze(w); w != "" && !slices.Contains(c.exclude, w) {
			c.exclude = append(c.exclude, w)
		}
	}
	for _, w := range m.Support {
		c.support = append(c.support, squeeze(w))
	}
}

// placeholder splits 关于××项目备案的证明 into what is fixed.
var placeholder = regexp.MustCompile(`×+|…+`)

var inBrackets = regexp.MustCompile(`[（(][^（）()]*[）)]`)

// add learns a phrase: as it is, without what stands in brackets, and of a
// pattern with ×× the parts around it. A head of 关于 alone says nothing.
func (c *class) add(text string) {
	forms := []string{text, inBrackets.ReplaceAllString(text, "")}
	head := ""
	if parts := placeholder.Split(text, -1); len(parts) > 1 {
		forms = parts[len(parts)-1:]
		if parts[0] != "关于" {
			head = parts[0]
		}
	}
	for _, f := range forms {
		p := phrase{text: f, norm: []rune(squeeze(f))}
		if h := []rune(squeeze(head)); len(h) > 0 {
			p.text, p.head = text, h
		}
		if len(p.norm) < 2 || string(p.norm) == "中华人民共和国" || c.knows(p) {
			continue
		}
		c.phrases = append(c.phrases, p)
	}
}

func (c *class) knows(p phrase) bool {
	return slices.ContainsFunc(c.phrases, func(q phrase) bool { return slices.Equal(q.norm, p.norm) && slices.Equal(q.head, p.head) })
}

// forbids returns the word in the title that rules the class out, or "".
func (c *class) forbids(title string) string {
	for _, w := range c.exclude {
		if strings.Contains(title, w) {
			return w
		}
	}
	return ""
}

// squeeze leaves the characters that carry the meaning of a title: NFKC, no
// spaces, no brackets, no punctuation.
func squeeze(s string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune("()[]{}〔〕【】《》〈〉「」『』“”\"'‘’·•、,。.:;!?-_—~…|/\\*#<>", r) {
			return -1
		}
		return r
	}, identifier.Fold(s))
}

func runes(s string) int { return utf8.RuneCountInString(s) }
