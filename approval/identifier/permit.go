package identifier

import (
	"regexp"
	"strconv"
	"strings"
	"time"
)

// checkPermitNo judges a 建筑工程施工许可证编号: division (6), date (8), sequence of
// the day 01–99 (2), class of works (2). Classes: format, date, seq, type. The
// class 01 is building, 02 municipal works, 99 other; 03–19 stand in the older
// ministry list and are answered with the warning "old_works_class".
func checkPermitNo(in string, _ time.Time) Verdict {
	if len(in) != 18 || !allDigits(in) {
		return bad(ErrFormat, in)
	}
	day, err := time.Parse("20060102", in[6:14])
	if err != nil || day.Year() < 1990 {
		return bad(ErrDate, in)
	}
	if in[14:16] == "00" {
		return bad(ErrSeq, in)
	}
	class, _ := strconv.Atoi(in[16:])
	switch {
	case class == 1, class == 2, class == 99:
		return good(in)
	case class >= 3 && class <= 19:
		return good(in, "old_works_class")
	}
	return bad(ErrType, in)
}

// PermitDate returns the date inside a valid construction permit number.
func PermitDate(no string) (time.Time, bool) {
	v := Validate(PermitNo, no)
	if !v.Valid {
		return time.Time{}, false
	}
	day, err := time.Parse("20060102", v.Value[6:14])
	return day, err == nil
}

var planningNo = regexp.MustCompile(`^(.)字第(\d{6})(\d{4})(?:(\d{5})([A-Z]{0,2})|([A-Z]{2})(\d{7})(?:S\d{2})?)号(.*)$`)

// superviseLetters are the letters of the national electronic supervision form;
// those of 乡字第 and 核字第 are not known and any are taken.
var superviseLetters = map[string]string{"用": "XS", "地": "YG", "建": "GG"}

// checkPlanningNo judges the number of a planning certificate: X字第 + division
// (6) + year (4) + serial (5) 号, or with two letters and seven digits since
// 2023. Classes: format, year (before 2008 or after now), kind (letters of
// another certificate). A remark after 号 is dropped with the warning "remark".
func checkPlanningNo(in string, now time.Time) Verdict {
	s := strings.ToUpper(in)
	m := planningNo.FindStringSubmatch(s)
	if m == nil || !strings.Contains("用地建乡核竣", m[1]) {
		return bad(ErrFormat, s)
	}
	if y, _ := strconv.Atoi(m[3]); y < 2008 || y > now.Year()+1 {
		return bad(ErrYear, s)
	}
	if want, ok := superviseLetters[m[1]]; ok && m[6] != "" && m[6] != want {
		return bad(ErrKind, s)
	}
	if m[8] != "" {
		return good(strings.TrimSuffix(s, m[8]), "remark")
	}
	return good(s)
}

// PlanningKind returns 用, 地, 建, 乡, 核 or 竣 of a planning number, or "".
func PlanningKind(no string) string {
	v := Validate(PlanningNo, no)
	if !v.Valid {
		return ""
	}
	return string([]rune(v.Value)[:1])
}
