package sample

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// isoDate is the normal form of a date.
func isoDate(t time.Time) string { return t.Format(time.DateOnly) }

// paperDate is the printed form in use, 2024年3月5日.
func paperDate(t time.Time) string {
	return fmt.Sprintf("%d年%d月%d日", t.Year(), int(t.Month()), t.Day())
}

// hanziDate is the older official form, 二〇二四年三月五日.
func hanziDate(t time.Time) string {
	year := strings.Map(func(r rune) rune { return []rune("〇一二三四五六七八九")[r-'0'] }, strconv.Itoa(t.Year()))
	return year + "年" + smallNumber(int(t.Month())) + "月" + smallNumber(t.Day()) + "日"
}

// smallNumber writes 1…99 in words.
func smallNumber(n int) string {
	digits := []rune("零一二三四五六七八九")
	s := ""
	if n >= 20 {
		s = string(digits[n/10])
	}
	if n >= 10 {
		s += "十"
	}
	if n%10 != 0 {
		s += string(digits[n%10])
	}
	return s
}

// number prints f with at most two decimals, without trailing zeros.
func number(f float64) string {
	s := strconv.FormatFloat(f, 'f', 2, 64)
	return strings.TrimRight(strings.TrimRight(s, "0"), ".")
}

// capitalAmount writes whole yuan in the capital figures of contracts, 壹亿贰仟万元整.
func capitalAmount(yuan int64) string {
	if yuan == 0 {
		return "零元整"
	}
	var out string
	units := []string{"", "万", "亿", "万亿"}
	gap := false
	for i := len(units) - 1; i >= 0; i-- {
		div := int64(1)
		for range i {
			div *= 10000
		}
		part := yuan / div % 10000
		if part == 0 {
			gap = out != ""
			continue
		}
		if gap || (out != "" && part < 1000) {
			out += "零"
		}
		gap = false
		out += capitalGroup(int(part)) + units[i]
	}
	return out + "元整"
}

func capitalGroup(n int) string {
	figures := []rune("零壹贰叁肆伍陆柒捌玖")
	var out string
	gap := false
	for _, u := range []struct {
		div  int
		name string
	}{{1000, "仟"}, {100, "佰"}, {10, "拾"}, {1, ""}} {
		d := n / u.div % 10
		if d == 0 {
			gap = out != ""
			continue
		}
		if gap {
			out += "零"
			gap = false
		}
		out += string(figures[d]) + u.name
	}
	return out
}

// mustFloat reads a number this package printed itself.
func mustFloat(s string) float64 {
	f, err := strconv.ParseFloat(s, 64)
	if err != nil {
		panic(err)
	}
	return f
}
