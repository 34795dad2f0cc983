package learned

import (
	"maps"
	"math"
	"slices"
	"time"
)

// Example is a document whose type is known.
type Example struct {
	Code  string // what it is
	Was   string // what the rules said, "" when they said nothing or nobody asked them
	Human bool   // a person decided; else the catalogue says so
	Sheet Sheet
}

// A decision of a person counts as three examples of the catalogue, one that
// corrects the rules as six: it teaches what they do not know.
const (
	humanWeight      = 3
	correctionWeight = 6
)

// maxGrams bounds the vocabulary: the n-grams of the most examples are kept.
const maxGrams = 60_000

func (e Example) weight() float64 {
	switch {
	case e.Human && e.Was != "" && e.Was != e.Code:
		return correctionWeight
	case e.Human:
		return humanWeight
	}
	return 1
}

// Train makes a model. The same examples in the same order give the same model.
func Train(examples []Example, at time.Time) *Model {
	m := &Model{Trained: at.UTC().Format(time.RFC3339), Examples: len(examples), Lessons: map[string]int{}, Mistakes: map[string]map[string]int{}}
	bags := make([]map[string]float64, len(examples))
	for i, e := range examples {
		bags[i] = e.Sheet.grams()
		if e.Human {
			m.Lessons[e.Code]++
			if e.Was != "" && e.Was != e.Code {
				if m.Mistakes[e.Was] == nil {
					m.Mistakes[e.Was] = map[string]int{}
				}
				m.Mistakes[e.Was][e.Code]++
			}
		}
	}
	m.words(examples, bags)
	sums := map[string]mean{}
	vectors := make([]vector, len(examples))
	for i, e := range examples {
		vectors[i] = m.vector(bags[i])
		if sums[e.Code] == nil {
			sums[e.Code] = mean{}
		}
		for _, c := range vectors[i] {
			sums[e.Code][c.at] += c.x * e.weight()
		}
	}
	m.means = map[string]mean{}
	squares := map[string]float64{}
	for code, s := range sums {
		squares[code] = s.square()
		m.means[code] = mean{}
		for at, x := range s {
			m.means[code][at] = x / math.Sqrt(squares[code])
		}
	}
	m.Fit = m.fit(examples, vectors, sums, squares)
	return m
}

// words numbers the n-grams and weighs them: the fewer types hold one, the more it
// says. What stands in one document only is somebody's name, and is left out unless
// the catalogue says it.
func (m *Model) words(examples []Example, bags []map[string]float64) {
	in := map[string]map[string]bool{}
	count := map[string]int{}
	keep := map[string]bool{}
	for i, e := range examples {
		for g := range bags[i] {
			if in[g] == nil {
				in[g] = map[string]bool{}
			}
			in[g][e.Code] = true
			count[g]++
			keep[g] = keep[g] || !e.Human || count[g] >= 2
		}
	}
	kept := slices.DeleteFunc(slices.Sorted(maps.Keys(in)), func(g string) bool { return !keep[g] })
	if len(kept) > maxGrams {
		slices.SortStableFunc(kept, func(a, b string) int { return count[b] - count[a] })
		kept = kept[:maxGrams]
		slices.Sort(kept)
	}
	types := map[string]bool{}
	for _, e := range examples {
		types[e.Code] = true
	}
	m.gram = make(map[string]int32, len(kept))
	m.idf = make([]float64, len(kept)+1)
	for i, g := range kept {
		m.gram[g] = int32(i)
		m.idf[i] = math.Log(1 + float64(len(types))/float64(len(in[g])))
	}
	m.idf[len(kept)] = math.Log(1 + float64(len(types))) // of an n-gram that no type holds
}

// defaultFit holds until enough decisions of people are there to fit: careful.
var defaultFit = Fit{Bias: -6, Top: 10, Lead: 12}

// leastJudged is how many decisions a fit needs.
const leastJudged = 40

// fit judges every decision of a person by a model that does not know it, and
// fits the confidence to how often such answers are right.
func (m *Model) fit(examples []Example, vectors []vector, sums map[string]mean, squares map[string]float64) Fit {
	var points []point
	codes := slices.Sorted(maps.Keys(m.means))
	for i, e := range examples {
		if !e.Human {
			continue
		}
		var p point
		best, second := "", 0.0
		for _, code := range codes {
			like := m.means[code].dot(vectors[i])
			if code == e.Code {
				like = without(sums[code].dot(vectors[i]), squares[code], vectors[i].square(), e.weight())
			}
			switch {
			case like > p.top:
				second, p.top, best = p.top, like, code
			case like > second:
				second = like
			}
		}
		p.margin, p.right = p.top-second, best == e.Code
		points = append(points, p)
	}
	if len(points) < leastJudged {
		out := defaultFit
		out.Judged = len(points)
		return out
	}
	return logistic(points)
}

// without is the likeness of an example to its type's centroid without the example
// itself: of the sum and its square, the example's own part is taken away.
func without(dot, square, own, weight float64) float64 {
	left := square - 2*weight*dot + weight*weight*own
	if left <= 1e-9 { // it is the only one
		return 0
	}
	return (dot - weight*own) / math.Sqrt(left)
}

// point is one answer, judged.
type point struct {
	top, margin float64
	right       bool
}

// logistic fits by gradient descent from the default, held near it (ridge) so that
// a handful of right answers does not make it certain of everything.
func logistic(points []point) Fit {
	f := defaultFit
	const steps, rate, ridge = 2000, 0.5, 0.002
	n := float64(len(points))
	for range steps {
		var bias, top, lead float64
		for _, p := range points {
			want := 0.0
			if p.right {
				want = 1
			}
			off := f.confidence(p.top, p.margin) - want
			bias, top, lead = bias+off, top+off*p.top, lead+off*p.margin
		}
		f.Bias -= rate * (bias/n + ridge*(f.Bias-defaultFit.Bias))
		f.Top -= rate * (top/n + ridge*(f.Top-defaultFit.Top))
		f.Lead -= rate * (lead/n + ridge*(f.Lead-defaultFit.Lead))
	}
	f.Judged = len(points)
	return f
}
