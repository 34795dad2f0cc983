package identifier

import (
	"regexp"
	"strconv"
	"strings"
	"time"
)

var realEstateUnit = regexp.MustCompile(`^\d{12}[GJZ][ABSXCDEFHGWY]\d{5}[FLQW]\d{8}$`)

// checkRealEstateUnit judges a 不动产单元代码 (GB/T 37346-2019): 28 characters
// without a check digit. Classes: length, format, nofixture (W with unit
// digits), fixture (a fixture without unit digits).
func checkRealEstateUnit(in string, _ time.Time) Verdict {
	s := strings.ToUpper(in)
	if len([]rune(s)) != 28 {
		return bad(ErrLength, s)
	}
	if !realEstateUnit.MatchString(s) {
		return bad(ErrFormat, s)
	}
	zeros := s[20:] == "00000000"
	if s[19] == 'W' && !zeros {
		return bad(ErrNoFixture, s)
	}
	if s[19] != 'W' && zeros {
		return bad(ErrFixture, s)
	}
	return good(s)
}

const provinces = "京津冀晋蒙辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝川贵云藏陕甘青宁新"

var realEstateCert = regexp.MustCompile(`^(\p{Han})\((\d{4})\)([\p{Han}]{2,12}?)(不动产权|不动产证明)第(\d{7})号$`)

// checkRealEstateCert judges the number of a 不动产权证书 or 不动产登记证明:
// 湘（2024）长沙市不动产权第0012345号. Classes: format, year (before 2015, when unified
// registration began, or after now). The value has Chinese brackets.
func checkRealEstateCert(in string, now time.Time) Verdict {
	s := strings.NewReplacer("（", "(", "）", ")", "〔", "(", "〕", ")", "[", "(", "]", ")").Replace(in)
	m := realEstateCert.FindStringSubmatch(s)
	if m == nil || !strings.Contains(provinces, m[1]) {
		return bad(ErrFormat, fullBrackets(s))
	}
	if y, _ := strconv.Atoi(m[2]); y < 2015 || y > now.Year()+1 {
		return bad(ErrYear, fullBrackets(s))
	}
	return good(fullBrackets(s))
}

// provinceCodes are the first two digits of GB/T 2260.
const provinceCodes = "11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65 71 81 82"

// checkDivision judges a 行政区划代码 by its province. Classes: format, province.
// Whether the county exists is known to the catalogue, see DivisionOf there.
func checkDivision(in string, _ time.Time) Verdict {
	if len(in) != 6 || !allDigits(in) {
		return bad(ErrFormat, in)
	}
	for code := range strings.SplitSeq(provinceCodes, " ") {
		if in[:2] == code {
			return good(in)
		}
	}
	return bad(ErrProvince, in)
}
