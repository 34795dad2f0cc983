package learned

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"unicode"

	"onewindow/approval/identifier"
	"onewindow/document"
)

// Pages is how many pages with print on them a model looks at.
const Pages = 2

// The bounds of what is looked at.
const (
	titleLines = 8    // that may hold the title
	bodyRunes  = 3000 // of the first pages
	longest    = 3    // characters of an n-gram
)

// The parts of a document; an n-gram of the title is not the same one in the text.
const (
	inTitle = "t"
	inBody  = "b"
	inFile  = "f"
)

// weights of the parts: titles name a type, texts only resemble one another.
var weights = map[string]float64{inTitle: 2.5, inBody: 1, inFile: 0.7}

// Sheet is what the model looks at of a document.
type Sheet struct {
	Title []Spot // rows that may hold the title
	Body  string
	File  string // name without its ending
}

// Spot is a row of a page.
type Spot struct {
	Page int
	Text string
	Size float64 // height beside the smallest row of the zone; 0 or 1 when nothing is known
}

// SheetOf takes a document's sheet from its pages as read. Blank pages are skipped.
func SheetOf(pages []document.Page, filename string) Sheet {
	s := Sheet{File: stem(filename)}
	var body strings.Builder
	seen := 0
	for _, p := range pages {
		if p.Blank || len(p.Lines) == 0 {
			continue
		}
		if seen == 0 {
			s.Title = titleOf(p)
		}
		for _, l := range p.Lines {
			body.WriteString(l.Text)
			body.WriteByte('\n')
		}
		if seen++; seen == Pages {
			break
		}
	}
	s.Body = cut(body.String(), bodyRunes)
	return s
}

// titleOf are the rows of a page that may hold its title: the largest of its upper
// part, or its first ones when all are of one size. In the page's order.
func titleOf(p document.Page) []Spot {
	type row struct {
		at   int
		size float64
	}
	var rows []row
	for i, l := range p.Lines {
		if strings.TrimSpace(l.Text) != "" && (p.Height == 0 || l.Box[1] < 0.6*float64(p.Height)) {
			rows = append(rows, row{i, l.Box.Height()})
		}
	}
	slices.SortStableFunc(rows, func(a, b row) int {
		if larger := max(a.size, b.size); larger == 0 || math.Abs(a.size-b.size) < 0.15*larger {
			return a.at - b.at
		}
		return int(math.Copysign(1, b.size-a.size))
	})
	rows = rows[:min(len(rows), titleLines)]
	slices.SortFunc(rows, func(a, b row) int { return a.at - b.at })
	out := make([]Spot, len(rows))
	for i, r := range rows {
		out[i] = Spot{Page: p.Number, Text: p.Lines[r.at].Text}
		if least := slices.MinFunc(rows, func(a, b row) int { return cmp.Compare(a.size, b.size) }).size; least > 0 {
			out[i].Size = r.size / least
		}
	}
	return out
}

// grams are the n-grams of a sheet with their weights, of unit length together.
func (s Sheet) grams() map[string]float64 {
	bag := map[string]float64{}
	for _, t := range s.Title {
		count(bag, inTitle, t.Text)
	}
	count(bag, inBody, s.Body)
	count(bag, inFile, s.File)
	for g, n := range bag {
		bag[g] = (1 + math.Log(n)) * weights[g[:1]]
	}
	return bag
}

// count adds the n-grams of a text: two and three characters that stand together.
// Figures are all alike: a number says what kind it is and not which.
func count(bag map[string]float64, part, text string) {
	var run []rune
	flush := func() {
		for n := 2; n <= longest; n++ {
			for i := 0; i+n <= len(run); i++ {
				bag[part+string(run[i:i+n])]++
			}
		}
		run = run[:0]
	}
	for _, r := range identifier.Fold(text) {
		switch {
		case r == '\n':
			flush()
		case unicode.IsDigit(r):
			if len(run) == 0 || run[len(run)-1] != '0' {
				run = append(run, '0')
			}
		case unicode.IsLetter(r):
			run = append(run, unicode.ToLower(r))
		case unicode.IsSpace(r): // titles are spaced out
		default:
			flush()
		}
	}
	flush()
}

func stem(name string) string {
	if i := strings.LastIndexAny(name, `/\`); i >= 0 {
		name = name[i+1:]
	}
	if i := strings.LastIndexByte(name, '.'); i > 0 && len(name)-i <= 6 {
		name = name[:i]
	}
	return name
}

func cut(s string, n int) string {
	for i := range s {
		if n--; n < 0 {
			return s[:i]
		}
	}
	return s
}
