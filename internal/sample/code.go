package sample

import (
	"fmt"
	"strings"
	"time"
)

// usccAlphabet is the alphabet of GB 32100-2015: no I, O, Z, S, V.
const usccAlphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"

// creditCode makes a valid unified social credit code (GB 32100-2015) whose
// body DEM0TE… belongs to nobody. kind is 91 company, 12 institution, 11 body.
func creditCode(kind, region string, serial int) string {
	body := fmt.Sprintf("DEM0TE%02d", serial%100)
	first := kind + region + body + organisationCheck(body)
	sum, weight := 0, 1
	for _, r := range first {
		sum += strings.IndexRune(usccAlphabet, r) * weight
		weight = weight * 3 % 31
	}
	return first + string(usccAlphabet[(31-sum%31)%31])
}

// organisationCheck is the check character of GB 11714.
func organisationCheck(body string) string {
	sum := 0
	for i, w := range []int{3, 7, 9, 10, 5, 8, 4, 2} {
		c := int(body[i] - '0')
		if body[i] >= 'A' {
			c = int(body[i]-'A') + 10
		}
		sum += c * w
	}
	switch c := 11 - sum%11; c {
	case 10:
		return "X"
	case 11:
		return "0"
	default:
		return fmt.Sprint(c)
	}
}

// projectCode makes a code of GB/T 40058-2021, YYMM-RRRRRR-DD-TT-NNNNNC, with
// its ISO 7064 MOD 11,10 check digit.
func projectCode(filed time.Time, division, department, kind string, serial int) string {
	digits := filed.Format("0601") + division + department + kind + fmt.Sprintf("%05d", serial%100000)
	p := 10
	for _, r := range digits {
		if p = (p + int(r-'0')) % 10; p == 0 {
			p = 10
		}
		p = p * 2 % 11
	}
	c := (11 - p) % 10
	return fmt.Sprintf("%s-%s-%s-%s-%s%d", digits[:4], digits[4:10], digits[10:12], digits[12:14], digits[14:], c)
}

// permitNo makes a construction permit number: division, date, sequence of the
// day, works class (01 buildings, 02 municipal).
func permitNo(division string, day time.Time, seq int, class string) string {
	return fmt.Sprintf("%s%s%02d%s", division, day.Format("20060102"), 1+(seq-1)%99, class)
}

// planningNo makes a planning certificate number, e.g. 地字第430112202310076号,
// or with letters (YG, GG, XS) the national form of 2023.
func planningNo(kind, division string, year int, letters string, serial int) string {
	if letters == "" {
		return fmt.Sprintf("%s字第%s%d%05d号", kind, division, year, serial%100000)
	}
	return fmt.Sprintf("%s字第%s%d%s%07d号", kind, division, year, letters, serial)
}

// realEstateUnit makes a code of GB/T 37346-2019 in its four printed groups.
func realEstateUnit(county string, zone, subzone, parcel, unit int) string {
	fixture := fmt.Sprintf("F%08d", unit)
	if unit == 0 {
		fixture = "W00000000"
	}
	return fmt.Sprintf("%s %03d%03d GB%05d %s", county, zone, subzone, parcel, fixture)
}

// citizenID makes a valid number of GB 11643-1999 in the region 430000 with
// sequence 000, which is never issued.
func citizenID(born time.Time) string {
	first := "430000" + born.Format("20060102") + "000"
	sum := 0
	for i, w := range []int{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2} {
		sum += int(first[i]-'0') * w
	}
	return first + string("10X98765432"[sum%11])
}

// CertificateID is the identifier (证照标识) of the project's construction permit
// as an electronic certificate.
func (p Project) CertificateID() string {
	return certificateID("11100000000013338W009", creditCode("11", p.Division, 1), p.Dates.Permit, 1)
}

// certificateID makes an electronic certificate identifier of GB/T 36904-2018
// with its ISO 7064 MOD 37,36 check character.
func certificateID(kind, issuer string, day time.Time, serial int) string {
	const alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	number := fmt.Sprintf("%s%06d", day.Format("20060102"), serial)
	p := 36
	for _, r := range kind + issuer + number + "001" {
		if p = (p + strings.IndexRune(alphabet, r)) % 36; p == 0 {
			p = 36
		}
		p = p * 2 % 37
	}
	check := alphabet[(37-p)%36]
	return fmt.Sprintf("1.2.156.3005.2.%s.%s.%s.001.%c", kind, issuer, number, check)
}

// replyNo makes a 发文字号 of GB/T 9704-2012.
func replyNo(agency string, year, serial int) string {
	return fmt.Sprintf("%s〔%d〕%d号", agency, year, serial)
}
