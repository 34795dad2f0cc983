package labels

import (
	"regexp"
	"strings"
	"time"
	"unicode"

	"onewindow/approval/catalogue"
	"onewindow/approval/identifier"
)

// value is what a printed text means for a field.
type value struct {
	text     string // normal form, "" when nothing was understood
	unit     string // as printed
	valid    bool
	err      string // error class when not valid
	repaired bool
	notes    []string // codes of findings about the text itself
}

// The error classes of values; validators add their own.
const (
	errEmpty    = "empty"
	errFormat   = "format"
	errPositive = "not_positive"
	errFuture   = "future"
	errTooLong  = "too_long"
	errValues   = "not_a_value"
)

// parse understands a printed text as a value of a field. unit is what the label
// said in brackets: 合同价格（万元）.
func parse(f catalogue.Field, printed, unit string, now time.Time) value {
	if isEmpty(printed) {
		return value{err: errEmpty}
	}
	v := parseType(f, printed, unit)
	if !v.valid {
		return v
	}
	if f.Max > 0 && len([]rune(v.text)) > f.Max {
		v.valid, v.err = false, errTooLong
	}
	if f.Rule.Positive && !positive(v.text) {
		v.valid, v.err = false, errPositive
	}
	if f.Rule.NotFuture && v.text > now.Format(time.DateOnly) {
		v.valid, v.err = false, errFuture
	}
	return v
}

func parseType(f catalogue.Field, printed, unit string) value {
	switch f.Type {
	case catalogue.TypeCode, catalogue.TypeDocNo:
		return parseCode(f, printed)
	case catalogue.TypeOrg:
		return parseOrg(printed)
	case catalogue.TypePerson:
		return parsePerson(printed)
	case catalogue.TypeDate:
		return parseDate(printed, f.Key == "valid_until")
	case catalogue.TypeArea:
		return parseArea(printed, unit, f.Units)
	case catalogue.TypeMoney:
		return parseMoney(printed, unit, f.Units[0])
	case catalogue.TypeNumber:
		return parseNumber(printed)
	case catalogue.TypeEnum:
		return parseEnum(printed, f.Values)
	}
	if f.Validator != "" {
		return parseCode(f, printed)
	}
	if t := tidy(printed); t != "" {
		return value{text: t, valid: true}
	}
	return value{err: errEmpty}
}

// isEmpty reports cells that were struck through or left blank.
func isEmpty(s string) bool {
	s = identifier.Fold(s)
	s = strings.Trim(s, "/\\-_|.,。、;:()*·")
	return s == "" || s == "无" || s == "空白" || s == "以下空白"
}

// tidy brings text read from paper into the form people type: no spaces between
// Chinese characters, Chinese punctuation beside Chinese characters.
func tidy(s string) string {
	if before, after, ok := strings.Cut(s, "\n"); ok { // a list, an entry a line
		return tidy(before) + "\n" + tidy(after)
	}
	rs := []rune(strings.TrimSpace(s))
	var out []rune
	for i, r := range rs {
		if unicode.IsSpace(r) {
			prev, next := near(rs, i, -1), near(rs, i, 1)
			if prev < 0x80 && next < 0x80 && len(out) > 0 && !unicode.IsSpace(out[len(out)-1]) {
				out = append(out, ' ')
			}
			continue
		}
		if unicode.Is(unicode.Cf, r) || r == '|' && isHan(near(rs, i, -1)) { // a rule of the table
			continue
		}
		if wide, ok := chinese[r]; ok && (isHan(near(rs, i, -1)) || isHan(near(rs, i, 1))) {
			r = wide
		}
		out = append(out, r)
	}
	s = bracketedYear.ReplaceAllString(string(pairBrackets(out)), "〔$1〕")
	s = strings.NewReplacer("：：", "：", "::", ":", "m²", "㎡").Replace(s)
	return trimSpecks(strings.Trim(s, " ;；,，、。:：·|~～<>「」『』"))
}

// traditional are characters of the old script, which no document of the
// mainland prints; engines read them into gaps and rules.
const traditional = "產關銀間劵隨號園門開國區學會長東車馬見貝頁風飛魚鳥冊這為個們來對時過後從"

// trimSpecks takes such characters off the ends of a text.
func trimSpecks(s string) string {
	return strings.TrimLeft(strings.Trim(s, traditional), "丨") // the rule of a table
}

// bracketedYear is a year between brackets of which at least one is not round:
// documents print 〔〕 there.
var bracketedYear = regexp.MustCompile(`(?:[〔\[【［{]((?:19|20)\d{2})[〕\]】］})）])`)

var chinese = map[rune]rune{',': '，', ';': '；', ':': '：', '(': '（', ')': '）', '?': '？', '!': '！'}

// pairBrackets gives both brackets of a pair the same width.
func pairBrackets(rs []rune) []rune {
	var open []int
	for i, r := range rs {
		switch r {
		case '(', '（':
			open = append(open, i)
		case ')', '）':
			if len(open) == 0 {
				continue
			}
			j := open[len(open)-1]
			open = open[:len(open)-1]
			if rs[j] == '（' || r == '）' {
				rs[j], rs[i] = '（', '）'
			}
		}
	}
	return rs
}

// near is the next character that is no space in the given direction.
func near(rs []rune, i, step int) rune {
	for i += step; i >= 0 && i < len(rs); i += step {
		if !unicode.IsSpace(rs[i]) {
			return rs[i]
		}
	}
	return 0
}

func isHan(r rune) bool {
	return unicode.Is(unicode.Han, r) || strings.ContainsRune("（）《》“”、，。；：〔〕", r)
}

var (
	anyDate = regexp.MustCompile(`\d{4}(?:年|[-./])\d{1,2}(?:月|[-./])\d{1,2}(?:日|号)?|[〇○零一二三四五六七八九OＯ]{4}年[一二三四五六七八九十]{1,3}月[一二三四五六七八九十]{1,3}日`)
	badDate = regexp.MustCompile(`[0-9OolI|ZSB]{4}[年午牛][0-9OolI|]{1,2}[月用目][0-9OolI|]{1,2}[日曰口目]`)
)

// parseDate finds the first date of a text, or the last (of a period).
func parseDate(printed string, last bool) value {
	s := identifier.Fold(printed)
	all := anyDate.FindAllString(s, -1)
	if len(all) > 0 {
		m := all[0]
		if last {
			m = all[len(all)-1]
		}
		v := identifier.Validate(identifier.DocDate, m)
		return value{text: v.Value, valid: v.Valid, err: v.Error}
	}
	if m := badDate.FindString(s); m != "" {
		if fixed, ok := identifier.Repair(identifier.DocDate, m); ok {
			return value{text: fixed, valid: true, repaired: true}
		}
	}
	return value{text: tidy(printed), err: errFormat}
}
