package identifier

import (
	"regexp"
	"strconv"
	"strings"
	"time"
)

var (
	arabicDate  = regexp.MustCompile(`^(\d{4})(?:年|[-./])(\d{1,2})(?:月|[-./])(\d{1,2})(?:日|号)?$`)
	compactDate = regexp.MustCompile(`^(\d{4})(\d{2})(\d{2})$`)
	chineseDate = regexp.MustCompile(`^([〇○零一二三四五六七八九Oo0]{4})年([一二三四五六七八九十]{1,3}|\d{1,2})月([一二三四五六七八九十廿卅]{1,4}|\d{1,2})[日号]$`)
)

// checkDate judges a date as printed on a document: 2019年8月20日, 2024-02-29,
// 2024.3.5, 20240305, 二〇一九年八月二十日. Classes: format, date (no such day). The
// value is YYYY-MM-DD.
func checkDate(in string, _ time.Time) Verdict {
	var y, m, d int
	if g := arabicDate.FindStringSubmatch(in); g != nil {
		y, m, d = atoi(g[1]), atoi(g[2]), atoi(g[3])
	} else if g := compactDate.FindStringSubmatch(in); g != nil {
		y, m, d = atoi(g[1]), atoi(g[2]), atoi(g[3])
	} else if g := chineseDate.FindStringSubmatch(in); g != nil {
		y, m, d = chineseYear(g[1]), chineseCount(g[2]), chineseCount(g[3])
	} else {
		return bad(ErrFormat, in)
	}
	day := time.Date(y, time.Month(m), d, 0, 0, 0, 0, time.UTC)
	if y < 1900 || y > 2200 || day.Month() != time.Month(m) || day.Day() != d {
		return bad(ErrDate, in)
	}
	return good(day.Format(time.DateOnly))
}

// ParseDate reads a printed date in any form checkDate knows.
func ParseDate(s string) (time.Time, bool) {
	v := checkDate(Fold(s), time.Time{})
	if !v.Valid {
		return time.Time{}, false
	}
	t, err := time.Parse(time.DateOnly, v.Value)
	return t, err == nil
}

func atoi(s string) int { n, _ := strconv.Atoi(s); return n }

const chineseDigits = "〇一二三四五六七八九"

// chineseYear reads digits one by one: 二〇一九 is 2019.
func chineseYear(s string) int {
	n := 0
	for _, r := range s {
		n = n*10 + chineseDigit(r)
	}
	return n
}

func chineseDigit(r rune) int {
	switch r {
	case '○', '零', 'O', 'o', '0':
		return 0
	}
	for i, d := range []rune(chineseDigits) {
		if r == d {
			return i
		}
	}
	return 0
}

// chineseCount reads a number below 100: 十, 十二, 二十, 三十一, 廿三; or digits.
// Anything else gives 0, which no date accepts.
func chineseCount(s string) int {
	if allDigits(s) {
		return atoi(s)
	}
	s = strings.NewReplacer("廿", "二十", "卅", "三十").Replace(s)
	tens, ones, found := strings.Cut(s, "十")
	if !found {
		tens, ones = "", s
	}
	n := 0
	if found {
		n = 10
		if r := []rune(tens); len(r) == 1 {
			n = 10 * chineseDigit(r[0])
		} else if len(r) > 1 {
			return 0
		}
	}
	switch r := []rune(ones); len(r) {
	case 0:
		return n
	case 1:
		return n + chineseDigit(r[0])
	}
	return 0
}
