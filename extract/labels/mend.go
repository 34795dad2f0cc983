package labels

import (
	"strings"
	"unicode"

	"onewindow/approval/catalogue"
)

// mend repairs names by what is known: the divisions of the province at the
// beginning of a name or place, and the project's own names. One character may
// differ, and only one candidate may fit. A reviewer is told of every repair.
func (w *work) mend(f catalogue.Field, v value) value {
	if !v.valid || f.Type != catalogue.TypeOrg && f.Key != "location" && f.Rule.Project != "similar" {
		return v
	}
	if known := w.known[f.Key]; f.Rule.Project != "" && oneMisread(v.text, known) {
		v.text, v.repaired = known, true
		return v
	}
	if !f.Rule.Unit && f.Key != "location" { // a builder may come from 长春市
		return v
	}
	if fixed, ok := w.mendPlace(v.text); ok {
		v.text, v.repaired = fixed, true
	}
	if fixed, ok := w.mendUnit(v.text); ok && f.Rule.Unit {
		v.text, v.repaired = fixed, true
	}
	return v
}

// longName is the length from which the name of an authority may be repaired.
const longName = 6

// mendUnit repairs one misread character in the name of an authority at the end:
// 长沙市目然资源和规划局.
func (w *work) mendUnit(s string) (string, bool) {
	rs := []rune(s)
	var found []rune
	for _, u := range w.cat.Units {
		for _, n := range append([]string{u.Name}, u.Aliases...) {
			name := []rune(n)
			if strings.HasSuffix(s, n) && len(name) >= longName {
				return s, false
			}
			if len(name) < longName || len(rs) < len(name) || !oneInner(rs[len(rs)-len(name):], name) {
				continue
			}
			if found != nil && string(found) != n {
				return s, false
			}
			found = name
		}
	}
	if found == nil {
		return s, false
	}
	return string(rs[:len(rs)-len(found)]) + string(found), true
}

// shortestName is the length from which one differing character is rather a
// misreading than another name.
const shortestName = 8

// oneMisread reports whether two names differ in exactly one character, which is
// no numeral: 一期 and 二期 are two projects.
func oneMisread(read, known string) bool {
	a, b := []rune(read), []rune(known)
	if len(a) != len(b) || len(a) < shortestName {
		return false
	}
	differ := 0
	for i := range a {
		if a[i] == b[i] {
			continue
		}
		differ++
		if differ > 1 || numeral(a[i]) || numeral(b[i]) || !unicode.Is(unicode.Han, b[i]) {
			return false
		}
	}
	return differ == 1
}

func numeral(r rune) bool {
	return strings.ContainsRune("〇零一二三四五六七八九十百千甲乙丙丁戊上中下东南西北前后左右内外大小新老旧主附", r) || unicode.IsDigit(r) || r < 0x80
}

// mendPlace repairs the division a name begins with, as in 泊罗市住房和城乡建设局, and
// takes a speck off before it.
func (w *work) mendPlace(s string) (string, bool) {
	rs := []rune(s)
	if len(rs) > 4 && strings.ContainsRune("一丨1lI-_·.", rs[0]) && w.placeAt(rs[1:]) {
		return string(rs[1:]), true
	}
	from := 0
	for _, d := range w.cat.Divisions { // 长沙市岳麓区: look behind the city too
		if d.Kind == "city" && strings.HasPrefix(s, d.Name) {
			from = len([]rune(d.Name))
		}
	}
	if w.placeAt(rs[from:]) || from == 0 && w.placeAt(rs) {
		return s, false
	}
	var found []rune
	for _, d := range w.cat.Divisions {
		name := []rune(d.Name)
		if len(name) < 3 || d.Kind == "zone" || d.Kind == "urban_area" || len(rs) < from+len(name) || !oneInner(rs[from:from+len(name)], name) {
			continue
		}
		if found != nil {
			return s, false
		}
		found = name
	}
	if found == nil {
		return s, false
	}
	return string(rs[:from]) + string(found) + string(rs[from+len(found):]), true
}

// placeAt reports whether rs begins with a division.
func (w *work) placeAt(rs []rune) bool {
	for _, d := range w.cat.Divisions {
		if strings.HasPrefix(string(rs), d.Name) {
			return true
		}
	}
	return false
}

// oneInner reports whether a differs from b in one character that is not the
// last: 市, 县 and 区 tell names apart.
func oneInner(a, b []rune) bool {
	differ := 0
	for i := range a {
		if a[i] != b[i] {
			differ++
		}
	}
	return differ == 1 && a[len(a)-1] == b[len(b)-1]
}
