package labels

import (
	"regexp"
	"strings"

	"onewindow/approval/catalogue"
	"onewindow/approval/identifier"
)

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
	if f.Validator == identifier.FreeDocNo {
		if fixed := lostBrackets.ReplaceAllString(s, "$1〔$2〕$3"); fixed != s {
			return value{text: identifier.Validate(f.Validator, fixed).Value, valid: true, repaired: true}
		}
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

// lostBrackets is a local number whose thin brackets around the year were lost.
var lostBrackets = regexp.MustCompile(`^(\p{Han}{2,12})((?:19|20)\d{2})(第\d{1,6}号)$`)

var plainCode = regexp.MustCompile(`^[0-9A-Z][0-9A-Za-z\-/.]{5,}`)

// codeHead is the number a text begins with: letters, digits and dashes end
// where Chinese begins, other numbers with the 号.
func codeHead(s string) string {
	if m := plainCode.FindString(identifier.Fold(s)); m != "" {
		return strings.TrimRight(m, ".-/")
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
