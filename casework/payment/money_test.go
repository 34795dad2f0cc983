package payment

import "testing"

func TestG11_AmountsInChineseAsVouchersWriteThem(t *testing.T) {
	for amount, want := range map[Fen]string{
		0: "零元整", 5: "伍分", 50: "伍角整", 100: "壹元整", 1000: "壹拾元整", 101: "壹元零壹分", 110: "壹元壹角整", 123: "壹元贰角叁分",
		1020304: "壹万零贰佰零叁元零肆分", 10000000: "壹拾万元整", 10000100: "壹拾万零壹元整", 140950: "壹仟肆佰零玖元伍角整", 600714: "陆仟零柒元壹角肆分",
		10700053: "壹拾万零柒仟元伍角叁分", 1680032: "壹万陆仟捌佰元叁角贰分", 100000000000: "壹拾亿元整", 100000005000: "壹拾亿零伍拾元整",
	} {
		if got := amount.Chinese(); got != want {
			t.Errorf("%s is %s, want %s", amount, got, want)
		}
	}
}
