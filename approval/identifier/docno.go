package identifier

import (
	"regexp"
	"strconv"
	"strings"
	"time"
)

var (
	docNo  = regexp.MustCompile(`^([\p{Han}A-Za-z]{1,16}(?:\([\p{Han}]{1,8}\)[\p{Han}]{0,6})?)〔(\d{4})〕(\d{1,6})号$`)
	issuer = regexp.MustCompile(`\p{Han}`)
)

// checkDocNo judges a 发文字号 (GB/T 9704-2012 7.2.5): issuer code, year in 〔〕,
// running number without 第 and without leading zeros. Classes: format, year,
// padded. Brackets of any kind around the year become 〔〕.
func checkDocNo(in string, now time.Time) Verdict {
	s := hexagonal(in)
	m := docNo.FindStringSubmatch(s)
	if m == nil || !issuer.MatchString(m[1]) {
		return bad(ErrFormat, fullBrackets(s))
	}
	if y, _ := strconv.Atoi(m[2]); y < 1949 || y > now.Year()+1 {
		return bad(ErrYear, fullBrackets(s))
	}
	if m[3][0] == '0' {
		return bad(ErrPadded, fullBrackets(s))
	}
	return good(fullBrackets(s))
}

var (
	numberYear = regexp.MustCompile(`(?:19|20)\d{2}`)
	squareYear = regexp.MustCompile(`[\[【〔{]((?:19|20)\d{2})[\]】〕}]`)
	sixDigits  = regexp.MustCompile(`\d.*\d.*\d.*\d.*\d.*\d`)
)

// checkFreeDocNo accepts a local number as printed when it holds a year or at
// least six digits: local certificates break GB/T 9704. Class: format. Square
// brackets around the year, which nobody prints and OCR often reads, become 〔〕.
func checkFreeDocNo(in string, _ time.Time) Verdict {
	s := fullBrackets(squareYear.ReplaceAllString(in, "〔$1〕"))
	if numberYear.MatchString(s) || sixDigits.MatchString(s) {
		return good(s)
	}
	return bad(ErrFormat, s)
}

var (
	s10      = regexp.MustCompile(`^[A-Z]{2}(\d{8})(\d)[A-Z]{2}$`)
	domestic = regexp.MustCompile(`^1[0-3]\d{11}$`)
)

// checkEMS judges an EMS number: UPU S10 with check digit, or the domestic form
// of 13 digits starting 10–13. Classes: format, check.
func checkEMS(in string, _ time.Time) Verdict {
	s := strings.ToUpper(in)
	if domestic.MatchString(s) {
		return good(s)
	}
	m := s10.FindStringSubmatch(s)
	if m == nil {
		return bad(ErrFormat, s)
	}
	sum := 0
	for i, w := range [8]int{8, 6, 4, 2, 3, 5, 9, 7} {
		sum += int(m[1][i]-'0') * w
	}
	c := 11 - sum%11
	switch c {
	case 10:
		c = 0
	case 11:
		c = 5
	}
	if int(m[2][0]-'0') != c {
		return bad(ErrCheck, s)
	}
	return good(s)
}

const ecertRoot = "1.2.156.3005.2"

// checkECertID judges an 电子证照标识 (GB/T 36904-2018):
// root.type.issuer.serial.version.check, the check character by ISO 7064 MOD
// 37,36 over type, issuer, serial and version. Classes: format, root, version,
// check.
func checkECertID(in string, _ time.Time) Verdict {
	s := strings.ToUpper(in)
	parts := strings.Split(s, ".")
	if len(parts) != 10 {
		return bad(ErrFormat, s)
	}
	if strings.Join(parts[:5], ".") != ecertRoot {
		return bad(ErrRoot, s)
	}
	if v := parts[8]; len(v) != 3 || !allDigits(v) {
		return bad(ErrVersion, s)
	}
	body := strings.Join(parts[5:9], "")
	if parts[5] == "" || parts[6] == "" || parts[7] == "" || len(parts[9]) != 1 {
		return bad(ErrFormat, s)
	}
	want, ok := mod3736(body)
	if !ok {
		return bad(ErrFormat, s)
	}
	if want != parts[9][0] {
		return bad(ErrCheck, s)
	}
	return good(s)
}

const alphabet36 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"

// mod3736 returns the ISO 7064 MOD 37,36 check character of body, and false if
// body holds anything but digits and capital letters.
func mod3736(body string) (byte, bool) {
	p := 36
	for i := 0; i < len(body); i++ {
		v := strings.IndexByte(alphabet36, body[i])
		if v < 0 {
			return 0, false
		}
		p = (p + v) % 36
		if p == 0 {
			p = 36
		}
		p = p * 2 % 37
	}
	return alphabet36[(37-p)%36], true
}
