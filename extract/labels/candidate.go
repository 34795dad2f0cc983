package labels

import (
	"onewindow/document"
)

// candidate is one possible value of a field.
type candidate struct {
	key      string
	parts    []span
	rule     string  // how it was found
	unit     string  // from the label
	strength float64 // 0..1 trust in the rule
	order    int     // reading order, earlier wins among equals
}

// printed joins the parts: Chinese runs on without a space, Latin words do not.
func (c candidate) printed() string {
	var out []rune
	for _, p := range c.parts {
		next := []rune(p.seg.printed(p.from, p.to))
		if len(out) > 0 && listLine.MatchString(string(p.seg.text[p.from:p.to])) && p.from == 0 {
			out = append(out, '\n')
		}
		if len(out) > 0 && len(next) > 0 && isWord(out[len(out)-1]) && isWord(next[0]) && !c.oneWord() {
			out = append(out, ' ')
		}
		out = append(out, next...)
	}
	return string(out)
}

// oneWord reports rules whose value is one number, however the page broke it.
func (c candidate) oneWord() bool { return c.rule == ruleNumber }

func isWord(r rune) bool { return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' }

// place returns page, box and mean confidence of the parts. The box covers the
// parts on the first page.
func (c candidate) place() (page int, box document.Box, conf float64, source document.FieldSource) {
	weight := 0.0
	for _, p := range c.parts {
		if page == 0 {
			page, source = p.seg.page, p.seg.source
		}
		n := float64(max(p.to-p.from, 1))
		conf += p.seg.conf * n
		weight += n
		if p.seg.page == page {
			box = box.Union(p.seg.boxOf(p.seg.seen, p.from, p.to))
		}
	}
	if weight > 0 {
		conf /= weight
	}
	return page, box, conf, source
}

// The rules that make candidates, as told in Field.Rule.
const (
	ruleSameLine  = "label:same-line"
	ruleNextCell  = "label:next-cell"
	ruleBelow     = "label:below"
	ruleRunIn     = "label:run-in" // the value follows the label without any sign
	ruleInline    = "label:inline" // inside a sentence
	ruleNumber    = "number"
	ruleTitle     = "title"
	ruleSalute    = "salutation"
	ruleSignature = "signature"
	ruleStatement = "statement"
	ruleHeader    = "header"
	ruleScan      = "scan" // the form of the value alone
	ruleDerived   = "derived"
)

// strengths is the trust in each rule.
var strengths = map[string]float64{
	ruleSameLine: 0.97, ruleNextCell: 0.97, ruleBelow: 0.8, ruleRunIn: 0.83, ruleInline: 0.92, ruleNumber: 0.96, ruleTitle: 0.86,
	ruleSalute: 0.9, ruleSignature: 0.9, ruleStatement: 0.9, ruleHeader: 0.62, ruleScan: 0.7,
}
