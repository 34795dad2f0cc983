package labels

import (
	"math/big"
	"testing"

	"onewindow/approval/catalogue"
)

func TestParse(t *testing.T) {
	area := catalogue.Field{Key: "land_area", Type: catalogue.TypeArea, Rule: catalogue.Rule{Positive: true}}
	wan := catalogue.Field{Key: "contract_price", Type: catalogue.TypeMoney, Units: []string{"万元"}}
	yuan := catalogue.Field{Key: "price", Type: catalogue.TypeMoney, Units: []string{"元"}, Rule: catalogue.Rule{Positive: true}}
	date := catalogue.Field{Key: "issue_date", Type: catalogue.TypeDate, Rule: catalogue.Rule{NotFuture: true}}
	until := catalogue.Field{Key: "valid_until", Type: catalogue.TypeDate}
	org := catalogue.Field{Key: "builder", Type: catalogue.TypeOrg}
	person := catalogue.Field{Key: "leader", Type: catalogue.TypePerson}
	verdict := catalogue.Field{Key: "conclusion", Type: catalogue.TypeEnum, Values: []string{"合格", "不合格"}}
	height := catalogue.Field{Key: "height", Type: catalogue.TypeNumber, Units: []string{"米"}}
	permit := catalogue.Field{Key: "doc_no", Type: catalogue.TypeCode, Validator: "permit_no"}
	code := catalogue.Field{Key: "project_code", Type: catalogue.TypeCode, Validator: "project_code"}
	free := catalogue.Field{Key: "doc_no", Type: catalogue.TypeCode}
	local := catalogue.Field{Key: "doc_no", Type: catalogue.TypeCode, Validator: "free_doc_no"}
	text := catalogue.Field{Key: "scale", Type: catalogue.TypeText, Max: 20}
	for _, c := range []struct {
		f              catalogue.Field
		printed, label string
		want, unit     string
		err            string
	}{
		{area, "15146.53平方米", "", "15146.53", "平方米", ""},
		{area, "15,146.53㎡", "", "15146.53", "㎡", ""},
		{area, "2.3512公顷", "", "23512", "公顷", ""},
		{area, "35.2亩", "", "23466.67", "亩", ""},
		{area, "1.5万平方米", "", "15000", "万平方米", ""},
		{area, "总用地面积2.35公顷（其中农用地1.2公顷）", "", "23500", "公顷", ""},
		{area, "农用地1.2公顷，总面积2.35公顷", "", "23500", "公顷", ""},
		{area, "1200", "m²", "1200", "m2", ""},
		{area, "1200", "", "1200", "", ""},
		{area, "1200", "公顷", "12000000", "公顷", ""},
		{area, "153782.76m", "", "153782.76", "m2", ""},
		{area, "0平方米", "", "0", "平方米", "not_positive"},
		{area, "若干", "", "若干", "", "format"},
		{area, "12,34.5,6平方米", "", "12,34.5,6平方米", "", "format"},
		{wan, "15091.43万元", "", "15091.43", "万元", ""},
		{wan, "人民币150914300元", "", "15091.43", "元", ""},
		{wan, "1.2亿元", "", "12000", "亿元", ""},
		{wan, "35000", "万元", "35000", "万元", ""},
		{yuan, "人民币大写伍亿零叁佰叁拾玖万元整（小写503390000元）", "", "503390000", "元", ""},
		{yuan, "¥8,134.50", "", "8134.5", "", ""},
		{yuan, "捌仟壹佰叁拾肆万元整", "", "81340000", "大写", ""},
		{yuan, "-", "", "", "", "empty"},
		{date, "二〇二四年六月二十四日", "", "2024-06-24", "", ""},
		{date, "2024 年 6 月 24 日", "", "2024-06-24", "", ""},
		{date, "2O24年6月24曰", "", "2024-06-24", "", ""},
		{date, "2024年2月30日", "", "2024年2月30日", "", "date"},
		{date, "2031年1月1日", "", "2031-01-01", "", "future"},
		{until, "2024年6月24日至2026年6月23日", "", "2026-06-23", "", ""},
		{org, "湖南星辰置业有限公司(盖章)", "", "湖南星辰置业有限公司", "", ""},
		{org, "长沙 市 自然资源 和规划局", "", "长沙市自然资源和规划局", "", ""},
		{org, "t长沙市医疗建设中心2025年1月1日", "", "长沙市医疗建设中心", "", ""},
		{org, "湖南星辰(集团)有限公司", "", "湖南星辰（集团）有限公司", "", ""},
		{org, "～」耒阳市住房和城乡建设局", "", "耒阳市住房和城乡建设局", "", ""},
		{org, "甲乙", "", "甲乙", "", "format"},
		{person, "张 三（注册号1234）", "", "张三", "", ""},
		{person, "买买提·艾力", "", "买买提·艾力", "", ""},
		{person, "138", "", "", "", "format"},
		{verdict, "不合格。主要存在以下问题", "", "不合格", "", ""},
		{verdict, "☑合格 □不合格", "", "合格", "", ""},
		{verdict, "口合格。■不合格。", "", "不合格", "", ""},
		{verdict, "合格 不合格", "", "合格不合格", "", "not_a_value"},
		{height, "30.13米", "", "30.13", "米", ""},
		{permit, "43O1112O2406240301", "", "430111202406240301", "", ""},
		{permit, "编号：430111202406240301", "", "430111202406240301", "", ""},
		{permit, "43011120240624030", "", "43011120240624030", "", "format"},
		{code, "项目代码：2401-430111-04-01-186548", "", "2401-430111-04-01-186548", "", ""},
		{code, "2401-430111-04-01-186549", "", "2401-430111-04-01-186549", "", "check"},
		{local, "长住建消验字2025第0032号", "", "长住建消验字〔2025〕第0032号", "", ""},
		{local, "高新住建消审字(2023)第0001号", "", "高新住建消审字（2023）第0001号", "", ""},
		{free, "430100-2024-00763根据《建设工程质量管理条例》", "", "430100-2024-00763", "", ""},
		{free, "（长住建消审字〔2024〕第0016号）", "", "长住建消审字〔2024〕第0016号", "", ""},
		{free, "无", "", "", "", "empty"},
		{text, "地上9层,地下1层;", "", "地上9层，地下1层", "", ""},
		{text, "一二三四五六七八九十一二三四五六七八九十一", "", "一二三四五六七八九十一二三四五六七八九十一", "", "too_long"},
	} {
		got := parse(c.f, c.printed, c.label, today)
		if got.text != c.want || got.unit != c.unit || got.err != c.err || got.valid != (c.err == "") {
			t.Errorf("%s %q: got %+v, want %q %q %q", c.f.Type, c.printed, got, c.want, c.unit, c.err)
		}
	}
}

