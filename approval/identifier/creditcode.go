package identifier

import (
	"strings"
	"time"
)

const usccAlphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"

var (
	usccWeights = [17]int{1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28}
	orgWeights  = [8]int{3, 7, 9, 10, 5, 8, 4, 2}
)

// checkUSCC judges a 统一社会信用代码 (GB 32100-2015): 18 characters of a
// 31-letter alphabet, check character modulo 31. Classes: length, charset, dept,
// check. A failed check of the organisation code inside is only a warning
// ("inner_check"): bodies re-coded long ago break it.
func checkUSCC(in string, _ time.Time) Verdict {
	s := strings.ToUpper(in)
	if len([]rune(s)) != 18 {
		return bad(ErrLength, s)
	}
	sum := 0
	for i, r := range s {
		v := strings.IndexRune(usccAlphabet, r)
		if v < 0 || (i >= 2 && i <= 7 && v > 9) { // the division is digits
			return bad(ErrCharset, s)
		}
		if i < 17 {
			sum += v * usccWeights[i]
		}
	}
	if !strings.ContainsRune("123456789ANY", rune(s[0])) {
		return bad(ErrDept, s)
	}
	if usccAlphabet[(31-sum%31)%31] != s[17] {
		return bad(ErrCheck, s)
	}
	if !orgCodeFits(s[8:17]) {
		return good(s, "inner_check")
	}
	return good(s)
}

// orgCodeFits checks the nine characters of GB 11714 inside a credit code.
func orgCodeFits(code string) bool {
	sum := 0
	for i := range 8 {
		c := code[i]
		v := int(c - '0')
		if c >= 'A' {
			v = int(c-'A') + 10
		}
		sum += v * orgWeights[i]
	}
	return "0X987654321"[sum%11] == code[8]
}

var citizenWeights = [17]int{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2}

// checkCitizenID judges a 公民身份号码 (GB 11643-1999). Classes: length, charset,
// birthdate (no such day, or after now), check. The value is sensitive: keep it
// encrypted and show MaskCitizenID of it.
func checkCitizenID(in string, now time.Time) Verdict {
	s := strings.ToUpper(strings.ReplaceAll(in, "×", "X"))
	if len([]rune(s)) != 18 {
		return bad(ErrLength, s)
	}
	if !allDigits(s[:17]) || !strings.ContainsRune("0123456789X", rune(s[17])) {
		return bad(ErrCharset, s)
	}
	born, err := time.Parse("20060102", s[6:14])
	if err != nil || born.Format(time.DateOnly) > now.In(china).Format(time.DateOnly) {
		return bad(ErrBirthdate, s)
	}
	sum := 0
	for i, w := range citizenWeights {
		sum += int(s[i]-'0') * w
	}
	if "10X98765432"[sum%11] != s[17] {
		return bad(ErrCheck, s)
	}
	return good(s)
}
