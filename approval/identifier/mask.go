package identifier

import (
	"regexp"
	"strings"
)

// MaskCitizenID keeps the first six and the last four characters of a 公民身份号码
// for logs and lists: 430000********0009. A shorter text is masked entirely.
func MaskCitizenID(id string) string {
	rs := []rune(id)
	if len(rs) <= 10 {
		return strings.Repeat("*", len(rs))
	}
	return string(rs[:6]) + strings.Repeat("*", len(rs)-10) + string(rs[len(rs)-4:])
}

var citizenIDInText = regexp.MustCompile(`\d{17}[\dXx]`)

// MaskCitizenIDs masks every valid 公民身份号码 inside a text and leaves other
// 18-digit numbers, such as those of construction permits, alone.
func MaskCitizenIDs(text string) string {
	return citizenIDInText.ReplaceAllStringFunc(text, func(s string) string {
		if Validate(CitizenID, s).Valid {
			return MaskCitizenID(s)
		}
		return s
	})
}

// MaskNumber hides the middle of a document number for public pages: somebody
// who holds the document recognizes it, somebody who does not cannot use it.
// Of the letters and digits the first third (at most six) and the last two stay;
// Chinese words, brackets and dashes stay, so that the form is still seen.
func MaskNumber(no string) string {
	rs := []rune(no)
	total := 0
	for _, r := range rs {
		if isCode(r) {
			total++
		}
	}
	keep, seen := min(6, total/3), 0
	for i, r := range rs {
		if !isCode(r) {
			continue
		}
		seen++
		if seen > keep && seen <= total-2 || total <= 3 {
			rs[i] = '*'
		}
	}
	return string(rs)
}

func isCode(r rune) bool {
	return r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z'
}
