package pipeline

import (
	"cmp"
	"strings"

	"onewindow/approval/catalogue"
	"onewindow/approval/identifier"
	"onewindow/document"
)

// lookalikes are characters that engines read surely and wrongly, since only a
// hair tells them apart, or since they know but one of the two: 汨 (罗) and 汩,
// 戌 and 戍, 语 for the 浯 of Hunan's 浯溪, 录 and 禄 for the 渌 of its 渌水. A value that holds one is not published
// unseen, but in the words where it belongs.
var (
	lookalikes = "汨汩戌戍祗祇语录禄"
	belonging  = strings.NewReplacer("汨罗", "", "外语", "", "国语", "", "语言", "", "语文", "", "汉语", "", "英语", "",
		"记录", "", "目录", "", "附录", "", "收录", "", "登录", "", "录音", "", "录像", "", "福禄", "")
)

// lookalikeSure is the confidence of such a character.
const lookalikeSure = 0.6

// doubtScale puts every doubt an engine reports below sureField: three in four of
// the characters it names are wrong, so a value with one is looked at.
const doubtScale = sureField / 0.9

// scales weigh the doubts of characters against what is known of their fields.
type scales struct {
	typ        catalogue.ResultType // of the document; the zero value knows no fields
	words      lexicon
	acquainted acquaintance
}

// weigh lowers the confidence of fields to that of their least sure character,
// scaled: a line's mean hides one wrong character among twenty right ones. What
// the project is known by, the words around it, the kind of the field or a check
// digit settle is no doubt.
func (s scales) weigh(fields document.Fields, pages []document.Page) {
	for key, f := range fields {
		kind, _ := s.typ.Field(key)
		if f.Valid && !f.Repaired && s.acquainted.agrees(key, f.Value) {
			f.Confidence = max(f.Confidence, agreedSure)
			fields[key] = f
			continue
		}
		for _, p := range pages {
			if p.Number != f.Page {
				continue
			}
			for _, l := range p.Lines {
				if !overlap(l.Box, f.Box) {
					continue
				}
				for _, d := range l.Doubts {
					if concerns(d, l, f) && !s.settles(d, l, f, kind) {
						f.Confidence = min(f.Confidence, doubtScale*d.Confidence)
					}
				}
			}
		}
		if f.Source == document.FieldOCR && strings.ContainsAny(belonging.Replace(f.Value), lookalikes) {
			f.Confidence = min(f.Confidence, lookalikeSure)
		}
		fields[key] = f
	}
}

// settles reports a doubt that need not be looked at.
func (s scales) settles(d document.Doubt, l document.Line, f document.Field, kind catalogue.Field) bool {
	if f.Valid && !f.Repaired && identifier.HasCheckDigit(kind.Validator) {
		return true
	}
	if onlyFigures(kind.Type) && d.Read != "" {
		return !strings.ContainsAny(d.Read+d.Or, figures)
	}
	return mended(d, l) || s.words.settles(d, []rune(asRead(l)))
}

// mended reports a Chinese character that was put right in the line: what stands
// around decided, whatever the engine made of it.
func mended(d document.Doubt, l document.Line) bool {
	raw, text := []rune(l.Raw), []rune(l.Text)
	return d.Read != "" && len(raw) == len(text) && d.At >= 0 && d.At < len(raw) && raw[d.At] != text[d.At] && !isFigure(text[d.At])
}

// asRead is the text of a line before repairs, which doubts point into.
func asRead(l document.Line) string { return cmp.Or(l.Raw, l.Text) }

// concerns reports whether a doubtful character of a line is part of a value.
func concerns(d document.Doubt, l document.Line, f document.Field) bool {
	if held(d, []rune(asRead(l)), f) {
		return true
	}
	text := []rune(l.Text) // the value may hold the line as repaired
	return l.Raw != "" && len(text) == len([]rune(l.Raw)) && held(d, text, f)
}

// held reports whether a value holds what stands at a doubt in a line.
func held(d document.Doubt, line []rune, f document.Field) bool {
	if d.At < 0 || d.At > len(line) || d.At == len(line) && d.Read != "" {
		return false
	}
	// The character with its neighbours, as far as the line goes: in a line with a
	// label and a value, both may hold the same one.
	from, to := max(d.At-1, 0), min(d.At+2, len(line))
	if d.At == len(line) { // left out behind the last: one neighbour says too little
		from = max(d.At-2, 0)
	}
	around := string(line[from:to])
	for _, in := range []string{f.Raw, f.Value} {
		if around != "" && strings.Contains(in, around) {
			return true
		}
		// At the value's own end a neighbour is not part of it.
		if d.Read == "" {
			if to-d.At == 2 && strings.HasPrefix(in, string(line[d.At:to])) {
				return true
			}
			continue
		}
		if strings.HasPrefix(in, string(line[d.At:to])) || strings.HasSuffix(in, string(line[from:d.At+1])) {
			return true
		}
	}
	return false
}

func overlap(a, b document.Box) bool {
	return min(a[2], b[2]) > max(a[0], b[0]) && min(a[3], b[3]) > max(a[1], b[1])
}
