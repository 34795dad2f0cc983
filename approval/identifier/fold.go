package identifier

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Fold brings a printed number into the form the validators compare: NFKC
// (full-width digits, Kangxi radicals, ㎡), one kind of dash, no spaces and no
// invisible characters. 〔〕 and ★ stay as they are.
func Fold(s string) string {
	var b strings.Builder
	for _, r := range norm.NFKC.String(s) {
		switch {
		case unicode.IsSpace(r), unicode.Is(unicode.Cf, r), r == 0:
		case isDash(r):
			b.WriteByte('-')
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// isDash reports the dashes that scanners, fonts and people put for a hyphen.
// The Chinese numeral 一 and the long vowel mark are not among them.
func isDash(r rune) bool {
	switch r {
	case '‐', '‑', '‒', '–', '—', '―', '−', '﹣', '－':
		return true
	}
	return false
}

// hexagonal turns any pair of brackets around a four-digit year into the 〔〕
// that GB/T 9704-2012 asks for; other brackets stay.
func hexagonal(s string) string {
	rs := []rune(s)
	for i := 0; i+5 < len(rs); i++ {
		if isOpening(rs[i]) && isClosing(rs[i+5]) && allDigits(string(rs[i+1:i+5])) {
			rs[i], rs[i+5] = '〔', '〕'
		}
	}
	return string(rs)
}

func isOpening(r rune) bool { return strings.ContainsRune("〔[(【{<〈《「『［（｛", r) }
func isClosing(r rune) bool { return strings.ContainsRune("〕])】}>〉》」』］）｝", r) }

func allDigits(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

// fullBrackets writes round brackets the Chinese way.
func fullBrackets(s string) string {
	return strings.NewReplacer("(", "（", ")", "）").Replace(s)
}
