package stamp

import (
	"strings"

	"onewindow/document"
)

// bandWords stand in our own band; each alone tells it.
var bandWords = []string{"审批成果扫描件", "后续审批事项依据", "校验码："}

// bandZone is the part of a page, from the bottom, where a band can stand: it is
// 12 mm of an A4 sheet and more of a smaller one.
const bandZone = 0.15

// WithoutBand returns a page without the lines of a band that was printed on it:
// a marked copy that comes back must be understood by what it says itself (W3).
// The page given is not changed.
func WithoutBand(p document.Page) document.Page {
	top := float64(p.Height)
	for _, l := range p.Lines {
		if l.Box[1] > float64(p.Height)*(1-bandZone) && l.Box[1] < top && isBand(l.Text) {
			top = l.Box[1]
		}
	}
	if top == float64(p.Height) {
		return p
	}
	var kept []document.Line
	for _, l := range p.Lines {
		if l.Box[1] < top && !(isBand(l.Text) && l.Box[3] > top) {
			kept = append(kept, l)
		}
	}
	p.Lines = kept
	return p
}

func isBand(text string) bool {
	text = strings.ReplaceAll(strings.ReplaceAll(text, " ", ""), ":", "：")
	for _, w := range bandWords {
		if strings.Contains(text, w) {
			return true
		}
	}
	return false
}
