package identifier

import (
	"regexp"
	"strconv"
	"time"
)

var projectCode = regexp.MustCompile(`^(\d{4})-(\d{6})-(\d{2})-(\d{2})-(\d{6})$`)

// checkProjectCode judges a 项目代码 of either scheme. Classes: format, time,
// check.
//
// Since November 2020 (GB/T 40058-2021): YYMM-RRRRRR-DD-TT-NNNNNC, where C is
// the ISO 7064 MOD 11,10 check digit over the 19 digits before it. From 2015
// until then: YYYY-RRRRRR-II-TT-NNNNNN without a check digit; such a code is
// answered with the warning "legacy_scheme". The third and fourth characters,
// a month 01–12 or a year 15–20, tell the schemes apart.
func checkProjectCode(in string, _ time.Time) Verdict {
	m := projectCode.FindStringSubmatch(in)
	if m == nil {
		return bad(ErrFormat, in)
	}
	head, _ := strconv.Atoi(m[1])
	if head >= 2015 && head <= 2020 {
		return good(in, "legacy_scheme")
	}
	if month := head % 100; head < 2011 || month < 1 || month > 12 {
		return bad(ErrTime, in)
	}
	if mod1110(m[1]+m[2]+m[3]+m[4]+m[5][:5]) != m[5][5] {
		return bad(ErrCheck, in)
	}
	return good(in)
}

// mod1110 returns the ISO 7064 MOD 11,10 check digit of digits.
func mod1110(digits string) byte {
	p := 10
	for i := 0; i < len(digits); i++ {
		p = (p + int(digits[i]-'0')) % 10
		if p == 0 {
			p = 10
		}
		p = p * 2 % 11
	}
	return byte('0' + (11-p)%10)
}
