// Package panel lets several classifiers decide together: title rules first, then
// what was learned from people of this deployment, each type with its own
// threshold (docs/decisions/094). Who is surest does not simply win: the learned
// model fills in where the rules abstain, and where it contradicts them a person
// looks, unless people have corrected the same mistake before.
package panel

import (
	"context"
	"fmt"
	"slices"

	"onewindow/approval/catalogue"
	"onewindow/classify"
	"onewindow/classify/learned"
	"onewindow/document"
)

// InForce is what a deployment has decided.
type InForce struct {
	Version    int64              // of the model
	Model      *learned.Model     // nil: rules alone
	Thresholds map[string]float64 // least confidence by type; absent: the classifier's own
}

// Source tells what is in force now. It answers at once, from memory.
type Source interface {
	InForce(ctx context.Context) InForce
}

// Fixed is a source that never changes.
type Fixed InForce

// InForce returns f.
func (f Fixed) InForce(context.Context) InForce { return InForce(f) }

// The bounds of what a model may decide.
const (
	leastLearned = 0.9 // confidence of an answer of the model
	leastLessons = 3   // people's decisions about a type before the model may name it
	leastMistake = 3   // corrections of one mistake before the model overrules the rules
)

// Classifier is a panel.
type Classifier struct {
	Rules     classify.Classifier
	Source    Source
	Catalogue *catalogue.Catalogue
}

var _ classify.Classifier = (*Classifier)(nil)

// Classify answers as the rules and the model decide together.
func (p *Classifier) Classify(ctx context.Context, q classify.Question) (document.Classification, error) {
	c, err := p.Rules.Classify(ctx, q)
	if err != nil {
		return c, err
	}
	force := p.Source.InForce(ctx)
	c = atLeast(c, force.Thresholds[c.Code])
	if force.Model == nil {
		return c, nil
	}
	return p.weigh(q, c, force), nil
}

// atLeast makes an answer below its type's threshold the first guess of none.
func atLeast(c document.Classification, threshold float64) document.Classification {
	if !c.Recognized() || c.Confidence >= threshold {
		return c
	}
	return abstain(c, document.Candidate{Code: c.Code, Name: c.Name, Confidence: c.Confidence})
}

func abstain(c document.Classification, guesses ...document.Candidate) document.Classification {
	return document.Classification{By: c.By, Evidence: c.Evidence, RunnersUp: append(guesses, without(c.RunnersUp, guesses)...)}
}

func without(all, some []document.Candidate) []document.Candidate {
	return slices.DeleteFunc(slices.Clone(all), func(c document.Candidate) bool {
		return slices.ContainsFunc(some, func(s document.Candidate) bool { return s.Code == c.Code })
	})
}

// weigh hears the model on what the rules said.
func (p *Classifier) weigh(q classify.Question, c document.Classification, force InForce) document.Classification {
	c.By = fmt.Sprintf("%s+learned/%d", c.By, force.Version)
	pool := p.pool(q.Role)
	guesses := force.Model.Classify(learned.SheetOf(q.Pages, q.Filename), func(code string) bool { return pool[code] != "" }, 3)
	if len(guesses) == 0 {
		return c
	}
	g := guesses[0]
	said := document.Candidate{Code: pool[g.Code], Confidence: g.Confidence}
	said.Name = p.Catalogue.Name(said.Code)
	if g.Confidence < max(leastLearned, force.Thresholds[said.Code]) || force.Model.Lessons[g.Code] < leastLessons {
		return c
	}
	switch rules := Canonical(p.Catalogue, c.Code); {
	case rules == g.Code:
		c.Evidence = append(slices.Clone(c.Evidence), g.Evidence...)
		return c
	case !p.asked(q, g.Code):
		return abstain(c, candidates(c, said)...) // it is nothing that was asked for
	case !c.Recognized():
		return answer(c, said, g.Evidence)
	case force.Model.Mistakes[rules][g.Code] >= leastMistake:
		n := force.Model.Mistakes[rules][g.Code]
		return answer(c, said, append(g.Evidence, fmt.Sprintf("同样的识别错误已被人工更正%d次", n)))
	default:
		return abstain(c, candidates(c, said)...)
	}
}

func candidates(c document.Classification, said document.Candidate) []document.Candidate {
	if !c.Recognized() {
		return []document.Candidate{said}
	}
	return []document.Candidate{{Code: c.Code, Name: c.Name, Confidence: c.Confidence}, said}
}

func answer(c document.Classification, said document.Candidate, evidence []string) document.Classification {
	out := document.Classification{Code: said.Code, Name: said.Name, Confidence: round(said.Confidence), Evidence: evidence, By: c.By}
	var before []document.Candidate
	if c.Recognized() {
		before = append(before, document.Candidate{Code: c.Code, Name: c.Name, Confidence: c.Confidence})
	}
	out.RunnersUp = append(before, without(c.RunnersUp, append(before, said))...)
	return out
}

func round(x float64) float64 { return float64(int(x*1000+0.5)) / 1000 }

// Canonical is the code under which a type is learned: a material that is a
// document of a result type is learned as that type, whatever it is sent as.
func Canonical(cat *catalogue.Catalogue, code string) string {
	if m, ok := cat.Material(code); ok && m.ResultDoc != "" {
		return m.ResultDoc
	}
	return code
}

// pool are the types that a role may answer: by canonical code the one to answer.
func (p *Classifier) pool(role document.Role) map[string]string {
	out := map[string]string{}
	if role != document.RoleMaterial {
		for _, t := range p.Catalogue.ResultTypes {
			out[t.Code] = t.Code
		}
	}
	if role == document.RoleResult {
		return out
	}
	for _, m := range p.Catalogue.Materials {
		if code := Canonical(p.Catalogue, m.Code); len(m.AnyOf) == 0 && out[code] == "" {
			out[code] = m.Code
		}
	}
	return out
}

// asked reports whether a type is among those asked for.
func (p *Classifier) asked(q classify.Question, canonical string) bool {
	if len(q.Among) == 0 {
		return true
	}
	for _, code := range q.Among {
		members := []string{code}
		if m, ok := p.Catalogue.Material(code); ok && len(m.AnyOf) > 0 {
			members = m.AnyOf
		}
		if slices.ContainsFunc(members, func(c string) bool { return Canonical(p.Catalogue, c) == canonical }) {
			return true
		}
	}
	return false
}
