package catalogue

import (
	"cmp"
	"slices"
	"strings"
)

// LegalBasis is a document that an item rests on (T.2).
type LegalBasis struct {
	Code string `yaml:"-" json:"code"`
	Name string `yaml:"name" json:"name"`
	No   string `yaml:"no" json:"no"`     // 发文字号, or the edition of a law
	Kind string `yaml:"kind" json:"kind"` // law, regulation, rule
}

// Guide is the 办事指南 of an item (V1.1). What its item does not say comes from
// the common part.
type Guide struct {
	Draft      bool         `json:"draft"` // the wording is not the city's own yet
	Bases      []LegalBasis `json:"bases"`
	Who        string       `json:"who"`
	Conditions []string     `json:"conditions"`
	Steps      []string     `json:"steps"`
	Fee        string       `json:"fee"`
	Where      string       `json:"where"`
	Remedies   string       `json:"remedies"`
}

// Question is one of the 常见问题. Without stage and items it is of general use.
type Question struct {
	Question string   `yaml:"q" json:"question"`
	Answer   string   `yaml:"a" json:"answer"`
	Stage    string   `yaml:"stage" json:"stage,omitempty"`
	Items    []string `yaml:"items" json:"items,omitempty"`
	Words    []string `yaml:"words" json:"-"` // further search words
}

type rawGuides struct {
	Draft  bool                `yaml:"draft"`
	Bases  Ordered[LegalBasis] `yaml:"bases"`
	Common rawGuide            `yaml:"common"`
	Items  Ordered[rawGuide]   `yaml:"items"`
}

type rawGuide struct {
	Bases      []string `yaml:"bases"`
	Who        string   `yaml:"who"`
	Conditions []string `yaml:"conditions"`
	Steps      []string `yaml:"steps"`
	Fee        string   `yaml:"fee"`
	Where      string   `yaml:"where"`
	Remedies   string   `yaml:"remedies"`
}

type rawFAQ struct {
	Draft     bool       `yaml:"draft"`
	Questions []Question `yaml:"questions"`
}

func (r rawGuides) fill(c *Catalogue) {
	c.guides, c.commonGuide, c.guideDraft = map[string]rawGuide{}, r.Common, r.Draft
	for _, p := range r.Bases {
		p.Value.Code = p.Key
		c.LegalBases = append(c.LegalBases, p.Value)
	}
	for _, p := range r.Items {
		c.guides[p.Key] = p.Value
	}
}

// Basis returns the legal basis of a code.
func (c *Catalogue) Basis(code string) (LegalBasis, bool) {
	i := slices.IndexFunc(c.LegalBases, func(b LegalBasis) bool { return b.Code == code })
	if i < 0 {
		return LegalBasis{}, false
	}
	return c.LegalBases[i], true
}

// Guide returns the guide of an item.
func (c *Catalogue) Guide(item string) Guide {
	own, common := c.guides[item], c.commonGuide
	g := Guide{Draft: c.guideDraft, Bases: []LegalBasis{}, Who: cmp.Or(own.Who, common.Who), Fee: cmp.Or(own.Fee, common.Fee),
		Where: cmp.Or(own.Where, common.Where), Remedies: cmp.Or(own.Remedies, common.Remedies),
		Conditions: append([]string{}, own.Conditions...), Steps: own.Steps}
	if len(g.Steps) == 0 {
		g.Steps = common.Steps
	}
	for _, code := range own.Bases {
		if b, ok := c.Basis(code); ok {
			g.Bases = append(g.Bases, b)
		}
	}
	return g
}

// QuestionsOn lists the questions of a stage or an item, those of general use
// last; both "" means all.
func (c *Catalogue) QuestionsOn(stage, item string) []Question {
	var own, general []Question
	for _, q := range c.Questions {
		switch {
		case q.Stage == "" && len(q.Items) == 0:
			general = append(general, q)
		case item != "" && !slices.Contains(q.Items, item):
		case stage != "" && q.Stage != stage:
		default:
			own = append(own, q)
		}
	}
	return append(own, general...)
}

// Search finds questions by what people type, best first: words that stand in
// the question count most, then search words and names of its items, then the
// answer. Text that stands nowhere as a whole is taken in pairs of characters,
// because Chinese has no spaces to cut it at.
func (c *Catalogue) Search(text string, among []Question) []Question {
	terms := strings.Fields(strings.ToLower(text))
	if len(terms) == 0 {
		return among
	}
	type hit struct {
		q     Question
		score int
	}
	var hits []hit
	for _, q := range among {
		score := 0
		for _, term := range terms {
			score += 10 * c.weigh(q, term)
			for _, pair := range pairs(term) {
				score += c.weigh(q, pair)
			}
		}
		if score > 0 {
			hits = append(hits, hit{q, score})
		}
	}
	slices.SortStableFunc(hits, func(a, b hit) int { return b.score - a.score })
	out := []Question{}
	for _, h := range hits {
		if 8*h.score >= hits[0].score { // not what shares two characters by chance
			out = append(out, h.q)
		}
	}
	return out
}

func (c *Catalogue) weigh(q Question, term string) int {
	weight := 0
	if strings.Contains(strings.ToLower(q.Question), term) {
		weight += 4
	}
	near := q.Words
	for _, item := range q.Items {
		near = append(near[:len(near):len(near)], c.Name(item))
	}
	if slices.ContainsFunc(near, func(w string) bool { return strings.Contains(strings.ToLower(w), term) }) {
		weight += 2
	}
	if strings.Contains(strings.ToLower(q.Answer), term) {
		weight++
	}
	return weight
}

func pairs(term string) []string {
	runes := []rune(term)
	var out []string
	for i := 0; i+2 <= len(runes) && len(runes) > 2; i++ {
		out = append(out, string(runes[i:i+2]))
	}
	return out
}

func (k *checker) guides() {
	for _, it := range k.c.Items {
		g, ok := k.c.guides[it.Code]
		k.want(ok, "item %s has no guide", it.Code)
		k.want(!ok || len(g.Bases) > 0, "item %s has no legal basis", it.Code)
		for _, b := range g.Bases {
			_, known := k.c.Basis(b)
			k.want(known, "item %s: legal basis %q is unknown", it.Code, b)
		}
	}
	for code := range k.c.guides {
		_, ok := k.c.Item(code)
		k.want(ok, "guide of unknown item %q", code)
	}
	for _, q := range k.c.Questions {
		k.want(q.Question != "" && q.Answer != "", "question %q has no answer", q.Question)
		_, ok := k.c.Stage(q.Stage)
		k.want(q.Stage == "" || ok, "question %q: stage %q is unknown", q.Question, q.Stage)
		for _, it := range q.Items {
			_, ok := k.c.Item(it)
			k.want(ok, "question %q: item %q is unknown", q.Question, it)
		}
	}
}
