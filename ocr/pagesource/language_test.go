package pagesource

import (
	"strings"
	"testing"
	"unicode/utf16"

	"golang.org/x/text/encoding/simplifiedchinese"
)

const permit = "根据《中华人民共和国土地管理法》《中华人民共和国城乡规划法》和国家有关规定，经审核，本建设工程符合国土空间规划和用途管制要求，颁发此证。建设单位：某某市城市建设投资有限公司"

func TestLanguageTellsTextFromGarbage(t *testing.T) {
	swapped := func(s string) string {
		u := utf16.Encode([]rune(s))
		for i, v := range u {
			u[i] = v<<8 | v>>8
		}
		return string(utf16.Decode(u))
	}
	misread, err := simplifiedchinese.GBK.NewDecoder().String(permit) // UTF-8 taken for GBK
	if err != nil {
		t.Fatal(err)
	}
	shifted := strings.Map(func(r rune) rune { return r + 0x1234 }, permit)
	for name, c := range map[string]struct {
		text string
		ok   bool
	}{
		"Chinese":            {permit, true},
		"numbers":            {"建字第110101202300012号 12,345.67㎡ 2023年11月05日 ①②③〔2023〕5号", true},
		"digits only":        {"91110000100001234X 2023-11-05", true},
		"short":              {"附件1", true},
		"one mark":           {"1", true},
		"English":            {"This is the construction permit of the Riverside Garden project, issued by the planning authority of the city.", true},
		"codes":              {"DN100 PE80 SDR11 GB/T 33190-2016 C30 HRB400 Q235B M7.5", true},
		"rare names":         {"建设单位：甪直镇垟塘村民委员会，法定代表人：闫喆、翟旻昊、亓婧，地址：浙江省丽水市缙云县壶镇镇", true},
		"browser radicals":   {"建设⼯程规划许可证，⽤地⾯积，⻓度与⻔窗，⻅附图，⺠⽤建筑", true},
		"check boxes":        {"\uf0fe 新建 \uf0a8 改建 \uf06f 扩建 建设性质", true},
		"swapped bytes":      {swapped(permit), false},
		"UTF-8 as GBK":       {misread, false},
		"shifted codes":      {shifted, false},
		"private use":        {strings.Repeat("\ue001\ue002\ue003工", 10), false},
		"replacement":        {strings.Repeat("工\ufffd", 20), false},
		"controls":           {strings.Repeat("\x01\x02\x03\x04", 20), false},
		"substituted Latin":  {strings.Repeat("7KLV LV WKH FRQVWUXFWLRQ SHUPLW RI WKH ULYHUVLGH JDUGHQ SURMHFW ", 3), false},
		"one letter for all": {strings.Repeat("a", 200), false},
		"other scripts":      {strings.Repeat("ಕನ್ನಡ ଓଡ଼ିଆ", 10), false},
		"nothing":            {"   \n", false},
	} {
		t.Run(name, func(t *testing.T) {
			var glyphs []glyph
			for _, r := range c.text {
				glyphs = append(glyphs, glyph{r: r, blank: r == ' ' || r == '\n'})
			}
			if why := language(glyphs); (why == "") != c.ok {
				t.Errorf("verdict %q, want sound=%v", why, c.ok)
			}
		})
	}
}

func TestPlainCharacters(t *testing.T) {
	got := strings.Map(plain, "建设⼯程⻓度⻅㎡①〔〕Ａ\uf0fe")
	if want := "建设工程长度见㎡①〔〕Ａ☑"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