func TestParse_repairsAreMarked(t *testing.T) {
	for printed, f := range map[string]catalogue.Field{
		"43O1112O2406240301": {Type: catalogue.TypeCode, Validator: "permit_no"},
		"2O24年6月24曰":         {Type: catalogue.TypeDate},
		"153782.76m":         {Type: catalogue.TypeArea},
		"12,345,67元":         {Type: catalogue.TypeMoney, Units: []string{"元"}},
	} {
		if v := parse(f, printed, "", today); !v.valid || !v.repaired {
			t.Errorf("%q: %+v", printed, v)
		}
	}
}

func TestParse_capitals(t *testing.T) {
	for text, want := range map[string]string{
		"伍亿零叁佰叁拾玖万元整": "503390000", "壹拾万元": "100000", "贰万叁仟肆佰伍拾陆元柒角捌分": "23456.78", "拾元整": "10", "捌佰零玖万零伍拾元": "8090050",
	} {
		got, ok := capitals(text)
		wanted, _ := new(big.Rat).SetString(want)
		if !ok || got.Cmp(wanted) != 0 {
			t.Errorf("%s: got %v %v, want %s", text, got, ok, want)
		}
	}
	f := catalogue.Field{Type: catalogue.TypeMoney, Units: []string{"元"}}
	if v := parse(f, "大写壹万元整（小写20000元）", "", today); len(v.notes) != 1 || v.notes[0] != noteAmounts {
		t.Errorf("differing amounts: %+v", v)
	}
	if _, ok := capitals("合同"); ok {
		t.Error("an amount in plain words")
	}
}

func TestTidy(t *testing.T) {
	for in, want := range map[string]string{
		"长沙 市,岳麓 区":      "长沙市，岳麓区",
		"GF-2017 - 0201": "GF-2017 - 0201",
		"项目(一期)":         "项目（一期）",
		"（一期)":           "（一期）",
		"1:500地形图":       "1:500地形图",
		"代码:：24":         "代码：24",
		"[2024]岳阳挂092号":  "〔2024〕岳阳挂092号",
		"地上|101平方米":      "地上101平方米",
		"附图：红线图；\n附件：规划条件。": "附图：红线图\n附件：规划条件",
		"   ": "",
	} {
		if got := tidy(in); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}
