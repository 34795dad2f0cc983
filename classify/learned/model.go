package learned

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
)

// Model knows types by the mean of their examples. It is safe for concurrent use.
type Model struct {
	Trained  string                    // moment, RFC 3339
	Examples int                       // of the catalogue and of people together
	Lessons  map[string]int            // decisions by people per type
	Mistakes map[string]map[string]int // how often people said b where the rules said a: [a][b]
	Fit      Fit

	gram  map[string]int32 // number of an n-gram
	idf   []float64
	means map[string]mean
}

// vector is sparse, its cells in order: sums over it come out the same every time.
type vector []cell

type cell struct {
	at int32
	x  float64
}

// mean is the centroid of a type: of unit length, sparse.
type mean map[int32]float64

// Fit turns likeness into confidence: 1/(1+exp(-(Bias + Top·likeness + Lead·margin
// to the next type))).
type Fit struct {
	Bias, Top, Lead float64
	Judged          int // on how many decisions it rests, each judged by a model without it
}

// Guess is one possible type, the likest first.
type Guess struct {
	Code       string
	Likeness   float64 // cosine, 0..1
	Confidence float64 // calibrated; of the first guess alone, others get what it leaves
	Evidence   []string
}

// Classify tells which of the types a sheet is like, the likest first, at most n.
// allowed bounds the types; nil allows all.
func (m *Model) Classify(s Sheet, allowed func(code string) bool, n int) []Guess {
	bag := m.vector(s.grams())
	var out []Guess
	for code, c := range m.means {
		if allowed != nil && !allowed(code) {
			continue
		}
		if like := c.dot(bag); like > 0 {
			out = append(out, Guess{Code: code, Likeness: like})
		}
	}
	slices.SortFunc(out, func(a, b Guess) int {
		return cmp.Or(cmp.Compare(b.Likeness, a.Likeness), strings.Compare(a.Code, b.Code))
	})
	if len(out) > n {
		out = out[:n]
	}
	if len(out) == 0 {
		return nil
	}
	out[0].Confidence = m.Fit.confidence(lead(out))
	for i := 1; i < len(out); i++ {
		out[i].Confidence = (1 - out[0].Confidence) * out[i].Likeness / out[0].Likeness / 2
	}
	out[0].Evidence = m.evidence(s, out[0].Code)
	return out
}

// lead is the likeness of the first guess and how far the next is behind.
func lead(guesses []Guess) (top, margin float64) {
	top = guesses[0].Likeness
	if len(guesses) > 1 {
		return top, top - guesses[1].Likeness
	}
	return top, top
}

func (f Fit) confidence(top, margin float64) float64 {
	return 1 / (1 + math.Exp(-(f.Bias + f.Top*top + f.Lead*margin)))
}

// vector weighs n-grams that the model knows, to the length of one. The length
// counts what it does not know too, so that strange documents are like nothing.
func (m *Model) vector(bag map[string]float64) vector {
	var out vector
	var unknown []float64
	strange := m.idf[len(m.idf)-1]
	for g, w := range bag {
		if at, ok := m.gram[g]; ok {
			out = append(out, cell{at, w * m.idf[at]})
		} else {
			unknown = append(unknown, w*strange/2) // half: names of people and places are new every time
		}
	}
	slices.SortFunc(out, func(a, b cell) int { return int(a.at - b.at) })
	slices.Sort(unknown)
	sum := out.square()
	for _, x := range unknown {
		sum += x * x
	}
	if sum > 0 {
		for i := range out {
			out[i].x /= math.Sqrt(sum)
		}
	}
	return out
}

func (v vector) square() float64 {
	sum := 0.0
	for _, c := range v {
		sum += c.x * c.x
	}
	return sum
}

// dot multiplies in the vector's order.
func (c mean) dot(v vector) float64 {
	sum := 0.0
	for _, x := range v {
		sum += x.x * c[x.at]
	}
	return sum
}

// square is the square of the length, summed in the order of the cells.
func (c mean) square() float64 {
	sum := 0.0
	for _, at := range slices.Sorted(maps.Keys(c)) {
		sum += c[at] * c[at]
	}
	return sum
}

// evidence names the row of the title zone that speaks most for a type, and how
// many people's decisions stand behind it.
func (m *Model) evidence(s Sheet, code string) []string {
	best, where := 0.0, Spot{}
	for _, row := range s.Title {
		like := m.means[code].dot(m.vector(Sheet{Title: []Spot{row}}.grams()))
		if like *= max(row.Size, 1); like > best {
			best, where = like, row
		}
	}
	var out []string
	if best > 0 {
		out = append(out, fmt.Sprintf("第%d页“%s”与该类文书相似", where.Page, cut(strings.Join(strings.Fields(where.Text), ""), 40)))
	}
	if n := m.Lessons[code]; n > 0 {
		out = append(out, fmt.Sprintf("依据人工确认的%d份该类文书", n))
	}
	return out
}
