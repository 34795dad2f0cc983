package labels

import (
	"math/big"
	"regexp"
	"strings"

	"onewindow/approval/identifier"
)

// noteAmounts is the finding that digits and 大写 differ.
const noteAmounts = "amounts_differ"

var (
	areaRe  = regexp.MustCompile(`([\d][\d,.]*)(万平方米|平方米|万m2|m2|m²|平米|公顷|hm2|ha|亩|平方公里|km2)`)
	moneyRe = regexp.MustCompile(`([\d][\d,.]*)(亿元|万元|元|亿|万)?`)
	plainRe = regexp.MustCompile(`^(?:约)?([\d][\d,.]*)$`)
	countRe = regexp.MustCompile(`(-?[\d][\d,.]*)([\p{Han}A-Za-z/³²]{0,6})`)
	totalRe = regexp.MustCompile(`总(?:用地|占地|建筑|用林|宗地)?面积|合计|共计`)
)

// areaUnits is what one of a unit is in square metres.
var areaUnits = map[string]*big.Rat{
	"平方米": rat("1"), "m2": rat("1"), "m²": rat("1"), "平米": rat("1"), "万平方米": rat("10000"), "万m2": rat("10000"),
	"公顷": rat("10000"), "hm2": rat("10000"), "ha": rat("10000"), "亩": rat("666.6667"), "平方公里": rat("1000000"), "km2": rat("1000000"),
}

// moneyUnits is what one of a unit is in yuan.
var moneyUnits = map[string]*big.Rat{
	"元": rat("1"), "万元": rat("10000"), "万": rat("10000"), "亿元": rat("100000000"), "亿": rat("100000000"),
}

func rat(s string) *big.Rat {
	r, _ := new(big.Rat).SetString(s)
	return r
}

// parseArea reads an area. The value is in square metres with at most two
// decimals, the unit as printed. Of several areas a total is taken, else the
// first.
func parseArea(printed, unit string, units []string) value {
	s := identifier.Fold(printed)
	lost, bare := false, false
	if areaRe.FindString(s) == "" { // the ² of ㎡ is easily lost
		if t := barePower.ReplaceAllString(s, "${1}m2"); t != s {
			s, lost = t, true
		}
	}
	m := areaRe.FindStringSubmatch(s)
	if i := totalRe.FindStringIndex(s); i != nil {
		if after := areaRe.FindStringSubmatch(s[i[1]:]); after != nil {
			m = after
		}
	}
	if m == nil {
		p := plainRe.FindStringSubmatch(s)
		if p == nil {
			return value{text: tidy(printed), err: errFormat}
		}
		m = []string{p[0], p[1], areaUnit(unit, units)}
		bare = unit == ""
	}
	n, repaired, ok := decimal(m[1])
	if !ok {
		return value{text: tidy(printed), err: errFormat}
	}
	printedUnit := asPrinted(printed, m[2])
	if bare {
		printedUnit = ""
	}
	return value{text: places(new(big.Rat).Mul(n, areaUnits[m[2]]), 2), unit: printedUnit, valid: true, repaired: repaired || lost}
}

var barePower = regexp.MustCompile(`(\d)m[^\p{Han}\d]?$`)

// areaUnit is the unit of a bare number: from the label, else what the form
// prints (the catalogue's only unit), else square metres.
func areaUnit(unit string, units []string) string {
	if u := identifier.Fold(unit); areaUnits[u] != nil {
		return u
	}
	if len(units) == 1 && areaUnits[units[0]] != nil {
		return units[0]
	}
	return "平方米"
}

// asPrinted gives back ㎡, which folding writes m2.
func asPrinted(printed, unit string) string {
	if unit == "m2" && strings.Contains(printed, "㎡") {
		return "㎡"
	}
	return unit
}

// parseMoney reads an amount. The value is in the field's unit.
func parseMoney(printed, unit, want string) value {
	s := identifier.Fold(printed)
	capital, hasCapital := capitals(s)
	m := moneyRe.FindStringSubmatch(afterSign(s))
	if m == nil && !hasCapital {
		return value{text: tidy(printed), err: errFormat}
	}
	if m == nil {
		return value{text: places(new(big.Rat).Quo(capital, moneyUnits[want]), 6), unit: "大写", valid: true}
	}
	n, repaired, ok := decimal(m[1])
	if !ok {
		return value{text: tidy(printed), err: errFormat}
	}
	u := m[2]
	if u == "" {
		u = known(unit)
	}
	yuan := new(big.Rat).Mul(n, moneyUnits[first(u, want)])
	v := value{text: places(new(big.Rat).Quo(yuan, moneyUnits[want]), 6), unit: u, valid: true, repaired: repaired}
	if hasCapital && capital.Cmp(yuan) != 0 {
		v.notes = append(v.notes, noteAmounts)
	}
	return v
}

// afterSign prefers the amount behind a currency sign: other numbers (years,
// clauses) may stand before it.
func afterSign(s string) string {
	for _, sign := range []string{"¥", "￥", "小写"} {
		if i := strings.LastIndex(s, sign); i >= 0 && strings.ContainsAny(s[i:], "0123456789") {
			return s[i:]
		}
	}
	if i := strings.Index(s, "人民币"); i >= 0 && strings.ContainsAny(s[i:], "0123456789") {
		return s[i:]
	}
	return s
}

func known(unit string) string {
	if u := identifier.Fold(unit); moneyUnits[u] != nil {
		return u
	}
	return ""
}

// parseNumber reads the first number of a text; the unit is what follows it.
func parseNumber(printed string) value {
	m := countRe.FindStringSubmatch(identifier.Fold(printed))
	if m == nil {
		return value{text: tidy(printed), err: errFormat}
	}
	n, repaired, ok := decimal(m[1])
	if !ok {
		return value{text: tidy(printed), err: errFormat}
	}
	return value{text: places(n, 4), unit: m[2], valid: true, repaired: repaired}
}

var grouped = regexp.MustCompile(`^\d{1,3}(,\d{3})+(\.\d+)?$`)

// decimal reads digits with a decimal point and groups of three. A comma where
// only a point can stand, or a point too many, is a misreading: it is repaired
// if that leaves one way to read the number.
func decimal(s string) (n *big.Rat, repaired, ok bool) {
	s = strings.TrimRight(s, ".,")
	if grouped.MatchString(s) {
		s = strings.ReplaceAll(s, ",", "")
	}
	if strings.Contains(s, ",") || strings.Count(s, ".") > 1 {
		s = strings.ReplaceAll(s, ",", ".")
		i := strings.LastIndexByte(s, '.')
		groups := strings.Split(s[:i], ".")
		for k, g := range groups {
			if k > 0 && len(g) != 3 {
				return nil, false, false
			}
		}
		s, repaired = strings.Join(groups, "")+s[i:], true
	}
	n, ok = new(big.Rat).SetString(s)
	return n, repaired, ok
}

// places writes a number with at most n decimals and no trailing zeros.
func places(r *big.Rat, n int) string {
	s := r.FloatString(n)
	if strings.Contains(s, ".") {
		s = strings.TrimRight(strings.TrimRight(s, "0"), ".")
	}
	return s
}

// positive reports whether a normal number is above zero.
func positive(s string) bool {
	n, ok := new(big.Rat).SetString(s)
	return ok && n.Sign() > 0
}

func first(texts ...string) string {
	for _, t := range texts {
		if t != "" {
			return t
		}
	}
	return ""
}
