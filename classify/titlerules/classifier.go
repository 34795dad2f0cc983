package titlerules

import (
	"cmp"
	"context"
	"slices"

	"onewindow/approval/catalogue"
	"onewindow/classify"
	"onewindow/document"
)

// Version names the rules in Classification.By; raise it when answers change.
const Version = "titlerules/1"

// Options tune a Classifier. The zero value is the default.
type Options struct {
	// Threshold is the least confidence of an answer; below it the classifier
	// abstains. 0 means 0.55.
	Threshold float64
	// RunnersUp is how many other guesses are told. 0 means 4.
	RunnersUp int
}

// Classifier classifies by title rules. It is safe for concurrent use.
type Classifier struct {
	cat       *catalogue.Catalogue
	opts      Options
	all       map[string]*class
	results   []*class // rd-… in catalogue order
	materials []*class
}

var _ classify.Classifier = (*Classifier)(nil)

// New returns a Classifier for the types of a catalogue.
func New(cat *catalogue.Catalogue, opts Options) *Classifier {
	if opts.Threshold == 0 {
		opts.Threshold = 0.55
	}
	if opts.RunnersUp == 0 {
		opts.RunnersUp = 4
	}
	c := &Classifier{cat: cat, opts: opts, all: classes(cat)}
	for _, t := range cat.ResultTypes {
		c.results = append(c.results, c.all[t.Code])
	}
	for _, m := range cat.Materials {
		if k, ok := c.all[m.Code]; ok {
			c.materials = append(c.materials, k)
		}
	}
	return c
}

// Classify answers which type the pages are. Codes are rd-… for RoleResult,
// material codes for RoleMaterial; RoleAuto answers a result type where one
// fits and a material otherwise. Codes of q.Among that are choices (any_of) stand
// for their members, and the member is answered. A type outside q.Among that
// fits clearly better makes the classifier abstain and leads the runners-up.
func (c *Classifier) Classify(ctx context.Context, q classify.Question) (document.Classification, error) {
	if err := ctx.Err(); err != nil {
		return document.Classification{}, err
	}
	v := newView(q.Pages, q.Filename)
	pool, allowed := c.pool(q)
	found := c.rank(v, pool)
	if (len(found) == 0 || found[0].score < c.opts.Threshold) && len(v.pages) > 1 {
		found = better(found, c.rank(v.second(), pool))
	}
	found = c.settle(v, found)
	return c.answer(found, allowed), nil
}

// pool lists the classes that compete and says which may be the answer.
func (c *Classifier) pool(q classify.Question) ([]*class, func(*class) bool) {
	var pool []*class
	if q.Role != document.RoleMaterial {
		pool = append(pool, c.results...)
	}
	for _, m := range c.materials {
		if q.Role == document.RoleMaterial || q.Role == document.RoleAuto && !m.result && c.all[m.code] != nil && !c.isResult(m.code) {
			pool = append(pool, m)
		}
	}
	if len(q.Among) == 0 {
		return pool, func(*class) bool { return true }
	}
	among := map[*class]bool{}
	for _, code := range q.Among {
		for _, part := range c.members(code) {
			k, ok := c.all[part]
			if !ok {
				continue
			}
			among[k] = true
			if !slices.Contains(pool, k) {
				pool = append(pool, k)
			}
		}
	}
	return pool, func(k *class) bool { return among[k] }
}

// isResult reports whether a material is a document of a result type, such as a
// business licence, which RoleAuto answers as rd-….
func (c *Classifier) isResult(material string) bool {
	m, _ := c.cat.Material(material)
	return m.ResultDoc != ""
}

func (c *Classifier) members(code string) []string {
	if m, ok := c.cat.Material(code); ok && len(m.AnyOf) > 0 {
		return m.AnyOf
	}
	return []string{code}
}

// rank scores every class and sorts: best first.
func (c *Classifier) rank(v *view, pool []*class) []finding {
	var found []finding
	for _, k := range pool {
		if f := v.judge(k); f.score > 0.15 {
			found = append(found, f)
		}
	}
	// The longest phrase wins: one that stands inside a longer phrase of
	// another class only repeats a part of that name.
	for i := range found {
		for j := range found {
			if found[i].span.inside(found[j].span) {
				found[i].score *= 0.6
				break
			}
		}
	}
	order(found)
	return found
}

// order sorts the best first; of nearly equal ones the longer phrase leads.
func order(found []finding) {
	slices.SortStableFunc(found, func(a, b finding) int {
		return cmp.Compare(b.score+0.004*float64(min(b.length, 20)), a.score+0.004*float64(min(a.length, 20)))
	})
}

// better takes what the second page says at a discount.
func better(first, second []finding) []finding {
	for i := range second {
		second[i].score *= 0.9
	}
	if len(second) > 0 && (len(first) == 0 || second[0].score > first[0].score) {
		return second
	}
	return first
}

func (c *Classifier) answer(found []finding, allowed func(*class) bool) document.Classification {
	out := document.Classification{By: Version}
	best := -1
	for i, f := range found {
		if !allowed(f.class) {
			continue
		}
		if f.score >= c.opts.Threshold && f.score >= found[0].score-0.1 {
			best = i
		}
		break
	}
	for i, f := range found {
		if i == best || len(out.RunnersUp) == c.opts.RunnersUp {
			continue
		}
		out.RunnersUp = append(out.RunnersUp, document.Candidate{Code: f.class.code, Name: f.class.name, Confidence: round(f.score)})
	}
	if best < 0 {
		return out
	}
	f := found[best]
	out.Code, out.Name, out.Confidence, out.Evidence = f.class.code, f.class.name, round(f.score), f.evidence
	return out
}

func round(x float64) float64 { return float64(int(x*1000+0.5)) / 1000 }
