package labels

import (
	"regexp"
	"slices"
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
	return strings.Trim(s, " ;；,，、。:：·|~～<>「」『』")
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
	orgNote = regexp.MustCompile(`[（(](?:盖章|公章|印章|签章|章|签字|盖章处)[）)]`)
	// orgEnd are the words that names of organisations end with.
	orgEnd = regexp.MustCompile(`(?:公司|集团|局|厅|委员会|委|政府|办公室|中心|院|所|处|站|馆|大学|学院|学校|中学|小学|幼儿园|医院|机构|厂|店|社|村|会|部|队|场|园|库|基金|协会|合作社|分公司|支队|总队|办)(?:（[^（）]*）)?$`)
)

// parseOrg reads the name of an organisation.
func parseOrg(printed string) value {
	s := tidy(orgNote.ReplaceAllString(strings.Join(strings.Fields(printed), ""), ""))
	s = fullBrackets(s)
	if i := anyDate.FindStringIndex(s); i != nil && i[0] > 0 { // the date below a signature
		s = s[:i[0]]
	}
	s = strings.TrimRight(s, "：；，。、_")
	s = strings.TrimLeftFunc(s, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) // specks
	if rs := []rune(s); len(rs) > 4 && rs[0] < 0x80 && unicode.Is(unicode.Han, rs[1]) { // a speck before the name
		s = string(rs[1:])
	}
	n := len([]rune(s))
	switch {
	case s == "":
		return value{err: errEmpty}
	case n < 4 || n > 80 || !unicode.Is(unicode.Han, []rune(s)[0]) || strings.ContainsAny(s, "。；"):
		return value{text: s, err: errFormat}
	}
	return value{text: s, valid: true}
}

var personRe = regexp.MustCompile(`^[\p{Han}]{1,8}(?:[·•・][\p{Han}]{1,12}){0,3}`)

// parsePerson reads a person's name; what follows it (certificate numbers) is
// not part of it.
func parsePerson(printed string) value {
	s := strings.Join(strings.Fields(printed), "")
	m := personRe.FindString(s)
	n := len([]rune(m))
	if n < 2 || n > 6 && !strings.ContainsAny(m, "·•・") || orgEnd.MatchString(m) && n > 4 {
		return value{text: m, err: errFormat}
	}
	return value{text: strings.NewReplacer("•", "·", "・", "·").Replace(m), valid: true}
}

// parseEnum finds which of the values the text names. Of several the longest
// wins (不合格 holds 合格); of ticked boxes the ticked one.
func parseEnum(printed string, values []string) value {
	s := identifier.Fold(printed)
	sorted := slices.Clone(values)
	slices.SortStableFunc(sorted, func(a, b string) int { return len(b) - len(a) })
	var found []string
	rest := s
	for _, v := range sorted {
		if strings.Contains(rest, v) {
			found = append(found, v)
			rest = strings.ReplaceAll(rest, v, "")
		}
	}
	switch len(found) {
	case 0:
		return value{text: tidy(printed), err: errValues}
	case 1:
		return value{text: found[0], valid: true}
	}
	for _, v := range found { // 口合格 ■不合格: the box that is not empty
		for _, tick := range []string{"☑", "√", "✓", "✔", "■", "▣", "☒", "V"} {
			if strings.Contains(s, tick+v) || strings.Contains(s, v+tick) {
				return value{text: v, valid: true}
			}
		}
	}
	var filled []string
	for _, v := range found {
		if !emptyBox(s, v) {
			filled = append(filled, v)
		}
	}
	if len(filled) == 1 {
		return value{text: filled[0], valid: true}
	}
	return value{text: tidy(printed), err: errValues}
}

// emptyBox reports a value behind an empty tick box, however OCR reads it.
func emptyBox(s, v string) bool {
	for _, box := range []string{"□", "口", "☐", "O", "0"} {
		if strings.Contains(s, box+v) {
			return true
		}
	}
	return false
}

// fullBrackets writes round brackets the Chinese way.
func fullBrackets(s string) string { return strings.NewReplacer("(", "（", ")", "）").Replace(s) }

// wrapped are signs around a number that are not part of it.
const wrapped = " ()（）[]【】:：;；,，.。、*\"'“”"

var numberWords = regexp.MustCompile(`^(?:编号|文号|证号|NO\.?|No\.?|№)[.:：]?`)

// parseCode reads a number by its validator; a number that fails is repaired if
// exactly one repair passes.
func parseCode(f catalogue.Field, printed string) value {
	s := strings.Join(strings.Fields(printed), "")
	s = numberWords.ReplaceAllString(strings.TrimLeft(s, wrapped), "")
	s = trimNumber(s)
	if s == "" {
		return value{err: errEmpty}
	}
	if f.Validator == "" {
		s = tidy(codeHead(s))
		if f.Pattern != nil && !f.Pattern.MatchString(s) {
			return value{text: s, err: errFormat}
		}
		if !strings.ContainsAny(s, "0123456789") || len([]rune(s)) > 60 {
			return value{text: s, err: errFormat}
		}
		return value{text: s, valid: true}
	}
	verdict := identifier.Validate(f.Validator, s)
	if verdict.Valid {
		return value{text: verdict.Value, valid: true, notes: verdict.Warnings}
	}
	if re := damaged[f.Validator]; re != nil { // the number stands inside more text
		if m := re.FindString(identifier.Fold(s)); m != "" {
			if v := identifier.Validate(f.Validator, m); v.Valid {
				return value{text: v.Value, valid: true, notes: v.Warnings}
			}
			if fixed, ok := identifier.Repair(f.Validator, m); ok {
				return value{text: fixed, valid: true, repaired: true}
			}
		}
	}
	if fixed, ok := identifier.Repair(f.Validator, s); ok {
		return value{text: fixed, valid: true, repaired: true}
	}
	return value{text: verdict.Value, err: verdict.Error}
}

var plainCode = regexp.MustCompile(`^[0-9A-Z][0-9A-Za-z\-/]{5,}`)

// codeHead is the number a text begins with: letters, digits and dashes end
// where Chinese begins, other numbers with the 号.
func codeHead(s string) string {
	if m := plainCode.FindString(identifier.Fold(s)); m != "" {
		return m
	}
	if i := strings.IndexAny(s, "《。，；"); i > 0 {
		s = s[:i]
	}
	return s
}

// trimNumber takes signs off both ends but leaves brackets that have a partner.
func trimNumber(s string) string {
	s = strings.Trim(s, " :：;；,，.。、*\"'“”")
	for _, pair := range []string{"()", "（）", "[]", "【】"} {
		p := []rune(pair)
		if strings.HasPrefix(s, string(p[0])) && strings.HasSuffix(s, string(p[1])) {
			s = strings.TrimSuffix(strings.TrimPrefix(s, string(p[0])), string(p[1]))
		}
		if strings.HasSuffix(s, string(p[1])) && !strings.Contains(s, string(p[0])) {
			s = strings.TrimSuffix(s, string(p[1]))
		}
	}
	return s
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
