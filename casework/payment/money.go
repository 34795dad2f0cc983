package payment

import (
	"fmt"
	"strings"
)

// Fen is an amount of money in hundredths of a yuan.
type Fen int64

// maxAmount keeps amounts within what the Chinese form can name here: below one
// trillion yuan.
const maxAmount Fen = 1e14

// String is an amount in yuan: "12345.60".
func (f Fen) String() string { return fmt.Sprintf("%d.%02d", int64(f)/100, int64(f)%100) }

var digits = strings.Split("零壹贰叁肆伍陆柒捌玖", "")

// Chinese is an amount as vouchers must write it, 人民币大写 (支付结算办法附件一):
// 10203.04 yuan is 壹万零贰佰零叁元零肆分, a whole one ends in 整.
func (f Fen) Chinese() string {
	yuan, jiao, fen := int64(f)/100, int64(f)/10%10, int64(f)%10
	out := ""
	if yuan > 0 {
		out = whole(yuan) + "元"
	}
	switch {
	case jiao == 0 && fen == 0 && out == "":
		return "零元整"
	case jiao == 0 && fen == 0:
		return out + "整"
	case jiao == 0:
		if out != "" {
			out += "零"
		}
	default:
		out += digits[jiao] + "角"
	}
	if fen == 0 {
		return out + "整"
	}
	return out + digits[fen] + "分"
}

// whole names a whole number above 0 in groups of four digits.
func whole(n int64) string {
	out, zero := "", false // zero: digits of zero stand between out and what follows
	for _, group := range []struct {
		unit int64
		name string
	}{{1e8, "亿"}, {1e4, "万"}, {1, ""}} {
		part := n / group.unit
		n %= group.unit
		if part == 0 {
			zero = zero || out != ""
			continue
		}
		if out != "" && (zero || part < 1000) {
			out += "零"
		}
		out, zero = out+thousands(part)+group.name, part%10 == 0
	}
	return out
}

// thousands names a number from 1 to 9999.
func thousands(n int64) string {
	out, zero := "", false
	for _, place := range []struct {
		unit int64
		name string
	}{{1000, "仟"}, {100, "佰"}, {10, "拾"}, {1, ""}} {
		d := n / place.unit
		n %= place.unit
		if d == 0 {
			zero = zero || out != ""
			continue
		}
		if zero {
			out += "零"
		}
		out, zero = out+digits[d]+place.name, false
	}
	return out
}
