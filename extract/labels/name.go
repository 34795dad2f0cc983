package labels

import (
	"regexp"
	"slices"
	"strings"
	"unicode"

	"onewindow/approval/identifier"
)

var (
	orgNote = regexp.MustCompile(`[（(](?:盖章|公章|印章|签章|章|签字|盖章处)[）)]`)
	// orgEnd are the words that names of organisations end with.
	orgEnd = regexp.MustCompile(`(?:公司|集团|局|厅|委员会|委|政府|办公室|中心|院|所|处|站|馆|大学|学院|学校|中学|小学|幼儿园|医院|机构|厂|店|社|村|会|部|队|场|园|库|基金|协会|合作社|分公司|支队|总队|办)(?:（[^（）]*）)?$`)
)

// namelessOrgs are ends of names whose beginning was not read.
var namelessOrgs = []string{"有限公司", "有限责任公司", "股份有限公司", "集团有限公司", "建设事务中心", "管理中心"}

// parseOrg reads the name of an organisation.
func parseOrg(printed string) value {
	s := tidy(orgNote.ReplaceAllString(strings.Join(strings.Fields(printed), ""), ""))
	s = fullBrackets(s)
	if i := anyDate.FindStringIndex(s); i != nil && i[0] > 0 { // the date below a signature
		s = s[:i[0]]
	}
	s = strings.TrimRight(s, "：；，。、_")
	s = strings.TrimLeftFunc(s, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) // specks
	if rs := []rune(s); len(rs) > 4 && rs[0] < 0x80 && unicode.Is(unicode.Han, rs[1]) {                   // a speck before the name
		s = string(rs[1:])
	}
	n := len([]rune(s))
	switch {
	case s == "":
		return value{err: errEmpty}
	case n < 4 || n > 80 || slices.Contains(namelessOrgs, s) || !unicode.Is(unicode.Han, []rune(s)[0]) || strings.ContainsAny(s, "。；"):
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
