package labels

import (
	"math/big"
	"regexp"
	"strings"
)

var capitalRe = regexp.MustCompile(`[零〇壹贰叁肆伍陆柒捌玖拾一二三四五六七八九十两][零〇壹贰叁肆伍陆柒捌玖拾佰仟万亿一二三四五六七八九十百千两]*(?:元|圆)(?:[零壹贰叁肆伍陆柒捌玖]角)?(?:[零壹贰叁肆伍陆柒捌玖]分)?(?:整|正)?`)

var capitalDigits = map[rune]int64{
	'零': 0, '〇': 0, '壹': 1, '一': 1, '贰': 2, '二': 2, '两': 2, '叁': 3, '三': 3, '肆': 4, '四': 4, '伍': 5, '五': 5,
	'陆': 6, '六': 6, '柒': 7, '七': 7, '捌': 8, '八': 8, '玖': 9, '九': 9,
}

var capitalUnits = map[rune]int64{'拾': 10, '十': 10, '佰': 100, '百': 100, '仟': 1000, '千': 1000}

// capitals finds an amount written in Chinese numerals (大写) and returns it in
// yuan.
func capitals(s string) (*big.Rat, bool) {
	m := capitalRe.FindString(s)
	if m == "" {
		return nil, false
	}
	whole, rest := m, ""
	if i := strings.IndexAny(m, "元圆"); i >= 0 {
		whole, rest = m[:i], m[i+len("元"):]
	}
	n, ok := integer([]rune(whole))
	if !ok {
		return nil, false
	}
	sum := new(big.Rat).SetInt64(n)
	rs := []rune(rest)
	for i := 1; i < len(rs); i++ {
		switch rs[i] {
		case '角':
			sum.Add(sum, big.NewRat(capitalDigits[rs[i-1]], 10))
		case '分':
			sum.Add(sum, big.NewRat(capitalDigits[rs[i-1]], 100))
		}
	}
	return sum, true
}

// integer reads 叁亿伍仟零贰万; false if a character does not belong.
func integer(rs []rune) (int64, bool) {
	var total, section, digit int64
	for _, r := range rs {
		if d, ok := capitalDigits[r]; ok {
			digit = d
			continue
		}
		if u, ok := capitalUnits[r]; ok {
			if digit == 0 {
				digit = 1 // 拾万
			}
			section += digit * u
			digit = 0
			continue
		}
		switch r {
		case '万':
			total += (section + digit) * 1e4
		case '亿':
			total = (total + section + digit) * 1e8
		default:
			return 0, false
		}
		section, digit = 0, 0
	}
	return total + section + digit, true
}
