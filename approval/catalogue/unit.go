package catalogue

import (
	"regexp"
	"strings"
	"unicode/utf8"
)

// unitName is one way to write a unit.
type unitName struct {
	text string
	unit int
}

var bracketed = regexp.MustCompile(`^(.*)（(.*)）$`)

// unitNames lists every way to write every unit: name, aliases, both names of
// 人民防空办公室（国防动员办公室）, and the provincial 厅 of a municipal 局.
func unitNames(units []Unit) []unitName {
	var names []unitName
	for i, u := range units {
		for _, n := range append([]string{u.Name}, u.Aliases...) {
			forms := []string{n}
			if m := bracketed.FindStringSubmatch(n); m != nil {
				forms = []string{m[1], m[2]}
			}
			for _, f := range forms {
				names = append(names, unitName{f, i})
				if stem, ok := strings.CutSuffix(f, "局"); ok {
					names = append(names, unitName{stem + "厅", i})
				}
			}
		}
	}
	return names
}

// UnitIn finds the business unit a name such as 长沙市自然资源和规划局 speaks of: the
// longest name or alias in it. Aliases of two characters (电信, 移动) count only
// in the name of a company, because they are ordinary words too.
func (c *Catalogue) UnitIn(text string) (Unit, bool) {
	best, length := -1, 0
	for _, n := range c.index.unitNames {
		size := utf8.RuneCountInString(n.text)
		if size <= length || !strings.Contains(text, n.text) {
			continue
		}
		if size < 3 && !strings.Contains(text, "公司") {
			continue
		}
		best, length = n.unit, size
	}
	if best < 0 {
		return Unit{}, false
	}
	return c.Units[best], true
}
