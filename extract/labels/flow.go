package labels

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"onewindow/approval/catalogue"
)

// flow is the folded text of a sheet run together in reading order, with the
// way back to the segments.
type flow struct {
	text  string
	runes []rune
	segs  []*segment // segment of each rune
	pos   []int      // its place in the segment
	byteN []int      // byte offset of each rune, and of the end
}

func newFlow(segs []*segment) *flow {
	f := &flow{}
	for _, s := range segs {
		for i, r := range s.text {
			f.runes = append(f.runes, r)
			f.segs = append(f.segs, s)
			f.pos = append(f.pos, i)
		}
	}
	f.text = string(f.runes)
	n := 0
	for _, r := range f.runes {
		f.byteN = append(f.byteN, n)
		n += utf8.RuneLen(r)
	}
	f.byteN = append(f.byteN, n)
	return f
}

// index is the rune at a byte offset.
func (f *flow) index(byteOffset int) int {
	i, _ := slices.BinarySearch(f.byteN, byteOffset)
	return i
}

// spans returns the parts of segments that runes[i:j] cover.
func (f *flow) spans(i, j int) []span {
	var out []span
	for ; i < j && i < len(f.runes); i++ {
		if n := len(out); n > 0 && out[n-1].seg == f.segs[i] && out[n-1].to == f.pos[i] {
			out[n-1].to++
			continue
		}
		out = append(out, span{f.segs[i], f.pos[i], f.pos[i] + 1})
	}
	return out
}

// find makes a candidate of group n of every match of re.
func (f *flow) find(re *regexp.Regexp, n int, key, rule string) []candidate {
	var out []candidate
	for _, m := range re.FindAllStringSubmatchIndex(f.text, 20) {
		if m[2*n] < 0 || m[2*n] == m[2*n+1] {
			continue
		}
		i, j := f.index(m[2*n]), f.index(m[2*n+1])
		out = append(out, candidate{key: key, parts: f.spans(i, j), rule: rule, strength: strengths[rule], order: f.segs[i].order})
	}
	return out
}

// numbers finds the identifying number of the type by its patterns: in single
// lines, and, with less trust, across lines, where a pattern may swallow the end
// of the line before.
func numbers(s *sheet, f *flow, t catalogue.ResultType) []candidate {
	var out []candidate
	for _, re := range hexagonal(t.Number.Patterns) {
		for _, seg := range s.segs {
			out = append(out, newFlow([]*segment{seg}).number(re, t.Number.Field)...)
		}
		for _, c := range f.number(re, t.Number.Field) {
			if len(c.parts) > 1 {
				c.strength -= 0.1
				out = append(out, c)
			}
		}
	}
	return out
}

// number makes candidates of one pattern. Of a pattern that begins with a label
// the group behind it is the number.
func (f *flow) number(re *regexp.Regexp, key string) []candidate {
	n := 0
	for _, label := range []string{"编号", "文号", "备案", "合同编号", "电子监管号"} {
		if strings.HasPrefix(re.String(), label) {
			n = 1
		}
	}
	if strings.HasPrefix(re.String(), "电子监管号") {
		key = "supervision_no"
	}
	out := f.find(re, n, key, ruleNumber)
	return slices.DeleteFunc(out, f.insideLonger)
}

// insideLonger reports a match that is a piece of a longer run of digits.
func (f *flow) insideLonger(c candidate) bool {
	first, last := c.parts[0], c.parts[len(c.parts)-1]
	before := first.from > 0 && isDigit(first.seg.text[first.from]) && isDigit(first.seg.text[first.from-1])
	after := last.to < len(last.seg.text) && isDigit(last.seg.text[last.to-1]) && isDigit(last.seg.text[last.to])
	return before || after
}

func isDigit(r rune) bool { return r >= '0' && r <= '9' }

// hexagonal lets patterns that ask for 〔〕 around the year match what OCR makes
// of them.
func hexagonal(patterns []*regexp.Regexp) []*regexp.Regexp {
	out := make([]*regexp.Regexp, 0, len(patterns))
	for _, re := range patterns {
		text := re.String()
		if !strings.Contains(text, "[〔") {
			text = strings.NewReplacer("〔", `[〔\[(【{]`, "〕", `[〕\])】}]`).Replace(text)
		}
		text = strings.NewReplacer("[（\\(]", `\(`, "[）\\)]", `\)`).Replace(text)
		if loose, err := regexp.Compile(text); err == nil && text != re.String() {
			out = append(out, loose)
			continue
		}
		out = append(out, re)
	}
	return out
}

// damaged are loose forms of numbers; what they find must pass the validator
// after repair.
var damaged = map[string]*regexp.Regexp{
	"planning_no":     regexp.MustCompile(`[用地建乡核竣土他也甩健逮].[第笫弟][0-9A-Za-z|〇○]{14,20}[号亏另]`),
	"permit_no":       regexp.MustCompile(`[0-9OoDQIl|ZSB]{18}`),
	"project_code":    regexp.MustCompile(`[0-9OoDQIl|ZSB]{4}[-_.·~]?[0-9OoDQIl|ZSB]{6}[-_.·~]?[0-9OoDQIl|ZSB]{2}[-_.·~]?[0-9OoDQIl|ZSB]{2}[-_.·~]?[0-9OoDQIl|ZSB]{6}`),
	"uscc":            regexp.MustCompile(`[159YIl][0-9A-Z|]{17}`),
	"realestate_cert": regexp.MustCompile(`[湘相潮汀]\(.{4}\).{2,14}(?:不动产权|不动产杈|不动产证明)[第笫弟].{7}[号亏另]`),
	"realestate_unit": regexp.MustCompile(`[0-9OoDQIl|ZSB]{12}[0-9A-Z]{2}[0-9OoDQIl|ZSB]{5}[A-Z][0-9OoDQIl|ZSB]{8}`),
	"doc_no":          regexp.MustCompile(`\p{Han}{2,10}(?:\(\p{Han}{1,6}\))?[〔\[(【{CcＣ][0-9OolI]{4}[〕\])】}JjlI1]?\d{1,5}[号亏另]`),
}

// scan finds values of a field by the form of its validator alone. Strength is
// low: the number may belong to another paper that is only mentioned.
func (f *flow) scan(field catalogue.Field, isNumber bool) []candidate {
	re, ok := damaged[field.Validator]
	if !ok {
		return nil
	}
	out := f.find(re, 0, field.Key, ruleScan)
	kept := out[:0]
	for _, c := range out {
		if f.insideLonger(c) {
			continue
		}
		if isNumber {
			c.strength += 0.15
		}
		kept = append(kept, c)
	}
	return kept
}
