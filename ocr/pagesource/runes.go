package pagesource

import (
	"unicode"

	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/unicode/norm"
)

// isHan reports characters as wide as their font is high.
func isHan(r rune) bool {
	return unicode.Is(unicode.Han, r) || r >= 0x3000 && r <= 0x303f || r >= 0xff01 && r <= 0xff60 ||
		r >= 0x3300 && r <= 0x33ff || r >= 0x3040 && r <= 0x30ff
}

func isWord(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

// plain gives the character meant by one that only looks like it. Fonts that
// serve two code points with one glyph make PDF writers name the wrong one:
// browsers write Kangxi radicals for common characters. 0 drops the character.
func plain(r rune) rune {
	switch {
	case r >= 0x2f00 && r <= 0x2fdf, r >= 0xf900 && r <= 0xfaff:
		for _, n := range norm.NFKC.String(string(r)) {
			return n
		}
	case r >= 0x2e80 && r <= 0x2eff:
		if n, ok := radicals[r]; ok {
			return n
		}
	case r >= 0xf000 && r <= 0xf0ff:
		if n, ok := symbols[r]; ok {
			return n
		}
	case r == 0xfffe, r == 0xad, r >= 0x200b && r <= 0x200f, r == 0xfeff, r < ' ', r == 0x7f:
		return 0
	}
	return r
}

// radicals are the CJK radicals that are characters of their own; Unicode gives
// no decomposition for most.
var radicals = map[rune]rune{
	'⺁': '厂', '⺇': '几', '⺎': '兀', '⺏': '尣', '⺐': '尢', '⺒': '巳', '⺓': '幺', '⺔': '彑', '⺛': '旡', '⺝': '月', '⺟': '母', '⺠': '民',
	'⺩': '王', '⺪': '疋', '⺬': '示', '⺮': '竹', '⺯': '糸', '⺰': '纟', '⺴': '网', '⺸': '羊', '⺹': '耂', '⺻': '聿', '⺼': '月',
	'⻁': '虎', '⻄': '西', '⻅': '见', '⻆': '角', '⻇': '角', '⻉': '贝', '⻋': '车', '⻑': '長', '⻒': '镸', '⻓': '长', '⻔': '门',
	'⻘': '青', '⻙': '韦', '⻚': '页', '⻛': '风', '⻜': '飞', '⻝': '食', '⻢': '马', '⻣': '骨', '⻤': '鬼', '⻥': '鱼', '⻦': '鸟',
	'⻧': '卤', '⻨': '麦', '⻩': '黄', '⻪': '黾', '⻬': '齐', '⻮': '齿', '⻰': '龙', '⻲': '龟', '⻳': '龟',
}

// symbols are the marks of the Symbol and Wingdings fonts that forms use; they
// come as private-use characters.
var symbols = map[rune]rune{
	0xf0b7: '•', 0xf06c: '●', 0xf06e: '■', 0xf0a7: '▪', 0xf0d8: '➢', 0xf0fc: '✓', 0xf0fb: '✗',
	0xf0fe: '☑', 0xf0fd: '☒', 0xf0a8: '□', 0xf06f: '□', 0xf052: '☑', 0xf0a3: '□', 0xf071: '□',
}

// expected reports characters that documents of an authority are made of.
func expected(r rune) bool {
	switch {
	case r >= ' ' && r <= '~', r >= 0xa0 && r <= 0x24f: // Latin
		return true
	case r >= 0x4e00 && r <= 0x9fff, r >= 0x3400 && r <= 0x4dbf, r >= 0x20000 && r <= 0x3134f: // Chinese
		return true
	case r >= 0x3000 && r <= 0x303f, r >= 0xff00 && r <= 0xffef, r >= 0xfe30 && r <= 0xfe4f: // its punctuation
		return true
	case r >= 0x2000 && r <= 0x206f, r >= 0x20a0 && r <= 0x27bf, r >= 0x2e3a && r <= 0x2e3b: // punctuation, marks, signs
		return true
	case r >= 0x3200 && r <= 0x33ff: // units and numbers in circles
		return true
	case r >= 0x370 && r <= 0x45f: // Greek and Cyrillic, for formulas
		return true
	}
	_, symbol := symbols[r]
	return symbol
}

// common reports the 3,755 characters of the first level of GB 2312, which make
// up all but a few per cent of any Chinese text. Codes read wrongly give
// characters from everywhere else.
func common(r rune) bool {
	b, err := simplifiedchinese.GBK.NewEncoder().Bytes([]byte(string(r)))
	return err == nil && len(b) == 2 && b[0] >= 0xb0 && b[0] <= 0xd7 && b[1] >= 0xa1
}
